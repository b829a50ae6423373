"""The rules that gate a mark, as a visible list: one small pure function each.

A rule looks at the case and at the row of law in force on the decision day, and yields remarks.
Citations and numbers come from the row (`law/rules.toml`), so that a change of law is a new row.
"""

from __future__ import annotations

from dataclasses import replace

from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.rules import (
    authority,
    derivation,
    period,
    points,
    record,
    scope,
    sources,
)
from dingmi_mark.domain.rules.case import Case, Rule
from dingmi_mark.domain.rules.examining import RuleOutcome, findings_in, outcomes, refusals

__all__ = ["RULES", "examine", "examine_each", "refusals"]

RULES: tuple[Rule[Case], ...] = (
    Rule("record-complete", record.record_is_complete),
    Rule("officer-approved", record.officer_has_approved),
    Rule("days-in-order", record.days_are_in_order),
    Rule("copy-numbers", record.paper_has_copy_numbers),
    Rule("period-limit", period.period_within_limit),
    Rule("long-term", period.long_term_has_special_basis),
    Rule("months", period.months_are_for_short_periods),
    Rule("condition-length", period.condition_is_short),
    Rule("period-start", period.period_has_a_start),
    Rule("period-over", period.period_is_not_over),
    Rule("organ-authority", authority.organ_has_authority),
    Rule("organ-authority-other", authority.other_organ_has_authority),
    Rule("no-regrant", authority.grant_is_not_granted_on),
    Rule("officer-authority", authority.officer_is_in_office),
    Rule("officer-letter", authority.designated_officer_has_letter),
    Rule("stand-in", authority.stand_in_gives_reason),
    Rule("point-levels", points.points_within_document),
    Rule(sources.DEFAULT_PERIOD, sources.source_without_period_has_default),
    Rule("source-over", sources.sources_are_still_secret),
    Rule("derived-level", derivation.derived_level_follows_sources),
    Rule("derived-period", derivation.derived_period_follows_sources),
    Rule("derived-period-beijing", derivation.beijing_release_is_that_of_sources),
    Rule("derived-comparable", derivation.derived_period_can_be_compared),
    Rule("derived-consent", derivation.top_secret_sources_have_consent),
    Rule("period-stated", period.new_paper_states_its_period),
    Rule("no-analogy", record.bases_are_no_analogies),
    Rule("scope-narrow", scope.scope_is_narrow),
    Rule("derived-scope", scope.derived_scope_is_within_sources),
    Rule("point-periods", points.points_end_with_document),
    Rule("source-points", points.points_used_are_within_source),
    Rule("points-used", points.level_rests_on_points_used),
)


def examine(case: Case, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return every finding of every rule in force on the day of the decision.

    What the record explains becomes a note; a switch of the profile sets the severity of what
    rests on practice. What the law says of authority is never explained away.
    """
    return findings_in(examine_each(case, lawbook))


def examine_each(case: Case, lawbook: Lawbook) -> tuple[RuleOutcome, ...]:
    """Return the outcome of every rule, also of those that have nothing to say."""
    return outcomes(RULES, replace(case, rows=lawbook.rows), lawbook)
