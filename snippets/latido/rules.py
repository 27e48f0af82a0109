"""Which symptoms there are, and the rule by which each is found.

A rule is one number per layer (or one for the whole network) and a threshold. ``RULES`` is
all that is known here; ``latido.report.judge`` applies it.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from latido.chance import surely_below
from latido.snapshot import LayerSignals, Snapshot
from latido.steps import promised_fall, reference_weight, relative_steps, relative_update
from latido.words import Text

#: Symptom → how it reads. Causes come before what they bring about: mend the first one first.
SYMPTOMS = {
    "non_finite": Text("números no finitos"),
    "no_gradient": Text("sin gradiente"),
    "symmetric_units": Text("unidades iguales"),
    "exploding_gradient": Text("gradiente que explota"),
    "dead_units": Text("unidades muertas"),
    "saturated_units": Text("unidades saturadas"),
    "vanishing_signal": Text("señal que se desvanece"),
    "vanishing_gradient": Text("gradiente que se desvanece"),
    "stuck_loss": Text("pérdida estancada"),
}

#: What no rule measures, because no pass is needed to know it: ``latido.contract``.
CONTRACT = "contract"
#: Everything that can be found → how it reads.
FINDINGS = {CONTRACT: Text("salida, pérdida y etiquetas que no encajan"), **SYMPTOMS}

WHOLE = Text("(toda la red)")

#: (snapshot, first snapshot of the training) → value by layer.
Measure = Callable[[Snapshot, Snapshot], Mapping[str, float]]

#: Below this share of the first loss a network has learned, if the best constant answer is not
#: known. If it is, sample by sample (``latido.chance``) tells.
LEARNED = 0.5


@dataclass(frozen=True)
class Rule:
    """When a symptom is there.

    Attributes:
        symptom: one of ``SYMPTOMS``.
        formula: what is measured.
        threshold: where trouble begins.
        above: whether it begins above the threshold, or below.
        source: where the threshold comes from.
        measure: (snapshot, first snapshot of the training) → value by layer. A value of NaN
            means that the rule does not apply.
        unless: (snapshot, threshold) → whether it does not apply after all.
    """

    symptom: str
    formula: Text
    threshold: float
    above: bool
    source: Text
    measure: Measure
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
        layer = (max if self.above else min)(values, key=values.__getitem__)
        return layer, values[layer]


# --- what the rules measure ---------------------------------------------------------------


def _of_all(value: Callable[[LayerSignals], float]) -> Measure:
    return lambda now, first: {layer.name: value(layer) for layer in now.layers}


def _but_for_gates(value: Callable[[LayerSignals], float], layers: str = "layers") -> Measure:
    """Leave out what only scales a signal that goes on without it: it may well be shut."""
    return lambda now, first: {
        layer.name: value(layer) for layer in getattr(now, layers) if not layer.gate
    }


def delta_ratios(now: Snapshot, first: Snapshot, of: str = "delta_norm") -> dict[str, float]:
    """‖δ_l‖/‖δ_L‖ of each hidden layer, L the last one; 0 where nothing reaches it.

    A layer may be meant to begin at zero. The head then lets nothing through until its first
    step; the last layer of a residual branch, little for a while, and what feeds it is left out.
    So is what only scales another signal, and what an operation without a derivative cuts off.
    """
    heads = [layer for layer in now.layers if layer.head]
    counted = [layer for layer in now.hidden if not layer.gate and layer.name not in now.cuts]
    if not counted or (heads and all(head.weight_rms == 0 for head in heads)):
        return {}
    top = _top(counted)
    cut_off = {a.name for a, b in itertools.pairwise(first.layers) if b.weight_rms == 0}
    return {
        layer.name: _ratio(getattr(layer, of), top)
        for layer in counted
        if layer.name not in cut_off
    }


#: A branch that gets so little of what arrives beside it is closed by a gate (ReZero, LayerScale).
CLOSED = 0.01


def _top(layers: list[LayerSignals]) -> float:
    """Return the ‖δ‖ of the last layer before the heads that is in no closed branch."""
    ends = [layer.delta_norm for layer in layers if layer.last] or [layers[-1].delta_norm]
    most = max((norm for norm in ends if not math.isnan(norm)), default=math.nan)
    return next((norm for norm in reversed(ends) if norm >= CLOSED * most), ends[-1])


def _first_delta(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what arrives at the bottom: a small δ in some branch does no harm.

    Where several towers stand side by side, at that to which most arrives.
    """
    reach = delta_ratios(now, first, "delta_reach")
    ratios = {name: value for name, value in reach.items() if not math.isnan(value)}
    ratios = ratios or delta_ratios(now, first)
    bottom = {layer.name for layer in now.hidden if layer.first and layer.name in ratios}
    if not bottom:
        return dict(itertools.islice(ratios.items(), 1))
    name = max(bottom, key=ratios.__getitem__)
    return {name: ratios[name]}


def _last_contrast(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what the head gets to see: a gate may well be the same for all inputs.

    A residual branch may begin at zero, and then the head sees what goes around it.
    """
    drawn = [layer for layer in now.hidden if layer.weight_rms > 0] or now.hidden
    drawn = [layer for layer in drawn if not layer.gate] or drawn
    ends = [layer for layer in drawn if layer.last] or drawn[-1:]
    best = max(ends, key=lambda layer: layer.contrast, default=None)
    return {best.name: best.contrast} if best else {}


def _copies(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Leave out what begins at zero, if the head sees the inputs past it and units differ later.

    So does a modulation that adaLN-Zero closes at first: no gradient, or some of it for some.
    """
    told = any(contrast > 0 for contrast in _last_contrast(now, first).values())

    def closed(layer: LayerSignals) -> bool:
        waits = layer.weight_gradient_rms == 0 or layer.duplicate_fraction < 1
        return told and layer.weight_rms == 0 and waits

    return {layer.name: layer.duplicate_fraction for layer in now.hidden if not closed(layer)}


def _unless_normalized(measure: Measure) -> Measure:
    """Leave out the layers behind which something is normalized.

    Batch normalization makes gradients grow by itself (Yang et al. 2019), also in networks
    that learn: there what counts is whether the step is too large, ``update_ratio``. So does any
    normalization before the head: eight relu layers with weights two or four times too large
    learn the digits with one (loss 0.02 to 0.08 after 12 epochs), and not without (0.35 to NaN).
    """

    def others(now: Snapshot, first: Snapshot) -> Mapping[str, float]:
        sized = {layer.name for layer in now.layers if layer.normalized}
        return {name: value for name, value in measure(now, first).items() if name not in sized}

    return others


def _unless_from_zero(value: Callable[[LayerSignals], float]) -> Measure:
    """Leave out, in all layers, those that began at zero: any step is large beside it."""

    def measure(now: Snapshot, first: Snapshot) -> Mapping[str, float]:
        zero = {layer.name for layer in first.layers if layer.weight_rms == 0}
        return {layer.name: value(layer) for layer in now.layers if layer.name not in zero}

    return measure


def _ratio(a: float, b: float) -> float:
    return a / b if b else 0.0


def _relative_gradient(layer: LayerSignals) -> float:
    return _ratio(layer.weight_gradient_rms, reference_weight(layer))


def _step_ahead(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return the longest relative step: if even that moves nothing, nothing will."""
    steps = {name: step for name, step in relative_steps(now).items() if name not in now.cuts}
    longest = max(steps, key=steps.__getitem__, default="")
    return {longest: steps[longest]} if steps else {}


def reference_loss(now: Snapshot, first: Snapshot) -> float:
    """Return the loss of an answer that ignores the input, or the first one if unknown."""
    return min(first.loss, now.constant_loss) if now.constant_loss > 0 else first.loss


def has_learned(now: Snapshot, first: Snapshot) -> bool:
    """Return whether the loss is below the best constant answer's by more than chance.

    In a network that has learned only numbers that are not finite are still reported: a symptom
    that does no harm is none.
    """
    told, reference = now.told_loss, reference_loss(now, first)
    # Before its first step a network may be better than a constant by luck of its draw.
    if now.constant_losses is not None and now.losses is not None and now.step:
        if surely_below(now.losses, now.constant_losses):
            return True
        told = math.nan if now.fit_loss is None else now.fit_loss  # of other samples than ours
    return reference > 0 and told < LEARNED * reference


#: Steps after which a loss may be called stuck.
PATIENCE = 50


def _loss_left(now: Snapshot, first: Snapshot) -> dict[str, float]:
    reference = reference_loss(now, first)
    # Without a constant to hold it against, a network that had learned before looks stuck.
    known = first.step == 0 or not math.isnan(now.constant_loss)
    tells = known and now.step - first.step >= PATIENCE and reference > 0
    return {WHOLE: now.told_loss / reference if tells else math.nan}


def _falls(now: Snapshot, threshold: float) -> bool:
    return now.loss < threshold * now.earlier_loss


def _broken(now: Snapshot, first: Snapshot) -> dict[str, float]:
    told = now.loss if now.fit_loss is None else now.loss + now.fit_loss
    return {WHOLE: float(not math.isfinite(told))} | {
        layer.name: float(not layer.finite) for layer in now.layers
    }


#: Measured; see ``diagnosis_benchmark.score.thresholds``.
OUR_HALF = Text("más allá de la peor red sana de la primera mitad de la colección")

#: Rule → what it is. The names are those that ``thresholds=`` takes.
#:
#: :meta hide-value:
RULES = {
    "not_finite": Rule(
        "non_finite",
        Text("1 si algún valor de z, h, δ, W, ∂L/∂W o la pérdida no es un número finito"),
        0.5,
        True,
        Text("por definición"),
        _broken,
    ),
    "cut_off": Rule(
        "no_gradient",
        Text("1 si una operación sin derivada separa la capa de la pérdida"),
        0.5,
        True,
        Text("por definición"),
        lambda now, first: {layer.name: float(layer.name in now.cuts) for layer in now.layers},
    ),
    "duplicate_fraction": Rule(
        "symmetric_units",
        Text("fracción de unidades con los mismos pesos y el mismo gradiente que otra"),
        0.5,
        True,
        Text("con pesos sorteados es 0"),
        _copies,
    ),
    "time_growth": Rule(
        "exploding_gradient",
        Text("la mayor ‖δ_t‖ / la del último paso, entre los de una capa recurrente"),
        1000.0,
        True,
        Text("por definición: más que la suma de cien pasos"),
        _of_all(lambda layer: layer.time_growth),
    ),
    "delta_growth": Rule(
        "exploding_gradient",
        Text("‖δ_l‖ / ‖δ_L‖ de cada capa oculta l, con L la última (sin normalización detrás)"),
        10.0,
        True,
        OUR_HALF,
        _unless_normalized(delta_ratios),
    ),
    "relative_gradient": Rule(
        "exploding_gradient",
        Text("rms(∂L/∂W) / rms(W) (sin normalización detrás)"),
        60.0,
        True,
        OUR_HALF,
        _unless_normalized(_unless_from_zero(_relative_gradient)),
    ),
    "promised_fall": Rule(
        "exploding_gradient",
        Text("lo que el paso siguiente promete quitar a la pérdida, ΣΔW·∂L/∂W, entre la pérdida"),
        10.0,
        True,
        OUR_HALF,
        lambda now, first: {WHOLE: promised_fall(now)},
    ),
    "update_ratio": Rule(
        "exploding_gradient",
        Text("rms(ΔW) / rms(W) en un paso"),
        0.3,
        True,
        OUR_HALF,
        _unless_from_zero(relative_update),
    ),
    "dead_fraction": Rule(
        "dead_units",
        Text("fracción de unidades con pendiente φ′(z) nula en todo el lote"),
        0.66,
        True,
        OUR_HALF,
        _but_for_gates(lambda layer: layer.dead_fraction),
    ),
    "saturated_fraction": Rule(
        "saturated_units",
        Text("fracción de valores z con φ′(z) menor que la décima parte de la máxima"),
        0.6,
        True,
        OUR_HALF,
        _but_for_gates(lambda layer: layer.saturated_fraction, "hidden"),
    ),
    "contrast": Rule(
        "vanishing_signal",
        Text("Var(h) entre ejemplos / E[h²], en la última capa oculta"),
        0.003,
        False,
        OUR_HALF,
        _last_contrast,
    ),
    "delta_decay": Rule(
        "vanishing_gradient",
        Text("‖δ_1‖ / ‖δ_L‖, entre la primera y la última capa oculta"),
        0.04,
        False,
        OUR_HALF,
        _first_delta,
    ),
    "memory": Rule(
        "vanishing_gradient",
        Text("pasos de una capa recurrente a los que llega la centésima parte de δ, con 20 o más"),
        4.0,
        False,
        Text("por definición: no recuerda ni tres pasos"),
        _of_all(lambda layer: layer.memory),
    ),
    "step_ahead": Rule(
        "stuck_loss",
        Text(
            "rms(ΔW) / rms(W) del paso siguiente, según el optimizador, en la capa que más se mueve"
        ),
        1e-5,
        False,
        OUR_HALF,
        _step_ahead,
    ),
    "loss_left": Rule(
        "stuck_loss",
        Text(
            "pérdida / pérdida de responder siempre lo mismo, si no ha bajado en {steps} pasos",
            steps=PATIENCE,
        ),
        0.98,
        True,
        Text("por definición: mejora menos del 2 %"),
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
        refusal = Text(
            "no hay ninguna regla «{name}»; las que hay: {known}",
            name=min(unknown),
            known=", ".join(RULES),
        )
        raise ValueError(refusal)
    return {name: rule.threshold for name, rule in RULES.items()} | dict(thresholds or {})


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
