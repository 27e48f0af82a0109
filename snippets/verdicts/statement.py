"""What a statement of the deck is, and the zones and combinations that several share.

The rules are written before measuring. A ratio says how many times larger one thing is than
another; a difference of accuracies is in points (1 = 100 %).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from string import ascii_lowercase

from verdicts.effects import Statistic
from verdicts.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement.

    Attributes:
        id: the label of its paragraph in the book, with a letter if the slide's line makes
            several statements ("s3-1", "s10-4b").
        text: in the book's words.
        measured: what is measured, in words; its unit too.
        experiment: the module whose ``measure`` says it, by the name under which it is
            imported. It is a name, so that a statement depends on no experiment; a page hands
            in the module itself.
        effect: how the data of the experiment become one number per seed.
        of: arguments of the effect: which part of the experiment.
        rule: zones of the effect.
        expected: the verdict that the book tells.
        why: one line.
    """

    id: str
    text: str
    measured: str
    experiment: str
    effect: Statistic
    of: Mapping[str, object] = field(default_factory=dict)
    rule: Rule
    expected: str
    why: str

    @property
    def label(self) -> str:
        """Label of the paragraph that tells it: the id without the letter."""
        return self.id.rstrip(ascii_lowercase)

    @property
    def slide(self) -> str:
        """Slide that makes it, "S1" … "S15"."""
        return self.id.partition("-")[0].upper()


def pair(activation: str, initializer: str) -> dict[str, str]:
    """Name a combination."""
    return {"activation": activation, "initializer": initializer}


SIGMOID = pair("sigmoid", "glorot_uniform")
TANH = pair("tanh", "glorot_uniform")
RELU = pair("relu", "glorot_uniform")
RELU_HE = pair("relu", "he_normal")

# Zones of signals …
VANISHES = Rule(holds=(0.0, 0.1), nuanced=(0.1, 0.5))
KEPT = Rule(holds=(0.5, 2.0), nuanced=(0.1, 10.0))
GROWS = Rule(holds=(10.0, inf), nuanced=(2.0, 10.0))
NEGLIGIBLE = Rule(holds=(0.0, 1e-3), nuanced=(1e-3, 0.1))
# … shares (an interval may reach beyond 0 or 1, hence no borders there) …
MOSTLY = Rule(holds=(0.5, inf), nuanced=(0.1, 0.5))
FIFTH = Rule(holds=(0.2, inf))
HALF = Rule(holds=(0.5, inf))
SOME = Rule(holds=(0.05, inf), nuanced=(0.01, 0.05))
# … accuracies after training, and what one gains over another
LEARNS = Rule(holds=(0.85, inf), nuanced=(0.5, 0.85))
STUCK = Rule(holds=(-inf, 0.5), nuanced=(0.5, 0.85))
GAINS = Rule(holds=(0.2, inf), nuanced=(0.02, 0.2))
NO_LOSS = Rule(holds=(-inf, 0.1), nuanced=(0.1, 0.2))
SINKS = Rule(holds=(0.5, inf), nuanced=(0.25, 0.5))


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
