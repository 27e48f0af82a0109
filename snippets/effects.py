"""From the data of an experiment to one effect per seed, and to what theory expects of it.

Each statistic takes the data and the arguments that a statement gives it, and returns a
pandas Series over the seeds. Those that theory can predict have a second function.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Statistic:
    """An effect: how it is measured, whether it is a ratio, and what theory expects.

    ``unit``: "×" for a ratio, "puntos" for a difference of accuracies, "%" for a share.
    """

    measured: Callable
    unit: str = "×"
    predicted: Callable | None = None

    @property
    def ratio(self) -> bool:
        """Whether effects are averaged in the logarithm."""
        return self.unit == "×"


def by_seed(part, column):
    """Return a column as a series over the seeds."""
    return part.set_index("seed")[column].sort_index()


def of_pair(frame, activation, initializer):
    """Return the rows of one combination."""
    return frame[(frame.activation == activation) & (frame.initializer == initializer)]


def accuracy(grid, **pair):
    """Return the final test accuracy; a network that diverged gets nothing right."""
    part = of_pair(grid, **pair)
    return by_seed(part[part.epoch == part.epoch.max()], "test_accuracy").fillna(0.0)


def accuracy_gain(grid, better, worse):
    """Return how much more accurate one combination is than another, seed by seed."""
    return accuracy(grid, **better) - accuracy(grid, **worse)


def factor_accuracy_gain(runs, better, worse):
    """Return how much more accurate the weights times one factor are than times another."""
    last = runs.training[runs.training.epoch == runs.training.epoch.max()]
    ends = [by_seed(last[last.factor == factor], "test_accuracy") for factor in (better, worse)]
    return ends[0] - ends[1]


def factor_delta_ratio(runs, factor):
    """Return δ in the first layer over δ in the last."""
    part = runs.signals[runs.signals.factor == factor]
    first, last = (part[part.layer == layer] for layer in (1, part.layer.max()))
    return by_seed(first, "delta_rms") / by_seed(last, "delta_rms")


def predicted_factor_delta_ratio(runs, factor):
    """Return the same from theory."""
    import same_weights

    line = same_weights.predict(runs)[factor]
    return line[0] / line[-1]


def deep_over_shallow(sweep, **pair):
    """Return δ at layer 1 of the deepest network over that of the shallowest."""
    part = of_pair(sweep, **pair)
    deep, shallow = (part[part.depth == depth] for depth in (part.depth.max(), part.depth.min()))
    return by_seed(deep, "delta_rms") / by_seed(shallow, "delta_rms")


def singular(product, kind, gain, value):
    """Return a singular value of the longest product of matrices."""
    part = product[(product.kind == kind) & (product.gain == gain)]
    return by_seed(part[part.depth == part.depth.max()], value)


def predicted_singular(product, kind, gain, value):
    """Return gain^depth; for the median of Gaussian matrices, Newman's (1986) exponent."""
    shrink = 2**-0.5 if (kind, value) == ("gaussian", "median") else 1.0
    return (gain * shrink) ** product.depth.max()


STATISTICS = {
    "accuracy": Statistic(accuracy, "%"),
    "accuracy_gain": Statistic(accuracy_gain, "puntos"),
    "factor_accuracy_gain": Statistic(factor_accuracy_gain, "puntos"),
    "factor_delta_ratio": Statistic(factor_delta_ratio, "×", predicted_factor_delta_ratio),
    "deep_over_shallow": Statistic(deep_over_shallow),
    "singular": Statistic(singular, "×", predicted_singular),
}
