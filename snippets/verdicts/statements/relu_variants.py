"""Units that die, Leaky ReLU and ELU."""

from math import inf

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, Rule
from verdicts.statement import FIFTH, HALF, MOSTLY, SOME, Statement

STATEMENTS = [
    Statement(
        id="s7-3",
        text="ReLU puede dejar neuronas muertas.",
        measured="unidades que ninguna imagen enciende tras 8 épocas; Adam con tasa 0.1, 5 capas",
        experiment="activations.dead_units",
        effect=effects.never_on,
        of={"activation": "relu", "cause": "0.1"},
        rule=SOME,
        expected=HOLDS,
        why="Un paso demasiado grande las apaga para todas las imágenes.",
    ),
    Statement(
        id="s7-3b",
        text="También con una tasa de aprendizaje razonable mueren muchas.",
        measured="unidades apagadas tras 8 épocas menos las que ya lo estaban; Adam con tasa 0.001",
        experiment="activations.dead_units",
        effect=effects.turned_off,
        of={"activation": "relu", "cause": "0.001"},
        rule=MOSTLY,
        expected=FAILS,
        why="Pocas o ninguna: no es un mal de ReLU sin más, hace falta una causa.",
    ),
    Statement(
        id="s8-1",
        text="Leaky ReLU deja pasar una parte de los valores negativos.",
        measured="menor pendiente en el lado negativo",
        experiment="activations.activation_curves",
        effect=effects.least_slope,
        of={"activation": "leaky_relu"},
        rule=Rule(holds=(0.01, 0.5)),
        expected=HOLDS,
        why="La misma pendiente, pequeña y positiva, en todo el lado negativo.",
    ),
    Statement(
        id="s8-1b",
        text="A sus unidades apagadas les llega gradiente.",
        measured=(
            "gradiente de las unidades nunca positivas entre el de las demás, media geométrica de "
            "las capas; Adam con tasa 0.1"
        ),
        experiment="activations.dead_units",
        effect=effects.gradient_when_off,
        of={"activation": "leaky_relu", "cause": "0.1"},
        rule=Rule(holds=(0.1, inf), nuanced=(0.01, 0.1)),
        expected=HOLDS,
        why="Con ReLU es exactamente cero; aquí, del mismo orden que el de las demás.",
    ),
    Statement(
        id="s8-2",
        text="ELU lo hace con una curva suave.",
        measured="mayor salto de la pendiente entre puntos a distancia 0.01",
        experiment="activations.activation_curves",
        effect=effects.kink,
        of={"activation": "elu"},
        rule=Rule(holds=(0.0, 0.02)),
        expected=HOLDS,
        why="La pendiente no salta en el cero, como sí hace la de ReLU.",
    ),
    Statement(
        id="s8-3",
        text="La idea es un pequeño «gradiente negativo» (Leaky ReLU).",
        measured="menor pendiente en el lado negativo",
        experiment="activations.activation_curves",
        effect=effects.least_slope,
        of={"activation": "leaky_relu"},
        rule=Rule(holds=(-inf, -0.001)),
        expected=FAILS,
        why="Lo negativo es la entrada; la pendiente es positiva.",
    ),
    Statement(
        id="s8-3b",
        text="La idea es un pequeño «gradiente negativo» (ELU).",
        measured="menor pendiente en el lado negativo",
        experiment="activations.activation_curves",
        effect=effects.least_slope,
        of={"activation": "elu"},
        rule=Rule(holds=(-inf, -0.001)),
        expected=FAILS,
        why="Lo negativo es la entrada; la pendiente es positiva.",
    ),
    Statement(
        id="s8-3c",
        text="Así se mitigan las neuronas muertas: Leaky ReLU ahorra la quinta parte o más.",
        measured="parte de las unidades apagadas de ReLU que Leaky ReLU ahorra; Adam con tasa 0.1",
        experiment="activations.dead_units",
        effect=effects.spared,
        of={"cause": "0.1", "with_slope": "leaky_relu"},
        rule=FIFTH,
        expected=HOLDS,
        why="Con gradiente en el lado negativo, una unidad puede volver.",
    ),
    Statement(
        id="s8-3d",
        text="Así se mitigan las neuronas muertas: ELU ahorra la mitad o más.",
        measured="parte de las unidades apagadas de ReLU que ELU ahorra; Adam con tasa 0.1",
        experiment="activations.dead_units",
        effect=effects.spared,
        of={"cause": "0.1", "with_slope": "elu"},
        rule=HALF,
        expected=FAILS,
        why="Ni la mitad ni la quinta parte: lejos del cero la pendiente de ELU se aplana.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
