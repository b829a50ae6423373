"""What the rules say when a form is made of a record: whether it may be, what is still amiss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.approval import ApprovalRecord, Person
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.copying import CopyKind, CopyRequest
from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.notice import MediumLabel, WrittenNotice
from dingmi_mark.domain.report_path import ReportPath, report_path
from dingmi_mark.domain.rules import examine, refusals
from dingmi_mark.domain.rules.authority import asking_of, lacks_power
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.rules.copying import CopyCase, examine_copies
from dingmi_mark.domain.rules.notice import NoticeCase, examine_notice
from dingmi_mark.domain.unclear import UNCLEAR, unclear_path
from dingmi_mark.errors import FormNotForIt
from dingmi_mark.forms.definition import Form
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.stated import Stated
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.examining import refuse_if
from dingmi_mark.pipeline.signing import asks_signature, refuse_bad_signatures, refuse_unsigned
from dingmi_mark.pipeline.trust import refuse_if_clock_set_back, trust_of

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office

_READERS: Final = "readers-recorded"


def refuse_unmarkable(
    case: Case, office: Office, ledger: Ledger, lawbook: Lawbook, now: str
) -> None:
    """Refuse a form that bears the mark exactly where the paper itself would not be marked.

    Raises LawViolated, AuthorityExceeded, MatterUnclear, PeriodOver; SignatureMissing,
    SignatureRefused, ClockSetBack.
    """
    record, trust = case.approval, trust_of(ledger)
    if record.signatures:
        refuse_if_clock_set_back(ledger, now)
        refuse_bad_signatures(record, trust, ledger, now)
    refuse_if(refusals(examine(case, lawbook)), record)
    if asks_signature(office.policies, trust):
        refuse_unsigned(record, office.policies.approval_steps)


def refuse_unapproved(form: Form, record: ApprovalRecord) -> None:
    """Raise FormNotForIt for what is no approved state secret yet: nothing to change or copy."""
    if not record.is_approved:
        cause = say("the record {number} is not approved", number=record.number)
        raise FormNotForIt(title=form.title, cause=cause)


def path_without_authority(
    form: Form, case: Case, office: Office, lawbook: Lawbook
) -> tuple[ReportPath, tuple[Message, ...]]:
    """Return whom to ask for a matter without authority (法17(3)).

    Raises FormNotForIt: the matter is unclear, which goes another way, or no row of law is known.
    """
    if case.is_unclear:
        cause = say("the matter is unclear (不明确): use the form {name}", name="unclear-report")
        raise FormNotForIt(title=form.title, cause=cause)
    asking = asking_of(case, office.organ)
    try:
        path = report_path(
            office.organ, asking.level, asking.matter, case.day, case.authority, lawbook
        )
    except LookupError as error:
        cause = say("the legal tables say nothing of that day ({day})", day=str(case.day))
        raise FormNotForIt(title=form.title, cause=cause) from error
    if not case.needs_authority:
        return path, (say("It is derived (派生定密): the unit decides without authority."),)
    if not lacks_power(case, office.organ):
        note = say(
            "By authority.toml the unit may decide {level} itself.", level=asking.level.value
        )
        return path, (note,)
    return path, ()


def path_of_unclear(
    form: Form, case: Case, lawbook: Lawbook
) -> tuple[ReportPath, tuple[Message, ...]]:
    """Return whom to ask for an unclear matter, and by when (条例25). Raises FormNotForIt."""
    row = lawbook.row(UNCLEAR, case.day)
    if case.approval.unclear is None or row is None:
        cause = say("the record does not say that the matter is unclear ([unclear])")
        raise FormNotForIt(title=form.title, cause=cause)
    path = unclear_path(case.approval, row, case.authority, case.calendar)
    if path.last is not None and path.last.missing:
        years = "、".join(map(str, path.last.missing))
        note = say("No holiday calendar of {years}: Monday to Friday were counted.", years=years)
        return path, (note,)
    return path, ()


def of_notice(
    record: ApprovalRecord, filled: Filled, stated: Stated, day: date, lawbook: Lawbook
) -> tuple[Finding, ...]:
    """Return what the rules say of the written notice as it is printed (R38)."""
    notice = WrittenNotice(
        number=stated.values.get("通知编号", ""),
        record=record,
        unit=_text(filled, "通知单位"),
        matter=_text(filled, "国家秘密事项"),
        day=day,
        receivers=record.draft.receivers,
        explanations=record.explanations,
    )
    return examine_notice(NoticeCase(notice), lawbook)


def of_label(
    record: ApprovalRecord, filled: Filled, stated: Stated, day: date, lawbook: Lawbook
) -> tuple[Finding, ...]:
    """Return what the rules say of the label as it is printed (R22)."""
    label = MediumLabel(
        record=record,
        medium=stated.values.get("载体名称", ""),
        medium_number=stated.values.get("载体编号", ""),
        day=day,
        mark=_text(filled, "载体标志"),
        package_mark=_text(filled, "包装标志"),
    )
    return examine_notice(NoticeCase(label), lawbook)


def of_copies(
    standing: MarkingInForce, organ: str, stated: Stated, today: date, lawbook: Lawbook
) -> tuple[Finding, ...]:
    """Return what the rules say of the request for copies as far as it is filled in (R47-R49)."""
    kinds = {kind.value: kind for kind in CopyKind}
    word = stated.values.get("复制种类", CopyKind.COPY.value)
    if word not in kinds:
        what = say("one of {options} is expected", options="、".join(kinds))
        stated.faults.append(Fault("复制种类", what))
    asked, granted = stated.count("申请份数"), stated.count("批准份数")
    request = CopyRequest(
        number=standing.record.number,
        kind=kinds.get(word, CopyKind.COPY),
        organ=organ,
        day=stated.day("复制日期") or today,
        originals=(standing,),
        secrecy=standing.secrecy,
        # Before anybody approved a number, nothing is made beyond it.
        numbers=tuple(range(1, asked + 1)) if granted else (),
        approved_copies=granted,
        approved_by=Person(stated.values.get("批准人", "")),
        consent=stated.values.get("同意复制的文号", ""),
    )
    return examine_copies(CopyCase(request), lawbook)


def of_readers(standing: MarkingInForce, today: date, lawbook: Lawbook) -> Iterator[Message]:
    """Say where the list is not asked for, and where copies and receivers do not go together."""
    from dingmi_mark.forms.record_forms import one_each

    row = lawbook.row(_READERS, standing.since or today)
    level = standing.secrecy.marking.level.value
    if row is not None and level not in row.words("levels"):
        asked = "、".join(row.words("levels"))
        yield say(
            "The list is asked for {levels} ({citation}); this is {level}.",
            levels=asked,
            citation=str(row.citation),
            level=level,
        )
    if not one_each(standing.record):
        yield say("The record does not say who gets which copy: copy numbers stay blank.")


def told_of_change(standing: MarkingInForce, today: date) -> tuple[Message, ...]:
    """Say that a secret is none any more, so that there is nothing to extend (法24)."""
    over = standing.is_over_on
    if over is None or today < over:
        return ()
    if standing.release is not None:
        return (say("It was released on {day}.", day=str(over)),)
    return (say("By its period it has been no state secret since {day}.", day=str(over)),)


def _text(filled: Filled, name: str) -> str:
    return text_of(filled.values.get(name))
