"""Look inside a network: every layer's signals, in ONE forward and backward pass.

In the deck's notation, layer l computes z = W h + b and h = φ(z); what comes back is
δ = ∂L/∂z, and from it the weight gradient ∂L/∂W.
"""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from lab import theory


@dataclass(frozen=True)
class Signals:
    """What one batch leaves behind in each hidden layer (lists of ``depth`` arrays, float32).

    Attributes:
        z: pre-activations, (samples, units).
        h: activations, (samples, units).
        delta: ∂(loss of one sample)/∂z, (samples, units).
        weight_gradient: ∂(mean loss of the batch)/∂W, (fan_in, fan_out).
        loss: loss of each sample, (samples,).
    """

    z: list[np.ndarray]
    h: list[np.ndarray]
    delta: list[np.ndarray]
    weight_gradient: list[np.ndarray]
    loss: np.ndarray


class Probe:
    """Measures one model as often as wanted; compiled once, at the first call.

    Args:
        model: a Sequential of Dense and Activation layers whose output are logits.
    """

    def __init__(self, model: keras.Sequential):
        self.model = model
        self._compiled = tf.function(self._pass, reduce_retracing=True)

    def __call__(self, x: np.ndarray, y: np.ndarray) -> Signals:
        """Return the signals of the batch x, (samples, features), with classes y, (samples,)."""
        arrays = self._compiled(tf.convert_to_tensor(x), tf.convert_to_tensor(y))
        return Signals(*tf.nest.map_structure(lambda tensor: tensor.numpy(), arrays))

    def _pass(self, x, y):
        z, h, kernels = [], [], []
        with tf.GradientTape() as tape:
            signal = x
            for layer in self.model.layers:
                before, signal = signal, layer(signal)
                if isinstance(layer, keras.layers.Activation):
                    z.append(before)
                    h.append(signal)
                elif isinstance(layer, keras.layers.Dense):
                    tape.watch(layer.kernel.value)
                    kernels.append(layer.kernel.value)
            loss = keras.losses.sparse_categorical_crossentropy(y, signal, from_logits=True)
            # Samples do not meet in the network: differentiating the SUM of their losses
            # leaves in each row of z the δ of its own sample.
            total = tf.reduce_sum(loss)
        delta, of_total = tape.gradient(total, (z, kernels[:-1]))
        samples = tf.cast(tf.shape(x)[0], x.dtype)
        return z, h, delta, [gradient / samples for gradient in of_total], loss


def rms(values: np.ndarray) -> float:
    """Root of the mean square, in float64: squares of tiny gradients underflow in float32."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _variance_over_samples(h: np.ndarray) -> float:
    with np.errstate(invalid="ignore"):  # activations that overflowed have none: NaN
        return float(h.var(axis=0).mean())


def statistics(signals: Signals, activation: str) -> list[dict[str, float]]:
    """Reduce the signals to one row of numbers per layer, in float64.

    - ``preactivation_rms``, ``activation_rms``, ``delta_rms``: over samples and units.
    - ``activation_mean``: over samples and units.
    - ``across_input_variance``: variance of each unit of h over the samples, averaged over
      units. At zero the layer answers every image alike.
    - ``weight_gradient_rms``: over the weights of the layer.
    - ``dead_fraction``: units that no sample of the batch turns on (z ≤ 0 for all), for the
      activations with an off side (relu and all those like it); 0 for the others.
    - ``saturated_fraction``: values of z where the slope φ'(z), up to its sign, is below a
      tenth of the largest slope. For relu it is the share of values switched off.
    """
    slope = theory.ACTIVATIONS[activation].slope
    flat = 0.1 * theory.steepest(activation)
    rows = []
    for z, h, delta, gradient in zip(
        signals.z, signals.h, signals.delta, signals.weight_gradient, strict=True
    ):
        z, h = z.astype(np.float64), h.astype(np.float64)
        dead = (z <= 0).all(axis=0) if theory.ACTIVATIONS[activation].has_off_side else 0.0
        rows.append(
            {
                "preactivation_rms": rms(z),
                "activation_rms": rms(h),
                "activation_mean": float(h.mean()),
                "across_input_variance": _variance_over_samples(h),
                "delta_rms": rms(delta),
                "weight_gradient_rms": rms(gradient),
                "dead_fraction": float(np.mean(dead)),
                "saturated_fraction": float(np.mean(np.abs(slope(z)) < flat)),
            }
        )
    return rows


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment()
