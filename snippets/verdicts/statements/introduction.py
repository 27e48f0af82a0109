"""What the first slide says: why initialization matters."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GAINS, GROWS, VANISHES, Statement

STATEMENTS = [
    Statement(
        id="s1-1",
        text="No sirve cualquier inicialización.",
        measured="aciertos con los pesos por 1.41 menos aciertos con los mismos pesos por 1",
        experiment="scaled_weights",
        effect=effects.factor_accuracy_gain,
        of={"better": 1.41, "worse": 1.0},
        rule=GAINS,
        expected=HOLDS,
        why="Los mismos pesos, multiplicados por un número, deciden si la red aprende.",
    ),
    Statement(
        id="s1-2",
        text="Los gradientes pueden desvanecerse.",
        measured="δ en la capa 1 entre δ en la capa 20; pesos por 1",
        experiment="scaled_weights",
        effect=effects.factor_delta_journey,
        of={"factor": 1.0},
        rule=VANISHES,
        expected=HOLDS,
        why="Con ReLU y Glorot cada capa multiplica δ por 0.71.",
    ),
    Statement(
        id="s1-2b",
        text="Los gradientes pueden explotar.",
        measured="δ en la capa 1 entre δ en la capa 20; pesos por 2",
        experiment="scaled_weights",
        effect=effects.factor_delta_journey,
        of={"factor": 2.0},
        rule=GROWS,
        expected=HOLDS,
        why="Con los pesos por 2 cada capa multiplica δ por 1.41.",
    ),
    Statement(
        id="s1-5",
        text="Activación, inicialización y estabilidad van juntas.",
        measured="lo que ReLU gana al pasar de Glorot a He, menos lo que gana tanh (aciertos)",
        experiment="training_grid",
        effect=effects.interaction,
        of={"one": "relu", "other": "tanh"},
        rule=GAINS,
        expected=HOLDS,
        why="El mismo cambio de pesos salva a una red y a la otra no le hace falta.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
