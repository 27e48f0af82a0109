"""What a look at a network means: symptoms, the rule behind each, and what to try first.

A rule is one number per layer (or one for the whole network) and a threshold. ``RULES`` is
all that is known here; ``judge`` applies it and writes the advice.
"""

import dataclasses
import itertools
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from latido.advice import advise
from latido.observer import LayerSignals, Snapshot

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

WHOLE = "(toda la red)"

#: Below this share of the loss of the best constant answer a network has learned, and only
#: numbers that are not finite are still reported: a symptom that does no harm is none.
LEARNED = 0.5


@dataclass(frozen=True)
class Finding:
    """One symptom of one network.

    Attributes:
        symptom: one of ``SYMPTOMS``.
        layer: where it is worst; "(toda la red)" for what has no place.
        step: training steps taken when it was first seen.
        value: what its rule measured there.
        threshold: of the rule that it broke.
        advice: likely cause and the smallest change to try, in Spanish.
    """

    symptom: str
    layer: str
    step: int
    value: float
    threshold: float
    advice: str


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
    """

    symptom: str
    formula: str
    threshold: float
    above: bool
    source: str
    measure: Callable[[Snapshot, Snapshot], Mapping[str, float]]

    def worst(self, now: Snapshot, first: Snapshot) -> tuple[str, float]:
        """Return the layer where the rule is furthest from health, and its value there.

        ("", NaN) if it applies to none.
        """
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
    falls = now.loss < RULES["loss_left"].threshold * now.earlier_loss
    tells = known and now.step - first.step >= PATIENCE and reference > 0 and not falls
    return {WHOLE: now.loss / reference if tells else math.nan}


def _broken(now: Snapshot, first: Snapshot) -> dict[str, float]:
    return {WHOLE: float(not math.isfinite(now.loss))} | {
        layer.name: float(not layer.finite) for layer in now.layers
    }


#: Measured; see ``diagnosis_benchmark.thresholds``.
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


def judge(
    now: Snapshot, first: Snapshot | None = None, thresholds: Mapping[str, float] | None = None
) -> list[Finding]:
    """Return what is wrong in one snapshot: at most one finding per symptom, worst first.

    Args:
        now: the look to be judged.
        first: the first look of the same training; ``now`` itself by default.
        thresholds: rule → threshold, for those that should not be the usual one.
    """
    first = first or now
    learned = has_learned(now, first)
    found = {}
    for name, threshold in limits(thresholds).items():
        rule = RULES[name]
        if rule.symptom in found or (learned and rule.symptom != "non_finite"):
            continue
        layer, value = rule.worst(now, first)
        if value > threshold if rule.above else value < threshold:
            found[rule.symptom] = Finding(
                rule.symptom,
                layer,
                now.step,
                value,
                threshold,
                advise(name, rule.symptom, layer, now),
            )
    return sorted(found.values(), key=lambda finding: list(SYMPTOMS).index(finding.symptom))


@dataclass(frozen=True)
class Report:
    """The diagnosis of a network.

    Attributes:
        findings: each symptom once, when it was first seen; most severe first, and causes
            before what they bring about.
        snapshots: what was seen, in order; the last one says how the network stands.
    """

    findings: tuple[Finding, ...]
    snapshots: tuple[Snapshot, ...]

    @classmethod
    def of(cls, snapshots, thresholds=None) -> "Report":
        """Judge one or more looks at the same network, in order."""
        found = {}
        for now in snapshots:
            for finding in judge(now, snapshots[0], thresholds):
                found.setdefault(finding.symptom, finding)
        return cls(tuple(found[s] for s in SYMPTOMS if s in found), tuple(snapshots))

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def skipped(self) -> dict[str, str]:
        """Layer with weights that can't be seen → why, in Spanish."""
        return self.snapshots[-1].skipped if self.snapshots else {}

    def table(self) -> pd.DataFrame:
        """Return the findings with Spanish headings, one per row."""
        return pd.DataFrame(
            [
                {
                    "síntoma": SYMPTOMS[f.symptom],
                    "capa": f.layer,
                    "paso": f.step,
                    "valor": f"{f.value:.2g}",
                    "umbral": f"{f.threshold:.2g}",
                    "consejo": f.advice,
                }
                for f in self.findings
            ],
            columns=["síntoma", "capa", "paso", "valor", "umbral", "consejo"],
        )

    def layers(self) -> pd.DataFrame:
        """Return every number of every look: one row per (step, layer)."""
        return pd.DataFrame(
            {"step": s.step, "loss": s.loss}
            | {k: v for k, v in vars(layer).items() if k != "values"}
            for s in self.snapshots
            for layer in s.layers
        )

    def to_json(self) -> str:
        """Return findings, layers of the last look and what was skipped, as JSON."""
        last = self.snapshots[-1].step if self.snapshots else 0
        layers = self.layers()
        rows = layers[layers.step == last].to_dict(orient="records") if len(layers) else []
        content = {
            "healthy": self.healthy,
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
            "layers": rows,
            "skipped": self.skipped,
        }
        return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value):
    """JSON knows neither NaN nor infinity: null and a number too large to be meant."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
