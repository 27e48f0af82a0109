"""What is wrong with a network, and what to try first: from one look or from many."""

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latido.advice import advise
from latido.rules import CONTRACT, FINDINGS, RULES, has_learned, limits
from latido.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas


#: What a look knows of a layer and no table holds.
NOT_NUMBERS = ("values", "kind", "kernels", "owner", "gate")


@dataclass(frozen=True)
class Finding:
    """One symptom of one network.

    Attributes:
        symptom: one of ``FINDINGS``.
        layer: where it is worst; "(toda la red)" for what has no place.
        step: training steps taken when it was first seen.
        value: what its rule measured there; NaN if no rule did.
        threshold: of the rule that it broke.
        advice: likely cause and the smallest change to try, in Spanish. Its ``changes`` are the
            same for a program.
    """

    symptom: str
    layer: str
    step: int
    value: float
    threshold: float
    advice: str


def judge(
    now: Snapshot, first: Snapshot | None = None, thresholds: Mapping[str, float] | None = None
) -> list[Finding]:
    """Return what is wrong in one snapshot: at most one finding per symptom, worst first.

    Args:
        now: the look to be judged.
        first: the first look of the same training; ``now`` itself by default.
        thresholds: rule → threshold, for those that should not be the usual one.
    """
    first = first or now
    learned = has_learned(now, first)
    found = {
        (CONTRACT, one.where): Finding(
            CONTRACT, one.where, now.step, math.nan, math.nan, one.advice
        )
        for one in now.breaches
        if one.certain
    }
    for name, threshold in limits(thresholds).items():
        rule = RULES[name]
        if "non_finite" in found:
            break  # what the others measure in NaN says nothing
        if rule.symptom in found or (learned and rule.symptom != "non_finite"):
            continue
        layer, value = rule.worst(now, first, threshold)
        if value > threshold if rule.above else value < threshold:
            found[rule.symptom] = Finding(
                rule.symptom,
                layer,
                now.step,
                value,
                threshold,
                advise(name, rule.symptom, layer, now),
            )
    return sorted(found.values(), key=lambda finding: list(FINDINGS).index(finding.symptom))


@dataclass(frozen=True)
class Report:
    """The diagnosis of a network.

    Attributes:
        findings: each symptom once, when it was first seen; most severe first, and causes
            before what they bring about.
        snapshots: what was seen, in order; the last one says how the network stands.
    """

    findings: tuple[Finding, ...]
    snapshots: tuple[Snapshot, ...]

    @classmethod
    def of(cls, snapshots, thresholds=None) -> "Report":
        """Judge one or more looks at the same network, in order."""
        found = {}
        for now in snapshots:
            for finding in judge(now, snapshots[0], thresholds):
                where = finding.layer if finding.symptom == CONTRACT else ""  # of each output
                found.setdefault((finding.symptom, where), finding)
        order = list(FINDINGS)
        findings = sorted(found.values(), key=lambda finding: order.index(finding.symptom))
        return cls(tuple(findings), tuple(snapshots))

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def risks(self) -> dict[str, str]:
        """What may go wrong with this head, loss, labels or inputs: where → advice, in Spanish."""
        last = self.snapshots[-1].breaches if self.snapshots else ()
        return {one.where: one.advice for one in last if not one.certain}

    @property
    def skipped(self) -> dict[str, str]:
        """Layer with weights that can't be seen → why, in Spanish."""
        return self.snapshots[-1].skipped if self.snapshots else {}

    def table(self) -> "pandas.DataFrame":
        """Return the findings with Spanish headings, one per row."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "síntoma": FINDINGS[f.symptom],
                    "capa": f.layer,
                    "paso": f.step,
                    "valor": _short(f.value),
                    "umbral": _short(f.threshold),
                    "consejo": f.advice,
                }
                for f in self.findings
            ],
            columns=["síntoma", "capa", "paso", "valor", "umbral", "consejo"],
        )

    def layers(self) -> "pandas.DataFrame":
        """Return every number of every look: one row per (step, layer)."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict]:
        """Return the same numbers as plain data."""
        return [
            {"step": now.step, "loss": now.loss}
            | {name: value for name, value in vars(layer).items() if name not in NOT_NUMBERS}
            for now in self.snapshots
            for layer in now.layers
        ]

    def to_json(self) -> str:
        """Return findings, layers of the last look, risks and what was skipped, as JSON."""
        last = self.snapshots[-1].step if self.snapshots else 0
        content = {
            "healthy": self.healthy,
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
            "layers": [row for row in self.rows() if row["step"] == last],
            "risks": self.risks,
            "skipped": self.skipped,
        }
        return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)


def _short(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.2g}"


def _plain(value):
    """JSON knows neither NaN nor infinity: null and a number too large to be meant."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


if __name__ == "__main__":
    from latido.arguments import not_the_command

    not_the_command()
