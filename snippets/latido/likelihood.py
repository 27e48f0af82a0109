"""How likely it is that a network will fail, from the few numbers that say so.

Each sign is a number of the network at one look: zero where nothing speaks against it, and
beyond that the decades (or the share) by which it is past its mark. ``latido.calibrated`` holds
how much each weighs, measured on one half of a collection of networks and reported on the other.
The weighed signs add up to the logarithm of the odds: a logistic regression whose weights may not
be negative, so that a sign can only speak against a network.
"""

import math
from typing import Any

from latido.calibrated import CALIBRATED as _CALIBRATED
from latido.chance import CRITICAL, better
from latido.rules import RULES, has_learned
from latido.snapshot import Snapshot
from latido.steps import promised_fall, relative_steps
from latido.words import LANGUAGES, Text

#: What was measured: numbers, and tables of numbers.
CALIBRATED: dict[str, Any] = _CALIBRATED

#: The levels of a finding. An alarm follows from the likelihood, or from a threshold that the
#: reader has set.
FAILS, YOURS, WATCH = Text("va a fallar"), Text("pasa tu umbral"), Text("vigila")
#: In each language.
ALARMS = tuple(level.into(lang) for level in (FAILS, YOURS) for lang in LANGUAGES)
#: Below this likelihood nothing is said of a network.
SILENCE = CALIBRATED["silence"]
#: Optimizers that do not divide a gradient by its own size.
PROPORTIONAL = ("SGD", "Adagrad", "Ftrl")


def probability(now: Snapshot, first: Snapshot) -> float:
    """Return how likely it is that a network ends no better than a constant answer.

    Args:
        now, first: this look, and the first one of the same training.
    """
    if not now.finite:
        return CALIBRATED["broken"]
    if has_learned(now, first):
        return CALIBRATED["learned"]
    odds = sum(weighed(now, first).values()) + _weights(now, first)["intercept"]
    likelihood = 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
    return max(likelihood, CALIBRATED["broken"]) if about_to_overflow(now) else likelihood


def about_to_overflow(now: Snapshot) -> bool:
    """Return whether a recurrence that nothing bounds multiplies its signal at every step.

    The collection has no sequences long enough to weigh it. Of 14 trainings of a relu recurrence
    whose δ grew five hundredfold or more over 50 or 100 steps, by Adam or SGD, none learned in 200
    steps and ten ended in NaN; of six with clipnorm one learned, and of six behind a tanh two.
    """
    if any(now.settings.get(name) for name in ("clipnorm", "clipvalue", "global_clipnorm")):
        return False
    return any(
        layer.time_growth > RULES["time_growth"].threshold and math.isnan(layer.saturated_fraction)
        for layer in now.layers
    )


def alarmed(likelihood: float, now: Snapshot, first: Snapshot) -> bool:
    """Return whether a network «va a fallar», and is not only to be watched.

    Args:
        likelihood: the ``probability`` of these looks.
        now, first: as there.

    One that comes trained, with a loss whose best constant answer is not known, may well have
    learned before: of it only numbers that are not finite are sure.
    """
    likely = likelihood >= CALIBRATED["alarm"][_phase(now, first)]
    known = first.step == 0 or now.constant_losses is not None
    return likely and (known or not now.finite)


def weighed(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what each sign adds to the logarithm of the odds."""
    weights = _weights(now, first)
    return {name: weights.get(name, 0.0) * value for name, value in signs(now, first).items()}


def _weights(now: Snapshot, first: Snapshot) -> dict[str, float]:
    return CALIBRATED[_phase(now, first)]


def _phase(now: Snapshot, first: Snapshot) -> str:
    return "start" if now.step == first.step else "training"


def signs(now: Snapshot, first: Snapshot) -> dict[str, float]:
    """Return what speaks against a network: sign → 0 or more."""

    def measured(rule: str) -> list[float]:
        values = RULES[rule].measure(now, first).values()
        return [value for value in values if not math.isnan(value)]

    steps, dead = relative_steps(now), measured("dead_fraction")
    saturated, twins = measured("saturated_fraction"), measured("duplicate_fraction")
    # Not of a layer that a head or a branch at zero cuts off, until its first step.
    bottom, arrives = RULES["delta_decay"].worst(now, first)
    decay, proportional = _below(arrives, 0.1), now.optimizer in PROPORTIONAL
    _, contrast = RULES["contrast"].worst(now, first)
    fall, known = promised_fall(now), now.constant_loss > 0
    found = {
        "leap": _above(fall, 1.0),
        "crawl": _below(fall, 1e-3),
        "far": _above((1 - now.constant_loss / now.loss) / fall, 300.0)
        if known and fall and now.loss > now.constant_loss
        else 0.0,
        "long_step": _above(max(steps.values()), 0.1) if steps else 0.0,
        "short_step": _below(max(steps.values()), 1e-4) if steps else 0.0,
        "first_still": _below(steps.get(bottom, math.nan), 1e-4),
        "decay_kept": decay if proportional else 0.0,
        "decay_divided": 0.0 if proportional else decay,
        "growth": _above(max(measured("delta_growth"), default=0.0), 3.0),
        "contrast": _below(contrast, 0.01),
        "contrast_lost": _below(contrast, 1e-6),
        "dead": _below(1 - max(dead, default=0.0), 0.5),
        "saturated": max(saturated, default=0.0),
        "all_saturated": min(saturated, default=0.0) if len(saturated) == len(now.hidden) else 0.0,
        "twins": min(twins, default=0.0),
        "first_loss": _above(now.loss / now.constant_loss, 3.0) if known else 0.0,
    }
    if now.step > first.step:
        gain = better(now.losses, first.losses)
        found |= {
            "late": math.log10((now.step - first.step) / 10 + 1),
            "no_better": 0.0 if gain > CRITICAL else 1.0,
            "above": _above(now.loss / now.constant_loss, 1.0) if known else 0.0,
            "unsure": min(max(1 - better(now.losses, now.constant_losses) / CRITICAL, 0.0), 2.0)
            if known
            else 0.0,
        }
    return found


def _above(value: float, mark: float) -> float:
    """Return the decades by which a value is above a mark, up to 6; 0 below, or if unknown."""
    return min(math.log10(value / mark), 6.0) if value > mark else 0.0


def _below(value: float, mark: float) -> float:
    """Return the decades by which a value is below a mark, up to 6; 0 above, or if unknown."""
    if math.isnan(value) or value >= mark:
        return 0.0
    return min(math.log10(mark / value), 6.0) if value > 0 else 6.0


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
