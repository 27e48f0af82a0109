"""Stacks of eight: the theory against layers of Keras, the networks against the theory."""

import keras
import numpy as np
import pytest

from lab import data, stats
from layers import eight_layers, eight_trained
from layers.eight_layers import KINDS, SIDE, STARTS

WIDTH = 6


def fans(shape):
    """Return Keras's fans of a kernel, by its own rule."""
    window = np.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("layer", [1, 2])
def test_mean_squares_cross_a_layer_as_signals_cross_one_of_equal_weights(kind, start, layer):
    # E[z²] = Σ Var(w) E[h²]: what the layer itself does if each weight is its variance.
    made, arguments, kernels = eight_layers.parts(kind, layer, WIDTH)
    _, entering, *_ = kernels[0]
    _, _, leaving, _ = kernels[-1]
    side = SIDE // 2 if made == "Conv2DTranspose" else SIDE
    one = getattr(keras.layers, made)(**arguments)
    one.build((None, side, side, entering))
    for variable, (name, *_) in zip(one.weights, kernels, strict=False):
        scale, mode, _ = eight_layers.scaling(kind, start, layer, name)
        fan_in, fan_out = fans(tuple(variable.shape))
        by = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
        variable.assign(np.full(variable.shape, scale / by))
    forward, backward = eight_layers.maps(kind, start, layer, WIDTH)
    moments = np.random.default_rng(0).random(side**2)
    x = np.repeat(moments.reshape(1, side, side, 1), entering, axis=3)
    z = one(x.astype("float32")).numpy()
    assert z[0, ..., 0].ravel() == pytest.approx(forward @ moments, rel=1e-4)
    # backwards: the same weights, transposed, and as many sums as channels leave
    count = len(forward)
    assert backward == pytest.approx(forward.T * leaving / entering)
    assert backward.shape == (len(moments), count)


def test_wide_stacks_are_what_theory_says():
    stacks = eight_layers.measure(width=64, seeds=4, samples=16)
    for (kind, start), part in stacks.groupby(["kind", "start"]):
        line = eight_layers.predict(kind, start, 64, 16)
        for quantity, expected in zip(("activation_rms", "delta_rms"), line, strict=True):
            found = stats.over_seeds(part, "layer", quantity).centre
            # Networks of 64 channels lose a little of the mean logarithm in each layer.
            assert np.log(found / expected) == pytest.approx(np.zeros(8), abs=0.5)
    assert "separable" in eight_layers.draw(stacks).get_label()
    assert len(eight_layers.table(stacks)) == 9


def separable_in_numpy(rng, width=64, samples=8, signs=False):
    """Return rms of h in layer 8 over theory; with ``signs`` each pixel is first given one."""
    x = data.load().x_train[:samples].reshape(-1, SIDE, SIDE, 1).astype(float)

    def windows(h):
        padded = np.pad(h, ((0, 0), (1, 1), (1, 1), (0, 0)))
        return [padded[:, i : i + SIDE, j : j + SIDE] for i in range(3) for j in range(3)]

    first = rng.standard_normal((9, 1, width)) * (2 / 9) ** 0.5
    h = np.maximum(sum(np.matmul(*pair) for pair in zip(windows(x), first, strict=True)), 0)
    for _ in range(8):
        if signs:
            h = h * rng.choice([-1, 1], size=h.shape[1:])
        by_channel = rng.standard_normal((9, width)) / 3
        summed = sum(map(np.multiply, windows(h), by_channel))
        h = np.maximum(summed @ rng.standard_normal((width, width)) * (2 / width) ** 0.5, 0)
    line, _ = eight_layers.predict("separable", "counted", width, samples)
    return np.mean(h**2) ** 0.5 / line[-1]


def test_networks_spread_because_the_pixels_of_a_window_are_alike():
    # Positive and alike, they make of nine weights one number, their sum; with a sign of its
    # own for each pixel the nine weights count apart, and the typical network is the mean one.
    def logs(signs):
        return [
            np.log(separable_in_numpy(np.random.default_rng(seed), signs=signs))
            for seed in range(24)
        ]

    plain, signed = logs(signs=False), logs(signs=True)
    assert np.std(signed) < np.std(plain) / 2
    assert np.mean(plain) < -0.1
    assert abs(np.mean(signed)) < 0.05


def test_a_seed_gives_the_same_weights_whatever_was_there_before():
    model = eight_layers.network("separable", 4)
    drawn = []
    for seed in (1, 2, 1):
        eight_layers.redraw(model, "separable", "counted", seed, 4)
        drawn.append(np.concatenate([w.numpy().ravel() for w in model.trainable_variables]))
    assert np.array_equal(drawn[0], drawn[2]) and not np.array_equal(drawn[0], drawn[1])


def test_no_two_layers_begin_with_the_same_weights():
    model = eight_layers.network("conv", 4)
    eight_layers.redraw(model, "conv", "he", 0, 4)
    kernels = [model.get_layer(f"z{layer}").kernel.numpy() for layer in range(1, 9)]
    assert len({kernel.tobytes() for kernel in kernels}) == 8


def test_the_trained_stacks_keep_every_epoch():
    runs = eight_trained.measure(kinds=("separable",), starts=("he",), width=4, epochs=1, seeds=2)
    assert runs.groupby("seed").epoch.apply(list).tolist() == [[0, 1]] * 2
    assert runs.test_accuracy.between(0, 1).all()
    assert "separable" in eight_trained.draw(runs).get_label()
