"""May this notice change this secret? Who, when, on what basis (R39, R40, R42-R46)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationKind,
    DecidingOrgan,
    Decision,
    Derivative,
    OfficerDecision,
)
from dingmi_mark.domain.authority import Authority
from dingmi_mark.domain.change import (
    RELEASES,
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    MarkingInForce,
    after,
    changed_secrecy,
    is_counted,
)
from dingmi_mark.domain.law import LawRow, Theme
from dingmi_mark.domain.rules.case import Remark, explain, no_authority, note, refuse
from dingmi_mark.domain.terms import plain
from dingmi_mark.messages import N_, say


@dataclass(frozen=True)
class ChangeCase:
    """The marking in force, the notice, the office's authority table, and today."""

    prior: MarkingInForce
    notice: ChangeNotice
    authority: Authority
    today: date
    beijing: bool = False
    rows: tuple[LawRow, ...] = ()

    @property
    def day(self) -> date:
        """The day of the fact that selects the law: the decision to change."""
        return self.notice.day

    def explanation(self, rule: str) -> str:
        """Return what the notice answers to a rule, or empty."""
        return self.notice.explanation(rule)

    @property
    def after(self) -> MarkingInForce:
        """The marking as the notice would make it."""
        return after(self.prior, self.notice)

    @property
    def originator(self) -> str:
        """原定密机关: the organ that decided at first."""
        return self.prior.record.decided_by

    @property
    def changes_values(self) -> bool:
        """Whether it gives level, period or scope anew."""
        return self.notice.kind not in RELEASES | {ChangeKind.PARTLY_RELEASED}

    @property
    def record(self) -> ApprovalRecord:
        """The record as if the new values were decided on the day of the change.

        So the rules of level, period, scope and derivation look at a change as at a decision.
        """
        notice, then = self.notice, self.after
        record = self.prior.record
        classification = record.classification
        if notice.sources and isinstance(classification, Derivative):
            classification = replace(classification, sources=notice.sources)
        own = notice.decided_by == record.organ
        organ = DecidingOrgan(notice.decided_by, notice.number, notice.day)
        return replace(
            record,
            classification=classification,
            draft=replace(record.draft, issue_day=then.start, notice_day=None),
            officer=notice.officer if own else None,
            decision=OfficerDecision(Decision.CORRECTED, notice.day, corrected=then.secrecy),
            deciding_organ=None if own else organ,
            points=then.points,
            special_basis=then.special_basis,
            explanations=notice.explanations,
        )


def organ_may_change(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十三条、第二十四条: by the originator or its superior (R42).

    Its successor (条例第二十三条), a superior that corrects (第二十四条) and, under 暂行规定(2014),
    the competent department are in the row where a text was read that names them. Whether an organ
    is another's superior or successor the program takes from the notice.
    """
    notice, originator = case.notice, case.originator
    if notice.kind is ChangeKind.EXPIRED or _is_beijing_department(case):
        return
    if notice.right.value not in row.words("rights"):
        yield _only_a_suggestion(notice, originator)
    elif (notice.right is ChangeRight.ORIGINATOR) != (notice.decided_by == originator):
        yield no_authority(
            N_("“{organ}” is named as {right}, but “{originator}” decided at first."),
            organ=notice.decided_by,
            right=notice.right.value,
            originator=originator,
        )


def beijing_department_may_change(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """北京市保守国家秘密条例(2021)第十一条第二款: there the competent department may too (R42)."""
    if _is_beijing_department(case):
        yield note(
            N_("Decided by “{organ}” as the competent department (主管部门) in Beijing."),
            organ=case.notice.decided_by,
        )


def change_is_recorded(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第二十九条第一款: a change is recorded in writing like a decision (R39).

    With drafter, officer and basis (第二十一条). The provision of 2025 was not read.
    """
    notice = case.notice
    fields = {
        "依据文号": notice.number,
        "承办人": notice.proposed_by.name,
        "定密责任人": notice.officer.name if notice.officer else "",
    }
    own = notice.decided_by == case.prior.record.organ and notice.kind is not ChangeKind.EXPIRED
    needed = row.words("own") if own else row.words("any")
    missing = [name for name in needed if not fields[name]]
    if missing:
        yield refuse(N_("The notice lacks: {missing}."), missing="、".join(missing))


def change_is_recorded_in_beijing(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """北京市保守国家秘密条例(2021)第十三条: the record names drafter, officer and basis."""
    if not case.beijing or case.notice.kind is ChangeKind.EXPIRED:
        return
    own = case.notice.decided_by == case.prior.record.organ
    if own and not (case.notice.proposed_by.name and case.notice.officer and case.notice.number):
        yield refuse(N_("In Beijing a change is recorded with drafter, officer and basis."))


def change_days_are_in_order(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """A change follows the decision before it and is not of tomorrow (own choice)."""
    notice, since = case.notice, case.prior.since
    if notice.day > case.today:
        yield refuse(N_("The change bears a date in the future ({day})."), day=str(notice.day))
    if since is not None and notice.day < since:
        yield refuse(
            N_("The change ({day}) is older than the decision before it ({since})."),
            day=str(notice.day),
            since=str(since),
        )


def change_has_content(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """Each kind says what it changes and nothing else (own choice)."""
    notice, prior, new = case.notice, case.prior, case.notice.new
    stated = new.level is not None or new.period is not None or bool(new.scope)
    if not case.changes_values:
        if stated:
            yield refuse(
                N_("{kind} states no new values; use 变更 for them."), kind=notice.kind.value
            )
        return
    if notice.kind is ChangeKind.SCOPE_CHANGED and (new.level or new.period):
        yield refuse(N_("知悉范围变更 changes the scope alone; use 变更 for level and period."))
    restarted = case.after.start != prior.start
    if changed_secrecy(prior.secrecy, new) == prior.secrecy and not restarted:
        yield refuse(N_("The notice changes nothing of {mark}."), mark=prior.secrecy.marking.text)


def lowering_gives_reason(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """A lower level, an earlier end, a release: never without its reason (own choice).

    A level lost on the way is the failure to guard against; no explanation replaces the reason.
    """
    notice, prior = case.notice, case.prior
    if notice.reason or notice.kind in (ChangeKind.EXPIRED, ChangeKind.PUBLISHED):
        return
    then = case.after
    lower = then.secrecy.marking.level < prior.secrecy.marking.level
    old_end, new_end = prior.last_secret_day, then.last_secret_day
    shorter = new_end is not None and (old_end is None or new_end < old_end)
    if lower or shorter or not case.changes_values:
        yield refuse(N_("Level, period or protection is taken away, and no reason is given."))


def changed_while_secret(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: what is released or over is changed no more."""
    over = case.prior.is_over_on
    late = case.notice.kind in (ChangeKind.EXTENDED, ChangeKind.EXPIRED)
    released = case.prior.release is not None
    if over is not None and over <= case.notice.day and (released or not late):
        message = say("It has been no state secret since {day}.", day=str(over))
        yield Remark(message, theme=Theme.PERIOD_OVER)


def extension_is_in_time(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: extended only before the old period ends (R40)."""
    last = case.prior.last_secret_day
    if case.notice.kind is ChangeKind.EXTENDED and last is not None and case.notice.day > last:
        yield refuse(
            N_("Extended on {day}, but the period ended on {last}: it had released itself."),
            day=str(case.notice.day),
            last=str(last),
        )


def extension_states_what_the_law_asks(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: an extension redetermines level, period and scope (R40).

    Under the law of 2010 the period alone (not verified).
    """
    if case.notice.kind is not ChangeKind.EXTENDED:
        return
    new = case.notice.new
    stated = {"密级": new.level, "保密期限": new.period, "知悉范围": new.scope}
    asked = row.words("redetermines")
    missing = [name for name in asked if not stated[name]]
    beyond = [name for name, value in stated.items() if value and name not in asked]
    if missing:
        yield refuse(N_("An extension decides anew on: {missing}."), missing="、".join(missing))
    if beyond:
        yield refuse(
            N_("An extension concerned the period alone; {beyond} needs a 变更."),
            beyond="、".join(beyond),
        )


def extension_is_longer(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """An extension ends later than what it extends (own choice)."""
    old, new = case.prior.last_secret_day, case.after.last_secret_day
    if case.notice.kind is not ChangeKind.EXTENDED or old is None:
        return
    if new is not None and new <= old:
        yield refuse(
            N_("The extended period ends on {new}, not after the old one ({old})."),
            new=str(new),
            old=str(old),
        )


def changed_period_says_its_start(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """No text says from which day a changed period runs: the notice says so (R39).

    Where it does not, the 制发日 is taken, which is never longer than law allows.
    """
    if case.changes_values and is_counted(case.notice.new.period) and case.notice.runs_from is None:
        yield explain(N_("The notice does not say from which day the new period runs (runs_from)."))


def derivative_follows_its_source(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """A derived secret changes when its source did, and then names the document (R44).

    Its own originator may not change it otherwise; an end by its own period needs nothing.
    """
    notice = case.notice
    free = (ChangeKind.EXPIRED, ChangeKind.SCOPE_CHANGED)
    derived = case.prior.record.kind is ClassificationKind.DERIVATIVE
    own = notice.right in (ChangeRight.ORIGINATOR, ChangeRight.SUCCESSOR)
    if derived and own and notice.kind not in free and not notice.source_change:
        yield refuse(
            N_("A derived secret follows its source: name what changed it (source_change).")
        )


def joint_organs_agree(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第二十五条第一款: whoever is in charge asks the others, for changes too.

    Of 解密暂行办法(2020)第八条 only the beginning was seen.
    """
    if case.notice.kind is ChangeKind.EXPIRED:
        return
    agreed = {plain(name) for name in (case.notice.decided_by, *case.notice.agreed_by)}
    silent = [name for name in case.prior.record.joint_organs if plain(name) not in agreed]
    if silent:
        yield explain(
            N_("Decided jointly: nothing says that these agree: {organs}."),
            organs="、".join(silent),
        )


def change_is_notified(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十三条: 应当及时书面通知知悉范围内的机关、单位或者人员."""
    if case.notice.kind.value in row.words("kinds"):
        yield note(N_("Notify everybody in the scope (知悉范围) in writing, and without delay."))


def _is_beijing_department(case: ChangeCase) -> bool:
    there = any(row.rule == "change-beijing" and row.covers(case.day) for row in case.rows)
    return there and case.beijing and case.notice.right is ChangeRight.DEPARTMENT


def _only_a_suggestion(notice: ChangeNotice, originator: str) -> Remark:
    return no_authority(
        N_("“{organ}” ({right}) may not decide this; “{originator}” decided at first."),
        organ=notice.decided_by,
        right=notice.right.value,
        originator=originator,
    )
