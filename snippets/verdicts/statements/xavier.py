"""Xavier (Glorot): for which layers and which activations."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS
from verdicts.statement import KEPT, LEARNS, SIGMOID, TANH, Statement

STATEMENTS = [
    Statement(
        id="s10-1",
        text="Xavier mantiene la varianza de las activaciones (capas cuadradas).",
        deck="preservar varianza de activaciones",
        measured="señal de la capa 20 dividida por la de la capa 1; capas lineales de 128",
        experiment="initializers.xavier_directions",
        effect=effects.way,
        of={"shape": "square", "direction": "forward"},
        rule=KEPT,
        expected=HOLDS,
        why="Con tantas entradas como salidas, 2/(entradas + salidas) es 1/n.",
    ),
    Statement(
        id="s10-2",
        text="Xavier mantiene la varianza de los gradientes (capas cuadradas).",
        deck="preservar varianza de gradientes",
        measured="δ en la capa 1 dividido por δ en la capa 20; capas lineales de 128",
        experiment="initializers.xavier_directions",
        effect=effects.way,
        of={"shape": "square", "direction": "backward"},
        rule=KEPT,
        expected=HOLDS,
        why="La misma cuenta, en la otra dirección.",
    ),
    Statement(
        id="s10-1b",
        text="Mantiene la varianza de las activaciones también cuando la anchura oscila.",
        deck=None,
        measured="señal de la capa 20 dividida por la de la capa 1; capas lineales de 256 y 32",
        experiment="initializers.xavier_directions",
        effect=effects.way,
        of={"shape": "accordion", "direction": "forward"},
        rule=KEPT,
        expected=FAILS,
        why="La media de dos anchuras no es ninguna de las dos.",
    ),
    Statement(
        id="s10-2b",
        text="Mantiene la varianza de los gradientes también cuando la anchura oscila.",
        deck=None,
        measured="δ en la capa 1 dividido por δ en la capa 20; capas lineales de 256 y 32",
        experiment="initializers.xavier_directions",
        effect=effects.way,
        of={"shape": "accordion", "direction": "backward"},
        rule=KEPT,
        expected=FAILS,
        why="La media de dos anchuras no es ninguna de las dos.",
    ),
    Statement(
        id="s10-2c",
        text="En un embudo, conserva lo mismo a la ida que a la vuelta.",
        deck=None,
        measured="lo que conserva la ida dividido por lo que conserva la vuelta; de 512 a 16",
        experiment="initializers.xavier_directions",
        effect=effects.both_ways,
        of={"shape": "funnel"},
        rule=KEPT,
        expected=FAILS,
        why="Queda a mitad de camino de las dos condiciones, y no empeora con la profundidad.",
    ),
    Statement(
        id="s10-3",
        text="Xavier funciona bien con tanh.",
        deck="Funciona bien con: Tanh",
        measured="aciertos en la prueba; 20 capas, 20 épocas, tasa 0.001",
        experiment="training_grid",
        effect=effects.accuracy,
        of=TANH,
        rule=LEARNS,
        expected=HOLDS,
        why="Tanh es casi la recta que Glorot y Bengio supusieron.",
    ),
    Statement(
        id="s10-4",
        text="Xavier funciona bien con la sigmoide.",
        deck="Funciona bien con: … Sigmoid",
        measured="aciertos en la prueba; 20 capas, 20 épocas, tasa 0.001",
        experiment="training_grid",
        effect=effects.accuracy,
        of=SIGMOID,
        rule=LEARNS,
        expected=FAILS,
        why="Glorot y Bengio (2010, sección 5) ya desaconsejan la sigmoide.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
