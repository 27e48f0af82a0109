"""Which activation goes with which initialization."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GAINS, HALF, LEARNS, RELU, RELU_HE, STUCK, TANH, Statement

STATEMENTS = [
    Statement(
        id="s12-1",
        text="ReLU con He: buena combinación.",
        deck="Buenas combinaciones: ReLU + He",
        measured="aciertos en la prueba; 20 capas, 20 épocas, tasa 0.001",
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
        deck="Buenas combinaciones: … Tanh + Xavier",
        measured="aciertos en la prueba; 20 capas, 20 épocas, tasa 0.001",
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
        deck="Malas combinaciones: ReLU + Xavier (profundo)",
        measured="aciertos con He menos aciertos con Glorot; 20 capas, 20 épocas, tasa 0.001",
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": RELU_HE, "worse": RELU},
        rule=GAINS,
        expected=HOLDS,
        why="El factor por capa es 0.71 en las dos direcciones.",
    ),
    Statement(
        id="s12-3b",
        text="ReLU con Xavier aprende si la red tiene cuatro capas.",
        deck=None,
        measured="aciertos en la prueba; 4 capas de 64, hasta 10 épocas, tasa 0.003",
        experiment="trainable_depth",
        effect=effects.one_accuracy,
        of={"depth": 4, **RELU},
        rule=HALF,
        expected=HOLDS,
        why="Con pocas capas, 0.71 por capa todavía la deja aprender, aunque en más épocas que He.",
    ),
    Statement(
        id="s12-4",
        text="Sigmoid con una inicialización arbitraria: mala combinación (20 capas).",
        deck="Malas combinaciones: … Sigmoid + inicialización arbitraria",
        measured="aciertos en la prueba; 20 capas, σ = 0.125, 10 épocas, tasa 0.03",
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
        deck=None,
        measured="aciertos con σ = 0.7 menos aciertos con σ = 0.125; 5 capas, 10 épocas, tasa 0.03",
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
