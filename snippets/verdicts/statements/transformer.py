"""What a transformer is born with."""

from math import inf

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, Rule
from verdicts.statement import GAINS, KEPT, NEGLIGIBLE, Statement

# What it helps is a gain, even a small one: five seeds do not tell whether it is 20 points.
HELPS = Rule(holds=(GAINS.nuanced[0], inf))
SAME = Rule(holds=(0.9, 1.1))
UNAIDED = {"aid": "none", "optimizer": "adam", "step": 120}

STATEMENTS = [
    Statement(
        id="c14-1",
        text="La capa LayerNormalization de Keras deja en 1 el valor eficaz, entre lo que entre.",
        deck=None,
        measured="valor eficaz que sale cuando entra 0.01",
        experiment="transformer.layer_norm",
        effect=effects.norm_output,
        of={"norm": "layer", "size": 0.01},
        rule=SAME,
        expected=FAILS,
        why="Su ε, 0.001, pesa ahí diez veces más que la varianza.",
    ),
    Statement(
        id="c14-2",
        text="Con la norma después de la suma, el gradiente del último bloque no depende de la "
        "profundidad.",
        deck=None,
        measured="gradiente de los pesos del último bloque: con 48 bloques dividido por con 2",
        experiment="transformer.norm_place",
        effect=effects.last_block_gradient,
        of={"kind": "post"},
        rule=KEPT,
        expected=HOLDS,
        why="La norma deja el flujo en tamaño 1, haya los bloques que haya.",
    ),
    Statement(
        id="c14-2b",
        text="Con la norma antes de la rama, tampoco.",
        deck=None,
        measured="gradiente de los pesos del último bloque: con 48 bloques dividido por con 2",
        experiment="transformer.norm_place",
        effect=effects.last_block_gradient,
        of={"kind": "pre"},
        rule=KEPT,
        expected=FAILS,
        why="Cae como la inversa del tamaño del flujo, que crece con los bloques.",
    ),
    Statement(
        id="c14-3",
        text="Si las ramas se dividen por la raíz de su número, el flujo residual crece lo mismo "
        "con más bloques.",
        deck=None,
        measured="cuadrado medio del flujo al salir: con 24 bloques dividido por con 6",
        experiment="transformer.residual_growth",
        effect=effects.stream_growth,
        of={"kind": "scaled"},
        rule=SAME,
        expected=HOLDS,
        why="2N ramas que añaden como mucho 1/(2N) cada una suman como mucho 1.",
    ),
    Statement(
        id="c14-4",
        text="Con atención sola, tres bloques bastan para confundir los tokens.",
        deck=None,
        measured="lo que distingue a dos tokens (1 menos su correlación) tras tres bloques",
        experiment="transformer.attention_rank",
        effect=effects.tokens_apart,
        of={"kind": "attention", "block": 3},
        rule=NEGLIGIBLE,
        expected=HOLDS,
        why="Cada bloque eleva al cubo lo que los distingue, y lo divide por cuántos son.",
    ),
    Statement(
        id="c14-5",
        text="Con la ganancia justa, una pila de SwiGLU conserva el tamaño, entre lo que entre.",
        deck=None,
        measured="cuadrado medio tras cinco capas dividido por el que entra, que es 0.5",
        experiment="transformer.gates",
        effect=effects.gated_journey,
        of={"gate": "swiglu", "start": 0.5},
        rule=KEPT,
        expected=FAILS,
        why="La puerta se cierra cuanto menos entra: el punto fijo repele.",
    ),
    Statement(
        id="c14-6",
        text="El calentamiento ayuda a Adam cuando la norma va después de la suma.",
        deck=None,
        measured="aciertos que gana el calentamiento; 4 bloques, 120 pasos, tasa de 0.01",
        experiment="transformer.first_aid",
        effect=effects.aid_gain,
        of={"aid": "warmup", "kind": "post", "optimizer": "adam"},
        rule=HELPS,
        expected=HOLDS,
        why="Los primeros pasos de Adam miden lo que la tasa, sea cual sea el gradiente.",
    ),
    Statement(
        id="c14-6b",
        text="Sin él y con la misma tasa se aprende más con la norma antes de la rama.",
        deck=None,
        measured="aciertos sin remedio con la norma antes menos con la norma después; 4 bloques, "
        "120 pasos, tasa de 0.01",
        experiment="transformer.first_aid",
        effect=effects.one_accuracy_gain,
        of={"better": {"kind": "pre", **UNAIDED}, "worse": {"kind": "post", **UNAIDED}},
        rule=GAINS,
        expected=HOLDS,
        why="Para ella esa tasa no es demasiado grande.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
