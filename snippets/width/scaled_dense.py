"""μP in Keras: a Dense layer with a multiplier, and a network that is made of them.

Keras has one learning rate for all layers. A multiplier does the same: a layer that computes
with W = m·w changes by m·Δw, so with Adam, whose steps do not look at the size of the gradient,
W moves at m times the rate. (Table 8 of Yang et al. 2022 has one in the last layer only; here
those between hidden layers have one, too.)
"""

import keras


@keras.saving.register_keras_serializable("width")
class ScaledDense(keras.layers.Dense):
    """A Dense layer that computes with ``multiplier`` times its kernel.

    Divide by it the deviation of the kernel, and the layer is born the same.
    """

    def __init__(self, units, multiplier=1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.multiplier = multiplier

    def call(self, inputs, **kwargs):
        """Return activation(multiplier · inputs @ kernel + bias)."""
        return super().call(self.multiplier * inputs, **kwargs)

    def get_config(self):
        """Return what a saved layer needs to come back."""
        return super().get_config() | {"multiplier": self.multiplier}


def mup_network(width, base=64, *, depth=3, inputs=64, classes=10, seed=0, **options):
    """Return a ReLU network in μP; compile it with Adam at a rate for ``base``.

    At that width nothing is scaled. ``options`` go to all the layers.
    """
    r = width / base
    seeds = iter(range(1000 * seed, 1000 * (seed + 1)))

    def layer(units, multiplier, scale, activation=None):
        """Draw w with variance scale / fan_in, and W = multiplier · w."""
        draw = keras.initializers.VarianceScaling(
            scale, "fan_in", "untruncated_normal", seed=next(seeds)
        )
        return ScaledDense(
            units, multiplier, activation=activation, kernel_initializer=draw, **options
        )

    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layer(width, 1, 2, "relu"),
            *(layer(width, 1 / r, 2 * r**2, "relu") for _ in range(depth - 1)),
            layer(classes, 1 / r, r),
        ]
    )


if __name__ == "__main__":
    from lab import not_an_experiment

    not_an_experiment("las capas de μP en Keras que usa el capítulo «Cuando crece la anchura»")
