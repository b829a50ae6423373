"""Examine a change: by the rules of changes, and its new values like a decision of that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.law import Finding, Lawbook, Theme
from dingmi_mark.domain.rules import RULES, change, releasing
from dingmi_mark.domain.rules.case import Case, Rule
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.examining import findings_in, outcomes, refusals

CHANGE_RULES: tuple[Rule[ChangeCase], ...] = (
    Rule("change-organ", change.organ_may_change),
    Rule("change-beijing", change.beijing_department_may_change),
    Rule("change-record", change.change_is_recorded),
    Rule("change-record-beijing", change.change_is_recorded_in_beijing),
    Rule("change-days", change.change_days_are_in_order),
    Rule("change-content", change.change_has_content),
    Rule("change-reason", change.lowering_gives_reason, binding=True),
    Rule("change-over", change.changed_while_secret),
    Rule("change-start", change.changed_period_says_its_start),
    Rule("change-derived", change.derivative_follows_its_source),
    Rule("change-joint", change.joint_organs_agree),
    Rule("change-notice", change.change_is_notified),
    Rule("extension-in-time", change.extension_is_in_time),
    Rule("extension-whole", change.extension_states_what_the_law_asks),
    Rule("extension-longer", change.extension_is_longer),
    Rule("release-expired", releasing.period_is_over_indeed),
    Rule("release-published", releasing.publication_is_shown),
    Rule("release-long-term", releasing.long_term_is_released_above),
    Rule("release-part", releasing.part_is_released_by_points),
    Rule("release-notice", releasing.release_is_notified),
    Rule("release-beijing", releasing.released_bears_no_mark_in_beijing),
)

_OF_VALUES = frozenset(
    {
        "period-limit",
        "long-term",
        "months",
        "condition-length",
        "period-over",
        "scope-narrow",
        "derived-scope",
        "point-levels",
        "point-periods",
    }
)
"""Rules of the record that a new level, period or scope must pass too."""

_OF_SOURCES = frozenset(
    {
        "source-over",
        "derived-level",
        "derived-period",
        "derived-period-beijing",
        "derived-comparable",
        "points-used",
    }
)
"""Rules of derivation, asked where the notice gives the sources as they stand since."""

_OF_OFFICER = frozenset({"officer-authority", "officer-letter", "stand-in"})
_OF_ORGAN = frozenset({"organ-authority", "organ-authority-other", "no-regrant"})


@dataclass(frozen=True)
class ChangeOutcome:
    """What a notice comes to: the marking after it, None where the rules refuse."""

    findings: tuple[Finding, ...]
    after: MarkingInForce | None

    @property
    def only_a_suggestion(self) -> bool:
        """Whether it fails for want of power alone: it may go up as a suggestion (条例22)."""
        stopped = refusals(self.findings)
        return bool(stopped) and all(f.theme is Theme.AUTHORITY for f in stopped)


def apply_change(case: ChangeCase, lawbook: Lawbook) -> ChangeOutcome:
    """Return the marking as the notice makes it, or the findings that forbid it."""
    findings = examine_change(case, lawbook)
    return ChangeOutcome(findings, None if refusals(findings) else case.after)


def examine_change(case: ChangeCase, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return every finding about a change by the law of the day it was decided on."""
    found = outcomes(CHANGE_RULES, replace(case, rows=lawbook.rows), lawbook)
    if case.day < lawbook.first_day:
        return findings_in(found)
    decided = Case(case.record, case.authority, case.day, case.beijing, lawbook.rows)
    return findings_in((*found, *outcomes(tuple(_as_decided(case)), decided, lawbook)))


def _as_decided(case: ChangeCase) -> Iterator[Rule[Case]]:
    asked = _OF_OFFICER
    if case.changes_values:
        asked |= _OF_VALUES | (_OF_SOURCES if case.notice.sources else frozenset())
        raised = case.after.secrecy.marking.level > case.prior.secrecy.marking.level
        asked |= _OF_ORGAN if raised else frozenset()
        over = case.prior.is_over_on
        # Said already of the period before: not twice.
        asked -= {"period-over"} if over is not None and over <= case.day else frozenset()
    yield from (rule for rule in RULES if rule.name in asked)
