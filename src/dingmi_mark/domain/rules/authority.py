"""May these people decide this level on that day? (R25-R27)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import ClassificationKind, Corner, OfficerKind
from dingmi_mark.domain.authority import STATED_KINDS, Grant, Organ
from dingmi_mark.domain.law import LawRow, Theme
from dingmi_mark.domain.rules.case import Case, Remark, explain, no_authority, note, refuse
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.messages import N_, say


def organ_has_authority(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十七条: organ or grant, for original classification only (R25).

    A kind of organ that the article does not name has authority by a grant only. Whether a matter
    is among those of a limited grant, the officer sees: the record does not tell.
    """
    if not case.needs_authority:
        return
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None:
        yield no_authority(
            N_("The office's authority table does not know “{organ}”."),
            organ=case.approval.decided_by,
        )
        return
    grants = _grants_relied_on(case, organ)
    if organ.kind in STATED_KINDS and not _has_level(case, organ, row) and not grants:
        yield no_authority(
            N_("“{organ}” ({kind}) has no authority for original classification as {level}."),
            organ=organ.name,
            kind=organ.kind.value,
            level=_level(case).value,
        )
    if grants and all(grant.matters for grant in grants):
        yield note(
            N_("The authority granted by {letter} is for these matters only: {matters}."),
            letter="、".join(grant.letter for grant in grants),
            matters="、".join(matter for grant in grants for matter in grant.matters),
        )


def other_organ_has_authority(case: Case, row: LawRow) -> Iterator[Remark]:
    """Of these kinds 保守国家秘密法(2024)第十七条 states no levels: the table is a reading (R25).

    公安 and 国安 decide within rules of their own (按照规定的权限) that are not public. 自治州
    stood beside 设区的市 in the law of 2010 and does not in that of 2024. A profile may switch it.
    """
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None or organ.kind in STATED_KINDS:
        return
    if not case.needs_authority:
        return
    if not _has_level(case, organ, row) and not _grants_relied_on(case, organ):
        message = say(
            "The law names no authority of “{organ}” ({kind}) for {level}, nor is there a grant.",
            organ=organ.name,
            kind=organ.kind.value,
            level=_level(case).value,
        )
        yield Remark(message, theme=Theme.AUTHORITY)


def grant_is_not_granted_on(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十六条: 被授权机关、单位不得再授权 (R27).

    Seen where the authority table lists the granting organ with a grant of its own for the level.
    """
    organ = case.authority.organ(case.approval.decided_by)
    if not case.needs_authority or organ is None:
        return
    grants = _grants_relied_on(case, organ)
    if any(not _granted_on(grant, case) for grant in grants):
        return
    for grant in grants:
        yield no_authority(
            N_("“{grantor}” holds its authority by a grant and may not grant it on ({letter})."),
            grantor=grant.granted_by,
            letter=grant.letter,
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
    kind = ClassificationKind.ORIGINAL if case.needs_authority else ClassificationKind.DERIVATIVE
    original = kind is ClassificationKind.ORIGINAL
    levels = officer.original_levels if original else officer.derivative_levels
    if _level(case) not in levels:
        yield no_authority(
            N_("{name} may not decide {level} ({kind})."),
            name=officer.name,
            level=_level(case).value,
            kind=kind.value,
        )


def designated_officer_has_letter(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (3) 4: 定密责任人授权书 (R27).

    条例14 asks only that he be designated (明确), not how: the office's own list may be enough.
    """
    officer = case.officer
    if officer is None or case.approval.deciding_organ is not None:
        return
    if officer.kind is OfficerKind.DESIGNATED and not officer.letter:
        yield refuse(
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


def _level(case: Case) -> SecrecyLevel:
    return case.approval.secrecy.marking.level


def _has_level(case: Case, organ: Organ, row: LawRow | None) -> bool:
    return row is not None and _level(case).value in row.words(organ.kind.value)


def _grants_relied_on(case: Case, organ: Organ) -> tuple[Grant, ...]:
    """Return the grants for this level and day; none where the organ needs none."""
    rule = "organ-authority" if organ.kind in STATED_KINDS else "organ-authority-other"
    if _has_level(case, organ, case.row(rule)):
        return ()
    return tuple(
        grant
        for grant in organ.grants
        if _level(case) in grant.levels and grant.span.covers(case.day)
    )


def _granted_on(grant: Grant, case: Case) -> bool:
    """Tell whether the grantor itself had only a grant when it gave this one."""
    grantor = case.authority.organ(grant.granted_by)
    given = grant.span.first or case.day
    return grantor is not None and any(
        _level(case) in own.levels and own.span.covers(given) for own in grantor.grants
    )
