"""What is wrong with a network, and what to try first: from one look or from many."""

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from latido.advice import advise
from latido.likelihood import (
    ALARMS,
    FAILS,
    SILENCE,
    WATCH,
    YOURS,
    alarmed,
    probability,
    weighed,
)
from latido.rules import CONTRACT, FINDINGS, RULES, WHOLE, has_learned, limits
from latido.snapshot import Snapshot
from latido.words import Text, language, refusing_in, spoken

if TYPE_CHECKING:
    import pandas

    from latido.trial import Trial


#: What a look knows of a layer and no table holds.
NOT_NUMBERS = ("values", "kind", "kernels", "owner", "factor")


@dataclass(frozen=True)
class Finding:
    """One symptom of one network.

    Attributes:
        symptom: one of ``FINDINGS``.
        layer: where it is worst; "(toda la red)", or "(whole network)", for what has no place.
        step: training steps taken when it was first seen.
        value: what its rule measured there; NaN if no rule did.
        threshold: of the rule that it broke.
        advice: likely cause and the smallest change to try. Its ``changes`` are the same for a
            program.
        likelihood: how likely it is that the network ends no better than a constant answer, as
            things stood when it was last seen; measured (``latido.likelihood``). Of what is so by
            definition it is 1: what the finding names never learns, whatever the rest does.
        level: «va a fallar» ("will fail"); «pasa tu umbral» ("past your threshold"), if the
            threshold is the reader's own; or «vigila» ("watch") for what networks that learn have
            too.
        gone: steps taken when it was first no longer there; None while it is.
    """

    symptom: str
    layer: str
    step: int
    value: float
    threshold: float
    advice: str
    likelihood: float = 1.0
    level: str = FAILS
    gone: int | None = None

    @property
    def active(self) -> bool:
        """Whether it is still there."""
        return self.gone is None

    @property
    def state(self) -> str:
        """The level in words, or since when it is gone."""
        if self.active:
            return self.level
        return Text("pasó en el paso {step}", step=self.gone).into(
            getattr(self.level, "lang", "es")
        )

    def into(self, lang: str) -> "Finding":
        """Return the same in another language."""
        named = {name: spoken(getattr(self, name), lang) for name in ("layer", "advice", "level")}
        return dataclasses.replace(self, **named)


def judge(
    now: Snapshot,
    first: Snapshot | None = None,
    thresholds: Mapping[str, float] | None = None,
    lang: str | None = None,
) -> list[Finding]:
    """Return what is wrong in one snapshot: at most one finding per symptom, worst first.

    What a rule sees is said of a network that may well fail by it; of one that most likely
    learns all the same, nothing is said, unless it is so ``BY_DEFINITION`` or breaks a threshold
    of the reader's own.

    Args:
        now: the look to be judged.
        first: the first look of the same training; ``now`` itself by default.
        thresholds: rule → threshold, for those that should not be the usual one.
        lang: "es" or "en"; by default, the environment's language.
    """
    lang = language(lang)
    with refusing_in(lang):
        return [finding.into(lang) for finding in _judge(now, first or now, thresholds)]


def _judge(now: Snapshot, first: Snapshot, thresholds: Mapping[str, float] | None) -> list[Finding]:
    likelihood, asked = probability(now, first), {*(thresholds or ())}
    learned, fails = has_learned(now, first), alarmed(likelihood, now, first)
    told = asked if learned else asked | BY_DEFINITION
    found: dict[Any, Finding] = {
        (CONTRACT, one.where): Finding(
            *(CONTRACT, one.where, now.step, math.nan, math.nan, one.advice),
            *((likelihood, WATCH) if learned else (1.0, FAILS)),
        )
        for one in now.breaches
        if one.certain
    }

    def add(name: str, threshold: float, layer: str, value: float) -> None:
        rule = RULES[name]
        advice = advise(name, rule.symptom, layer, now, first)
        sure = name in CERTAIN
        level = FAILS if sure or fails else YOURS if name in asked else WATCH
        found[rule.symptom] = Finding(
            *(rule.symptom, layer, now.step, value, threshold, advice),
            *(1.0 if sure else likelihood, level),
        )

    for name, threshold in limits(thresholds).items():
        rule = RULES[name]
        if "non_finite" in found:
            break  # what the others measure in NaN says nothing
        if rule.symptom in found or (likelihood < SILENCE and name not in told):
            continue
        layer, value = rule.worst(now, first, threshold)
        if value > threshold if rule.above else value < threshold:
            add(name, threshold, layer, value)
    if fails and not found:  # no rule alone, but all the signs together
        name = _heaviest(now, first)
        layer, value = RULES[name].worst(now, first)
        add(name, RULES[name].threshold, layer or WHOLE, value)
    return sorted(found.values(), key=lambda finding: list(FINDINGS).index(finding.symptom))


#: Rules that need no measured threshold: what they see is told, however likely the network learns.
BY_DEFINITION = {"not_finite", "cut_off", "duplicate_fraction", "time_growth", "memory"}

#: And of these, what alarms even if other layers learn: the one that it names never will.
CERTAIN = {"cut_off"}
#: What no trial can take back.
SURE = {"non_finite", CONTRACT} | {RULES[name].symptom for name in CERTAIN}

#: Sign of ``latido.likelihood`` → the rule that measures the same.
RULE_OF = {
    "leap": "promised_fall",
    "long_step": "promised_fall",
    "crawl": "step_ahead",
    "far": "step_ahead",
    "short_step": "step_ahead",
    "first_still": "delta_decay",
    "decay_kept": "delta_decay",
    "decay_divided": "delta_decay",
    "growth": "delta_growth",
    "contrast": "contrast",
    "contrast_lost": "contrast",
    "dead": "dead_fraction",
    "saturated": "saturated_fraction",
    "all_saturated": "saturated_fraction",
    "twins": "duplicate_fraction",
    "first_loss": "relative_gradient",
    "late": "loss_left",
    "no_better": "loss_left",
    "above": "loss_left",
    "unsure": "loss_left",
}


def _heaviest(now: Snapshot, first: Snapshot) -> str:
    """Return the rule of the sign that speaks loudest against a network."""
    signs = weighed(now, first)
    return RULE_OF[max(signs, key=signs.__getitem__)]


@dataclass(frozen=True)
class Report:
    """The diagnosis of a network.

    Attributes:
        findings: each symptom once, as it was first seen, with its state at the last look;
            most severe first, and causes before what they bring about.
        snapshots: what was seen, in order; the last one says how the network stands.
        warnings: what kept a monitor from looking.
        trial: what came of training a copy, if that was asked for.
        lang: "es" or "en", in which all of it is said; by default, the environment's language.
    """

    findings: tuple[Finding, ...]
    snapshots: tuple[Snapshot, ...]
    warnings: tuple[str, ...] = ()
    trial: "Trial | None" = None
    lang: str = dataclasses.field(default_factory=language, repr=False)

    def __post_init__(self) -> None:
        lang = language(self.lang)
        findings = tuple(finding.into(lang) for finding in self.findings)
        warnings = tuple(spoken(warning, lang) for warning in self.warnings)
        vars(self).update(lang=lang, findings=findings, warnings=warnings)  # it is frozen

    def into(self, lang: str) -> "Report":
        """Return the same report in another language, "es" or "en"."""
        return dataclasses.replace(self, lang=lang)

    @classmethod
    def of(
        cls,
        snapshots: Sequence[Snapshot],
        thresholds: Mapping[str, float] | None = None,
        trial: "Trial | None" = None,
        lang: str | None = None,
    ) -> "Report":
        """Judge one or more looks at the same network, in order, and a trial of it."""
        found: dict[Any, Finding] = {}
        for now in snapshots:
            seen = {_key(finding): finding for finding in _judge(now, snapshots[0], thresholds)}
            for key, finding in found.items():
                if key not in seen and finding.active:
                    found[key] = dataclasses.replace(finding, gone=now.step)
            for key, finding in seen.items():
                first = found.get(key, finding)
                found[key] = dataclasses.replace(
                    first, likelihood=finding.likelihood, level=finding.level, gone=None
                )
        if trial:
            found = _tried(found, trial, snapshots, thresholds)
        order = list(FINDINGS)
        findings = sorted(found.values(), key=lambda finding: order.index(finding.symptom))
        return cls(tuple(findings), tuple(snapshots), trial=trial or None, lang=language(lang))

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings still there that say «va a fallar», or break a threshold of the reader's."""
        return tuple(f for f in self.findings if f.active and f.level in ALARMS)

    @property
    def healthy(self) -> bool:
        """Whether something was looked at, and there is no alarm.

        What is only to be watched, or gone, is none.
        """
        return not self.alarms and any(now.layers for now in self.snapshots)

    @property
    def risks(self) -> dict[str, str]:
        """What may go wrong with this head, loss, labels or inputs: where → advice."""
        last = self.snapshots[-1].breaches if self.snapshots else ()
        return {
            spoken(one.where, self.lang): one.advice.into(self.lang)
            for one in last
            if not one.certain
        }

    @property
    def skipped(self) -> dict[str, str]:
        """Layer with weights that can't be seen → why."""
        last = self.snapshots[-1].skipped if self.snapshots else {}
        return {layer: spoken(why, self.lang) for layer, why in last.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about how this diagnosis was made."""
        last = self.snapshots[-1] if self.snapshots else None
        found = [*self.warnings, *(last.notes if last else ())]
        if last and (apart := _apart(last)):
            found.append(apart)
        if not self.trial and (open_ := _undecided(self)):
            found.append(open_)
        return tuple(spoken(note, self.lang) for note in found)

    def table(self) -> "pandas.DataFrame":
        """Return the findings, one per row, with headings in the language of the report.

        The symptom, its state, how likely the network is to fail, the layer, the step, the value,
        its threshold, and the advice.
        """
        import pandas as pd

        rows = [
            (
                *(FINDINGS[f.symptom], f.state, _percent(f.likelihood), f.layer),
                *(f.step, _short(f.value), _short(f.threshold), f.advice),
            )
            for f in self.findings
        ]
        return pd.DataFrame(
            [[spoken(cell, self.lang) for cell in row] for row in rows],
            columns=[heading.into(self.lang) for heading in HEADINGS],
        )

    def layers(self) -> "pandas.DataFrame":
        """Return every number of every look: one row per (step, layer)."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
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
            "findings": [
                {**dataclasses.asdict(finding), "active": finding.active}
                for finding in self.findings
            ],
            "trial": self.trial and self.trial.summary(),
            "layers": [row for row in self.rows() if row["step"] == last],
            "risks": self.risks,
            "skipped": self.skipped,
            "notes": list(self.notes),
        }
        return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)


#: Of the table of findings.
HEADINGS = (
    *(Text("síntoma"), Text("estado"), Text("falla"), Text("capa")),
    *(Text("paso"), Text("valor"), Text("umbral"), Text("consejo")),
)

#: Our loss and that of ``fit`` may differ by so much: dropout, regularization, other samples.
APART = 3.0


def _apart(now: Snapshot) -> Text | None:
    """Say that the batch is not what is trained on, if its loss is another."""
    ours, told = now.loss, now.fit_loss
    if told is None or not (math.isfinite(told) and math.isfinite(ours)):
        return None
    small, large = sorted((abs(ours), abs(told)))
    if large < APART * small or large < 0.05 * abs(now.constant_loss):
        return None
    return Text(
        "fit dice una pérdida de {told:.3g} y en el lote que se mira es de {ours:.3g}: ese lote "
        "no es lo que se entrena (otros ejemplos, otro tamaño de lote, pesos por clase o "
        "regularización). Dale al diagnóstico los datos de fit.",
        told=told,
        ours=ours,
    )


def _key(finding: Finding) -> Any:
    """Return what tells a finding from others: there is one of each symptom, or of each output."""
    contract = finding.symptom == CONTRACT
    return (CONTRACT, finding.layer) if contract else finding.symptom


def _undecided(report: Report) -> Text | None:
    """Say that one look does not decide, before the first step, and what does; None if it does."""
    watched = [f for f in report.findings if f.active]
    if len(report.snapshots) > 1 or report.alarms or not watched:
        return None
    return Text(
        "Una mirada no basta para decidir ({chance}). La prueba sí: examine(…, trial=400), o "
        "--trial 400 en la terminal.",
        chance=_percent(max(f.likelihood for f in watched)),
    )


def _tried(
    found: dict[Any, Finding],
    trial: "Trial",
    snapshots: Sequence[Snapshot],
    thresholds: Mapping[str, float] | None,
) -> dict[Any, Finding]:
    """Return the findings in the light of a trial: its copy tells how the network will stand.

    What was found stays, with the likelihood that the copy has at its end. If nothing was and the
    copy fails, what ails it is told.
    """
    now, first = trial.look, snapshots[0]
    likelihood = probability(now, first)
    fails = alarmed(likelihood, now, first)

    def told(finding: Finding) -> Finding:
        if finding.symptom in SURE:
            return finding
        level = FAILS if fails else YOURS if finding.level == YOURS else WATCH
        return dataclasses.replace(finding, likelihood=likelihood, level=level)

    found = {
        # A network that does what it is asked for does not break the contract so badly.
        key: dataclasses.replace(finding, likelihood=likelihood, level=WATCH)
        if finding.symptom == CONTRACT and trial.learned
        else told(finding)
        for key, finding in found.items()
    }
    if fails and not any(finding.active for finding in found.values()):
        found |= {_key(finding): finding for finding in _judge(now, first, thresholds)}
    return found


def _percent(likelihood: float) -> Text:
    """Write a likelihood; what was measured is never certain."""
    share = f"{100 * likelihood:.0f}"
    if 0 < likelihood < 1:
        share = {"0": "<\N{NO-BREAK SPACE}1", "100": ">\N{NO-BREAK SPACE}99"}.get(share, share)
    return Text("{share}\N{NO-BREAK SPACE}%", share=share)  # in one piece


def _short(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.2g}"


def _plain(value: Any) -> Any:
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
