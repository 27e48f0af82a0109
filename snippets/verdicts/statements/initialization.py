"""What the size of the weights does to a signal."""

from verdicts import effects
from verdicts.rules import HOLDS
from verdicts.statement import GAINS, GROWS, KEPT, VANISHES, Statement

STATEMENTS = [
    Statement(
        id="s9-1",
        text="Unos pesos mal elegidos amplifican la señal.",
        measured="δ en la capa 1 entre δ en la capa 10; tanh con σ = 1",
        experiment="initializers.weight_size",
        effect=effects.sigma_journey,
        of={"sigma": 1.0, "quantity": "delta_rms", "back": True},
        rule=GROWS,
        expected=HOLDS,
        why="Tanh acota la ida, pero no la vuelta.",
    ),
    Statement(
        id="s9-2",
        text="O la atenúan demasiado.",
        measured="activación en la capa 10 entre la de la capa 1; tanh con σ = 0.01",
        experiment="initializers.weight_size",
        effect=effects.sigma_journey,
        of={"sigma": 0.01, "quantity": "activation_rms"},
        rule=VANISHES,
        expected=HOLDS,
        why="Cada capa encoge la señal por el mismo factor.",
    ),
    Statement(
        id="s9-3",
        text="Inicializar bien es mantener estable la varianza.",
        measured="señal tras 20 capas lineales entre la de la entrada; σ = 1/√n, 128 unidades",
        experiment="initializers.layer_width",
        effect=effects.kept_by_width,
        of={"case": "lecun", "width": 128},
        rule=KEPT,
        expected=HOLDS,
        why="La suma de n términos crece como √n, y 1/√n lo compensa.",
    ),
    Statement(
        id="s9-3b",
        text="Con la varianza estable, la red entrena.",
        measured="aciertos con σ = 0.09 menos aciertos con σ = 0.01; tanh, 10 capas",
        experiment="initializers.weight_size",
        effect=effects.sigma_gain,
        of={"better": 0.09, "worse": 0.01},
        rule=GAINS,
        expected=HOLDS,
        why="0.09 es casi 1/√128; con 0.01 la señal no llega.",
    ),
]


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
