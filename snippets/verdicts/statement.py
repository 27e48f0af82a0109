"""What a statement is, the deck's or our own, and the zones and pairs that several share.

The rules are written before measuring; those that were not are named on the page of verdicts.
A ratio says how many times larger one thing is than another; a difference of accuracies is in
points (1 = 100 %).
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
            several statements ("s3-1", "s10-4b"); "c13-1" in the chapters beyond the slides.
        text: in the book's words.
        deck: the deck's own words that say it, "…" where some are left out; None: the deck
            does not say it, it is ours.
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
    deck: str | None
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
    def slide(self) -> str | None:
        """Slide that makes it, or to which it belongs: "S1" … "S15"; None: beyond them all."""
        return self.id.partition("-")[0].upper() if self.id.startswith("s") else None

    @property
    def place(self) -> tuple[int, str]:
        """Its part of the table of all the verdicts: where it comes in it, and its title."""
        number = int(self.id[1:].partition("-")[0])
        if self.slide:
            return number, f"Diapositiva {self.slide}"
        return 100 + number, f"Capítulo {number}, más allá de las diapositivas"

    @property
    def whose(self) -> str:
        """Whose it is, in Spanish."""
        return "de la diapositiva" if self.deck else "nuestra"


def pair(activation: str, initializer: str) -> dict[str, str]:
    """Name a combination."""
    return {"activation": activation, "initializer": initializer}


SIGMOID = pair("sigmoid", "glorot_uniform")
TANH = pair("tanh", "glorot_uniform")
RELU = pair("relu", "glorot_uniform")
RELU_HE = pair("relu", "he_normal")

# Zones of signals …
VANISHES = Rule(holds=(0.0, 0.1), nuanced=(0.1, 0.5))
# (kept: no nuance, since twice as much already grows and half as much already vanishes)
KEPT = Rule(holds=(0.5, 2.0))
GROWS = Rule(holds=(10.0, inf), nuanced=(2.0, 10.0))
NEGLIGIBLE = Rule(holds=(0.0, 1e-3), nuanced=(1e-3, 0.1))
# … shares (an interval may reach beyond 0 or 1, hence no borders there) …
MOSTLY = Rule(holds=(0.5, inf), nuanced=(0.1, 0.5))
HALF = Rule(holds=(0.5, inf))
SOME = Rule(holds=(0.05, inf), nuanced=(0.01, 0.05))
# … epochs: how often as many one network needs as another (less than twice is no slower) …
SLOWER = Rule(holds=(2.0, inf))
# … steadiness: in one epoch of twenty, or more, the loss of one rises and that of the other not
STEADIER = Rule(holds=(0.05, inf))
# … accuracies after training, and what one gains over another
LEARNS = Rule(holds=(0.85, inf), nuanced=(0.5, 0.85))
STUCK = Rule(holds=(-inf, 0.5), nuanced=(0.5, 0.85))
GAINS = Rule(holds=(0.2, inf), nuanced=(0.02, 0.2))
SINKS = Rule(holds=(0.5, inf), nuanced=(0.25, 0.5))


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
