"""What activations are for, and how sigmoid, tanh and ReLU differ."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, NUANCED, Rule
from verdicts.statement import (
    GAINS,
    MOSTLY,
    NEGLIGIBLE,
    RELU_HE,
    SIGMOID,
    SLOWER,
    STEADIER,
    TANH,
    VANISHES,
    Statement,
)

STATEMENTS = [
    Statement(
        id="s5-1",
        text="Sin activaciones, la red se reduce a una sola transformación lineal.",
        deck="la red colapsa a una sola transformación lineal",
        measured="mayor diferencia relativa entre 20 capas lineales ya entrenadas y una sola capa",
        experiment="activations.linear_collapse",
        effect=effects.collapsed,
        rule=NEGLIGIBLE,
        expected=HOLDS,
        why="El producto de veinte matrices es una matriz.",
    ),
    Statement(
        id="s5-2",
        text="Las activaciones aportan no linealidad y capacidad expresiva.",
        deck="Activaciones introducen: no linealidad capacidad expresiva",
        measured="aciertos en el tablero con una capa ReLU menos aciertos con 20 capas lineales",
        experiment="activations.xor_without_activations",
        effect=effects.one_accuracy_gain,
        of={
            "better": {"activation": "relu", "depth": 1},
            "worse": {"activation": "linear", "depth": 20},
        },
        rule=GAINS,
        expected=HOLDS,
        why="Ninguna recta separa un tablero; unas pocas ReLU, sí.",
    ),
    Statement(
        id="s6-2",
        text="En la saturación, la derivada de la sigmoide es pequeña.",
        deck="derivadas pequeñas en saturación",
        measured="pendiente en z = −6 dividida por la mayor pendiente",
        experiment="activations.activation_curves",
        effect=effects.edge_slope,
        of={"activation": "sigmoid"},
        rule=VANISHES,
        expected=HOLDS,
        why="Lejos del cero la curva es casi horizontal.",
    ),
    Statement(
        id="s6-2b",
        text="En la saturación, la derivada de tanh es pequeña.",
        deck="derivadas pequeñas en saturación",
        measured="pendiente en z = −6 dividida por la mayor pendiente",
        experiment="activations.activation_curves",
        effect=effects.edge_slope,
        of={"activation": "tanh"},
        rule=VANISHES,
        expected=HOLDS,
        why="Lejos del cero la curva es casi horizontal.",
    ),
    Statement(
        id="s6-3",
        text="Con la sigmoide el gradiente se desvanece.",
        deck="gradientes que desaparecen",
        measured="δ en la capa 1 dividido por δ en la capa 20; Glorot",
        experiment="gradient_flow",
        effect=effects.delta_journey,
        of=SIGMOID,
        rule=VANISHES,
        expected=HOLDS,
        why="Su pendiente no pasa de 1/4, en ningún punto.",
    ),
    Statement(
        id="s6-3b",
        text="Con tanh el gradiente se desvanece.",
        deck="gradientes que desaparecen",
        measured="δ en la capa 1 dividido por δ en la capa 20; Glorot",
        experiment="gradient_flow",
        effect=effects.delta_journey,
        of=TANH,
        rule=VANISHES,
        expected=NUANCED,
        why="Encoge despacio: su pendiente llega a 1 en el centro.",
    ),
    Statement(
        id="s6-3c",
        text="La causa, al empezar, es la saturación (sigmoide).",
        deck=None,
        measured="parte de las preactivaciones saturadas antes de entrenar; Glorot",
        experiment="gradient_flow",
        effect=effects.saturated,
        of=SIGMOID,
        rule=MOSTLY,
        expected=FAILS,
        why="Está en el centro de la curva: basta la pendiente 1/4.",
    ),
    Statement(
        id="s6-3d",
        text="La causa, al empezar, es la saturación (tanh).",
        deck=None,
        measured="parte de las preactivaciones saturadas antes de entrenar; Glorot",
        experiment="gradient_flow",
        effect=effects.saturated,
        of=TANH,
        rule=MOSTLY,
        expected=FAILS,
        why="Con los pesos de Glorot casi nadie llega a las orillas de la curva.",
    ),
    Statement(
        id="s6-4",
        text="Con la sigmoide el entrenamiento es lento.",
        deck="entrenamiento lento",
        measured=(
            "épocas hasta acertar el 90 % al entrenar (20 si no llega), divididas por las de ReLU "
            "con He; Glorot, 20 capas, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.epochs_ratio,
        of={"slow": SIGMOID, "fast": RELU_HE},
        rule=SLOWER,
        expected=HOLDS,
        why="En veinte épocas no llega: el cociente es, por lo menos, ese.",
    ),
    Statement(
        id="s6-4b",
        text="Con tanh el entrenamiento es lento.",
        deck="entrenamiento lento",
        measured=(
            "épocas hasta acertar el 90 % al entrenar (20 si no llega), divididas por las de ReLU "
            "con He; Glorot, 20 capas, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.epochs_ratio,
        of={"slow": TANH, "fast": RELU_HE},
        rule=SLOWER,
        expected=FAILS,
        why="Tarda lo mismo que ReLU con He.",
    ),
    Statement(
        id="s7-1",
        text="Donde está activa, ReLU tiene gradiente constante.",
        deck="gradiente constante en región activa",
        measured="caminos de 20 capas cuyo producto de pendientes es exactamente 0 o 1",
        experiment="activations.path_slopes",
        effect=effects.unit_products,
        of={"activation": "relu"},
        rule=Rule(holds=(1.0, 1.0)),
        expected=HOLDS,
        why="La pendiente es 1 si la unidad está encendida; si no, 0.",
    ),
    # Only among networks that learn: of one that does not, the loss is flat, whatever that is.
    Statement(
        id="s7-2",
        text="El entrenamiento con ReLU es más estable que con tanh.",
        deck="entrenamiento más estable",
        measured=(
            "épocas en que sube la pérdida: las de tanh con Glorot menos las de ReLU con He; 20 "
            "capas, 20 épocas, tasa 0.001"
        ),
        experiment="training_grid",
        effect=effects.steadiness_gain,
        of={"better": RELU_HE, "worse": TANH},
        rule=STEADIER,
        expected=FAILS,
        why="La de ReLU sube a veces; la de tanh, casi nunca. La sigmoide, aquí, no aprende.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
