"""How far the optimizer is about to move each layer, from its gradient and its settings alone.

The same gradient means another step to each optimizer: that of SGD is proportional to it, that of
Adam has the same length down to ε. So a small δ is fatal to the one and nothing to the other.
"""

import math

from latido.snapshot import LayerSignals, Snapshot


def reference_weight(layer: LayerSignals) -> float:
    """Return the size that a layer's weights have, or that an initializer would have given them.

    Of a kernel of one number, or of one that begins at zero, its own size says nothing; then
    it is the deviation of Glorot's.
    """
    fair = math.sqrt(2 / (layer.fan_in + layer.units)) if layer.fan_in else 0.0
    return max(layer.weight_rms, fair)


#: A kernel of so few numbers may be born close to zero.
TINY = 4


def relative_update(layer: LayerSignals) -> float:
    """Return rms(ΔW)/rms(W) of the step taken; of a tiny kernel, over its ``reference_weight``."""
    if not 0 < layer.size <= TINY:
        return layer.update_ratio
    return layer.update_ratio * layer.weight_rms / reference_weight(layer)


def steps_ahead(now: Snapshot) -> list[float]:
    """Return how far the optimizer's next steps move the weights of each layer, rms.

    As its formula has it for a gradient that stays as it is. Adam and its kin divide it by its
    own size, down to ε; with the rate alone, SGD's is the gradient's. NaN if it is not compiled.
    """
    return [_clipped_step(now, layer) for layer in now.layers]


def _clipped_step(now: Snapshot, layer: LayerSignals) -> float:
    gradient = layer.weight_gradient_rms
    limit = now.settings.get("clipvalue")
    norm = now.settings.get("clipnorm") or now.settings.get("global_clipnorm")
    if limit:
        gradient = min(gradient, limit)
    if norm and layer.size and gradient * math.sqrt(layer.size) > norm:
        gradient = norm / math.sqrt(layer.size)
    if not math.isfinite(gradient):
        return math.nan
    step = STEPS.get(now.optimizer, _adam)
    return now.learning_rate * step(gradient, now.settings)


def _sgd(g, of):
    return g / (1 - min(of.get("momentum", 0.0), 0.999))


def _adam(g, of):
    return g / (g + of.get("epsilon", 1e-7)) if g else 0.0


def _rmsprop(g, of):
    return g / math.sqrt(g * g + of.get("epsilon", 1e-7))


def _adagrad(g, of):
    return g / math.sqrt(of.get("initial_accumulator_value", 0.1) + g * g)


def _adadelta(g, of):
    """Its first steps are √ε long, whatever the gradient; they grow threefold before long."""
    epsilon = of.get("epsilon", 1e-7)
    return 3 * math.sqrt(epsilon) * g / math.sqrt(g * g + epsilon)


#: Keras's optimizer → (gradient, its settings) → its step at a rate of 1.
STEPS = {
    "SGD": _sgd,
    "RMSprop": _rmsprop,
    "Adagrad": _adagrad,
    "Ftrl": _adagrad,
    "Adadelta": _adadelta,
    "Lion": lambda g, of: float(g > 0),
}


def relative_steps(now: Snapshot) -> dict[str, float]:
    """Return the step ahead of each layer over the size of its weights; {} if it is not known."""
    if not now.learning_rate > 0:
        return {}
    return {
        layer.name: step / reference
        for layer, step in zip(now.layers, steps_ahead(now), strict=True)
        if (reference := reference_weight(layer)) and not math.isnan(step)
    }


def promised_fall(now: Snapshot) -> float:
    """Return the share of the loss that the next step promises to take off, ΔW·∂L/∂W over L.

    Far above 1 it is a leap into the dark; far below one part in the steps to come, too slow.
    NaN if it is not known.
    """
    if not (now.learning_rate > 0 and now.loss > 0):
        return math.nan
    fall = sum(
        step * layer.weight_gradient_rms * layer.size
        for layer, step in zip(now.layers, steps_ahead(now), strict=True)
    )
    return fall / now.loss


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
