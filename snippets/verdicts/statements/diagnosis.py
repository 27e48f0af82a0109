"""Symptoms of a network that does not learn."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, Rule
from verdicts.statement import MOSTLY, RELU, RELU_HE, SIGMOID, VANISHES, Statement

STATEMENTS = [
    Statement(
        id="s13-1",
        text="Síntoma: la pérdida no se mueve.",
        measured="pérdida tras 20 épocas dividida por la de la primera; sigmoid con Glorot",
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
        measured="menor ∂L/∂W de ReLU con Glorot entre el de ReLU con He",
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
        measured="δ en la capa 1 entre δ en la capa 20; ReLU con Glorot",
        experiment="gradient_flow",
        effect=effects.delta_journey,
        of=RELU,
        rule=VANISHES,
        expected=HOLDS,
        why="δ pierde un factor 0.71 en cada capa.",
    ),
    Statement(
        id="s13-2c",
        text="Y se ve comparando ∂L/∂W de la primera capa con el de la última.",
        measured="∂L/∂W en la capa 1 entre ∂L/∂W en la capa 20; ReLU con Glorot",
        experiment="gradient_flow",
        effect=effects.weight_gradient_journey,
        of=RELU,
        rule=VANISHES,
        expected=FAILS,
        why="δ crece hacia la salida justo lo que la activación encoge: el producto es plano.",
    ),
    Statement(
        id="s13-3",
        text="Síntoma: activaciones saturadas (la sigmoid que no aprende, al empezar).",
        measured="parte de las preactivaciones saturadas; sigmoid con Glorot, 20 capas",
        experiment="gradient_flow",
        effect=effects.saturated,
        of=SIGMOID,
        rule=MOSTLY,
        expected=FAILS,
        why="La red que no aprende está en el centro de la curva.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
