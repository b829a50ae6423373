"""Find in the office's authority table what a form of powers is about, and fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from dingmi_mark.domain.approval import OfficerKind
from dingmi_mark.domain.authority import EnrolledOfficer, Grant, Organ
from dingmi_mark.errors import FormNotForIt, FormSubjectUnknown
from dingmi_mark.forms import authority_forms as forms
from dingmi_mark.forms.definition import Form
from dingmi_mark.forms.filled import Filled
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from dingmi_mark.store.office import Office


def _application(form: Form, name: str, office: Office, day: date) -> Filled:
    return forms.grant_application(_organ(form, name, office), office.authority, day)


def _grant_letter(form: Form, letter: str, office: Office, day: date) -> Filled:
    held = [(organ, grant) for organ in _organs(office) for grant in organ.grants]
    found = [pair for pair in held if pair[1].letter == letter]
    _refuse_unknown(form, letter, found, (grant.letter for _, grant in held))
    _refuse_several(form, letter, [organ.name for organ, _ in found])
    organ, grant = found[0]
    return forms.grant_letter(organ, grant)


def _candidates(form: Form, name: str, office: Office, day: date) -> Filled:
    return forms.officer_candidates(_organ(form, name, office), office.authority, day)


def _officer_letter(form: Form, name: str, office: Office, day: date) -> Filled:
    """Raise FormNotForIt for the head of an organ, who is officer by his post (条例14)."""
    officers = office.authority.officers
    named = [officer for officer in officers if officer.name == name]
    _refuse_unknown(form, name, named, (officer.name for officer in officers))
    now = [officer for officer in named if officer.span.covers(day)] or named[-1:]
    _refuse_several(form, name, [officer.organ for officer in now])
    if now[0].kind is OfficerKind.STATUTORY:
        cause = say("{name} is officer by his post (法定), without a letter", name=name)
        raise FormNotForIt(title=form.title, cause=cause)
    return forms.officer_letter(now[0])


def _organ(form: Form, name: str, office: Office) -> Organ:
    organs = _organs(office)
    found = [organ for organ in organs if organ.name == name]
    _refuse_unknown(form, name, found, (organ.name for organ in organs))
    return found[0]


def _organs(office: Office) -> tuple[Organ, ...]:
    others = (organ for organ in office.authority.organs if organ.name != office.name)
    return (office.organ, *others)


def _refuse_unknown(
    form: Form,
    name: str,
    found: list[tuple[Organ, Grant]] | list[EnrolledOfficer] | list[Organ],
    known: Iterable[str],
) -> None:
    if not found:
        names = "、".join(dict.fromkeys(known)) or "—"
        raise FormSubjectUnknown(name=name, kind=form.subject.value, known=names)


def _refuse_several(form: Form, name: str, organs: list[str]) -> None:
    if len(organs) > 1:
        cause = say("“{name}” stands for several: {organs}", name=name, organs="、".join(organs))
        raise FormNotForIt(title=form.title, cause=cause)


_Maker: TypeAlias = Callable[[Form, str, "Office", date], Filled]
AUTHORITY_FORMS: Final[Mapping[str, _Maker]] = {
    "grant-application": _application,
    "grant-letter": _grant_letter,
    "officer-candidates": _candidates,
    "officer-letter": _officer_letter,
}
"""How each form of powers is filled, by the name of the form."""
