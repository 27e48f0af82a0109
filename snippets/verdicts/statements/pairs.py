"""Which activation goes with which initialization."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GAINS, LEARNS, NO_LOSS, RELU, RELU_HE, STUCK, TANH, Statement

STATEMENTS = [
    Statement(
        id="s12-1",
        text="ReLU con He: buena combinación.",
        measured="aciertos en la prueba; 20 capas, 20 épocas",
        experiment="training_grid",
        effect=effects.accuracy,
        of=RELU_HE,
        rule=LEARNS,
        expected=HOLDS,
        why="El factor por capa es 1 en las dos direcciones.",
    ),
    Statement(
        id="s12-2",
        text="Tanh con Xavier: buena combinación.",
        measured="aciertos en la prueba; 20 capas, 20 épocas",
        experiment="training_grid",
        effect=effects.accuracy,
        of=TANH,
        rule=LEARNS,
        expected=HOLDS,
        why="Cerca del cero, tanh es una recta de pendiente 1.",
    ),
    Statement(
        id="s12-3",
        text="ReLU con Xavier, en redes profundas: mala combinación.",
        measured="aciertos con He menos aciertos con Glorot; 20 capas",
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": RELU_HE, "worse": RELU},
        rule=GAINS,
        expected=HOLDS,
        why="El factor por capa es 0.71 en las dos direcciones.",
    ),
    Statement(
        id="s12-3b",
        text="ReLU con Xavier no es peor que con He si la red tiene cuatro capas.",
        measured=(
            "aciertos con He menos aciertos con Glorot; 4 capas de 64 unidades, parada al 90 %"
        ),
        experiment="trainable_depth",
        effect=effects.one_accuracy_gain,
        of={"better": {"depth": 4, **RELU_HE}, "worse": {"depth": 4, **RELU}},
        rule=NO_LOSS,
        expected=HOLDS,
        why="Con pocas capas, 0.71 por capa todavía no hace daño.",
    ),
    Statement(
        id="s12-4",
        text="Sigmoid con una inicialización arbitraria: mala combinación (20 capas).",
        measured="aciertos en la prueba; 20 capas, σ = 0.125",
        experiment="pairs.sigma_sweep",
        effect=effects.one_accuracy,
        of={"sigma": 0.125, "depth": 20},
        rule=STUCK,
        expected=HOLDS,
        why="σ = 0.125 es la de Glorot con 64 unidades.",
    ),
    Statement(
        id="s12-4b",
        text="Con menos capas, otra inicialización la rescata (5 capas).",
        measured="aciertos con σ = 0.7 menos aciertos con σ = 0.125; 5 capas",
        experiment="pairs.sigma_sweep",
        effect=effects.one_accuracy_gain,
        of={"better": {"sigma": 0.7, "depth": 5}, "worse": {"sigma": 0.125, "depth": 5}},
        rule=GAINS,
        expected=HOLDS,
        why="Una σ grande compensa el 1/4 de la pendiente: «arbitraria» hay que precisarlo.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
