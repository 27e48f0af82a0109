"""From the data of an experiment to one effect per seed, and to what theory expects of it.

Each statistic takes the data and the arguments that a statement gives it, and returns a
pandas Series over the seeds. To those that theory can predict a second function is added,
which is also given the experiment's own ``predict`` and returns a number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import update_wrapper

from verdicts.rules import Interval, interval


@dataclass(eq=False)
class Statistic:
    """An effect: the function that gives one number per seed, and how they are summed up.

    It is called as that function. ``unit``: "×" for a ratio, "número" for a plain number, "%"
    for a share, "puntos" for a difference of shares. An ``exact`` effect knows no chance: it is
    a single number.
    """

    function: Callable
    unit: str
    exact: bool = False
    predicted: Callable | None = field(default=None, init=False)

    def __post_init__(self):
        update_wrapper(self, self.function)

    def __call__(self, *args, **kwargs):
        """Return the effect of each seed."""
        return self.function(*args, **kwargs)

    @property
    def ratio(self) -> bool:
        """Whether effects are averaged in the logarithm."""
        return self.unit == "×"

    def theory(self, predicted: Callable) -> Callable:
        """Decorate the function that predicts the effect."""
        self.predicted = predicted
        return predicted

    def interval(self, data: object, of: Mapping[str, object]) -> tuple[Interval, int]:
        """Return the interval of the effect, and over how many seeds; 0: it knows no chance.

        Raises:
            ValueError: the effects have no interval (``rules.interval``).
        """
        effects = self.function(data, **of)
        if self.exact:
            return Interval(effects, effects, effects), 0
        return interval(effects, ratio=self.ratio), len(effects)


def statistic(unit: str, *, exact: bool = False) -> Callable[[Callable], Statistic]:
    """Decorate a function that measures an effect in this unit."""
    return lambda function: Statistic(function, unit, exact)


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


@statistic("%")
def accuracy(grid, **pair):
    """Return the final test accuracy; a network that diverged gets nothing right."""
    return by_seed(ended(grid, **pair), "test_accuracy").fillna(0.0)


@statistic("puntos")
def accuracy_gain(grid, better, worse):
    """Return how much more accurate one combination is than another, seed by seed."""
    return accuracy(grid, **better) - accuracy(grid, **worse)


@statistic("puntos")
def interaction(grid, one, other):
    """Return how much more He gains over Glorot with one activation than with another."""

    def gain(activation):
        pairs = ("he_normal", "glorot_uniform")
        he, glorot = (accuracy(grid, activation=activation, initializer=name) for name in pairs)
        return he - glorot

    return gain(one) - gain(other)


@statistic("puntos")
def steadiness_gain(grid, better, worse):
    """Return in what share of the epochs the loss of ``worse`` rises, less that of ``better``."""

    def rises(pair):
        runs = select(grid, **pair).groupby("seed").train_loss
        return runs.apply(lambda loss: (loss.diff().iloc[1:] > 0).mean())

    return rises(worse) - rises(better)


@statistic("×")
def loss_left(grid, **pair):
    """Return the loss on the test images after the last epoch over that after the first.

    That of the training images is a mean over the epoch: of the first, mostly of its beginning.
    """
    return journey(grid[grid.epoch > 0], "test_loss", at="epoch", **pair)


@statistic("×")
def epochs_ratio(grid, slow, fast, level=0.9):
    """Return how many times as many epochs one needs as another to get so much right.

    Of the training images. One that never does counts with all its epochs: of ``slow`` the
    quotient is then a lower bound.
    """

    def epochs(pair):
        part = select(grid, **pair)
        reached = over(part[part.train_accuracy >= level], "epoch", "min")
        return reached.reindex(part.seed.unique(), fill_value=grid.epoch.max())

    return epochs(slow) / epochs(fast)


@statistic("puntos")
def factor_accuracy_gain(runs, better, worse):
    """Return how much more accurate the weights times one factor are than times another."""
    return accuracy(runs.training, factor=better) - accuracy(runs.training, factor=worse)


@statistic("puntos")
def window_gain(sweep, better, worse):
    """Return how many more of the rates let one pair get to the level than another: a share."""

    def window(pair):
        part = select(sweep, **pair)
        return over(part.assign(reached=part.epochs_to_level.notna()), "reached", "mean")

    return window(better) - window(worse)


@statistic("×")
def slowness(sweep, slow, fast):
    """Return how many times the epochs to the level some networks take that others do.

    For one that does not get there all its epochs count: it would need more.
    """
    slow, fast = (select(sweep, **where) for where in (slow, fast))
    epochs = [part.assign(taken=part.epochs_to_level.fillna(part.epochs)) for part in (slow, fast)]
    return by_seed(epochs[0], "taken") / by_seed(epochs[1], "taken")


@statistic("%")
def one_accuracy(runs, **where):
    """Return the accuracy of experiments that keep only the end of the training."""
    return by_seed(select(runs, **where), "test_accuracy").fillna(0.0)


@statistic("puntos")
def one_accuracy_gain(runs, better, worse):
    """Return how much more accurate the networks of one description are than of another."""
    return one_accuracy(runs, **better) - one_accuracy(runs, **worse)


@statistic("puntos")
def sigma_gain(sweep, better, worse):
    """Return how much more accurate one deviation of the weights is than another."""
    part = select(sweep, quantity="test_accuracy")
    ends = [by_seed(select(part, sigma=sigma), "value").fillna(0.0) for sigma in (better, worse)]
    return ends[0] - ends[1]


# --- signals before training ----------------------------------------------------------------


@statistic("×")
def delta_journey(flow, **pair):
    """Return δ in the first layer over δ in the last."""
    return journey(flow, "delta_rms", back=True, **pair)


@delta_journey.theory
def _(predict, flow, **pair):
    line = predict(flow)[tuple(pair.values())].delta_rms
    return line[0] / line[-1]


@statistic("×")
def activation_journey(flow, **pair):
    """Return the activation in the last layer over that of the first."""
    return journey(flow, "activation_rms", **pair)


@activation_journey.theory
def _(predict, flow, **pair):
    line = predict(flow)[tuple(pair.values())].activation_rms
    return line[-1] / line[0]


@statistic("×")
def weight_gradient_journey(flow, **pair):
    """Return ∂L/∂W of the first layer over that of the last."""
    return journey(flow, "weight_gradient_rms", back=True, **pair)


@statistic("×")
def first_delta(flow, one, other):
    """Return δ at layer 1 of one combination over that of another."""
    deltas = [by_seed(select(flow, layer=1, **pair), "delta_rms") for pair in (one, other)]
    return deltas[0] / deltas[1]


@first_delta.theory
def _(predict, flow, one, other):
    lines = predict(flow)
    return lines[tuple(one.values())].delta_rms[0] / lines[tuple(other.values())].delta_rms[0]


@statistic("×")
def weakest_gradient(flow, one, other):
    """Return the smallest ∂L/∂W of one combination over that of another."""
    ends = [over(select(flow, **pair), "weight_gradient_rms", "min") for pair in (one, other)]
    return ends[0] / ends[1]


@statistic("%")
def saturated(flow, **pair):
    """Return the share of pre-activations whose slope is below a tenth of the steepest."""
    return over(select(flow, **pair), "saturated_fraction", "mean")


@statistic("%")
def share_saturated(charts, ill, can_saturate, half=0.5):
    """Return in what share of the ill networks half of the pre-activations start saturated.

    In those that ``can_saturate`` the experiment counts saturated values; units of the others
    die, and saturate never.
    """
    start = select(charts, epoch=0)
    start = start[start.patient.isin(can_saturate)]
    found = start.groupby(["seed", "patient"]).off_fraction.mean() >= half
    return found.groupby("seed").sum() / len(ill)


@statistic("×")
def factor_delta_journey(runs, factor):
    """Return δ in the first layer over δ in the last, with the weights times a factor."""
    return delta_journey(runs.signals, factor=factor)


@factor_delta_journey.theory
def _(predict, runs, factor):
    line = predict(runs)[factor]
    return line[0] / line[-1]


@statistic("×")
def histogram_delta(signals, larger, smaller):
    """Return δ at layer 1 with one deviation of the weights over δ with another."""
    first = select(signals, signal="delta", layer=1).drop_duplicates(["initializer", "seed"])
    ends = [by_seed(select(first, initializer=name), "rms") for name in (larger, smaller)]
    return ends[0] / ends[1]


@histogram_delta.theory
def _(predict, signals, larger, smaller):
    ends = [predict(signals, name)["delta"][0] for name in (larger, smaller)]
    return ends[0] / ends[1]


@statistic("×")
def sigma_journey(sweep, sigma, quantity, back=False):
    """Return a signal of the network with this deviation, end of its journey over start."""
    return journey(sweep, "value", back, "at", sigma=sigma, quantity=quantity)


@statistic("×")
def deep_over_shallow(sweep, **pair):
    """Return δ at layer 1 of the deepest network over that of the shallowest."""
    return journey(sweep, "delta_rms", at="depth", **pair)


@deep_over_shallow.theory
def _(predict, sweep, **pair):
    pair = tuple(pair.values())
    deep, shallow = (predict(sweep, pair, sweep.depth.agg(end)) for end in ("max", "min"))
    return deep / shallow


@statistic("×")
def kept_by_width(table, case, width):
    """Return the rms of z after all the layers, that of the input being 1."""
    return by_seed(select(table, case=case, width=width), "rms")


@kept_by_width.theory
def _(predict, table, case, width):
    return predict(case, width, table.sigma.iloc[0], table.depth.iloc[0])


@statistic("×")
def way(shapes, shape, direction, rule="glorot"):
    """Return what the whole network keeps of a signal, forward or backward."""
    return journey(shapes, direction, direction == "backward", shape=shape, rule=rule)


@way.theory
def _(predict, shapes, shape, direction, rule="glorot"):
    widths = select(shapes, shape=shape).drop_duplicates("layer").sort_values("layer").width
    forward, backward = predict(widths.tolist(), rule)
    return forward[-1] if direction == "forward" else backward[0]


@statistic("×")
def both_ways(shapes, shape, rule="glorot"):
    """Return how far apart both directions end."""
    return way(shapes, shape, "forward", rule) / way(shapes, shape, "backward", rule)


@both_ways.theory
def _(predict, shapes, shape, rule="glorot"):
    forward, backward = (
        way.predicted(predict, shapes, shape, d, rule) for d in ("forward", "backward")
    )
    return forward / backward


@statistic("×")
def half(factors, direction, **pair):
    """Return the share of the second moment that an activation lets through."""
    return over(select(factors, **pair), direction, "mean")


@half.theory
def _(predict, factors, direction, **pair):
    return predict(factors)[tuple(pair.values())][direction].mean()


@statistic("×")
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


@typical_deviation.theory
def _(predict, spread, width):
    return predict(spread, width)


# --- products, numbers, single units --------------------------------------------------------


@statistic("×")
def singular(product, kind, gain, value):
    """Return a singular value of the longest product of matrices."""
    return by_seed(select(product, kind=kind, gain=gain, depth=product.depth.max()), value)


@singular.theory
def _(predict, product, kind, gain, value):
    # Newman's (1986) exponent for the median of Gaussian matrices
    shrink = 2**-0.5 if (kind, value) == ("gaussian", "median") else 1.0
    return (gain * shrink) ** product.depth.max()


@statistic("×")
def disagreement(check, signals):
    """Return the largest relative difference between Keras and the formulas by hand."""
    return over(check[check.signal.isin(signals)], "difference", "max")


@statistic("×")
def lower_half_movement(frozen, **pair):
    """Return how far the weights of the lower half of the layers go, over those of the last."""
    end = ended(frozen, **pair)
    depth = end.layer.max()
    lower = over(end[end.layer <= depth // 2], "movement", "mean")
    return lower / by_seed(select(end, layer=depth), "movement")


@statistic("%")
def lost_numbers(limits, signal, layer, fates):
    """Return the share of a layer's values that are infinite, not a number or zero."""
    part = select(limits, signal=signal)
    part = select(part, layer=part.layer.agg(layer))
    return part.set_index("seed")[list(fates)].sum(axis=1).sort_index()


@statistic("×")
def collapsed(networks):
    """Return the largest difference between a deep linear network and its single layer."""
    return by_seed(networks, "largest_difference")


@statistic("%")
def unit_products(walks, activation):
    """Return the share of paths whose product of slopes is exactly 0 or exactly 1."""
    part = select(walks, activation=activation, layer=walks.layer.max())
    return over(part.assign(whole=part["product"].isin([0.0, 1.0])), "whole", "mean")


@statistic("%")
def never_on(counts, activation, cause):
    """Return the share of units that no training image turns on, after training."""
    return over(ended(counts, activation=activation, cause=cause), "off", "mean")


@statistic("puntos")
def turned_off(counts, activation, cause):
    """Return how many more there are after training than before."""
    before = select(counts, activation=activation, cause=cause, epoch=0)
    return never_on(counts, activation, cause) - over(before, "off", "mean")


@statistic("%")
def spared(counts, cause, with_slope):
    """Return the share of ReLU's units that are off which another activation saves."""
    return 1 - never_on(counts, with_slope, cause) / never_on(counts, "relu", cause)


@statistic("×")
def gradient_when_off(counts, activation, cause):
    """Return the gradient of the units that are off over that of the others.

    The geometric mean over the layers that have units of both kinds.
    """
    import numpy as np

    end = ended(counts, activation=activation, cause=cause)
    ratio = (end.off_gradient / end.on_gradient).dropna()
    return np.exp(np.log(ratio).groupby(end.seed[ratio.index]).mean())


@statistic("×")
def announced(networks):
    """Return the weakest gradient of those that learn over the strongest of those that fail.

    Gradients before training, accuracy after it; one quotient per seed.
    """
    learned = networks.test_accuracy > 0.5
    least = over(networks[learned], "weakest_gradient", "min")
    return least / over(networks[~learned], "weakest_gradient", "max")


# --- other layers ---------------------------------------------------------------------------


@statistic("×")
def layer_size(sizes, kind, start):
    """Return the rms that comes out of a layer if 1 enters."""
    return by_seed(select(sizes, kind=kind, start=start), "square") ** 0.5


@layer_size.theory
def _(predict, sizes, kind, start):
    return predict(kind, start) ** 0.5


@statistic("×")
def stack_delta(stacks, kind, start):
    """Return δ in the first layer of a stack over δ in the last."""
    return journey(stacks, "delta_rms", back=True, kind=kind, start=start)


@stack_delta.theory
def _(predict, stacks, kind, start):
    _, delta = predict(kind, start, int(stacks.width.iloc[0]), int(stacks.samples.iloc[0]))
    return delta[0] / delta[-1]


@statistic("×")
def apart_in_time(states, kind):
    """Return by what factor the last state is larger or smaller than the first."""
    import numpy as np

    last = by_seed(select(states, kind=kind, step=states.step.max()), "size")
    return np.exp(np.log(last).abs())


@statistic("×")
def remembered(states, bias):
    """Return what is left in the end of a change of an LSTM's first state."""
    return by_seed(select(states, bias=bias, step=states.step.max()), "left")


@statistic("×")
def averaged(sizes, start):
    """Return the rms that comes out of attention over the most tokens, if 1 enters."""
    return by_seed(select(sizes, start=start, tokens=sizes.tokens.max()), "square") ** 0.5


@averaged.theory
def _(predict, sizes, start):
    return predict(start, int(sizes.tokens.max()), int(sizes.width.iloc[0])) ** 0.5


# --- powers of the width --------------------------------------------------------------------


def power(table, value):
    """Return, seed by seed, the power of the width with which a column goes."""
    from lab import stats

    return table.groupby("seed")[["width", value]].apply(
        lambda rows: stats.power(rows.width, rows[value])
    )


@statistic("número")
def own_growth(check, layer, **network):
    """Return the power of the width with which a layer's weights change it in one step."""
    return power(select(check, step=1, layer=layer, **network), "own")


@own_growth.theory
def _(predict, check, layer, **network):
    own, _ = predict(**network, depth=int(check.depth.iloc[0]))
    return own[layer - 1]


def best_rates(sweep, parametrization):
    """Return the rate of the least loss, a row for each seed and width."""
    from lab import stats

    part = select(sweep, parametrization=parametrization).sort_values("learning_rate")
    best = part.groupby(["seed", "width"])[["learning_rate", "train_loss"]].apply(
        lambda rows: stats.valley(rows.learning_rate, rows.train_loss)
    )
    return best.rename("best").reset_index()


@statistic("número")
def rate_drift(sweep, parametrization):
    """Return the power of the width with which the rate of the least loss goes."""
    return power(best_rates(sweep, parametrization), "best")


@rate_drift.theory
def _(predict, sweep, parametrization):
    return predict(parametrization)


@statistic("×")
def rate_ratio(sweep, parametrization, width):
    """Return the rate of the least loss at a width over that of the widest networks."""
    best = best_rates(sweep, parametrization)
    return journey(best[best.width >= width], "best", back=True, at="width")


@rate_ratio.theory
def _(predict, sweep, parametrization, width):
    return (width / sweep.width.max()) ** predict(parametrization)


@statistic("×")
def least_loss(sweep, one, other):
    """Return the least loss of the widest networks of one parametrization over another's.

    Each seed at the best of the rates, its own.
    """

    def least(parametrization):
        part = select(sweep, parametrization=parametrization, width=sweep.width.max())
        return over(part, "train_loss", "min")

    return least(one) / least(other)


@statistic("número")
def feature_growth(moves, parametrization):
    """Return the power of the width with which features move in a training."""
    return power(select(moves, parametrization=parametrization), "moved")


@feature_growth.theory
def _(predict, moves, parametrization):
    return predict(parametrization, int(moves.depth.iloc[0]))


# --- curves, without chance -----------------------------------------------------------------


@statistic("×", exact=True)
def edge_slope(curves, activation):
    """Return the slope at the left end over the largest one."""
    slope = select(curves, activation=activation).slope
    return slope.iloc[0] / slope.max()


@statistic("número", exact=True)
def least_slope(curves, activation):
    """Return the smallest slope at negative z."""
    curve = select(curves, activation=activation)
    return curve.slope[curve.z < 0].min()


@statistic("número", exact=True)
def kink(curves, activation):
    """Return the largest jump of the slope between neighbouring points."""
    return select(curves, activation=activation).slope.diff().abs().max()


# --- transformers at birth ------------------------------------------------------------------


@statistic("×")
def norm_output(norms, norm, size):
    """Return the rms that leaves a norm when this much enters."""
    return by_seed(select(norms, norm=norm, size=size), "output")


@norm_output.theory
def _(predict, norms, norm, size):
    return predict(norm, size, norms.width.iloc[0], norms["mean"].iloc[0])[0]


@statistic("×")
def last_block_gradient(blocks, kind):
    """Return what the last block gets of the deepest stack over that of the shallowest."""
    part = select(blocks, kind=kind)
    ends = [select(part, depth=depth, block=depth) for depth in _ends(part)]
    return by_seed(ends[1], "weight_gradient") / by_seed(ends[0], "weight_gradient")


@last_block_gradient.theory
def _(predict, blocks, kind):
    tokens = int(blocks.tokens.iloc[0])
    ends = [predict(kind, depth, tokens).weight_gradient[-1] for depth in _ends(blocks)]
    return ends[1] / ends[0]


def _ends(blocks):
    return [int(blocks.depth.agg(end)) for end in ("min", "max")]


@statistic("×")
def stream_growth(blocks, kind):
    """Return the mean square that leaves the deepest stack over that of the shallowest."""
    return journey(blocks[blocks.block == blocks.depth], "size", at="depth", kind=kind)


@stream_growth.theory
def _(predict, blocks, kind):
    tokens = int(blocks.tokens.iloc[0])
    ends = [predict(kind, depth, tokens)[-1] for depth in _ends(blocks)]
    return ends[1] / ends[0]


@statistic("×")
def tokens_apart(blocks, kind, block):
    """Return what still sets two tokens apart after a block: 1 less their correlation."""
    return 1 - by_seed(select(blocks, kind=kind, block=block), "alike")


@tokens_apart.theory
def _(predict, blocks, kind, block):
    return predict(kind, int(blocks.depth.iloc[0]), int(blocks.tokens.iloc[0]))[0][block]


@statistic("×")
def gated_journey(gated, gate, start):
    """Return the mean square after the last gated layer over that at the entrance."""
    return journey(gated, "size", gate=gate, start=start)


@gated_journey.theory
def _(predict, gated, gate, start):
    return predict(gate, start, int(gated.layer.max())) / start


@statistic("puntos")
def aid_gain(runs, aid, **network):
    """Return how much more accurate a training is with an aid than without."""
    ends = select(runs, step=runs.step.max(), **network)
    helped, alone = (by_seed(select(ends, aid=name), "test_accuracy") for name in (aid, "none"))
    return helped - alone


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
