"""Make a paper form of the procedure from what the office has, and say what the rules say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.working_days import WorkCalendar
from dingmi_mark.forms.definition import Form, Subject
from dingmi_mark.forms.filled import Filled, filled_from
from dingmi_mark.forms.records import APPROVAL
from dingmi_mark.forms.stated import Stated, blanks
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.authority_forms import AUTHORITY_FORMS
from dingmi_mark.pipeline.form_rules import (
    of_copies,
    of_label,
    of_notice,
    of_readers,
    path_of_unclear,
    path_without_authority,
    refuse_unapproved,
    refuse_unmarkable,
    told_of_change,
)
from dingmi_mark.pipeline.printing import made_form, record_named
from dingmi_mark.pipeline.standing_now import standing_now
from dingmi_mark.store.lawbook import read_lawbook

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office


@dataclass(frozen=True)
class MadeForm:
    """A form, what stands on it, and what people should know of it.

    `left_out`: values for which the unit's own form has no cell; `blank`: fields of which the
    record says nothing; `findings`: what the rules say; `notes`: what else there is to say.
    """

    content: bytes
    filled: Filled
    left_out: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class FormDesk:
    """What making a form needs: the office, its law, the day and moment, and its ledger if asked.

    The ledger is opened only for forms that bear the mark, to see that the signatures count and how
    the secret stands now.
    """

    office: Office
    today: date
    now: str
    ledger: Callable[[], Ledger]

    @property
    def lawbook(self) -> Lawbook:
        """The legal tables with the office's profile."""
        return read_lawbook(self.office.profile)

    def case(self, record: ApprovalRecord) -> Case:
        """Return the record as the rules look at it."""
        office, law = self.office, self.lawbook
        calendar = WorkCalendar((*law.calendar.years, *office.authority.holidays))
        return Case(record, office.authority, self.today, office.beijing, law.rows, calendar)


@dataclass(frozen=True)
class Drafted:
    """The values of a form, and what the rules say of them."""

    filled: Filled
    findings: tuple[Finding, ...] = ()
    notes: tuple[Message, ...] = field(default_factory=tuple)


def blank_form(
    form: Form, given: Mapping[str, str], office: Office | None, *, whole: bool = False
) -> MadeForm:
    """Return a form with nothing but what was stated.

    Raises FormValueRefused, FormUnreadable, FormFaulty (of the unit's own form), FormCannotHold.
    """
    filled = Stated(form, given).joined_to(Filled({}))
    made = made_form(form, filled, office, whole=whole)
    return MadeForm(made.content, filled, made.left_out)


def filled_form(
    form: Form, subject: str, given: Mapping[str, str], desk: FormDesk, *, whole: bool = False
) -> MadeForm:
    """Return a form with the data of its subject: a record, an organ, a letter, an officer.

    Raises what `blank_form` and reading the record do, FormSubjectUnknown, FormNotForIt; for forms
    that bear the mark, whatever keeps the record from being marked.
    """
    stated = Stated(form, given)
    drafted = _drafted(form, subject, stated, desk)
    filled = stated.joined_to(drafted.filled)
    made = made_form(form, filled, desk.office, whole=whole)
    if form.name == APPROVAL:
        return MadeForm(made.content, filled, made.left_out)
    blank = tuple(blanks(form, filled))
    return MadeForm(made.content, filled, made.left_out, blank, drafted.findings, drafted.notes)


def _drafted(form: Form, subject: str, stated: Stated, desk: FormDesk) -> Drafted:
    if form.subject is not Subject.RECORD:
        return Drafted(AUTHORITY_FORMS[form.name](form, subject, desk.office, desk.today))
    return _OF_RECORD[form.name](form, record_named(subject, desk.office), stated, desk)


def _approval(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    return Drafted(filled_from(record))


def _no_authority(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import no_authority_report

    path, notes = path_without_authority(form, desk.case(record), desk.office, desk.lawbook)
    return Drafted(no_authority_report(record, path), notes=notes)


def _unclear(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import unclear_report

    path, notes = path_of_unclear(form, desk.case(record), desk.lawbook)
    return Drafted(unclear_report(record, path), notes=notes)


def _notice(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import written_notice

    _refuse_unmarkable(record, desk)
    day = stated.day("通知日期") or record.draft.notice_day
    filled = written_notice(record, day)
    found = of_notice(record, filled, stated, day or desk.today, desk.lawbook)
    return Drafted(filled, found)


def _label(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import media_label

    _refuse_unmarkable(record, desk)
    filled = media_label(_standing(record, desk), stated.values.get("载体编号", ""))
    day = stated.day("制签日期") or desk.today
    return Drafted(filled, of_label(record, filled, stated, day, desk.lawbook))


def _change(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import change_approval

    refuse_unapproved(form, record)
    standing = _standing(record, desk)
    return Drafted(change_approval(standing), notes=told_of_change(standing, desk.today))


def _copying(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import copy_approval

    refuse_unapproved(form, record)
    standing = _standing(record, desk)
    found = of_copies(standing, desk.office.name, stated, desk.today, desk.lawbook)
    return Drafted(copy_approval(standing, desk.office.name), found)


def _readers(form: Form, record: ApprovalRecord, stated: Stated, desk: FormDesk) -> Drafted:
    from dingmi_mark.forms.record_forms import readers

    standing = _standing(record, desk)
    notes = tuple(of_readers(standing, desk.today, desk.lawbook))
    return Drafted(readers(standing), notes=notes)


def _standing(record: ApprovalRecord, desk: FormDesk) -> MarkingInForce:
    """How the secret stands: a form says what holds now, not what held first."""
    with desk.ledger() as ledger:
        return standing_now(record, ledger)


def _refuse_unmarkable(record: ApprovalRecord, desk: FormDesk) -> None:
    with desk.ledger() as ledger:
        refuse_unmarkable(desk.case(record), desk.office, ledger, desk.lawbook, desk.now)


_Maker: TypeAlias = Callable[[Form, ApprovalRecord, Stated, FormDesk], Drafted]
_OF_RECORD: Final[Mapping[str, _Maker]] = {
    APPROVAL: _approval,
    "no-authority-report": _no_authority,
    "unclear-report": _unclear,
    "written-notice": _notice,
    "media-label": _label,
    "change-approval": _change,
    "copy-approval": _copying,
    "readers": _readers,
}
