"""From a symptom to its likely cause, and from there to the smallest change worth trying.

For each symptom, ``CAUSES`` lists what may be behind it, the plainest first. A cause looks for
its evidence in the snapshot and answers with its ``Advice``, one sentence or two with the lines to
write, or with None.
"""

import functools
import inspect
import math
from dataclasses import dataclass

import keras

from latido.changes import Advice, Change, listed
from latido.dangers import DANGERS, LOSS
from latido.initializers import NAMED, Kernel, lines_for
from latido.snapshot import LayerSignals, Snapshot
from latido.steps import relative_update
from latido.words import Text, chained

#: Activation → initializer that keeps its signal, and the σ_w² = inputs × variance that it needs.
#: No variance keeps the signal of the second row at every depth; of Keras's, He's does it best.
FITTING = {
    **dict.fromkeys(("relu", "relu6", "leaky_relu", "leakyrelu", "prelu"), ("he_normal", 2.0)),
    **dict.fromkeys(("elu", "gelu", "silu", "swish", "mish"), ("he_normal", 2.0)),
    "selu": ("lecun_normal", 1.0),
}
OTHERWISE = ("glorot_uniform", 1.0)
#: σ_w² this far from what is needed, in parts of it, is odd.
SMALL, LARGE = 0.7, 1.5

#: Optimizer → the rate that people start from, where it is not Keras's own default.
USUAL_RATES = {"Adadelta": 1.0, "Lion": 1e-4, "Ftrl": 1e-2, "Adagrad": 1e-2}


def fitting(layer) -> tuple[str, float]:
    """Return the usual initializer for a layer's activation, and the σ_w² that it needs."""
    return FITTING.get(layer.activation, OTHERWISE)


@functools.cache
def usual_rate(optimizer: str) -> float:
    """Return the learning rate that an optimizer is usually started with."""
    if optimizer in USUAL_RATES:
        return USUAL_RATES[optimizer]
    known = getattr(keras.optimizers, optimizer, keras.optimizers.Adam)
    taken = inspect.signature(known).parameters.get("learning_rate")
    return taken.default if taken and isinstance(taken.default, float) else 1e-3


def advise(
    rule: str, symptom: str, name: str, now: Snapshot, first: Snapshot | None = None
) -> Advice:
    """Return the first cause that the evidence supports, with the change to try.

    Args:
        rule, symptom: what was broken.
        name: of the layer where it is worst.
        now, first: this look, and the first one of the same training, if that is known: of numbers
            that have left their range by now, only that one tells why.
    """
    if found := _seen_at_first(symptom, now, first or now):
        return found
    layer = next((x for x in now.layers if x.name == name), now.layers[-1])
    for cause in CAUSES.get(rule, CAUSES[symptom]):
        if found := cause(layer, now):
            return found
    raise AssertionError(symptom)  # the last cause of each list always answers


# --- what is known without a pass -------------------------------------------------------------


def _broken(layer, now):
    return next((one.advice for one in now.breaches if one.certain), None)


def _risk(*kinds):
    """Look for something that was known before as a risk."""

    def cause(layer, now):
        return next((one.advice for one in now.breaches if one.kind in kinds), None)

    return cause


_head = _risk(
    *("out_of_reach", "one_sided", "alone", "rivals", "sum_of_one", "twice", "narrow_logits"),
    *("not_probabilities", "negative_logarithm"),
)
_linear = _risk("no_activation")
_squared = _risk("squared_classes")


def _inputs(layer, now):
    if told := _risk("inputs_not_scaled")(layer, now):
        return told
    if now.input_rms > 10:
        line = "x = (x - x.mean()) / x.std()"
        return Advice(
            "Las entradas son muy grandes (valor eficaz {size:.3g}). Estandarízalas antes de fit: "
            "`{line}`.",
            Change("data", line),
            size=now.input_rms,
            line=line,
        )


def _targets(layer, now):
    if now.label_rms > 10:
        line = "y = (y - y.mean()) / y.std()"
        return Advice(
            "Las respuestas (y) son muy grandes, de valor eficaz {size:.3g}, y los gradientes "
            "crecen con ellas. Estandarízalas antes de fit: `{line}`.",
            Change("data", line),
            size=now.label_rms,
            line=line,
        )


def _no_gradient(layer, now):
    heads = [x for x in now.layers if x.head]
    if heads and all(head.delta_norm == 0 for head in heads):
        return Advice(
            "La pérdida no devuelve ningún gradiente a la salida. Comprueba que encaja con ella: "
            "si la salida son logits, from_logits=True."
        )


def _cut_off(layer, now):
    if layer.name in now.cuts:
        return Advice(
            "A «{layer}» no le llega ningún gradiente: detrás hay una operación que no lo deja "
            "pasar ({operation}). Cámbiala por una con derivada (una sigmoid o un softmax en lugar "
            "de un escalón), deja pasar el gradiente con `v + keras.ops.stop_gradient(f(v) - v)`, "
            "o, si es a propósito, escribe en ella `trainable=False`.",
            layer=layer.name,
            operation=now.cuts[layer.name],
        )


def _forgetful(layer, now):
    line = 'recurrent_initializer="orthogonal"'
    return Advice(
        "A «{layer}» el gradiente solo le llega de los últimos pasos de la secuencia "
        "({steps:.0f}): lo anterior no se aprende. Escribe en ella `{line}`, o pon una capa LSTM "
        "o GRU.",
        Change("layer", line, (layer.name,)),
        layer=layer.name,
        steps=layer.memory,
        line=line,
    )


def _amplified_in_time(layer, now):
    line = 'activation="tanh", recurrent_initializer="orthogonal"'
    return Advice(
        "En «{layer}» el gradiente crece en cada paso de la secuencia. Escribe en ella `{line}`, "
        "o limita el gradiente con clipnorm=1.0 en el optimizador.",
        Change("layer", line, (layer.name,)),
        layer=layer.name,
        line=line,
    )


def _seen_at_first(symptom, now, first):
    """Find what only the first look shows, before biases and broken numbers cover it."""
    if symptom == "non_finite":
        growing = [layer for layer in first.layers if layer.time_growth > AMPLIFIED]
        return _amplified_in_time(growing[0], first) if growing else None
    faint = ("dead_units", "vanishing_signal", "vanishing_gradient", "stuck_loss")
    return _lost(first) if symptom in faint and not _broken(None, now) else None


#: From such a growth of δ through time on, a recurrence is to blame for what overflows.
AMPLIFIED = 1000.0


def _operation(layer, now):
    """Blame a root or a logarithm that nobody keeps away from zero."""
    for operation, where in now.dangers:
        what, why, instead = DANGERS[operation]
        return Advice(
            "En {place} hay {what}, y {why}: basta un ejemplo para que todo sea NaN. Escribe "
            "`{instead}`, con v lo que lleva dentro.",
            place=LOSS if where == LOSS else Text("«{name}»", name=where),
            what=what,
            why=why,
            instead=instead,
        )


# --- weights ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Odd:
    """A layer whose weights are not of the size that its activation needs."""

    layer: LayerSignals
    drawn: float
    needed: float
    line: str


def kernels(layer: LayerSignals) -> tuple[Kernel, ...]:
    """Return the matrices of a layer; if only its inputs are known, one of them."""
    if layer.kernels or not layer.fan_in or layer.kind:
        return layer.kernels
    fans = layer.fan_in, layer.units
    return (Kernel("kernel_initializer", fans, layer.fan_in, math.nan),)


def line_of(layer: LayerSignals, needed: float, usual: str) -> str:
    """Write the initializers that a layer needs, by the names of its arguments."""
    known = kernels(layer)
    return lines_for(known, needed, usual) if known else f'kernel_initializer="{usual}"'


def odd_weights(now: Snapshot, small: bool) -> list[Odd]:
    """Return the layers whose weights were drawn too small, or too large, in order."""
    if now.step or now.normalized:
        return []
    found = []
    for layer in now.hidden:
        known = kernels(layer)
        if not known or layer.frozen or _scales(layer) or layer.activation == "sigmoid":
            continue
        usual, needed = fitting(layer)
        drawn = layer.weight_deviation**2 * known[-1].summed
        for kernel in known[:-1]:
            drawn *= kernel.drawn
        there = known[-1].summed * NAMED[usual](*known[-1].fans)
        if 0.5 < there / needed < 2 and math.isclose(drawn, there, rel_tol=0.1):
            continue  # what is usual is there already; a glorot looks both ways
        if (drawn < SMALL * needed) if small else (drawn > LARGE * needed):
            found.append(Odd(layer, drawn, needed, line_of(layer, needed, usual)))
    return found


def _scales(layer: LayerSignals) -> bool:
    """Tell whether a layer only says how much of another signal goes on."""
    return layer.gate or layer.factor


def _weights(small: bool):
    """Blame weights that are all too small, or too large, for what is done with them."""

    def cause(layer, now):
        odd = odd_weights(now, small)
        if not odd:
            return None
        worst = (min if small else max)(odd, key=lambda one: one.drawn / one.needed)
        by_line = {}
        for one in odd:
            by_line.setdefault(one.line, []).append(one.layer.name)
        lines = [Change("layer", line, tuple(names)) for line, names in by_line.items()]
        return Advice(
            "Los pesos son demasiado {size} para {activation}: en «{layer}», entradas × varianza "
            "vale {drawn:.2g} y hace falta {needed:.2g}. Escribe {lines}.",
            *lines,
            size=Text("pequeños") if small else Text("grandes"),
            activation=worst.layer.activation,
            layer=worst.layer.name,
            drawn=worst.drawn,
            needed=worst.needed,
            lines=_said(lines),
        )

    return cause


def _said(lines: list[Change]) -> Text:
    """Say which line goes where; of many, the first four."""
    each = [
        Text("`{line}` en {layers}", line=change.line, layers=listed(change.layers))
        for change in lines[:4]
    ]
    return chained("; ", each)


_too_small, _too_large = _weights(small=True), _weights(small=False)


def _big_weights(layer, now):
    return _too_large(layer, now) if layer.weight_deviation**2 * layer.fan_in > 1.5 else None


def _no_draw(layer, now):
    drawn = [x for x in now.hidden if not x.frozen and x.kind != "LoRA"]
    flat = [x for x in drawn if x.weight_deviation <= 1e-6 * max(x.weight_rms, 1e-30)]
    if flat:
        by_line = {}
        for one in flat:
            usual, needed = fitting(one)
            by_line.setdefault(line_of(one, needed, usual), []).append(one.name)
        lines = [Change("layer", line, tuple(names)) for line, names in by_line.items()]
        return Advice(
            "Los pesos de «{layer}» son todos {value}: sus unidades no pueden diferenciarse. "
            "Sortéalos: {lines}.",
            *lines,
            layer=flat[0].name,
            value=Text("cero") if flat[0].weight_rms == 0 else Text("iguales"),
            lines=_said(lines),
        )


def _copies(layer, now):
    return Advice(
        "En «{layer}» hay unidades con los mismos pesos y el mismo gradiente: seguirán iguales "
        "para siempre. Sortea sus pesos con otra semilla.",
        layer=layer.name,
    )


def _smaller(layer, now):
    known = kernels(layer)
    values = {
        "layer": layer.name,
        "size": layer.preactivation_rms,
        "activation": layer.activation,
    }
    if layer.frozen or layer.kind == "LoRA":
        return Advice(
            "Las preactivaciones de «{layer}» tienen valor eficaz {size:.2g} y llegan a la zona "
            "plana de {activation}, y su kernel no se entrena. Dale las entradas en la escala con "
            "la que se entrenó.",
            **values,
        )
    deviation = layer.weight_deviation / max(layer.preactivation_rms, 1.0)
    argument = known[-1].argument if known else "kernel_initializer"
    line = f"{argument}=keras.initializers.RandomNormal(stddev={deviation:.2g})"
    return Advice(
        "Las preactivaciones de «{layer}» tienen valor eficaz {size:.2g} y llegan a la zona plana "
        "de {activation}. Escribe en ella `{line}`, que lo deja en 1.",
        Change("layer", line, (layer.name,)),
        line=line,
        **values,
    )


# --- activations and biases -------------------------------------------------------------------


def _activated(layers, function: str) -> list[Change]:
    """Give layers another activation, inside them or in the layer that it is."""
    inside = tuple(layer.name for layer in layers if not layer.owner)
    apart = tuple(layer.owner for layer in layers if layer.owner)
    lines = [Change("layer", f'activation="{function}"', inside)] if inside else []
    return lines + ([Change("layer", f'Activation("{function}")', apart)] if apart else [])


def _sigmoid(layer, now):
    slow = [x for x in now.hidden if x.activation == "sigmoid" and not _scales(x)]
    if slow:
        names = tuple(x.name for x in slow)
        by_line = {}
        for one in slow:
            by_line.setdefault(line_of(one, 2.0, "he_normal"), []).append(one.name)
        line, functions = next(iter(by_line)), _activated(slow, "relu")
        return Advice(
            "{where} con sigmoid ({names}), cuya pendiente no pasa de 1/4: cada una encoge lo que "
            "la cruza. Escribe `{activation}` y `{initializer}`.",
            *functions,
            *(Change("layer", line, tuple(those)) for line, those in by_line.items()),
            where=Text("Hay una capa oculta")
            if len(slow) == 1
            else Text("Hay {count} capas ocultas", count=len(slow)),
            names=listed(names),
            activation=functions[0].line,
            initializer=line,
        )


def _dead(layer, now):
    dead = [x for x in now.layers if x.dead_fraction > 0.95]
    if dead:
        found = _bias(dead[0], now) or _rate(dead[0], now) or _leaky(dead[0], now)
        return Advice(
            "«{layer}» está apagada y no deja pasar el gradiente. {found}",
            *found.changes,
            layer=dead[0].name,
            found=found,
        )


def _zero_bias(text: Text, *layers):
    line = 'bias_initializer="zeros"'
    names = tuple(layer.name for layer in layers)
    change = Change("layer", line, names)
    return Advice("{text} Empieza con `{line}`.", change, text=text, line=line)


def _bias(layer, now):
    def pushes(one):
        return one.bias_mean < -max(0.1 * one.preactivation_rms, 0.05)

    if not now.step and pushes(layer):
        return _zero_bias(
            Text(
                "El sesgo medio de «{layer}» es {bias:.2g} y empuja sus unidades al lado apagado.",
                layer=layer.name,
                bias=layer.bias_mean,
            ),
            *filter(pushes, now.hidden),
            *([layer] if layer.head else []),
        )


def _shifted(layer, now):
    if not now.step and abs(layer.bias_mean) > 0.5:
        return _zero_bias(
            Text(
                "El sesgo medio de «{layer}» es {bias:.2g} y pesa más que las entradas.",
                layer=layer.name,
                bias=layer.bias_mean,
            ),
            *(one for one in now.layers if abs(one.bias_mean) > 0.5),
        )


def _leaky(layer, now):
    (change,) = _activated([layer], "leaky_relu")
    return Advice(
        "Sus unidades no se encienden con ningún ejemplo. Escribe en «{layer}» `{line}`, que deja "
        "pasar algo de gradiente donde {activation} lo corta, o pon BatchNormalization delante.",
        change,
        layer=change.layers[0],
        line=change.line,
        activation=layer.activation,
    )


def _dead_head(layer, now):
    return _head(layer, now) if layer.head else None


# --- depth ------------------------------------------------------------------------------------


def _normalize(now) -> tuple[Text, Change]:
    names = tuple(x.name for x in now.hidden if "(" not in x.name and not _scales(x))
    where = Text("`BatchNormalization()` tras {layers}", layers=listed(names))
    return where, Change("after", "BatchNormalization()", names)


def _too_deep(layer, now):
    count = len(now.hidden)
    how_many = "" if count == 1 else Text(", y son {count} capas ocultas", count=count)
    if now.normalized or not now.hidden:
        return Advice(
            "Cada capa encoge algo la señal{how_many}. Añade conexiones residuales o quita capas.",
            how_many=how_many,
        )
    where, change = _normalize(now)
    return Advice(
        "Cada capa encoge algo la señal{how_many}. Añade {where}, o conexiones residuales, o "
        "quita capas.",
        change,
        how_many=how_many,
        where=where,
    )


def _amplified(layer, now):
    if now.normalized or not now.hidden:
        line = "clipnorm=1.0"
        return Advice(
            "Cada capa agranda lo que la cruza. Limita el gradiente: `{line}` en el optimizador.",
            Change("optimizer", line),
            line=line,
        )
    where, change = _normalize(now)
    return Advice(
        "Cada capa agranda lo que la cruza. Añade {where}, o limita el gradiente con "
        "clipnorm=1.0 en el optimizador.",
        change,
        where=where,
    )


def _lost(now):
    """Find where the signal is lost in one go, and not by the weights of a layer."""
    sizes = []
    for one in now.layers:
        known = kernels(one)
        gain = math.sqrt(known[-1].summed) * one.weight_deviation if len(known) == 1 else 0.0
        arrives = one.preactivation_rms / gain if gain else math.nan
        if sizes and not one.gate and arrives < LOST * min(sizes):
            return Advice(
                "A «{layer}» le llega una señal de valor eficaz {arrives:.1g}, y de las capas de "
                "antes no sale ninguna menor de {least:.1g}: se pierde entre medias. Mira qué hay "
                "justo delante de «{layer}» (una media de números que se compensan, un eje que no "
                "es, una resta) y qué forma sale de ahí.",
                layer=one.name,
                arrives=arrives,
                least=min(sizes),
            )
        if not _scales(one) and one.activation_rms > 0:
            sizes.append(one.activation_rms)
    return None


#: What arrives at a layer is lost on the way if it is such a part of what any before it gives.
LOST = 1e-3

# --- the rate ---------------------------------------------------------------------------------


def lower_rate(now: Snapshot) -> float | None:
    """Return a lower rate worth trying; None if it is low already, and so not to blame."""
    usual = usual_rate(now.optimizer)
    if not now.learning_rate > usual / 3:
        return None
    return usual if now.learning_rate > 3 * usual else now.learning_rate / 10


def _with_rate(text: Text, rate: float) -> Advice:
    line = f"learning_rate={float(f'{rate:.1g}')!r}"  # Keras takes no whole number
    return Advice("{text} `{line}`.", Change("optimizer", line), text=text, line=line)


def _step(layer, now):
    """Blame the rate for a step that is too long, at whatever step."""
    if rate := lower_rate(now):
        return _with_rate(
            Text(
                "Un solo paso cambia los pesos de «{layer}» en {ratio:.2g} veces su tamaño: la "
                "tasa de aprendizaje {rate:.2g} es demasiado alta. Vuelve a empezar con",
                layer=layer.name,
                ratio=relative_update(layer),
                rate=now.learning_rate,
            ),
            rate,
        )


def _rate(layer, now):
    if now.step and (rate := lower_rate(now)):
        return _with_rate(
            Text(
                "Pasó durante el entrenamiento (paso {step}): la tasa de aprendizaje {rate:.2g} es "
                "demasiado alta. Vuelve a empezar con",
                step=now.step,
                rate=now.learning_rate,
            ),
            rate,
        )


def _slow(layer, now):
    usual = usual_rate(now.optimizer)
    if 0 < now.learning_rate < usual / 30:
        return _with_rate(
            Text(
                "La tasa de aprendizaje, {rate:.2g}, es muy pequeña para {optimizer}, que suele "
                "empezar con {usual:g}. Prueba con",
                rate=now.learning_rate,
                optimizer=now.optimizer,
                usual=usual,
            ),
            usual,
        )


def _too_fast(layer, now):
    usual = usual_rate(now.optimizer)
    if now.learning_rate > 3 * usual:
        return _with_rate(
            Text(
                "La tasa de aprendizaje, {rate:.2g}, es alta para {optimizer}, que suele empezar "
                "con {usual:g}. Vuelve a empezar con",
                rate=now.learning_rate,
                optimizer=now.optimizer,
                usual=usual,
            ),
            usual,
        )


def _unknown(layer, now):
    text = Text(
        "La red responde casi lo mismo a todo. Comprueba que la pérdida encaja con la salida y "
        "que las etiquetas van con sus datos"
    )
    usual = usual_rate(now.optimizer)
    if 0 < now.learning_rate <= usual:
        return _with_rate(Text("{text}; después, prueba con", text=text), 3 * now.learning_rate)
    return Advice("{text}.", text=text)


def _overflow(layer, now):
    return Advice(
        "Los números se han salido de rango en «{layer}». Mira sus entradas y sus pesos, y si la "
        "pérdida calcula un logaritmo o un cociente.",
        layer=layer.name,
    )


#: Symptom, or rule if it has its own → causes, in the order in which they are looked for.
#:
#: :meta hide-value:
CAUSES = {
    "non_finite": (*(_broken, _operation, _inputs, _targets, _too_large, _head, _rate, _overflow),),
    "no_gradient": (_cut_off, _unknown),
    "symmetric_units": (_no_draw, _copies),
    "exploding_gradient": (_broken, _inputs, _targets, _too_large, _rate, _amplified),
    "promised_fall": (_broken, _inputs, _targets, _too_large, _too_fast, _amplified),
    "update_ratio": (_broken, _inputs, _targets, _too_large, _step, _amplified),
    "time_growth": (_amplified_in_time,),
    "memory": (_forgetful,),
    "dead_units": (_broken, _inputs, _no_draw, _bias, _dead_head, _rate, _leaky),
    "saturated_units": (_inputs, _big_weights, _shifted, _rate, _smaller),
    "vanishing_signal": (
        *(_broken, _no_draw, _dead, _sigmoid, _inputs, _shifted, _too_small, _too_deep),
    ),
    "vanishing_gradient": (
        *(_broken, _no_draw, _head, _dead, _no_gradient, _sigmoid, _too_small, _too_deep),
    ),
    "stuck_loss": (
        *(_broken, _head, _no_gradient, _slow, _inputs, _targets, _no_draw, _dead, _sigmoid),
        *(_linear, _too_small, _too_large, _too_fast, _squared, _unknown),
    ),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
