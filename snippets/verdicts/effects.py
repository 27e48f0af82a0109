"""From the data of an experiment to one effect per seed, and to what theory expects of it.

Each statistic takes the data and the arguments that a statement gives it, and returns a
pandas Series over the seeds. Those that theory can predict have a second function, which is
also given the experiment's own ``predict``.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Statistic:
    """An effect: how it is measured, in which unit, and what theory expects.

    ``unit``: "×" for a ratio, "número" for a plain number, "%" for a share, "puntos" for a
    difference of shares. An ``exact`` effect knows no chance: it is a single number.
    """

    measured: Callable
    unit: str = "×"
    predicted: Callable | None = None
    exact: bool = False

    @property
    def ratio(self) -> bool:
        """Whether effects are averaged in the logarithm."""
        return self.unit == "×"


def select(table, **where):
    """Return the rows with these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def by_seed(part, column):
    """Return a column as a series over the seeds."""
    return part.set_index("seed")[column].sort_index()


def over(part, column, summary):
    """Return a summary ("mean", "max" …) of a column over all but the seeds."""
    return part.groupby("seed")[column].agg(summary)


def journey(table, column, back=False, at="layer", **where):
    """Return a signal where its journey ends over the same signal where it begins."""
    part = select(table, **where)
    first, last = (by_seed(part[part[at] == part[at].agg(end)], column) for end in ("min", "max"))
    return first / last if back else last / first


# --- accuracy and loss after training -------------------------------------------------------


def ended(runs, **where):
    """Return the rows of the last epoch."""
    return select(runs, epoch=runs.epoch.max(), **where)


def accuracy(grid, **pair):
    """Return the final test accuracy; a network that diverged gets nothing right."""
    return by_seed(ended(grid, **pair), "test_accuracy").fillna(0.0)


def accuracy_gain(grid, better, worse):
    """Return how much more accurate one combination is than another, seed by seed."""
    return accuracy(grid, **better) - accuracy(grid, **worse)


def interaction(grid, one, other):
    """Return how much more He gains over Glorot with one activation than with another."""

    def gain(activation):
        pairs = ("he_normal", "glorot_uniform")
        he, glorot = (accuracy(grid, activation=activation, initializer=name) for name in pairs)
        return he - glorot

    return gain(one) - gain(other)


def steadiness_gain(grid, better, worse):
    """Return in what share of the epochs the loss of ``worse`` rises, less that of ``better``."""

    def rises(pair):
        runs = select(grid, **pair).groupby("seed").train_loss
        return runs.apply(lambda loss: (loss.diff().iloc[1:] > 0).mean())

    return rises(worse) - rises(better)


def loss_left(grid, **pair):
    """Return the training loss of the last epoch over that of the first."""
    return journey(grid[grid.epoch > 0], "train_loss", at="epoch", **pair)


def factor_accuracy_gain(runs, better, worse):
    """Return how much more accurate the weights times one factor are than times another."""
    return accuracy(runs.training, factor=better) - accuracy(runs.training, factor=worse)


def one_accuracy(runs, **where):
    """Return the accuracy of experiments that keep only the end of the training."""
    return by_seed(select(runs, **where), "test_accuracy").fillna(0.0)


def one_accuracy_gain(runs, better, worse):
    """Return how much more accurate the networks of one description are than of another."""
    return one_accuracy(runs, **better) - one_accuracy(runs, **worse)


def sigma_gain(sweep, better, worse):
    """Return how much more accurate one deviation of the weights is than another."""
    part = select(sweep, quantity="test_accuracy")
    ends = [by_seed(select(part, sigma=sigma), "value").fillna(0.0) for sigma in (better, worse)]
    return ends[0] - ends[1]


# --- signals before training ----------------------------------------------------------------


def delta_journey(flow, **pair):
    """Return δ in the first layer over δ in the last."""
    return journey(flow, "delta_rms", back=True, **pair)


def predicted_delta_journey(predict, flow, **pair):
    """Return the same from theory."""
    line = predict(flow)[tuple(pair.values())].delta_rms
    return line[0] / line[-1]


def activation_journey(flow, **pair):
    """Return the activation in the last layer over that of the first."""
    return journey(flow, "activation_rms", **pair)


def predicted_activation_journey(predict, flow, **pair):
    """Return the same from theory."""
    line = predict(flow)[tuple(pair.values())].activation_rms
    return line[-1] / line[0]


def weight_gradient_journey(flow, **pair):
    """Return ∂L/∂W of the first layer over that of the last."""
    return journey(flow, "weight_gradient_rms", back=True, **pair)


def first_delta(flow, one, other):
    """Return δ at layer 1 of one combination over that of another."""
    deltas = [by_seed(select(flow, layer=1, **pair), "delta_rms") for pair in (one, other)]
    return deltas[0] / deltas[1]


def predicted_first_delta(predict, flow, one, other):
    """Return the same from theory."""
    lines = predict(flow)
    return lines[tuple(one.values())].delta_rms[0] / lines[tuple(other.values())].delta_rms[0]


def weakest_gradient(flow, one, other):
    """Return the smallest ∂L/∂W of one combination over that of another."""
    ends = [over(select(flow, **pair), "weight_gradient_rms", "min") for pair in (one, other)]
    return ends[0] / ends[1]


def saturated(flow, **pair):
    """Return the share of pre-activations whose slope is below a tenth of the steepest."""
    return over(select(flow, **pair), "saturated_fraction", "mean")


def factor_delta_journey(runs, factor):
    """Return δ in the first layer over δ in the last, with the weights times a factor."""
    return delta_journey(runs.signals, factor=factor)


def predicted_factor_delta_journey(predict, runs, factor):
    """Return the same from theory."""
    line = predict(runs)[factor]
    return line[0] / line[-1]


def histogram_delta(signals, larger, smaller):
    """Return δ at layer 1 with one deviation of the weights over δ with another."""
    first = select(signals, signal="delta", layer=1).drop_duplicates(["initializer", "seed"])
    ends = [by_seed(select(first, initializer=name), "rms") for name in (larger, smaller)]
    return ends[0] / ends[1]


def predicted_histogram_delta(predict, signals, larger, smaller):
    """Return the same from theory."""
    ends = [predict(signals, name)["delta"][0] for name in (larger, smaller)]
    return ends[0] / ends[1]


def sigma_journey(sweep, sigma, quantity, back=False):
    """Return a signal of the network with this deviation, end of its journey over start."""
    return journey(sweep, "value", back, "at", sigma=sigma, quantity=quantity)


def deep_over_shallow(sweep, **pair):
    """Return δ at layer 1 of the deepest network over that of the shallowest."""
    return journey(sweep, "delta_rms", at="depth", **pair)


def predicted_deep_over_shallow(predict, sweep, **pair):
    """Return the same from theory."""
    pair = tuple(pair.values())
    deep, shallow = (predict(sweep, pair, sweep.depth.agg(end)) for end in ("max", "min"))
    return deep / shallow


def kept_by_width(table, case, width):
    """Return the rms of z after all the layers, that of the input being 1."""
    return by_seed(select(table, case=case, width=width), "rms")


def predicted_kept_by_width(predict, table, case, width):
    """Return the same from theory."""
    return predict(case, width, table.sigma.iloc[0], table.depth.iloc[0])


def way(shapes, shape, direction, rule="glorot"):
    """Return what the whole network keeps of a signal, forward or backward."""
    return journey(shapes, direction, direction == "backward", shape=shape, rule=rule)


def predicted_way(predict, shapes, shape, direction, rule="glorot"):
    """Return the same from theory."""
    widths = select(shapes, shape=shape).drop_duplicates("layer").sort_values("layer").width
    forward, backward = predict(widths.tolist(), rule)
    return forward[-1] if direction == "forward" else backward[0]


def both_ways(shapes, shape, rule="glorot"):
    """Return how far apart both directions end."""
    return way(shapes, shape, "forward", rule) / way(shapes, shape, "backward", rule)


def predicted_both_ways(predict, shapes, shape, rule="glorot"):
    """Return the same from theory."""
    forward, backward = (
        predicted_way(predict, shapes, shape, d, rule) for d in ("forward", "backward")
    )
    return forward / backward


def half(factors, direction, **pair):
    """Return the share of the second moment that an activation lets through."""
    return over(select(factors, **pair), direction, "mean")


def predicted_half(predict, factors, direction, **pair):
    """Return the same from theory."""
    return predict(factors)[tuple(pair.values())][direction].mean()


def typical_deviation(spread, width, groups=20):
    """Return by what factor the size of h typically misses its mean, in groups of networks.

    It is e^s, s being the deviation of the logarithm of the rms in the last layer. That of a
    few networks is too small on average: c₄ times that of many, if logarithms are normal.
    """
    import numpy as np
    from scipy.special import gammaln

    part = select(spread, width=width, layer=spread.depth.iloc[0])
    logs = np.log(by_seed(part, "forward")[lambda sizes: sizes > 0]) / 2
    by_group = logs.groupby(np.arange(len(logs)) % groups)
    n = by_group.size()
    c4 = np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2))
    return np.exp(by_group.std() / c4)


def predicted_typical_deviation(predict, spread, width):
    """Return the same from theory."""
    return predict(spread, width)


# --- products, numbers, single units --------------------------------------------------------


def singular(product, kind, gain, value):
    """Return a singular value of the longest product of matrices."""
    return by_seed(select(product, kind=kind, gain=gain, depth=product.depth.max()), value)


def predicted_singular(predict, product, kind, gain, value):
    """Return gain^depth; for the median of Gaussian matrices, Newman's (1986) exponent."""
    shrink = 2**-0.5 if (kind, value) == ("gaussian", "median") else 1.0
    return (gain * shrink) ** product.depth.max()


def disagreement(check, signals):
    """Return the largest relative difference between Keras and the formulas by hand."""
    return over(check[check.signal.isin(signals)], "difference", "max")


def still_layers(frozen, **pair):
    """Return the share of the layers of which no weight has changed a bit."""
    end = ended(frozen, **pair)
    return over(end.assign(still=end.untouched == 1), "still", "mean")


def lost_numbers(limits, signal, layer, fates):
    """Return the share of a layer's values that are infinite, not a number or zero."""
    part = select(limits, signal=signal)
    part = select(part, layer=part.layer.agg(layer))
    return part.set_index("seed")[list(fates)].sum(axis=1).sort_index()


def collapsed(networks):
    """Return the largest difference between a deep linear network and its single layer."""
    return by_seed(networks, "largest_difference")


def unit_products(walks, activation):
    """Return the share of paths whose product of slopes is exactly 0 or exactly 1."""
    part = select(walks, activation=activation, layer=walks.layer.max())
    return over(part.assign(whole=part["product"].isin([0.0, 1.0])), "whole", "mean")


def never_on(counts, activation, cause):
    """Return the share of units that no training image turns on, after training."""
    return over(ended(counts, activation=activation, cause=cause), "off", "mean")


def turned_off(counts, activation, cause):
    """Return how many more there are after training than before."""
    before = select(counts, activation=activation, cause=cause, epoch=0)
    return never_on(counts, activation, cause) - over(before, "off", "mean")


def spared(counts, cause, with_slope):
    """Return the share of ReLU's units that are off which another activation saves."""
    return 1 - never_on(counts, with_slope, cause) / never_on(counts, "relu", cause)


def gradient_when_off(counts, activation, cause):
    """Return the gradient of the units that are off over that of the others.

    The geometric mean over the layers that have units of both kinds.
    """
    import numpy as np

    end = ended(counts, activation=activation, cause=cause)
    ratio = (end.off_gradient / end.on_gradient).dropna()
    return np.exp(np.log(ratio).groupby(end.seed[ratio.index]).mean())


def announced(networks):
    """Return the weakest gradient of those that learn over the strongest of those that fail.

    Gradients before training, accuracy after it; one quotient per seed.
    """
    learned = networks.test_accuracy > 0.5
    least = over(networks[learned], "weakest_gradient", "min")
    return least / over(networks[~learned], "weakest_gradient", "max")


# --- curves, without chance -----------------------------------------------------------------


def highest(curves, activation):
    """Return the largest |φ(z)| of the interval."""
    return select(curves, activation=activation).value.abs().max()


def edge_slope(curves, activation):
    """Return the slope at the left end over the largest one."""
    slope = select(curves, activation=activation).slope
    return slope.iloc[0] / slope.max()


def least_slope(curves, activation):
    """Return the smallest slope at negative z."""
    curve = select(curves, activation=activation)
    return curve.slope[curve.z < 0].min()


def kink(curves, activation):
    """Return the largest jump of the slope between neighbouring points."""
    return select(curves, activation=activation).slope.diff().abs().max()


STATISTICS = {
    "accuracy": Statistic(accuracy, "%"),
    "accuracy_gain": Statistic(accuracy_gain, "puntos"),
    "activation_journey": Statistic(activation_journey, "×", predicted_activation_journey),
    "announced": Statistic(announced),
    "both_ways": Statistic(both_ways, "×", predicted_both_ways),
    "collapsed": Statistic(collapsed),
    "deep_over_shallow": Statistic(deep_over_shallow, "×", predicted_deep_over_shallow),
    "delta_journey": Statistic(delta_journey, "×", predicted_delta_journey),
    "disagreement": Statistic(disagreement),
    "edge_slope": Statistic(edge_slope, "×", exact=True),
    "factor_accuracy_gain": Statistic(factor_accuracy_gain, "puntos"),
    "factor_delta_journey": Statistic(factor_delta_journey, "×", predicted_factor_delta_journey),
    "first_delta": Statistic(first_delta, "×", predicted_first_delta),
    "gradient_when_off": Statistic(gradient_when_off),
    "half": Statistic(half, "×", predicted_half),
    "highest": Statistic(highest, "número", exact=True),
    "histogram_delta": Statistic(histogram_delta, "×", predicted_histogram_delta),
    "interaction": Statistic(interaction, "puntos"),
    "kept_by_width": Statistic(kept_by_width, "×", predicted_kept_by_width),
    "kink": Statistic(kink, "número", exact=True),
    "least_slope": Statistic(least_slope, "número", exact=True),
    "loss_left": Statistic(loss_left),
    "lost_numbers": Statistic(lost_numbers, "%"),
    "never_on": Statistic(never_on, "%"),
    "one_accuracy": Statistic(one_accuracy, "%"),
    "one_accuracy_gain": Statistic(one_accuracy_gain, "puntos"),
    "saturated": Statistic(saturated, "%"),
    "sigma_gain": Statistic(sigma_gain, "puntos"),
    "sigma_journey": Statistic(sigma_journey),
    "singular": Statistic(singular, "×", predicted_singular),
    "spared": Statistic(spared, "%"),
    "still_layers": Statistic(still_layers, "%"),
    "steadiness_gain": Statistic(steadiness_gain, "puntos"),
    "turned_off": Statistic(turned_off, "puntos"),
    "typical_deviation": Statistic(typical_deviation, "×", predicted_typical_deviation),
    "unit_products": Statistic(unit_products, "%"),
    "way": Statistic(way, "×", predicted_way),
    "weakest_gradient": Statistic(weakest_gradient),
    "weight_gradient_journey": Statistic(weight_gradient_journey),
}
