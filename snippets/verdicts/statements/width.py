"""What changes with the width."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, Rule
from verdicts.statement import KEPT, Statement

STANDARD_ADAM = {"parametrization": "standard", "optimizer": "adam"}
MUP_ADAM = {"parametrization": "mup", "optimizer": "adam"}

# Zones of a power of the width: nearer to what theory says of one parametrization than to what it
# says of the other one. With Adam that is 1 (of the rate: −1) and 0, of features −½ and 0.
LINEAR = Rule(holds=(0.5, 1.5))
INVERSE = Rule(holds=(-1.5, -0.5))
NEARER_STILL = Rule(holds=(-0.5, 0.5))
FEATURES_SLOW_DOWN = Rule(holds=(-0.75, -0.25))
#: What is said to be the same does not double, nor halve, from 32 to 512.
SAME = Rule(holds=(-0.25, 0.25))

STATEMENTS = [
    Statement(
        id="c15-1",
        text="Con Adam, un paso cambia más una capa ancha.",
        deck=None,
        measured="potencia de la anchura con que crece lo que cambia la capa 3 por sus pesos; "
        "estándar, de 32 a 512 unidades",
        experiment="width.coordinate_check",
        effect=effects.own_growth,
        of={"layer": 3, **STANDARD_ADAM},
        rule=LINEAR,
        expected=HOLDS,
        why="Cada peso se mueve lo mismo, y una unidad suma tantos como entradas tiene.",
    ),
    Statement(
        id="c15-1b",
        text="Con μP la cambia lo mismo.",
        deck=None,
        measured="la misma potencia, con μP",
        experiment="width.coordinate_check",
        effect=effects.own_growth,
        of={"layer": 3, **MUP_ADAM},
        rule=SAME,
        expected=HOLDS,
        why="La tasa de la capa se divide por lo que crece la suma.",
    ),
    Statement(
        id="c15-2",
        text="La mejor tasa de Adam baja con la anchura.",
        deck=None,
        measured="potencia de la anchura con que va la tasa de la menor pérdida; estándar, 2 "
        "épocas, de 32 a 512 unidades",
        experiment="width.rate_transfer",
        effect=effects.rate_drift,
        of={"parametrization": "standard"},
        rule=INVERSE,
        expected=HOLDS,
        why="Lo que un paso cambia crece como la anchura, y la tasa tiene que compensarlo.",
    ),
    Statement(
        id="c15-2b",
        text="Con μP se acerca más a quedarse quieta que a ir como 1/n.",
        deck=None,
        measured="la misma potencia, con μP",
        experiment="width.rate_transfer",
        effect=effects.rate_drift,
        of={"parametrization": "mup"},
        rule=NEARER_STILL,
        expected=HOLDS,
        why="La compensación va dentro, capa por capa.",
    ),
    Statement(
        id="c15-3",
        text="La mejor tasa es la misma con 64 y con 512 unidades.",
        deck=None,
        measured="mejor tasa con 64 unidades dividida por la mejor con 512; estándar, 2 épocas",
        experiment="width.rate_transfer",
        effect=effects.rate_ratio,
        of={"parametrization": "standard", "width": 64},
        rule=KEPT,
        expected=FAILS,
        why="El mínimo se ha ido a una tasa mucho menor.",
    ),
    Statement(
        id="c15-4",
        text="Con μP y su mejor tasa se aprende más que con la estándar y la suya.",
        deck=None,
        measured="menor pérdida con μP dividida por la menor con la estándar; 512 unidades, 2 "
        "épocas",
        experiment="width.rate_transfer",
        effect=effects.least_loss,
        of={"one": "mup", "other": "standard"},
        rule=Rule(holds=(0.0, 0.9)),
        expected=FAILS,
        why="μP traslada la búsqueda de una red estrecha; no la mejora.",
    ),
    Statement(
        id="c15-5",
        text="Con la parametrización NTK los rasgos se mueven cada vez menos.",
        deck=None,
        measured="potencia de la anchura con que va el cambio relativo de la capa 3 al entrenar; "
        "SGD, 3 épocas, de 32 a 512 unidades",
        experiment="width.feature_movement",
        effect=effects.feature_growth,
        of={"parametrization": "ntk"},
        rule=FEATURES_SLOW_DOWN,
        expected=HOLDS,
        why="Cuantas más unidades hay, menos necesita moverse cada una.",
    ),
    Statement(
        id="c15-5b",
        text="Con μP se mueven lo mismo.",
        deck=None,
        measured="la misma potencia, con μP",
        experiment="width.feature_movement",
        effect=effects.feature_growth,
        of={"parametrization": "mup"},
        rule=SAME,
        expected=HOLDS,
        why="Es la parametrización que mueve todas las capas sin que ninguna se dispare.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
