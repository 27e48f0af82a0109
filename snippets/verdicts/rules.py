"""From measured effects to a verdict, by a rule fixed before measuring.

An effect is one number per seed. Its 95 % interval is compared with zones of the number
line; only an interval that lies entirely inside a zone decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HOLDS = "se cumple"
NUANCED = "se cumple con matices"
FAILS = "no se cumple"
UNDECIDED = "indeciso"
VERDICTS = (HOLDS, NUANCED, FAILS, UNDECIDED)


@dataclass(frozen=True)
class Interval:
    """Centre of an effect over the seeds and its 95 % confidence interval."""

    centre: float
    low: float
    high: float


def interval(effects: Sequence[float], *, ratio: bool) -> Interval:
    """Return Student's 95 % interval of the mean effect over the seeds.

    Args:
        effects: one number per seed, (seeds,), two or more; with a paired design, the
            difference or quotient of each pair.
        ratio: the effect is a quotient: the mean is the geometric one, and the interval is
            that of the logarithm.

    Raises:
        ValueError: fewer than two effects, one that is not finite, or a quotient that is not
            positive.
    """
    import numpy as np

    from lab.stats import half_width

    effects = np.asarray(effects, dtype=float)
    if effects.ndim != 1 or len(effects) < 2 or not np.isfinite(effects).all():
        raise ValueError(f"hacen falta dos efectos finitos o más, uno por semilla: {effects}")
    if ratio and (effects <= 0).any():
        raise ValueError(f"un cociente tiene que ser mayor que cero: {effects}")
    values = np.log(effects) if ratio else effects
    centre, half = values.mean(), half_width(values)
    ends = np.array([centre, centre - half, centre + half])
    return Interval(*(np.exp(ends) if ratio else ends).tolist())


@dataclass(frozen=True)
class Rule:
    """Zones of an effect: where a statement holds, where with a nuance; elsewhere it fails.

    Each zone is (lowest, highest), both included; use ±inf for an open side.
    """

    holds: tuple[float, float] | None = None
    nuanced: tuple[float, float] | None = None

    def verdict(self, effect: Interval) -> str:
        """Return the verdict of a whole interval; undecided if it straddles a border."""
        zones = {HOLDS: self.holds, NUANCED: self.nuanced}
        touched = False
        for verdict, zone in zones.items():
            if zone is None:
                continue
            low, high = zone
            if low <= effect.low and effect.high <= high:
                return verdict
            touched |= low <= effect.high and effect.low <= high
        return UNDECIDED if touched else FAILS


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
