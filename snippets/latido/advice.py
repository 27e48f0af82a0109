"""From a symptom to its likely cause, and from there to the smallest change worth trying.

For each symptom, ``CAUSES`` lists what may be behind it, the plainest first. A cause looks for
its evidence in the snapshot and answers with one Spanish sentence or two, or with None.
"""

import math

from latido.snapshot import Snapshot

#: Activation → initializer that keeps its signal, and the σ_w² = fan_in·Var(W) that it draws.
#: No variance keeps the signal of the second row at every depth; of Keras's, He's does it best.
FITTING = {
    **dict.fromkeys(("relu", "relu6", "leaky_relu", "leakyrelu", "prelu"), ("he_normal", 2.0)),
    **dict.fromkeys(("elu", "gelu", "silu", "swish", "mish"), ("he_normal", 2.0)),
    "selu": ("lecun_normal", 1.0),
}
OTHERWISE = ("glorot_uniform", 1.0)


def fitting(layer) -> tuple[str, float]:
    """Return the initializer for a layer's activation, and the σ_w² that it draws there."""
    initializer, drawn = FITTING.get(layer.activation, OTHERWISE)
    if initializer == "glorot_uniform" and layer.fan_in:
        drawn = 2 * layer.fan_in / (layer.fan_in + layer.units)
    return initializer, drawn


def advise(rule: str, symptom: str, name: str, now: Snapshot) -> str:
    """Return the first cause that the evidence supports, with the change to try."""
    layer = next((x for x in now.layers if x.name == name), now.layers[-1])
    for cause in CAUSES.get(rule, CAUSES[symptom]):
        if text := cause(layer, now):
            return text
    raise AssertionError(symptom)  # the last cause of each list always answers


def _inputs(layer, now):
    if now.input_rms > 10:
        return (
            f"Las entradas son muy grandes (valor eficaz {now.input_rms:.0f}). Estandarízalas: "
            "resta su media y divide por su desviación típica."
        )


def _targets(layer, now):
    if now.label_rms > 10:
        return (
            f"Las respuestas (y) son muy grandes, de valor eficaz {now.label_rms:.3g}, y los "
            "gradientes crecen con ellas. Estandarízalas: resta su media y divide por su "
            "desviación típica."
        )


def _no_gradient(layer, now):
    heads = [x for x in now.layers if x.head]
    if heads and all(head.delta_norm == 0 for head in heads):
        return (
            "La pérdida no devuelve ningún gradiente a la salida. Comprueba que encaja con ella: "
            "si la salida son logits, from_logits=True."
        )


def _cut_off(layer, now):
    if layer.name in now.cuts:
        return (
            f"A «{layer.name}» no le llega ningún gradiente: detrás hay una operación que no lo "
            f"deja pasar ({now.cuts[layer.name]}). Cámbiala por una con derivada (una sigmoid o "
            "un softmax en lugar de un escalón), deja pasar el gradiente con "
            "x + keras.ops.stop_gradient(f(x) - x), o, si es a propósito, pon trainable=False."
        )


def _forgetful(layer, now):
    return (
        f"A «{layer.name}» el gradiente solo le llega de los últimos pasos de la secuencia "
        f"({layer.memory:.0f}): lo anterior no se aprende. Usa "
        'recurrent_initializer="orthogonal", o una capa LSTM o GRU.'
    )


def _amplified_in_time(layer, now):
    return (
        f"En «{layer.name}» el gradiente crece en cada paso de la secuencia. Usa "
        'recurrent_initializer="orthogonal" y activation="tanh", o limita el gradiente con '
        "clipnorm=1.0 en el optimizador."
    )


def _odd_gain(now):
    """Compare σ_w² of the hidden layers with what their activation needs.

    Returns the layer that is furthest from it, what it has, what it needs and the initializer
    that gives that; None if all are near.
    """
    if now.step or now.normalized:
        return None
    odd = []
    for hidden in now.hidden:
        if not hidden.fan_in:
            continue
        initializer, needed = fitting(hidden)
        drawn = hidden.fan_in * hidden.weight_deviation**2
        if not 0.7 < drawn / needed < 1.5 and hidden.activation != "sigmoid":
            odd.append((hidden, drawn, needed, initializer))

    def distance(case):
        _, drawn, needed, _ = case
        return abs(math.log(max(drawn, 1e-12) / needed))

    return max(odd, key=distance, default=None)


def _gain(layer, now):
    if not (odd := _odd_gain(now)):
        return None
    hidden, drawn, needed, initializer = odd
    size = "pequeños" if drawn < needed else "grandes"
    return (
        f"Los pesos son demasiado {size} para {hidden.activation}: en «{hidden.name}», "
        f"entradas × varianza vale {drawn:.2g}. "
        f'Usa kernel_initializer="{initializer}", que lo pone en {needed:.2g}.'
    )


def _big_weights(layer, now):
    return (_gain(layer, now) or "") if layer.weight_deviation**2 * layer.fan_in > 1.5 else None


def _large(layer, now):
    odd = _odd_gain(now)
    return _gain(layer, now) if odd and odd[1] >= odd[2] else None


def _step(layer, now):
    """Blame the rate for a step that is too long, at whatever step."""
    if now.learning_rate > 0:
        return (
            f"Un solo paso cambia los pesos de «{layer.name}» en {layer.update_ratio:.2g} veces "
            f"su tamaño: la tasa de aprendizaje {now.learning_rate:.2g} es demasiado alta. "
            f"Vuelve a empezar con {now.learning_rate / 10:.1g}."
        )


def _no_draw(layer, now):
    flat = [x for x in now.hidden if x.weight_deviation <= 1e-6 * max(x.weight_rms, 1e-30)]
    if flat:
        initializer, _ = fitting(flat[0])
        value = "cero" if flat[0].weight_rms == 0 else "iguales"
        return (
            f"Los pesos de «{flat[0].name}» son todos {value}: sus unidades no pueden "
            f'diferenciarse. Sortéalos: kernel_initializer="{initializer}".'
        )


def _sigmoid(layer, now):
    count = sum(x.activation == "sigmoid" for x in now.hidden)
    if count:
        where = "Hay una capa oculta" if count == 1 else f"Hay {count} capas ocultas"
        return (
            f"{where} con sigmoid, cuya pendiente no pasa de 1/4: cada una "
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
    if (
        not now.step
        and layer.bias_mean < -0.1 * max(layer.preactivation_rms, 1e-12)
        and layer.bias_mean < -0.05
    ):
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
    count = len(now.hidden)
    how_many = "" if count == 1 else f", y son {count} capas ocultas"
    return (
        f"Cada capa encoge algo la señal{how_many}. Añade "
        "BatchNormalization o conexiones residuales, o quita capas."
    )


def _amplified(layer, now):
    return (
        "Cada capa agranda lo que la cruza. Añade BatchNormalization tras cada capa, o limita "
        "el gradiente con clipnorm=1.0 en el optimizador."
    )


def _smaller(layer, now):
    initializer, _ = fitting(layer)
    return (
        f"Las preactivaciones de «{layer.name}» tienen valor eficaz "
        f"{layer.preactivation_rms:.2g} y llegan a la zona plana de {layer.activation}. "
        f'Usa kernel_initializer="{initializer}" y sesgos a cero.'
    )


def _shifted(layer, now):
    if not now.step and abs(layer.bias_mean) > 0.5:
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


#: Symptom, or rule if it has its own → causes, in the order in which they are looked for.
#:
#: :meta hide-value:
CAUSES = {
    "non_finite": (_inputs, _targets, _gain, _rate, _overflow),
    "no_gradient": (_cut_off, _unknown),
    "symmetric_units": (_no_draw, _copies),
    "exploding_gradient": (_inputs, _targets, _large, _rate, _amplified),
    "promised_fall": (_inputs, _targets, _too_fast, _large, _amplified),
    "update_ratio": (_inputs, _targets, _step, _amplified),
    "time_growth": (_amplified_in_time,),
    "memory": (_forgetful,),
    "dead_units": (_inputs, _no_draw, _output, _bias, _rate, _leaky),
    "saturated_units": (_inputs, _big_weights, _shifted, _rate, _smaller),
    "vanishing_signal": (_no_draw, _dead, _sigmoid, _inputs, _shifted, _gain, _too_deep),
    "vanishing_gradient": (_no_draw, _output, _dead, _no_gradient, _sigmoid, _gain, _too_deep),
    "stuck_loss": (
        *(_output, _no_gradient, _slow, _inputs, _targets),
        *(_no_draw, _dead, _sigmoid, _gain, _too_fast, _unknown),
    ),
}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
