"""Gradients that vanish or explode, and the product behind them."""

from verdicts import effects
from verdicts.rules import FAILS, HOLDS
from verdicts.statement import GROWS, KEPT, MOSTLY, NEGLIGIBLE, SIGMOID, VANISHES, Statement, pair

STATEMENTS = [
    Statement(
        id="s3-1",
        text="En redes profundas el gradiente puede hacerse diminuto.",
        deck="gradientes pueden hacerse muy pequeños",
        measured="δ en la capa 1 con 50 capas dividido por δ con 1 capa; sigmoide con Glorot",
        experiment="depth_sweep",
        effect=effects.deep_over_shallow,
        of=SIGMOID,
        rule=VANISHES,
        expected=HOLDS,
        why="Cada capa de sigmoides divide el gradiente por algo más de cuatro.",
    ),
    Statement(
        id="s3-2",
        text="También puede crecer sin control.",
        deck="crecer sin control",
        measured="δ en la capa 1 con 50 capas dividido por δ con 1 capa; ReLU con σ = 0.2",
        experiment="depth_sweep",
        effect=effects.deep_over_shallow,
        of=pair("relu", "random_normal:0.2"),
        rule=GROWS,
        expected=HOLDS,
        why="Pesos demasiado grandes hacen crecer δ en cada capa.",
    ),
    Statement(
        id="s3-3",
        text="Consecuencia: un aprendizaje muy lento.",
        deck="Consecuencias: aprendizaje muy lento",
        measured=(
            "lo que se mueven los pesos de las capas 1 a 10 dividido por lo que se mueven los de "
            "la 20, en 6 épocas; sigmoide con Glorot"
        ),
        experiment="signals.frozen_layers",
        effect=effects.lower_half_movement,
        of=SIGMOID,
        rule=VANISHES,
        expected=HOLDS,
        why="Donde no llega gradiente, los pesos apenas se mueven; algunos, ni un bit.",
    ),
    Statement(
        id="s3-4",
        text="Consecuencia: inestabilidad numérica (números demasiado grandes).",
        deck="Consecuencias: … inestabilidad numérica",
        measured=(
            "parte de los valores de la última capa que ya no son números; ReLU con σ = 1, 70 capas"
        ),
        experiment="signals.float_limits",
        effect=effects.lost_numbers,
        of={"signal": "h", "layer": "max", "fates": ("infinite", "nan")},
        rule=MOSTLY,
        expected=HOLDS,
        why="La señal sobrepasa el mayor número de float32.",
    ),
    Statement(
        id="s3-4b",
        text="Consecuencia: inestabilidad numérica (números demasiado pequeños).",
        deck="Consecuencias: … inestabilidad numérica",
        measured=(
            "parte de ∂L/∂W de la capa 1 que vale exactamente cero; sigmoide con Glorot, 70 capas"
        ),
        experiment="signals.float_limits",
        effect=effects.lost_numbers,
        of={"signal": "∂L/∂W", "layer": "min", "fates": ("zero",)},
        rule=MOSTLY,
        expected=HOLDS,
        why="El gradiente cae por debajo del menor número de float32.",
    ),
    Statement(
        id="s4-1",
        text="El gradiente total es un producto de derivadas locales.",
        deck="El gradiente total es un producto de derivadas locales",
        measured=(
            "mayor diferencia relativa entre el δ de Keras y el producto de jacobianas, en 20 capas"
        ),
        experiment="signals.backprop_check",
        effect=effects.disagreement,
        of={"signals": ("delta",)},
        rule=NEGLIGIBLE,
        expected=HOLDS,
        why="Es un producto de matrices que empieza en δ de la última capa.",
    ),
    Statement(
        id="s4-2",
        text="Con factores menores que 1, el gradiente se desvanece.",
        deck="< 1 → desaparece",
        measured="valor singular eficaz del producto de 50 matrices gaussianas; factor 0.9",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "gaussian", "gain": 0.9, "value": "rms"},
        rule=VANISHES,
        expected=HOLDS,
        why="El valor eficaz sigue la potencia del factor.",
    ),
    Statement(
        id="s4-3",
        text="Con factores iguales a 1, el gradiente se conserva (matrices ortogonales).",
        deck=None,
        measured="valor singular mediano del producto de 50 matrices ortogonales; factor 1",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "orthogonal", "gain": 1.0, "value": "median"},
        rule=KEPT,
        expected=HOLDS,
        why="Una matriz ortogonal no encoge ninguna dirección.",
    ),
    Statement(
        id="s4-3b",
        text="Con factores iguales a 1, el gradiente se conserva (matrices gaussianas).",
        deck=None,
        measured="valor singular mediano del producto de 50 matrices gaussianas; factor 1",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "gaussian", "gain": 1.0, "value": "median"},
        rule=KEPT,
        expected=FAILS,
        why="El valor eficaz se conserva, pero casi todas las direcciones se aplastan.",
    ),
    Statement(
        id="s4-4",
        text="Con factores mayores que 1, el gradiente explota.",
        deck="1 → explota",
        measured="valor singular eficaz del producto de 50 matrices gaussianas; factor 1.1",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "gaussian", "gain": 1.1, "value": "rms"},
        rule=GROWS,
        expected=HOLDS,
        why="El valor eficaz sigue la potencia del factor.",
    ),
    Statement(
        id="s4-4b",
        text="Con factores iguales a 1, el gradiente explota (como imprime la diapositiva).",
        deck="1 → explota",
        measured="valor singular eficaz del producto de 50 matrices gaussianas; factor 1",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "gaussian", "gain": 1.0, "value": "rms"},
        rule=GROWS,
        expected=FAILS,
        why="Es una errata: al segundo caso se le ha perdido el signo «>».",
    ),
    Statement(
        id="s4-4c",
        text="Con factores mayores que 1, el gradiente explota en casi todas las direcciones.",
        deck=None,
        measured="valor singular mediano del producto de 50 matrices gaussianas; factor 1.1",
        experiment="signals.jacobian_product",
        effect=effects.singular,
        of={"kind": "gaussian", "gain": 1.1, "value": "median"},
        rule=GROWS,
        expected=FAILS,
        why="Unas pocas direcciones crecen; más de la mitad se aplastan.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
