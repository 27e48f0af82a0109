"""What a look at a network means: symptoms, the rule behind each, and what to try first.

A rule is one number per layer (or one for the whole network) and a threshold. ``RULES`` is
all that is known here; ``judge`` applies it and writes the advice.
"""

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from lab.observe import LayerSignals, Snapshot

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
    """‖δ_l‖/‖δ_L‖ of each hidden layer, L the last one; 0 where nothing reaches the head."""
    if not now.hidden:
        return {}
    top = now.hidden[-1].delta_norm
    return {layer.name: _ratio(layer.delta_norm, top) for layer in now.hidden}


def _ratio(a: float, b: float) -> float:
    return a / b if b else 0.0


def _relative_gradient(layer: LayerSignals) -> float:
    return _ratio(layer.weight_gradient_rms, layer.weight_rms)


def reference_loss(now: Snapshot, first: Snapshot) -> float:
    """Return the loss of an answer that ignores the input, or the first one if unknown."""
    return min(first.loss, now.constant_loss) if now.constant_loss > 0 else first.loss


def has_learned(now: Snapshot, first: Snapshot) -> bool:
    """Return whether the loss has come down to half of what ignoring the input costs."""
    return now.loss < LEARNED * reference_loss(now, first)


#: Steps after which a loss may be called stuck.
PATIENCE = 50


def _loss_left(now: Snapshot, first: Snapshot) -> dict[str, float]:
    waiting = now.step - first.step < PATIENCE
    return {WHOLE: math.nan if waiting else _ratio(now.loss, reference_loss(now, first))}


def _broken(now: Snapshot, first: Snapshot) -> dict[str, float]:
    return {WHOLE: float(not math.isfinite(now.loss))} | {
        layer.name: float(not layer.finite) for layer in now.layers
    }


OUR_HALF = "redes sanas de la primera mitad de nuestra colección"

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
        "‖δ_l‖ / ‖δ_L‖, con L la última capa oculta",
        30.0,
        True,
        OUR_HALF,
        delta_ratios,
    ),
    "relative_gradient": Rule(
        "exploding_gradient",
        "rms(∂L/∂W) / rms(W)",
        10.0,
        True,
        OUR_HALF,
        _of_all(_relative_gradient),
    ),
    "update_ratio": Rule(
        "exploding_gradient",
        "rms(ΔW) / rms(W) en un paso",
        0.5,
        True,
        OUR_HALF,
        _of_all(lambda layer: layer.update_ratio),
    ),
    "dead_fraction": Rule(
        "dead_units",
        "fracción de unidades con pendiente φ′(z) nula en todo el lote",
        0.75,
        True,
        OUR_HALF,
        _of_all(lambda layer: layer.dead_fraction),
    ),
    "saturated_fraction": Rule(
        "saturated_units",
        "fracción de valores z con φ′(z) menor que la décima parte de la máxima",
        0.5,
        True,
        OUR_HALF,
        _of_hidden(lambda layer: layer.saturated_fraction),
    ),
    "contrast": Rule(
        "vanishing_signal",
        "Var(h) entre ejemplos / E[h²]",
        1e-3,
        False,
        OUR_HALF,
        _of_hidden(lambda layer: layer.contrast),
    ),
    "delta_decay": Rule(
        "vanishing_gradient",
        "‖δ_l‖ / ‖δ_L‖, con L la última capa oculta",
        0.02,
        False,
        OUR_HALF,
        delta_ratios,
    ),
    "loss_left": Rule(
        "stuck_loss",
        f"pérdida / pérdida de responder siempre lo mismo, tras {PATIENCE} pasos",
        0.98,
        True,
        OUR_HALF,
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
                rule.symptom, layer, now.step, value, threshold, _advise(rule.symptom, layer, now)
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


# --- cause and advice ---------------------------------------------------------------------

#: Activation → initializer that keeps its signal, and the σ_w² = fan_in·Var(W) that it draws.
FITTING = {
    **dict.fromkeys(("relu", "relu6", "leaky_relu", "leakyrelu", "prelu"), ("he_normal", 2.0)),
    **dict.fromkeys(("elu", "gelu", "silu", "swish", "mish", "softplus"), ("he_normal", 2.0)),
    "selu": ("lecun_normal", 1.0),
}
OTHERWISE = ("glorot_uniform", 1.0)


def _advise(symptom: str, name: str, now: Snapshot) -> str:
    """Return the first cause that the evidence supports, with the change to try."""
    layer = next((x for x in now.layers if x.name == name), now.layers[-1])
    for cause in CAUSES[symptom]:
        if text := cause(layer, now):
            return text
    raise AssertionError(symptom)  # the last cause of each list always answers


def _inputs(layer, now):
    if now.input_rms > 10:
        return (
            f"Las entradas son muy grandes (valor eficaz {now.input_rms:.0f}). Estandarízalas: "
            "resta su media y divide por su desviación típica."
        )


def _gain(layer, now):
    """Compare σ_w² of the hidden layers with what their activation needs."""
    if now.step or now.normalized:
        return None
    odd = {}
    for hidden in now.hidden:
        initializer, needed = FITTING.get(hidden.activation, OTHERWISE)
        drawn = hidden.fan_in * hidden.weight_deviation**2
        if not 0.7 < drawn / needed < 1.5 and hidden.activation != "sigmoid":
            odd[abs(math.log(max(drawn, 1e-12) / needed))] = (hidden, drawn, needed, initializer)
    if not odd:
        return None
    hidden, drawn, needed, initializer = odd[max(odd)]
    size = "pequeños" if drawn < needed else "grandes"
    return (
        f"Los pesos son demasiado {size} para {hidden.activation}: en «{hidden.name}», "
        f"entradas × varianza vale {drawn:.2g} y hace falta {needed:.2g}. "
        f'Usa kernel_initializer="{initializer}".'
    )


def _big_weights(layer, now):
    return (_gain(layer, now) or "") if layer.weight_deviation**2 * layer.fan_in > 1.5 else None


def _no_draw(layer, now):
    flat = [x for x in now.hidden if x.weight_deviation <= 1e-6 * max(x.weight_rms, 1e-30)]
    if flat:
        initializer = FITTING.get(flat[0].activation, OTHERWISE)[0]
        value = "cero" if flat[0].weight_rms == 0 else "iguales"
        return (
            f"Los pesos de «{flat[0].name}» son todos {value}: sus unidades no pueden "
            f'diferenciarse. Sortéalos: kernel_initializer="{initializer}".'
        )


def _sigmoid(layer, now):
    count = sum(x.activation == "sigmoid" for x in now.hidden)
    if count:
        return (
            f"Hay {count} capas ocultas con sigmoid, cuya pendiente no pasa de 1/4: cada una "
            "encoge lo que la cruza. Cámbiala por relu con kernel_initializer="
            '"he_normal", o por tanh con "glorot_uniform".'
        )


def _dead(layer, now):
    dead = [x for x in now.layers if x.dead_fraction > 0.95]
    if dead:
        return f"«{dead[0].name}» está apagada y no deja pasar el gradiente. " + (
            _bias(dead[0], now) or _rate(dead[0], now) or _leaky(dead[0], now)
        )


def _bias(layer, now):
    if layer.bias_mean < -0.1 * max(layer.preactivation_rms, 1e-12) and layer.bias_mean < -0.05:
        return (
            f"El sesgo medio de «{layer.name}» es {layer.bias_mean:.2g} y empuja sus unidades al "
            'lado apagado. Empieza con bias_initializer="zeros".'
        )


def _rate(layer, now):
    if now.step and now.learning_rate > 0:
        return (
            f"Pasó durante el entrenamiento (paso {now.step}): la tasa de aprendizaje "
            f"{now.learning_rate:.2g} es demasiado alta. Vuelve a empezar con "
            f"{now.learning_rate / 10:.1g}."
        )


def _leaky(layer, now):
    return (
        f"Sus unidades no se encienden con ningún ejemplo. Cambia {layer.activation} por "
        "leaky_relu, que deja pasar algo de gradiente, o pon BatchNormalization delante."
    )


def _output(layer, now):
    heads = [x for x in now.layers if x.head]
    for head in heads:
        if head.activation == "softmax" and head.units == 1:
            return (
                f"«{head.name}» es un softmax de una sola unidad, que vale siempre 1. Usa "
                'activation="sigmoid" con binary_crossentropy.'
            )
        if head.activation in ("relu", "relu6", "elu") or head.dead_fraction > 0.5:
            return (
                f"La salida «{head.name}» lleva {head.activation}, que puede apagarse y dejar a "
                "la red sin gradiente. Quítala: usa logits, softmax o una salida lineal."
            )


def _too_deep(layer, now):
    return (
        f"Cada capa encoge algo la señal, y son {len(now.hidden)} capas ocultas. Añade "
        "BatchNormalization o conexiones residuales, o quita capas."
    )


def _amplified(layer, now):
    return (
        "Cada capa agranda lo que la cruza. Añade BatchNormalization tras cada capa, o limita "
        "el gradiente con clipnorm=1.0 en el optimizador."
    )


def _smaller(layer, now):
    initializer = FITTING.get(layer.activation, OTHERWISE)[0]
    return (
        f"Las preactivaciones de «{layer.name}» tienen valor eficaz "
        f"{layer.preactivation_rms:.2g} y llegan a la zona plana de {layer.activation}. "
        f'Usa kernel_initializer="{initializer}" y sesgos a cero.'
    )


def _shifted(layer, now):
    if abs(layer.bias_mean) > 0.5:
        return (
            f"El sesgo medio de «{layer.name}» es {layer.bias_mean:.2g} y pesa más que las "
            'entradas. Empieza con bias_initializer="zeros".'
        )


def _copies(layer, now):
    return (
        f"En «{layer.name}» hay unidades con los mismos pesos y el mismo gradiente: seguirán "
        "iguales para siempre. Sortea sus pesos con otra semilla."
    )


def _slow(layer, now):
    if 0 < now.learning_rate < 1e-4:
        return (
            f"La tasa de aprendizaje, {now.learning_rate:.2g}, es muy pequeña: prueba con "
            f"{now.learning_rate * 100:.1g}."
        )


def _too_fast(layer, now):
    high = {"SGD": 0.05}.get(now.optimizer, 5e-3)
    if now.learning_rate > high:
        return (
            f"La tasa de aprendizaje, {now.learning_rate:.2g}, es alta para {now.optimizer}: "
            f"vuelve a empezar con {now.learning_rate / 10:.1g}."
        )


def _unknown(layer, now):
    return (
        "La red responde casi lo mismo a todo. Comprueba que la pérdida encaja con la salida y "
        "que las etiquetas van con sus datos; después, prueba una tasa diez veces mayor."
    )


def _overflow(layer, now):
    return (
        f"Los números se han salido de rango en «{layer.name}». Mira sus entradas y sus pesos, "
        "y si la pérdida calcula un logaritmo o un cociente."
    )


#: Symptom → causes, in the order in which they are looked for.
#:
#: :meta hide-value:
CAUSES = {
    "non_finite": (_inputs, _gain, _rate, _overflow),
    "symmetric_units": (_no_draw, _copies),
    "exploding_gradient": (_inputs, _gain, _rate, _amplified),
    "dead_units": (_inputs, _no_draw, _output, _bias, _rate, _leaky),
    "saturated_units": (_inputs, _big_weights, _shifted, _rate, _smaller),
    "vanishing_signal": (_no_draw, _dead, _sigmoid, _shifted, _gain, _too_deep),
    "vanishing_gradient": (_no_draw, _output, _dead, _sigmoid, _gain, _too_deep),
    "stuck_loss": (_output, _slow, _inputs, _no_draw, _dead, _sigmoid, _gain, _too_fast, _unknown),
}
