"""What other layers sum and draw."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS, Rule
from verdicts.statement import GAINS, KEPT, LEARNS, VANISHES, Statement

#: One layer leaves the size as it is, a tenth more or less.
SAME = Rule(holds=(0.9, 1.1))


def _size(id, text, kind, start, expected, why):
    return Statement(
        id=id,
        text=text,
        deck=None,
        measured="valor eficaz que sale de una capa, con su ReLU, si entra 1",
        experiment="layers.inputs_summed",
        effect=effects.layer_size,
        of={"kind": kind, "start": start},
        rule=SAME,
        expected=expected,
        why=why,
    )


STATEMENTS = [
    _size(
        "c13-1",
        "En una convolución, he_normal conserva la señal.",
        "conv",
        "he",
        HOLDS,
        "Una salida suma las entradas que Keras cuenta.",
    ),
    _size(
        "c13-1b",
        "En una convolución por canal, he_normal conserva la señal.",
        "depthwise",
        "he",
        FAILS,
        "Suma 9 entradas, y Keras cuenta 9 en cada uno de los 128 canales.",
    ),
    _size(
        "c13-1c",
        "En una transpuesta de paso 2, he_normal conserva la señal.",
        "transposed",
        "he",
        FAILS,
        "Keras cuenta los canales que salen, y no divide por el paso.",
    ),
    _size(
        "c13-2",
        "Si se divide por lo que suma una salida, la convolución por canal conserva la señal.",
        "depthwise",
        "counted",
        HOLDS,
        "La cuenta de He vale en cualquier capa que sume entradas independientes.",
    ),
    Statement(
        id="c13-3",
        text="Ocho separables con he_normal conservan el gradiente.",
        deck=None,
        measured="δ en la capa 1 dividido por δ en la capa 8",
        experiment="layers.eight_layers",
        effect=effects.stack_delta,
        of={"kind": "separable", "start": "he"},
        rule=KEPT,
        expected=FAILS,
        why="Lo que pierde una capa se multiplica ocho veces.",
    ),
    Statement(
        id="c13-3b",
        text="Ocho separables con los pesos contados conservan el gradiente, bordes aparte.",
        deck=None,
        measured="δ en la capa 1 dividido por δ en la capa 8",
        experiment="layers.eight_layers",
        effect=effects.stack_delta,
        of={"kind": "separable", "start": "counted"},
        # The borders alone take a third, which is near the border of KEPT.
        rule=Rule(holds=(1 / 3, 3.0)),
        expected=HOLDS,
        why="El factor por capa es casi 1: solo se pierde por los bordes.",
    ),
    Statement(
        id="c13-4",
        text="Ocho separables con he_normal aprenden en cuatro épocas con tasa 0.01.",
        deck=None,
        measured="aciertos en la prueba",
        experiment="layers.eight_trained",
        effect=effects.accuracy,
        of={"kind": "separable", "start": "he"},
        rule=LEARNS,
        expected=FAILS,
        why="A la primera capa no le llega gradiente, ni imagen a la última.",
    ),
    Statement(
        id="c13-4b",
        text="Con los pesos contados, las mismas ocho aprenden más.",
        deck=None,
        measured="aciertos en la prueba, contadas menos con he_normal",
        experiment="layers.eight_trained",
        effect=effects.accuracy_gain,
        of={
            "better": {"kind": "separable", "start": "counted"},
            "worse": {"kind": "separable", "start": "he"},
        },
        rule=GAINS,
        expected=HOLDS,
        why="Es la misma red, con otros pesos al empezar.",
    ),
    Statement(
        id="c13-5",
        text="En el tiempo, una matriz de varianza 1/n conserva el estado de cada red.",
        deck=None,
        measured="factor en que el estado del paso 100 se aparta del primero",
        experiment="layers.through_time",
        effect=effects.apart_in_time,
        of={"kind": "same"},
        rule=KEPT,
        expected=FAILS,
        why="La matriz es siempre la misma, y manda su mayor autovalor.",
    ),
    Statement(
        id="c13-5b",
        text="En el tiempo, una matriz ortogonal conserva el estado de cada red.",
        deck=None,
        measured="factor en que el estado del paso 100 se aparta del primero",
        experiment="layers.through_time",
        effect=effects.apart_in_time,
        of={"kind": "orthogonal"},
        rule=KEPT,
        expected=HOLDS,
        why="Todos sus autovalores tienen tamaño 1.",
    ),
    Statement(
        id="c13-6",
        text="Con el sesgo 1, una LSTM ha olvidado su estado en 50 pasos.",
        deck=None,
        measured="lo que queda de un cambio del primer estado",
        experiment="layers.forget_gate",
        effect=effects.remembered,
        of={"bias": 1.0},
        rule=VANISHES,
        expected=HOLDS,
        why="En cada paso queda un 80 %.",
    ),
    Statement(
        id="c13-7",
        text="Con sus pesos por defecto, una capa de atención conserva la señal.",
        deck=None,
        measured="valor eficaz que sale, si entra 1; 128 elementos independientes",
        experiment="layers.token_average",
        effect=effects.averaged,
        of={"start": "default"},
        rule=KEPT,
        expected=FAILS,
        why="La salida es un promedio, y un promedio de independientes es pequeño.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
