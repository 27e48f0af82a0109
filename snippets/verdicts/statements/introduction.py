"""What the first slide says: why initialization matters."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GAINS, GROWS, VANISHES, Statement

STATEMENTS = [
    Statement(
        id="s1-1",
        text="No sirve cualquier inicialización.",
        deck="no cualquier inicialización funciona",
        measured=(
            "aciertos con los pesos por 1.41 menos aciertos con los mismos pesos por 1; "
            "20 épocas, tasa 0.001"
        ),
        experiment="scaled_weights",
        effect=effects.factor_accuracy_gain,
        of={"better": 1.41, "worse": 1.0},
        rule=GAINS,
        expected=HOLDS,
        why="Con tasa 0.001 y 20 épocas, unos aprenden y los otros no: solo cambia su tamaño.",
    ),
    Statement(
        id="s1-2",
        text="Los gradientes pueden desvanecerse.",
        deck="gradientes que desaparecen o explotan",
        measured="δ en la capa 1 dividido por δ en la capa 20; pesos por 1",
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
        deck="gradientes que desaparecen o explotan",
        measured="δ en la capa 1 dividido por δ en la capa 20; pesos por 2",
        experiment="scaled_weights",
        effect=effects.factor_delta_journey,
        of={"factor": 2.0},
        rule=GROWS,
        expected=HOLDS,
        why="Con los pesos por 2 cada capa multiplica δ por 1.41.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
