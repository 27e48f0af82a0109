"""A pair for each activation, on one sheet: its code, its factors, how deep it goes, where to look.

Nothing is measured: the factors and the depths are mean-field theory's (``lab.theory``), for the
square layers and the standardized inputs of chapter 9. The limits are ``latido.rules.RULES``,
which the page hands over.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

import trainable_depth
from lab import catalog, theory

#: Layers over which a factor is averaged, and units in each: as in chapter 9.
DEPTH, WIDTH = 20, 64

#: PyTorch's lines that give the variance of Keras's initializers. By their documentation
#: (torch.nn.init): kaiming_normal_ has std = gain / √fan_in, where "relu" has gain √2 and
#: "linear" 1; xavier_uniform_, with gain 1, has the limit √(6 / (fan_in + fan_out)).
TORCH = {
    "he_normal": 'nn.init.kaiming_normal_(w, nonlinearity="relu")',
    "glorot_uniform": "nn.init.xavier_uniform_(w)",
    "lecun_normal": 'nn.init.kaiming_normal_(w, nonlinearity="linear")',
}

#: Rules of latido that the sheet names: what they measure, in three words.
LOOK = {
    "dead_fraction": "unidades muertas",
    "saturated_fraction": "valores saturados",
    "contrast": "contraste",
    "delta_decay": "δ₁ / δ última",
    "delta_growth": "δ / δ última",
    "update_ratio": "paso / peso",
}


@dataclass(frozen=True)
class Recipe:
    """A pair of the catalog, and the rule of ``LOOK`` that sees first where it goes wrong."""

    activation: str
    initializer: str
    rule: str


#: The first of an activation is the one to choose; the last, what Keras gives if not asked.
RECIPES = (
    Recipe("relu", "he_normal", "dead_fraction"),
    Recipe("leaky_relu", "he_normal", "delta_growth"),
    Recipe("elu", "he_normal", "delta_growth"),
    Recipe("gelu", "he_normal", "delta_decay"),
    Recipe("silu", "he_normal", "delta_decay"),
    Recipe("tanh", "glorot_uniform", "saturated_fraction"),
    Recipe("sigmoid", "glorot_uniform", "contrast"),
    Recipe("relu", "glorot_uniform", "delta_decay"),
)


def factors(activation: str, initializer: str) -> tuple[float, float]:
    """Return by what one more layer multiplies h on the way there, and δ on the way back.

    Geometric means over ``DEPTH`` layers; δ as ``depth_sweep`` counts it, by what layers that
    are added on top change it at layer 1.
    """
    shallow, deep = (
        theory.predict(activation, initializer, [WIDTH] * depth, WIDTH) for depth in (1, DEPTH)
    )
    forward = deep.activation_rms[-1] / deep.activation_rms[0]
    backward = deep.delta_rms[0] / shallow.delta_rms[0]
    return float(forward ** (1 / (DEPTH - 1))), float(backward ** (1 / (DEPTH - 1)))


def healthy(name: str, rule) -> str:
    """Write what a rule of latido measures, and its range without an alarm."""
    limit, sign = rule.threshold, "≤" if rule.above else "≥"
    share = name.endswith("_fraction")
    return f"{LOOK[name]} {sign} {f'{100 * limit:.0f} %' if share else f'{limit:g}'}"


def table(rules: Mapping) -> pd.DataFrame:
    """Return the sheet: a row for each of ``RECIPES``, with Spanish headings.

    ``rules``: those of latido, {name: rule with ``threshold`` and ``above``}.
    """
    return pd.DataFrame(
        {
            "activación": catalog.ACTIVATIONS[recipe.activation],
            "inicializador": catalog.initializer_label(recipe.initializer),
            "h, por capa": f"× {forward:.2f}",
            "δ, por capa": f"× {backward:.2f}",
            "capas: 6 ξ": layers(trainable_depth.predicted_depth(*pair)),
            "capas: exacto": layers(trainable_depth.exact_depth(*pair)),
            "mira primero": healthy(recipe.rule, rules[recipe.rule]),
        }
        for recipe in RECIPES
        for pair in [(recipe.activation, recipe.initializer)]
        for forward, backward in [factors(*pair)]
    )


def keras_lines() -> pd.DataFrame:
    """Return the layer of each activation, with the initializer that the sheet recommends."""
    chosen = {}
    for recipe in RECIPES:
        chosen.setdefault(recipe.activation, recipe.initializer)
    return pd.DataFrame(
        {
            "activación": catalog.ACTIVATIONS[activation],
            "Keras": copyable(f'Dense(n, "{activation}", kernel_initializer="{initializer}")'),
        }
        for activation, initializer in chosen.items()
    )


def torch_lines() -> pd.DataFrame:
    """Return the line of PyTorch for each initializer."""
    return pd.DataFrame(
        {"inicializador": catalog.initializer_label(name), "PyTorch": copyable(line)}
        for name, line in TORCH.items()
    )


def copyable(code: str) -> str:
    """Return code as HTML that the page's copy button finds."""
    return f'<div class="highlight"><pre>{escape(code)}</pre></div>'


def layers(depth: float) -> str:
    """Write a depth as chapter 9 does; one that was counted is a whole number."""
    if math.isinf(depth):
        return "sin límite"
    return f"{depth:.0f}" if isinstance(depth, int) or depth >= 10 else f"{depth:.1f}"


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("la tabla de la página «Chuleta»")
