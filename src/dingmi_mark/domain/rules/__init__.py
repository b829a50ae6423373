"""The rules that gate a mark, as a visible list: one small pure function each.

A rule looks at the case and at the row of law in force on the decision day, and yields remarks.
Citations and numbers come from the row (`law/rules.toml`), so that a change of law is a new row.
"""

from __future__ import annotations

from dataclasses import replace

from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.rules import (
    authority,
    basis,
    derivation,
    derived_authority,
    grants,
    known_sources,
    matters,
    officers,
    period,
    points,
    record,
    replies,
    scope,
    sources,
    unclear,
    use_of_sources,
)
from dingmi_mark.domain.rules.case import Case, Rule
from dingmi_mark.domain.rules.examining import RuleOutcome, findings_in, outcomes, refusals
from dingmi_mark.domain.working_days import WorkCalendar

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
    Rule("officer-authority", officers.officer_is_in_office),
    Rule("officer-letter", officers.designated_officer_has_letter),
    Rule("stand-in", officers.stand_in_gives_reason),
    Rule("point-levels", points.points_within_document),
    Rule(sources.DEFAULT_PERIOD, sources.source_without_period_has_default),
    Rule("source-over", sources.sources_are_still_secret),
    Rule("derived-level", derivation.derived_level_follows_sources),
    Rule("derived-period", derivation.derived_period_follows_sources),
    Rule("derived-period-beijing", derivation.beijing_release_is_that_of_sources),
    Rule("derived-comparable", derivation.derived_period_can_be_compared),
    Rule("derived-consent", use_of_sources.top_secret_sources_have_consent),
    Rule("report-path-handbook", authority.handbook_names_others),
    Rule("grant-within-power", grants.grant_is_within_power),
    Rule("grant-filed", grants.grant_is_filed),
    Rule("grant-years", grants.grant_is_not_for_long),
    Rule("grant-branch", grants.grant_is_of_the_same_branch),
    Rule("officer-no-delegation", officers.designator_may_designate),
    Rule("officer-trained", officers.officer_was_trained),
    Rule("officer-letter-filed", officers.letter_is_published_and_filed),
    Rule("officer-certificate", officers.designated_officer_has_certificate),
    Rule("designated-levels", officers.designated_officer_keeps_to_levels),
    Rule("reply-organ", replies.reply_is_of_a_body_above),
    Rule("basis-checked", basis.basis_was_checked),
    Rule("basis-in-catalogue", basis.basis_is_in_catalogue),
    Rule("basis-level", basis.basis_allows_level),
    Rule("basis-period", basis.basis_allows_period),
    Rule("no-analogy", basis.basis_is_no_analogy),
    Rule("list-approved", matters.list_is_approved),
    Rule("list-filed", matters.list_is_filed),
    Rule("list-matter", matters.record_follows_list),
    Rule("unclear-matter", unclear.unclear_matter_is_decided),
    Rule("disputed-level", unclear.dispute_is_protected_highest),
    Rule("derived-superior", derived_authority.derived_from_a_superior),
    Rule("period-stated", period.new_paper_states_its_period),
    Rule("scope-narrow", scope.scope_is_narrow),
    Rule("derived-scope", scope.derived_scope_is_within_sources),
    Rule("point-periods", points.points_end_with_document),
    Rule("source-points", points.points_used_are_within_source),
    Rule("points-used", points.level_rests_on_points_used),
    Rule("source-known", known_sources.sources_agree_with_ledger),
    Rule("source-limits", use_of_sources.limits_of_sources_are_kept),
    Rule("compiled-parts", use_of_sources.compiled_parts_stay_marked),
    Rule("derived-cycle", known_sources.sources_are_no_descendants, binding=True),
)


def examine(case: Case, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return every finding of every rule in force on the day of the decision.

    What the record explains becomes a note; a switch of the profile sets the severity of what
    rests on practice. What the law says of authority is never explained away.
    """
    return findings_in(examine_each(case, lawbook))


def examine_each(case: Case, lawbook: Lawbook) -> tuple[RuleOutcome, ...]:
    """Return the outcome of every rule, also of those that have nothing to say."""
    years = (*lawbook.calendar.years, *case.authority.holidays)
    return outcomes(RULES, replace(case, rows=lawbook.rows, calendar=WorkCalendar(years)), lawbook)
