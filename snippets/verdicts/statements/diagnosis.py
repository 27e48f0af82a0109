"""Symptoms of a network that does not learn."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, NUANCED, Rule
from verdicts.statement import MOSTLY, RELU, RELU_HE, SIGMOID, VANISHES, Statement

STATEMENTS = [
    Statement(
        id="s13-1",
        text="Síntoma: la pérdida no se mueve.",
        deck="pérdida no cambia",
        measured=(
            "pérdida en la prueba tras 20 épocas dividida por la de la primera; sigmoide con "
            "Glorot, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.loss_left,
        of=SIGMOID,
        rule=Rule(holds=(0.9, 1.1), nuanced=(0.7, 0.9)),
        expected=HOLDS,
        why="La red no pasa de dar la misma respuesta a todas las imágenes.",
    ),
    Statement(
        id="s13-2",
        text="Síntoma: gradientes cercanos a cero (los de los pesos).",
        deck="gradientes ~ 0",
        measured="menor ∂L/∂W de ReLU con Glorot dividido por el de ReLU con He",
        experiment="gradient_flow",
        effect=effects.weakest_gradient,
        of={"one": RELU, "other": RELU_HE},
        rule=VANISHES,
        expected=HOLDS,
        why="Todas las capas reciben poco: encogen la ida y la vuelta.",
    ),
    Statement(
        id="s13-2b",
        text="El síntoma está en δ: se apaga camino de la primera capa.",
        deck=None,
        measured="δ en la capa 1 dividido por δ en la capa 20; ReLU con Glorot",
        experiment="gradient_flow",
        effect=effects.delta_journey,
        of=RELU,
        rule=VANISHES,
        expected=HOLDS,
        why="Cada capa multiplica δ por 0.71.",
    ),
    Statement(
        id="s13-2c",
        text="Y se ve comparando ∂L/∂W de la primera capa con el de la última.",
        deck=None,
        measured="∂L/∂W en la capa 1 dividido por ∂L/∂W en la capa 20; ReLU con Glorot",
        experiment="gradient_flow",
        effect=effects.weight_gradient_journey,
        of=RELU,
        rule=VANISHES,
        expected=FAILS,
        why="δ crece hacia la salida justo lo que la activación encoge: el producto es plano.",
    ),
    Statement(
        id="s13-3",
        text="Síntoma: activaciones saturadas.",
        deck="activaciones saturadas",
        measured=(
            "parte de las seis redes enfermas de la consulta que tienen saturada la mitad o más de "
            "sus preactivaciones antes de entrenar"
        ),
        experiment="clinic.patients",
        effect=effects.share_saturated,
        of={"ill": ("A", "B", "C", "E", "F", "G"), "can_saturate": ("C", "E")},
        rule=MOSTLY,
        expected=NUANCED,
        why="La tiene la tanh de pesos grandes (E); la sigmoide profunda (C), no.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
