"""He: the initialization for ReLU."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, NUANCED, Rule
from verdicts.statement import KEPT, RELU, RELU_HE, Statement

STATEMENTS = [
    Statement(
        id="s11-1",
        text="He ajusta la varianza a ReLU.",
        measured="activación en la capa 20 entre la de la capa 1",
        experiment="gradient_flow",
        effect=effects.activation_journey,
        of=RELU_HE,
        rule=KEPT,
        expected=HOLDS,
        why="El factor por capa es 1.",
    ),
    Statement(
        id="s11-1b",
        text="Xavier también la ajustaría.",
        measured="activación en la capa 20 entre la de la capa 1; ReLU con Glorot",
        experiment="gradient_flow",
        effect=effects.activation_journey,
        of=RELU,
        rule=KEPT,
        expected=FAILS,
        why="Le falta el 2: el factor por capa es 0.71.",
    ),
    Statement(
        id="s11-2",
        text="Compensa los valores negativos que ReLU pone a cero.",
        measured="parte de E[z²] que deja pasar ReLU; media de 20 capas",
        experiment="initializers.share_let_through",
        effect=effects.half,
        of={"direction": "forward", **RELU_HE},
        rule=Rule(holds=(0.45, 0.55), nuanced=(0.4, 0.6)),
        expected=HOLDS,
        why="Pasa la mitad, y los pesos de He tienen el doble de varianza.",
    ),
    Statement(
        id="s11-2b",
        text="Y lo mismo a la vuelta.",
        measured="parte de E[δ²] que deja pasar ReLU; media de 19 capas",
        experiment="initializers.share_let_through",
        effect=effects.half,
        of={"direction": "backward", **RELU_HE},
        rule=Rule(holds=(0.45, 0.55), nuanced=(0.4, 0.6)),
        expected=HOLDS,
        why="La mitad de las unidades no devuelve gradiente.",
    ),
    Statement(
        id="s11-3",
        text="El gradiente fluye de forma más estable que con Xavier.",
        measured="δ en la capa 1 entre δ en la capa 20; con Xavier, la teoría dice 0.0014",
        experiment="gradient_flow",
        effect=effects.delta_journey,
        of=RELU_HE,
        rule=KEPT,
        expected=HOLDS,
        why="El factor por capa es 1, también a la vuelta.",
    ),
    Statement(
        id="s11-3b",
        text="Es estable en cada red, también si es estrecha.",
        measured="factor en que |h| suele apartarse de su mediana; 30 capas de 16 unidades",
        experiment="initializers.spread_of_networks",
        effect=effects.typical_deviation,
        of={"width": 16},
        rule=Rule(holds=(1.0, 2.0), nuanced=(2.0, 10.0)),
        expected=NUANCED,
        why="Lo estable es la media: el abanico se abre con la suma de 1/n.",
    ),
    Statement(
        id="s11-3c",
        text="Es estable en cada red, si es ancha.",
        measured="factor en que |h| suele apartarse de su mediana; 30 capas de 128 unidades",
        experiment="initializers.spread_of_networks",
        effect=effects.typical_deviation,
        of={"width": 128},
        rule=Rule(holds=(1.0, 2.0), nuanced=(2.0, 10.0)),
        expected=HOLDS,
        why="Cuanto más anchas las capas, más se parecen las redes entre sí.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
