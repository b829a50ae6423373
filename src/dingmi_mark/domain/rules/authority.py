"""May these people decide this level on that day? (R25-R27)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import ClassificationKind, Corner, OfficerKind
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, explain, no_authority
from dingmi_mark.messages import N_


def organ_has_authority(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十七条: organ or grant, for original classification only (R25)."""
    approval = case.approval
    if approval.kind is not ClassificationKind.ORIGINAL:
        return
    level = approval.secrecy.marking.level
    organ = case.authority.organ(approval.decided_by)
    if organ is None:
        yield no_authority(
            N_("The office's authority table does not know “{organ}”."), organ=approval.decided_by
        )
        return
    if level.value in row.words(organ.kind.value):
        return
    if any(level in grant.levels and grant.span.covers(case.day) for grant in organ.grants):
        return
    yield no_authority(
        N_("“{organ}” ({kind}) has no authority for original classification as {level}."),
        organ=organ.name,
        kind=organ.kind.value,
        level=level.value,
    )


def officer_is_in_office(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十四条: the officer is one of the office's own, for this level, that day."""
    approval = case.approval
    if approval.officer is None or approval.deciding_organ is not None:
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
    original = approval.kind is ClassificationKind.ORIGINAL
    levels = officer.original_levels if original else officer.derivative_levels
    if approval.secrecy.marking.level not in levels:
        yield no_authority(
            N_("{name} may not decide {level} ({kind})."),
            name=officer.name,
            level=approval.secrecy.marking.level.value,
            kind=approval.kind.value,
        )
    if officer.kind is OfficerKind.DESIGNATED and not officer.letter:
        yield no_authority(
            N_("{name} is a designated officer without a letter of authorisation."),
            name=officer.name,
        )


def stand_in_gives_reason(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 2: B acts only when A cannot (R26)."""
    named, enrolled = case.approval.officer, case.officer
    if named is None:
        return
    corner = named.corner or (enrolled.corner if enrolled else None)
    if corner is Corner.B and not (named.reason and named.stands_in_for):
        yield explain(N_("A B角 officer decided: name the A角 officer and why he could not act."))
