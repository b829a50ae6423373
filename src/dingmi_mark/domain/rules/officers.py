"""May this officer decide this level on that day, and on which papers? (R26, R27)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import ClassificationKind, Corner, OfficerKind
from dingmi_mark.domain.authority import EnrolledOfficer
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.authority import level_of
from dingmi_mark.domain.rules.case import Case, Remark, explain, no_authority, note, refuse
from dingmi_mark.messages import N_


def officer_is_in_office(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十四条: the officer is one of the office's own, for this level, that day."""
    approval = case.approval
    if approval.officer is None or approval.deciding_organ is not None or case.is_unclear:
        return
    officer = case.officer
    if officer is None:
        yield no_authority(
            N_("{name} was no classification officer of “{organ}” on {day}."),
            name=approval.officer.name,
            organ=approval.organ,
            day=str(case.day),
        )
        return
    kind = _kind(case)
    original = kind is ClassificationKind.ORIGINAL
    levels = officer.original_levels if original else officer.derivative_levels
    if level_of(case) not in levels:
        yield no_authority(
            N_("{name} may not decide {level} ({kind})."),
            name=officer.name,
            level=level_of(case).value,
            kind=kind.value,
        )


def designator_may_designate(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十六条: the head and those whom he designates; nobody further (R27).

    Seen where the office's list says who designated the officer, and knows him as designated.
    """
    officer = _deciding(case)
    if officer is None or officer.kind is not OfficerKind.DESIGNATED:
        return
    given = officer.span.first or case.day
    by = case.authority.officer(officer.designated_by, officer.organ, given)
    if by is not None and by.kind is OfficerKind.DESIGNATED:
        yield no_authority(
            N_("{name} was designated by {by}, who is designated himself and may not delegate."),
            name=officer.name,
            by=by.name,
        )


def officer_was_trained(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十四条: officers are trained; told where the list dates it later."""
    officer = _deciding(case)
    if officer is not None and officer.trained is not None and officer.trained > case.day:
        yield note(
            N_("{name} was trained on {day} only, after the decision."),
            name=officer.name,
            day=str(officer.trained),
        )


def designated_officer_has_letter(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 4: 定密责任人授权书 (R27).

    条例14 asks only that he be designated (明确), not how: the office's own list may be enough.
    """
    officer = _deciding(case)
    if officer is not None and officer.kind is OfficerKind.DESIGNATED and not officer.letter:
        yield refuse(
            N_("{name} is a designated officer without a letter of authorisation."),
            name=officer.name,
        )


def letter_is_published_and_filed(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 4: the letter is published in the unit and filed (备案)."""
    officer = _deciding(case)
    if officer is None or not officer.letter:
        return
    for day, what in ((officer.published, "公布"), (officer.filed, "备案")):
        if day is None or day > case.day:
            yield explain(
                N_("The letter {letter} of {name}: by the decision there was no {what}."),
                letter=officer.letter,
                name=officer.name,
                what=what,
            )


def designated_officer_has_certificate(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 2 (8), 3: designated officers hold a certificate (持证上岗)."""
    officer = _deciding(case)
    if officer is not None and officer.kind is OfficerKind.DESIGNATED and not officer.certificate:
        yield explain(
            N_("{name} is a designated officer without a certificate (定密资格证书)."),
            name=officer.name,
        )


def designated_officer_keeps_to_levels(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (4) 1: which levels a designated officer may decide at most."""
    officer = _deciding(case)
    if officer is None or officer.kind is not OfficerKind.DESIGNATED:
        return
    kind = _kind(case)
    if level_of(case).value not in row.words(kind.value):
        yield refuse(
            N_("{name} is a designated officer and may not decide {level} ({kind})."),
            name=officer.name,
            level=level_of(case).value,
            kind=kind.value,
        )


def stand_in_gives_reason(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 2: B acts only when A cannot (R26)."""
    named, enrolled = case.approval.officer, case.officer
    if named is None:
        return
    corner = named.corner or (enrolled.corner if enrolled else None)
    if corner is not Corner.B:
        return
    if not (named.reason and named.stands_in_for):
        yield explain(N_("A B角 officer decided: name the A角 officer and why he could not act."))
        return
    a = case.authority.officer(named.stands_in_for, case.approval.organ, case.day)
    if a is None or a.corner is not Corner.A:
        yield explain(
            N_("A B角 officer decided for {name}, who was no A角 officer on {day}."),
            name=named.stands_in_for,
            day=str(case.day),
        )


def _deciding(case: Case) -> EnrolledOfficer | None:
    """Return the officer whose decision counts; none where another organ replied."""
    undecided = case.approval.deciding_organ is not None or case.is_unclear
    return None if undecided else case.officer


def _kind(case: Case) -> ClassificationKind:
    return ClassificationKind.ORIGINAL if case.needs_authority else ClassificationKind.DERIVATIVE
