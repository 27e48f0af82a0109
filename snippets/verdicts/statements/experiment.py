"""The deck's own experiment: change one thing, look at the gradient first."""

from math import inf

from verdicts import effects
from verdicts.rules import HOLDS, Rule
from verdicts.statement import GAINS, RELU, RELU_HE, SIGMOID, TANH, Statement

STATEMENTS = [
    Statement(
        id="s14-1",
        text="Cambiar solo la inicialización cambia el resultado.",
        measured="aciertos de ReLU con He menos aciertos de ReLU con Glorot",
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": RELU_HE, "worse": RELU},
        rule=GAINS,
        expected=HOLDS,
        why="Mismo modelo, mismos datos, mismas semillas.",
    ),
    Statement(
        id="s14-2",
        text="Cambiar solo la activación cambia el resultado.",
        measured="aciertos de tanh menos aciertos de sigmoid, las dos con Glorot",
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": TANH, "worse": SIGMOID},
        rule=GAINS,
        expected=HOLDS,
        why="Mismo modelo, mismos datos, mismas semillas.",
    ),
    Statement(
        id="s14-3",
        text="Medir gradientes antes de entrenar anuncia el final.",
        measured=(
            "menor gradiente de las redes que aprenderán entre el mayor de las que no, por semilla"
        ),
        experiment="before_after",
        effect=effects.announced,
        rule=Rule(holds=(1.0, inf)),
        expected=HOLDS,
        why="El gradiente más débil del comienzo separa las redes sin error.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
