"""Every checkable statement of the deck, as data: what is measured, and by which rule.

The rules are written before measuring. A ratio says how many times larger one thing is than
another; a difference of accuracies is in points (1 = 100 %).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from lab.verdict import FAILS, HOLDS, Rule


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        id: the label of its paragraph in the book, with a letter if the slide's line makes
            several statements ("s3-1", "s10-4b").
        text: in the book's words.
        slide: "S1" … "S15".
        chapter: page that tells it, without ".md".
        measured: what is measured, in words; its unit too.
        experiment: the snippet whose ``measure`` says it, by its name.
        statistic: name in ``effects.STATISTICS``.
        of: arguments of the statistic: which part of the experiment.
        rule: zones of the effect.
        expected: the verdict that the book tells.
        why: one line.
    """

    id: str
    text: str
    slide: str
    chapter: str
    measured: str
    experiment: str
    statistic: str
    rule: Rule
    expected: str
    why: str
    of: Mapping[str, object] = field(default_factory=dict)


def pair(activation: str, initializer: str) -> dict[str, str]:
    """Name a combination."""
    return {"activation": activation, "initializer": initializer}


SIGMOID = pair("sigmoid", "glorot_uniform")
TANH = pair("tanh", "glorot_uniform")
TANH_HE = pair("tanh", "he_normal")
RELU = pair("relu", "glorot_uniform")
RELU_HE = pair("relu", "he_normal")

# Zones that several statements share.
VANISHES = Rule(holds=(0.0, 0.1), nuanced=(0.1, 0.5))
KEPT = Rule(holds=(0.5, 2.0), nuanced=(0.1, 10.0))
GROWS = Rule(holds=(10.0, inf), nuanced=(2.0, 10.0))
LEARNS = Rule(holds=(0.85, 1.0), nuanced=(0.5, 0.85))

STATEMENTS = [
    Statement(
        "s1-1",
        "No sirve cualquier inicialización.",
        "S1",
        "01-introduccion",
        "aciertos con los pesos por 1.41 menos aciertos con los mismos pesos por 1",
        "same_weights",
        "factor_accuracy_gain",
        Rule(holds=(0.5, 1.0), nuanced=(0.1, 0.5)),
        HOLDS,
        "Los mismos pesos, multiplicados por un número, deciden si la red aprende.",
        {"better": 1.41, "worse": 1.0},
    ),
    Statement(
        "s1-2",
        "Los gradientes pueden desvanecerse.",
        "S1",
        "01-introduccion",
        "δ en la capa 1 entre δ en la capa 20, pesos por 1",
        "same_weights",
        "factor_delta_ratio",
        VANISHES,
        HOLDS,
        "Con ReLU y Glorot cada capa multiplica δ por 0.71.",
        {"factor": 1.0},
    ),
    Statement(
        "s1-2b",
        "Los gradientes pueden explotar.",
        "S1",
        "01-introduccion",
        "δ en la capa 1 entre δ en la capa 20, pesos por 2",
        "same_weights",
        "factor_delta_ratio",
        GROWS,
        HOLDS,
        "Con los pesos por 2 cada capa multiplica δ por 1.41.",
        {"factor": 2.0},
    ),
    Statement(
        "s3-1",
        "En redes profundas el gradiente puede hacerse diminuto.",
        "S3",
        "03-gradientes",
        "δ en la capa 1 con 50 capas entre δ con 1 capa; sigmoid con Glorot",
        "depth_sweep",
        "deep_over_shallow",
        VANISHES,
        HOLDS,
        "Cada capa de sigmoid divide el gradiente por algo más de cuatro.",
        SIGMOID,
    ),
    Statement(
        "s3-2",
        "También puede crecer sin control.",
        "S3",
        "03-gradientes",
        "δ en la capa 1 con 50 capas entre δ con 1 capa; ReLU con σ = 0.2",
        "depth_sweep",
        "deep_over_shallow",
        GROWS,
        HOLDS,
        "Pesos demasiado grandes hacen crecer δ en cada capa.",
        pair("relu", "random_normal:0.2"),
    ),
    Statement(
        "s4-2",
        "Con factores menores que 1, el gradiente se desvanece.",
        "S4",
        "03-gradientes",
        "valor singular eficaz del producto de 50 matrices normales; factor 0.9",
        "jacobian_product",
        "singular",
        VANISHES,
        HOLDS,
        "El valor eficaz sigue la potencia del factor.",
        {"kind": "gaussian", "gain": 0.9, "value": "rms"},
    ),
    Statement(
        "s4-3",
        "Con factores iguales a 1, el gradiente se conserva (matrices ortogonales).",
        "S4",
        "03-gradientes",
        "valor singular mediano del producto de 50 matrices ortogonales; factor 1",
        "jacobian_product",
        "singular",
        KEPT,
        HOLDS,
        "Una matriz ortogonal no encoge ninguna dirección.",
        {"kind": "orthogonal", "gain": 1.0, "value": "median"},
    ),
    Statement(
        "s4-3b",
        "Con factores iguales a 1, el gradiente se conserva (matrices normales).",
        "S4",
        "03-gradientes",
        "valor singular mediano del producto de 50 matrices normales; factor 1",
        "jacobian_product",
        "singular",
        KEPT,
        FAILS,
        "El valor eficaz se conserva, pero casi todas las direcciones se aplastan.",
        {"kind": "gaussian", "gain": 1.0, "value": "median"},
    ),
    Statement(
        "s4-4",
        "Con factores mayores que 1, el gradiente explota.",
        "S4",
        "03-gradientes",
        "valor singular eficaz del producto de 50 matrices normales; factor 1.1",
        "jacobian_product",
        "singular",
        GROWS,
        HOLDS,
        "El valor eficaz sigue la potencia del factor.",
        {"kind": "gaussian", "gain": 1.1, "value": "rms"},
    ),
    Statement(
        "s4-4b",
        "Con factores iguales a 1, el gradiente explota (como imprime la diapositiva).",
        "S4",
        "03-gradientes",
        "valor singular eficaz del producto de 50 matrices normales; factor 1",
        "jacobian_product",
        "singular",
        GROWS,
        FAILS,
        "Es una errata: el tercer caso es «mayor que 1».",
        {"kind": "gaussian", "gain": 1.0, "value": "rms"},
    ),
    Statement(
        "s10-3",
        "Xavier funciona bien con tanh.",
        "S10",
        "07-xavier",
        "aciertos en la prueba; 20 capas",
        "training_grid",
        "accuracy",
        LEARNS,
        HOLDS,
        "Tanh es casi la recta que Glorot y Bengio supusieron.",
        TANH,
    ),
    Statement(
        "s10-4",
        "Xavier funciona bien con sigmoid.",
        "S10",
        "07-xavier",
        "aciertos en la prueba; 20 capas",
        "training_grid",
        "accuracy",
        LEARNS,
        FAILS,
        "Glorot y Bengio (2010, sección 5) ya lo desaconsejan.",
        SIGMOID,
    ),
    Statement(
        "s12-1",
        "ReLU con He: buena combinación.",
        "S12",
        "09-paquetes",
        "aciertos en la prueba; 20 capas",
        "training_grid",
        "accuracy",
        LEARNS,
        HOLDS,
        "El factor por capa es 1 en las dos direcciones.",
        RELU_HE,
    ),
    Statement(
        "s12-3",
        "ReLU con Xavier, en redes profundas: mala combinación.",
        "S12",
        "09-paquetes",
        "aciertos con He menos aciertos con Glorot; 20 capas",
        "training_grid",
        "accuracy_gain",
        Rule(holds=(0.2, 1.0), nuanced=(0.02, 0.2)),
        HOLDS,
        "El factor por capa es 0.71 en las dos direcciones.",
        {"better": RELU_HE, "worse": RELU},
    ),
]
