"""What is wrong with a network, and what to try first: from one look or from many."""

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latido.advice import advise
from latido.rules import RULES, SYMPTOMS, has_learned, limits
from latido.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Finding:
    """One symptom of one network.

    Attributes:
        symptom: one of ``SYMPTOMS``.
        layer: where it is worst; "(toda la red)" for what has no place.
        step: training steps taken when it was first seen.
        value: what its rule measured there.
        threshold: of the rule that it broke.
        advice: likely cause and the smallest change to try, in Spanish.
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
    found = {}
    for name, threshold in limits(thresholds).items():
        rule = RULES[name]
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
    return sorted(found.values(), key=lambda finding: list(SYMPTOMS).index(finding.symptom))


@dataclass(frozen=True)
class Report:
    """The diagnosis of a network.

    Attributes:
        findings: each symptom once, when it was first seen; most severe first, and causes
            before what they bring about.
        snapshots: what was seen, in order; the last one says how the network stands.
        warnings: what kept a monitor from looking, in Spanish.
    """

    findings: tuple[Finding, ...]
    snapshots: tuple[Snapshot, ...]
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, snapshots, thresholds=None) -> "Report":
        """Judge one or more looks at the same network, in order."""
        found = {}
        for now in snapshots:
            for finding in judge(now, snapshots[0], thresholds):
                found.setdefault(finding.symptom, finding)
        return cls(tuple(found[s] for s in SYMPTOMS if s in found), tuple(snapshots))

    @property
    def healthy(self) -> bool:
        """Whether something was looked at, and nothing was found."""
        return not self.findings and any(now.layers for now in self.snapshots)

    @property
    def skipped(self) -> dict[str, str]:
        """Layer with weights that can't be seen → why, in Spanish."""
        return self.snapshots[-1].skipped if self.snapshots else {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about how this diagnosis was made, in Spanish."""
        last = self.snapshots[-1] if self.snapshots else None
        found = [*self.warnings, *(last.notes if last else ())]
        if last and (apart := _apart(last)):
            found.append(apart)
        return tuple(found)

    def table(self) -> "pandas.DataFrame":
        """Return the findings with Spanish headings, one per row."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "síntoma": SYMPTOMS[f.symptom],
                    "capa": f.layer,
                    "paso": f.step,
                    "valor": f"{f.value:.2g}",
                    "umbral": f"{f.threshold:.2g}",
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
            | {name: value for name, value in vars(layer).items() if name != "values"}
            for now in self.snapshots
            for layer in now.layers
        ]

    def to_json(self) -> str:
        """Return findings, layers of the last look and what was skipped, as JSON."""
        last = self.snapshots[-1].step if self.snapshots else 0
        content = {
            "healthy": self.healthy,
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
            "layers": [row for row in self.rows() if row["step"] == last],
            "skipped": self.skipped,
            "notes": list(self.notes),
        }
        return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)


#: Our loss and that of ``fit`` may differ by so much: dropout, regularization, other samples.
APART = 3.0


def _apart(now: Snapshot) -> str:
    """Say that the batch is not what is trained on, if its loss is another; "" if it is not."""
    ours, told = now.loss, now.fit_loss
    if told is None or not (math.isfinite(told) and math.isfinite(ours)):
        return ""
    small, large = sorted((abs(ours), abs(told)))
    if large < APART * small or large < 0.05 * abs(now.constant_loss):
        return ""
    return (
        f"fit dice una pérdida de {told:.3g} y en el lote que se mira es de {ours:.3g}: ese lote "
        "no es lo que se entrena (otros ejemplos, otro tamaño de lote, pesos por clase o "
        "regularización). Dale al diagnóstico los datos de fit."
    )


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
