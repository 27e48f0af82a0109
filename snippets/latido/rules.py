"""Which symptoms there are, and the rule by which each is found.

A rule is one number per layer (or one for the whole network) and a threshold. ``RULES`` is
all that is known here; ``latido.report.judge`` applies it.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from latido.snapshot import LayerSignals, Snapshot

#: Symptom → how it reads. Causes come before what they bring about: mend the first one first.
SYMPTOMS = {
    "non_finite": "números no finitos",
    "symmetric_units": "unidades iguales",
    "exploding_gradient": "gradiente que explota",
    "dead_units": "unidades muertas",
    "saturated_units": "unidades saturadas",
    "vanishing_signal": "señal que se desvanece",
    "vanishing_gradient": "gradiente que se desvanece",
    "stuck_loss": "pérdida estancada",
}

#: What no rule measures, because no pass is needed to know it: ``latido.contract``.
CONTRACT = "contract"
#: Everything that can be found → how it reads.
FINDINGS = {CONTRACT: "salida, pérdida y etiquetas que no encajan", **SYMPTOMS}

WHOLE = "(toda la red)"

#: Below this share of the loss of the best constant answer a network has learned, and only
#: numbers that are not finite are still reported: a symptom that does no harm is none.
LEARNED = 0.5


@dataclass(frozen=True)
class Rule:
    """When a symptom is there.

    Attributes:
        symptom: one of ``SYMPTOMS``.
        formula: what is measured, in Spanish.
        threshold: where trouble begins.
        above: whether it begins above the threshold, or below.
        source: where the threshold comes from, in Spanish.
        measure: (snapshot, first snapshot of the training) → value by layer. A value of NaN
            means that the rule does not apply.
        unless: (snapshot, threshold) → whether it does not apply after all.
    """

    symptom: str
    formula: str
    threshold: float
    above: bool
    source: str
    measure: Callable[[Snapshot, Snapshot], Mapping[str, float]]
    unless: Callable[[Snapshot, float], bool] | None = None

    def worst(
        self, now: Snapshot, first: Snapshot, threshold: float | None = None
    ) -> tuple[str, float]:
        """Return the layer where the rule is furthest from health, and its value there.

        ("", NaN) if it applies to none. The threshold is the rule's own unless another is given.
        """
        if self.unless and self.unless(now, self.threshold if threshold is None else threshold):
            return "", math.nan
        values = {k: v for k, v in self.measure(now, first).items() if not math.isnan(v)}
        if not values:
            return "", math.nan
        layer = (max if self.above else min)(values, key=values.get)
        return layer, values[layer]


# --- what the rules measure ---------------------------------------------------------------


def _of_hidden(value: Callable[[LayerSignals], float]):
    return lambda now, first: {layer.name: value(layer) for layer in now.hidden}


def _of_all(value: Callable[[LayerSignals], float]):
    return lambda now, first: {layer.name: value(layer) for layer in now.layers}


def delta_ratios(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """‖δ_l‖/‖δ_L‖ of each hidden layer, L the last one; 0 where nothing reaches it.

    A layer may be meant to begin at zero. The head then lets nothing through until its first
    step; the last layer of a residual branch, little for a while, and what feeds it is left out.
    """
    heads = [layer for layer in now.layers if layer.head]
    if not now.hidden or (heads and all(head.weight_rms == 0 for head in heads)):
        return {}
    top = now.hidden[-1].delta_norm
    cut_off = {a.name for a, b in itertools.pairwise(first.layers) if b.weight_rms == 0}
    return {
        layer.name: _ratio(layer.delta_norm, top)
        for layer in now.hidden
        if layer.name not in cut_off
    }


def _first_delta(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what arrives at the bottom: a small δ in some branch does no harm."""
    return dict(itertools.islice(delta_ratios(now, first).items(), 1))


def _last_contrast(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what the head gets to see: a gate may well be the same for all inputs.

    A residual branch may begin at zero, and then the head sees what goes around it.
    """
    drawn = [layer for layer in now.hidden if layer.weight_rms > 0] or now.hidden
    return {layer.name: layer.contrast for layer in drawn[-1:]}


def _unless_normalized(measure):
    """Leave normalized networks out.

    Batch normalization makes gradients grow by itself (Yang et al. 2019), also in networks
    that learn: there what counts is whether the step is too large, ``update_ratio``.
    """
    return lambda now, first: {} if now.normalized else measure(now, first)


def _unless_from_zero(value: Callable[[LayerSignals], float]):
    """Leave out, in all layers, those that began at zero: any step is large beside it."""

    def measure(now, first):
        zero = {layer.name for layer in first.layers if layer.weight_rms == 0}
        return {layer.name: value(layer) for layer in now.layers if layer.name not in zero}

    return measure


def _ratio(a: float, b: float) -> float:
    return a / b if b else 0.0


def _relative_gradient(layer: LayerSignals) -> float:
    return _ratio(layer.weight_gradient_rms, layer.weight_rms)


def reference_loss(now: Snapshot, first: Snapshot) -> float:
    """Return the loss of an answer that ignores the input, or the first one if unknown."""
    return min(first.loss, now.constant_loss) if now.constant_loss > 0 else first.loss


def has_learned(now: Snapshot, first: Snapshot) -> bool:
    """Return whether the loss has come down to half of what ignoring the input costs."""
    reference = reference_loss(now, first)
    return reference > 0 and now.loss < LEARNED * reference


#: Steps after which a loss may be called stuck.
PATIENCE = 50


def _loss_left(now: Snapshot, first: Snapshot) -> dict[str, float]:
    reference = reference_loss(now, first)
    # Without a constant to hold it against, a network that had learned before looks stuck.
    known = first.step == 0 or not math.isnan(now.constant_loss)
    tells = known and now.step - first.step >= PATIENCE and reference > 0
    return {WHOLE: now.loss / reference if tells else math.nan}


def _falls(now: Snapshot, threshold: float) -> bool:
    return now.loss < threshold * now.earlier_loss


def _broken(now: Snapshot, first: Snapshot) -> dict[str, float]:
    return {WHOLE: float(not math.isfinite(now.loss))} | {
        layer.name: float(not layer.finite) for layer in now.layers
    }


#: Measured; see ``diagnosis_benchmark.score.thresholds``.
OUR_HALF = "más allá de la peor red sana de la primera mitad de la colección"

#: Rule → what it is. The names are those that ``thresholds=`` takes.
#:
#: :meta hide-value:
RULES = {
    "not_finite": Rule(
        "non_finite",
        "1 si algún valor de z, h, δ, W, ∂L/∂W o la pérdida no es un número finito",
        0.5,
        True,
        "por definición",
        _broken,
    ),
    "duplicate_fraction": Rule(
        "symmetric_units",
        "fracción de unidades con los mismos pesos y el mismo gradiente que otra",
        0.5,
        True,
        "con pesos sorteados es 0",
        _of_hidden(lambda layer: layer.duplicate_fraction),
    ),
    "delta_growth": Rule(
        "exploding_gradient",
        "‖δ_l‖ / ‖δ_L‖ de cada capa oculta l, con L la última (sin normalización)",
        10.0,
        True,
        OUR_HALF,
        _unless_normalized(delta_ratios),
    ),
    "relative_gradient": Rule(
        "exploding_gradient",
        "rms(∂L/∂W) / rms(W) (sin normalización)",
        60.0,
        True,
        OUR_HALF,
        _unless_normalized(_unless_from_zero(_relative_gradient)),
    ),
    "update_ratio": Rule(
        "exploding_gradient",
        "rms(ΔW) / rms(W) en un paso",
        0.3,
        True,
        OUR_HALF,
        _unless_from_zero(lambda layer: layer.update_ratio),
    ),
    "dead_fraction": Rule(
        "dead_units",
        "fracción de unidades con pendiente φ′(z) nula en todo el lote",
        0.66,
        True,
        OUR_HALF,
        _of_all(lambda layer: layer.dead_fraction),
    ),
    "saturated_fraction": Rule(
        "saturated_units",
        "fracción de valores z con φ′(z) menor que la décima parte de la máxima",
        0.6,
        True,
        OUR_HALF,
        _of_hidden(lambda layer: layer.saturated_fraction),
    ),
    "contrast": Rule(
        "vanishing_signal",
        "Var(h) entre ejemplos / E[h²], en la última capa oculta",
        0.003,
        False,
        OUR_HALF,
        _last_contrast,
    ),
    "delta_decay": Rule(
        "vanishing_gradient",
        "‖δ_1‖ / ‖δ_L‖, entre la primera y la última capa oculta",
        0.04,
        False,
        OUR_HALF,
        _first_delta,
    ),
    "loss_left": Rule(
        "stuck_loss",
        f"pérdida / pérdida de responder siempre lo mismo, si no ha bajado en {PATIENCE} pasos",
        0.98,
        True,
        "por definición: mejora menos del 2 %",
        _loss_left,
        unless=_falls,
    ),
}


def limits(thresholds: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the threshold of every rule, with those given in place of the usual ones.

    Raises ValueError for a rule that does not exist.
    """
    unknown = set(thresholds or ()) - set(RULES)
    if unknown:
        raise ValueError(f"no hay ninguna regla «{min(unknown)}»; las que hay: {', '.join(RULES)}")
    return {name: rule.threshold for name, rule in RULES.items()} | dict(thresholds or {})


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
