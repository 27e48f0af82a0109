"""A look as loggers take it: the numbers that SignalMonitor puts into the logs of Keras."""

import math
from collections.abc import Iterable, Mapping

from latido.likelihood import ALARMS, probability
from latido.report import Finding
from latido.rules import RULES, limits
from latido.snapshot import Snapshot

PREFIX = "latido/"
#: The names of all of them, which never change along a training: CSVLogger takes its columns from
#: the first epoch, and a table of ``History`` needs as many values of each.
NAMES = tuple(PREFIX + name for name in ("step", "loss", "likelihood", "alarms", *RULES))
#: Before the first look, and when nothing is looked at any more.
NOTHING = dict.fromkeys(NAMES, math.nan)


def numbers(
    now: Snapshot,
    first: Snapshot,
    found: Iterable[Finding],
    thresholds: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return name → number: what a look says, in a few numbers.

    Args:
        now, first: this look, and the first one of the same training.
        found: what ``latido.judge`` says of them.
        thresholds: as for ``latido.examine``.

    The step and loss of the look, how likely the network is to fail, how many findings are alarms,
    and of each rule the value in the layer where it is worst; NaN where a rule does not apply.
    """
    values = {
        "step": now.step,
        "loss": now.loss,
        "likelihood": probability(now, first),
        "alarms": sum(finding.level in ALARMS for finding in found),
        **{name: RULES[name].worst(now, first, at)[1] for name, at in limits(thresholds).items()},
    }
    return {PREFIX + name: float(value) for name, value in values.items()}


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
