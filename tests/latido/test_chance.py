"""Whether a loss is below the best constant answer's by more than chance."""

import math

import keras
import numpy as np
import pytest
from scipy import stats

from latido import chance
from latido.losses import Trained, constant_loss

RNG = np.random.default_rng(0)
LABELS = {
    "sparse_categorical_crossentropy": RNG.integers(0, 4, 200),
    "categorical_crossentropy": np.eye(4)[RNG.integers(0, 4, 200)],
    "binary_crossentropy": RNG.integers(0, 2, (200, 3)),
    "mse": RNG.normal(size=(200, 2)),
    "mae": RNG.normal(size=(200, 2)),
}


def test_the_critical_value_is_that_of_the_level():
    assert stats.norm.sf(chance.CRITICAL) == pytest.approx(chance.LEVEL, rel=1e-3)


def test_the_statistic_is_that_of_a_paired_test():
    a, b = RNG.normal(size=(2, 50))
    assert chance.better(a, b) == pytest.approx(stats.ttest_rel(b, a).statistic)
    assert math.isnan(chance.better(a, None)) and math.isnan(chance.better(a, b[:10]))
    assert chance.better(a, a) == 0
    assert chance.better(np.zeros(5), np.ones(5)) == math.inf
    assert math.isnan(chance.better(np.array([math.nan, 1.0]), np.ones(2)))


@pytest.mark.parametrize("loss", LABELS)
def test_each_sample_costs_what_keras_asks_of_the_best_constant(loss):
    y = LABELS[loss]
    one = Trained(loss, 2.0, 4, False)
    each = chance.constant_losses([one], [y])
    assert each.mean() == pytest.approx(2 * constant_loss(loss, y))
    if loss.startswith("sparse"):
        answer = np.tile(np.bincount(y) / len(y), (len(y), 1))
    else:
        answer = np.tile(np.median(y, axis=0) if loss == "mae" else y.mean(axis=0), (len(y), 1))
    keras_loss = keras.losses.get(loss)
    if loss == "binary_crossentropy":  # Keras takes the mean over the units
        answer = np.broadcast_to(answer, y.shape)
    told = keras.ops.convert_to_numpy(keras_loss(y, answer.astype("float32")))
    np.testing.assert_allclose(each, 2 * told, rtol=1e-5)


def test_a_constant_is_not_known_for_masks_smoothing_and_losses_of_ones_own():
    y = LABELS["sparse_categorical_crossentropy"]
    assert chance.constant_losses([Trained("mse", 1.0, 1, True)], [y]) is None
    smooth = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    assert chance.constant_losses([Trained(smooth, 1.0, 4, False)], [np.eye(4)[y]]) is None
    assert chance.constant_losses([Trained(lambda t, p: p, 1.0, 1, False)], [y]) is None


def test_chance_is_called_learning_as_seldom_as_the_level_says():
    rng = np.random.default_rng(1)
    # Answers that know nothing, around the constant's loss: about one in a thousand is "better".
    found = [
        chance.better(1 + 0.5 * rng.normal(size=256), np.ones(256)) > chance.CRITICAL
        for _ in range(4000)
    ]
    assert sum(found) <= stats.binom.ppf(0.9999, 4000, 2 * chance.LEVEL)


def test_overlapping_classes_are_learned_though_the_loss_never_halves():
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 256)
    x = rng.normal(size=256) + y  # half a deviation on each side
    p = 1 / (1 + np.exp(-(x - 0.5)))  # the best answer that there is
    losses = -np.where(y, np.log(p), np.log(1 - p))
    constants = chance.constant_losses([Trained("binary_crossentropy", 1.0, 1, False)], [y])
    assert losses.mean() > 0.7 * constants.mean()
    assert chance.surely_below(losses, constants)
    assert not chance.surely_below(constants - 0.005, constants)  # surely, but by nothing
