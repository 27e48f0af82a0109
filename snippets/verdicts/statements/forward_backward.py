"""Two journeys: activations forward, gradients back."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GROWS, NEGLIGIBLE, SIGMOID, TANH, Statement

STATEMENTS = [
    Statement(
        id="s2-1",
        text="Hacia delante viajan las activaciones.",
        deck="el forward propaga activaciones",
        measured="mayor diferencia relativa entre Keras y las fórmulas de la ida, en 20 capas",
        experiment="signals.backprop_check",
        effect=effects.disagreement,
        of={"signals": ("z", "h")},
        rule=NEGLIGIBLE,
        expected=HOLDS,
        why="Dos programas distintos, las mismas activaciones.",
    ),
    Statement(
        id="s2-2",
        text="Hacia atrás viajan los gradientes.",
        deck="el backward propaga gradientes",
        measured="mayor diferencia relativa entre Keras y la regla de la cadena, en 20 capas",
        experiment="signals.backprop_check",
        effect=effects.disagreement,
        of={"signals": ("delta", "weight_gradient")},
        rule=NEGLIGIBLE,
        expected=HOLDS,
        why="Lo que Keras llama gradiente es la regla de la cadena, capa a capa.",
    ),
    Statement(
        id="s2-3",
        text="Los dos viajes dependen de los pesos.",
        deck="Ambos dependen de: pesos",
        measured="δ en la capa 1 con σ = 0.175 dividido por δ con σ = 0.09; ReLU",
        experiment="signals.signal_histograms",
        effect=effects.histogram_delta,
        of={"larger": "random_normal:0.175", "smaller": "random_normal:0.09"},
        rule=GROWS,
        expected=HOLDS,
        why="Unos pesos casi el doble de grandes cambian δ en cada capa.",
    ),
    Statement(
        id="s2-3b",
        text="Y de las activaciones.",
        deck="Ambos dependen de: … activaciones",
        measured="δ en la capa 1 con tanh dividido por δ con la sigmoide; Glorot",
        experiment="gradient_flow",
        effect=effects.first_delta,
        of={"one": TANH, "other": SIGMOID},
        rule=GROWS,
        expected=HOLDS,
        why="Con la misma inicialización, otra activación deja pasar otro gradiente.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
