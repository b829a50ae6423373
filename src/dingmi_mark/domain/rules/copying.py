"""May these copies be made, and do they keep what the original bears? (R47-R49)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.copying import CopyKind, CopyRequest, numbers_beyond, still_secret
from dingmi_mark.domain.law import Finding, Lawbook, LawRow, Severity, Theme
from dingmi_mark.domain.rules.case import Remark, Rule, explain, refuse
from dingmi_mark.domain.rules.examining import findings_in, outcomes
from dingmi_mark.domain.terms import SecrecyLevel, last_secret_day, plain
from dingmi_mark.messages import N_, say


@dataclass(frozen=True)
class CopyCase:
    """A request for copies, looked at by the law of its day."""

    request: CopyRequest
    rows: tuple[LawRow, ...] = ()

    @property
    def day(self) -> date:
        """The day the copies are made."""
        return self.request.day

    def explanation(self, rule: str) -> str:
        """Return what the request answers to a rule, or empty."""
        return self.request.explanation(rule)

    @property
    def secret(self) -> tuple[MarkingInForce, ...]:
        """The originals that are still secret on that day."""
        return still_secret(self.request.originals, self.request.day)


def copies_are_approved(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """党政机关公文处理工作条例(2012)第三十二条: 机密、秘密 by the unit head (R47)."""
    levels = {original.secrecy.marking.level.value for original in case.secret}
    if levels & set(row.words("levels")) and not case.request.approved_by.name:
        yield refuse(N_("The head of the unit (机关负责人) has not approved the copies."))


def top_secret_has_consent(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十六条, 实施条例(2024)第二十九条第四项: 绝密 asks above (R47)."""
    top = [o for o in case.secret if o.secrecy.marking.level is SecrecyLevel.TOP_SECRET]
    if top and not case.request.consent:
        yield refuse(
            N_("绝密: the consent of the originator or its superior is missing: {papers}."),
            papers="、".join(_name(original) for original in top),
        )


def copies_keep_the_mark(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十七条第五项: level, period and scope are not changed (R47)."""
    request = case.request
    if request.kind is CopyKind.COMPILATION:
        return
    for original in case.secret:
        old, new = original.secrecy, request.secrecy
        pairs = {
            "密级": (old.marking.level, new.marking.level),
            "保密期限": (old.marking.period, new.marking.period),
            "知悉范围": (_words(old.scope), _words(new.scope)),
        }
        differing = [name for name, (was, is_) in pairs.items() if was != is_]
        if differing:
            yield refuse(
                N_("A copy keeps the original's mark; changed: {differing}."),
                differing="、".join(differing),
            )


def copies_bear_the_copying_organ(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十七条第五项: 复制件应当加盖复制机关、单位戳记 (R47, R48)."""
    if not case.request.organ:
        yield refuse(N_("The stamp of the copies needs the name of the organ that makes them."))


def copies_are_as_many_as_approved(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """No copy beyond the number approved, and none twice (own choice)."""
    beyond = numbers_beyond(case.request)
    if beyond:
        yield refuse(
            N_("{copies} copies are approved; not among them, or twice: {beyond}."),
            copies=case.request.approved_copies,
            beyond="、".join(str(number) for number in beyond),
        )


def released_papers_get_no_mark(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条、第二十二条第三款: what is released gets no ★ mark."""
    secret = {id(original) for original in case.secret}
    for original in case.request.originals:
        if id(original) not in secret:
            message = say(
                "“{paper}” has been no state secret since {day}: no copy of it bears the mark.",
                paper=_name(original),
                day=str(original.is_over_on),
            )
            severity = Severity.NOTE if secret else Severity.REFUSE
            yield Remark(message, severity, Theme.PERIOD_OVER)


def compilation_bears_the_highest(case: CopyCase, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十七条第五项: what is compiled keeps its level and period (R49).

    So the cover bears the highest and the longest, as 标志的规定(1990)第八条第一款 said outright
    until it was repealed on 2014-03-09. Days are compared, not words. A condition or 长期 beside
    days has no order: the officer decides.
    """
    request, parts = case.request, case.secret
    if request.kind is not CopyKind.COMPILATION or not parts:
        return
    highest = max(part.secrecy.marking.level for part in parts)
    if request.secrecy.marking.level != highest:
        yield refuse(
            N_("The cover of a 汇编 bears the highest level of its parts: {highest}."),
            highest=highest.value,
        )
    ends = [part.last_secret_day for part in parts]
    own = last_secret_day(request.secrecy.marking.period, request.day)
    days = [end for end in ends if end is not None]
    if len(days) < len(ends) or own is None:
        periods = {part.secrecy.marking.period for part in parts}
        if periods != {request.secrecy.marking.period}:
            yield explain(N_("The periods of the parts cannot be compared: the officer decides."))
    elif own < max(days):
        yield refuse(
            N_("The cover of a 汇编 bears the longest period of its parts: last day {latest}."),
            latest=str(max(days)),
        )


COPY_RULES: tuple[Rule[CopyCase], ...] = (
    Rule("copy-approval", copies_are_approved),
    Rule("copy-top-secret", top_secret_has_consent),
    Rule("copy-unchanged", copies_keep_the_mark),
    Rule("copy-stamp", copies_bear_the_copying_organ),
    Rule("copy-count", copies_are_as_many_as_approved),
    Rule("copy-released", released_papers_get_no_mark),
    Rule("compilation", compilation_bears_the_highest),
)


def examine_copies(case: CopyCase, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return every finding about a request for copies."""
    return findings_in(outcomes(COPY_RULES, replace(case, rows=lawbook.rows), lawbook))


def _name(original: MarkingInForce) -> str:
    draft = original.record.draft
    return draft.document_number or draft.title


def _words(scope: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(entry) for entry in scope)
