"""What becomes of depth without a gradient."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS
from verdicts.statement import GAINS, RELU, RELU_HE, SIGMOID, SINKS, Statement

STATEMENTS = [
    Statement(
        id="s15-1",
        text="Sin gradiente, ganar profundidad hunde la red.",
        deck="Antes de redes profundas: asegúrate de que el gradiente fluye",
        measured=(
            "aciertos con 4 capas menos aciertos con 20; ReLU con Glorot, 64 unidades, parada al "
            "90 % o tras 10 épocas, tasa 0.003"
        ),
        experiment="trainable_depth",
        effect=effects.one_accuracy_gain,
        of={"better": {"depth": 4, **RELU}, "worse": {"depth": 20, **RELU}},
        rule=SINKS,
        expected=HOLDS,
        why="Más capas, menos gradiente en las primeras.",
    ),
    Statement(
        id="s15-1b",
        text="Con gradiente también la hunde.",
        deck=None,
        measured=(
            "aciertos con 4 capas menos aciertos con 20; ReLU con He, 64 unidades, parada al "
            "90 % o tras 10 épocas, tasa 0.003"
        ),
        experiment="trainable_depth",
        effect=effects.one_accuracy_gain,
        of={"better": {"depth": 4, **RELU_HE}, "worse": {"depth": 20, **RELU_HE}},
        rule=SINKS,
        expected=FAILS,
        why="Con factor 1 por capa, veinte capas también llegan al 90 %; tardan más que cuatro.",
    ),
    Statement(
        id="s15-2",
        text="Activación e inicialización deciden si se puede aprender.",
        deck="definen si aprender es posible",
        measured=(
            "aciertos de ReLU con He menos los de la sigmoide con Glorot; "
            "20 capas, 20 épocas, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": RELU_HE, "worse": SIGMOID},
        rule=GAINS,
        expected=HOLDS,
        why="Entre las dos deciden el factor por capa.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
