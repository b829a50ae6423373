"""Does a written notice, or the label of a medium, say what the mark would have said? (R22, R38)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.law import Finding, Lawbook, LawRow
from dingmi_mark.domain.notice import MediumLabel, WrittenNotice
from dingmi_mark.domain.rules.case import Remark, Rule, explain, refuse
from dingmi_mark.domain.rules.examining import findings_in, outcomes
from dingmi_mark.domain.terms import plain
from dingmi_mark.messages import N_


@dataclass(frozen=True)
class NoticeCase:
    """A written notice, or a label, looked at by the law of its day."""

    notice: WrittenNotice | MediumLabel
    rows: tuple[LawRow, ...] = ()

    @property
    def day(self) -> date:
        """The day of the notice or label."""
        return self.notice.day

    def explanation(self, rule: str) -> str:
        """Return what the notice answers to a rule, or empty."""
        return self.notice.explanation(rule)


def notice_reaches_everybody(case: NoticeCase, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十一条第二款: 书面通知知悉范围内的机关、单位和人员 (R38)."""
    notice = case.notice
    if not isinstance(notice, WrittenNotice):
        return
    told = {plain(receiver) for receiver in notice.receivers}
    untold = [entry for entry in notice.record.secrecy.scope if plain(entry) not in told]
    if not notice.receivers:
        yield refuse(N_("The written notice names nobody who is notified."))
    elif untold:
        yield explain(
            N_("Not among those notified, though in the scope (知悉范围): {untold}."),
            untold="、".join(untold),
        )


def notice_says_what_the_mark_would(case: NoticeCase, row: LawRow) -> Iterator[Remark]:
    """A notice stands for the mark: level, period, scope, matter, unit, day (inferred, R38).

    Level, period and day it has from the record and from itself; what may be missing is named.
    """
    notice = case.notice
    if not isinstance(notice, WrittenNotice):
        return
    fields = {
        "事项": notice.matter,
        "知悉范围": notice.record.secrecy.scope,
        "通知单位": notice.unit,
        "通知编号": notice.number,
    }
    missing = [name for name in row.words("fields") if not fields[name]]
    if missing:
        yield refuse(N_("The written notice lacks: {missing}."), missing="、".join(missing))


def period_runs_from_the_notice(case: NoticeCase, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十九条第二款: without 制发日 the period counts from the notice (R12)."""
    notice = case.notice
    if not isinstance(notice, WrittenNotice):
        return
    draft = notice.record.draft
    if draft.issue_day is None and draft.notice_day != notice.day:
        yield refuse(
            N_("The period runs from the notice ({day}), but the record says {recorded}."),
            day=str(notice.day),
            recorded=str(draft.notice_day or "-"),
        )


def medium_bears_its_mark(case: NoticeCase, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第二十四条第二款: on the shell or cover, and on the package (R22).

    Before it 标志的规定(1990)第六条; since 2025-05-01 the law asks for the mark at a visible place.
    """
    label = case.notice
    if not isinstance(label, MediumLabel):
        return
    wanted = label.record.wording
    places = [("载体", label.mark)] + ([("包装", label.package_mark)] if label.packaged else [])
    for place, text in places:
        if text != wanted:
            yield refuse(
                N_("The label of “{medium}” ({place}) says “{text}”, the record “{wanted}”."),
                medium=label.medium,
                place=place,
                text=text or "-",
                wanted=wanted,
            )


NOTICE_RULES: tuple[Rule[NoticeCase], ...] = (
    Rule("notice-receivers", notice_reaches_everybody),
    Rule("notice-content", notice_says_what_the_mark_would),
    Rule("notice-start", period_runs_from_the_notice),
    Rule("media-label", medium_bears_its_mark),
)


def examine_notice(case: NoticeCase, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return every finding about a written notice or a label."""
    return findings_in(outcomes(NOTICE_RULES, replace(case, rows=lawbook.rows), lawbook))
