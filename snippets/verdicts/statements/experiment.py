"""The deck's own experiment: change one thing, look at the gradient first."""

from math import inf

from verdicts import effects
from verdicts.rules import HOLDS, Rule
from verdicts.statement import GAINS, RELU, RELU_HE, SIGMOID, TANH, Statement, pair

LEAKY = pair("leaky_relu", "glorot_uniform")
LEAKY_HE = pair("leaky_relu", "he_normal")

STATEMENTS = [
    # The first slide says it; in chapter 1 its verdict would answer the question of this one.
    Statement(
        id="s1-5",
        text="Activación, inicialización y estabilidad van juntas.",
        deck="Relacionar activación, inicialización y estabilidad",
        measured=(
            "aciertos que ReLU gana al pasar de Glorot a He, menos los que gana tanh; "
            "20 épocas, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.interaction,
        of={"one": "relu", "other": "tanh"},
        rule=GAINS,
        expected=HOLDS,
        why="El mismo cambio de pesos salva a una red y a la otra no le hace falta.",
    ),
    Statement(
        id="s14-1",
        text="Cambiar solo la inicialización cambia el resultado.",
        deck=None,
        measured="aciertos de ReLU con He menos los de ReLU con Glorot; 20 épocas, tasa 0.001",
        experiment="training_grid",
        effect=effects.accuracy_gain,
        of={"better": RELU_HE, "worse": RELU},
        rule=GAINS,
        expected=HOLDS,
        why="Mismo modelo, mismos datos, mismas semillas.",
    ),
    Statement(
        id="s14-1b",
        text="También si cada una elige su tasa: con Glorot, Leaky ReLU tarda más del doble.",
        deck=None,
        measured=(
            "épocas hasta acertar el 85 % con Glorot y tasa 0.01, divididas por las de He y tasa "
            "0.0032, que son sus mejores; SGD, 20 épocas como mucho"
        ),
        experiment="pairs.learning_rates",
        effect=effects.slowness,
        of={
            "slow": {**LEAKY, "optimizer": "sgd", "learning_rate": 0.01},
            "fast": {**LEAKY_HE, "optimizer": "sgd", "learning_rate": 0.003162},
        },
        rule=Rule(holds=(2.0, inf)),
        expected=HOLDS,
        why="Una tasa diez veces mayor rescata a veces a Glorot, y He sigue delante.",
    ),
    Statement(
        id="s14-1c",
        text="He admite más tasas que Glorot (ReLU).",
        deck=None,
        measured=(
            "parte de las siete tasas con las que se llega al 85 %: la de He menos la de Glorot; "
            "SGD, 20 épocas"
        ),
        experiment="pairs.learning_rates",
        effect=effects.window_gain,
        of={
            "better": {**RELU_HE, "optimizer": "sgd"},
            "worse": {**RELU, "optimizer": "sgd"},
        },
        rule=GAINS,
        expected=HOLDS,
        why="Lo que He compra es margen: con Glorot, ReLU no llega con casi ninguna.",
    ),
    Statement(
        id="s14-2",
        text="Cambiar solo la activación cambia el resultado.",
        deck=None,
        measured=(
            "aciertos de tanh menos los de la sigmoide, las dos con Glorot; 20 épocas, tasa 0.001"
        ),
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
        deck=None,
        measured=(
            "menor gradiente de las redes que aprenderán, dividido por el mayor de las que no; por "
            "semilla"
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
