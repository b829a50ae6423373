"""May this organ decide this level on that day, by itself or by a grant? (R25, R27)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dingmi_mark.domain.authority import STATED_KINDS, Grant, Organ
from dingmi_mark.domain.law import LawRow, Theme
from dingmi_mark.domain.powers import grants_for, has_own_power
from dingmi_mark.domain.report_path import Asking, handbook_addressees, path_by, superior_may_decide
from dingmi_mark.domain.rules.case import Case, Remark, no_authority, note
from dingmi_mark.domain.terms import SecrecyLevel, plain
from dingmi_mark.messages import N_, say


def organ_has_authority(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十七条: organ or grant, for original classification only (R25).

    A kind of organ that the article does not name has authority by a grant only. Where there is
    none, the finding tells to whom the matter is reported at once (第三款). Whether a matter is
    among those of a limited grant, the officer sees, unless it is named in the grant's own words.
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
    grants = grants_relied_on(case, organ)
    if organ.kind in STATED_KINDS and lacks_power(case, organ):
        yield no_authority(
            N_(
                "“{organ}” ({kind}) has no authority for original classification as {level}. "
                "{report}"
            ),
            organ=organ.name,
            kind=organ.kind.value,
            level=level_of(case).value,
            report=path_by(row, asking_of(case, organ)).message,
        )
    if grants and not any(_covers(grant, case) for grant in grants):
        yield note(
            N_("The authority granted by {letter} is for these matters only: {matters}."),
            letter="、".join(grant.letter for grant in grants),
            matters="、".join(matter for grant in grants for matter in grant.matters),
        )


def other_organ_has_authority(case: Case, row: LawRow) -> Iterator[Remark]:
    """Of these kinds 保守国家秘密法(2024)第十七条 states no levels: the table is a reading (R25).

    公安 and 国安 decide within rules of their own (按照规定的权限) that are not public. 自治州
    stood beside 设区的市 in 2010. The texts of 2024 write 设区的市级 wherever those of 2014 wrote
    设区的市、自治州级 (条例第十一条、第二十四条, now 第十六条、第三十三条): so it is among them.
    A profile may switch it.
    """
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None or organ.kind in STATED_KINDS or not case.needs_authority:
        return
    if lacks_power(case, organ):
        message = say(
            "The law names no authority of “{organ}” ({kind}) for {level}, nor is there a grant. "
            "{report}",
            organ=organ.name,
            kind=organ.kind.value,
            level=level_of(case).value,
            report=path_by(row, asking_of(case, organ)).message,
        )
        yield Remark(message, theme=Theme.AUTHORITY)


def handbook_names_others(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (4) 3: whom a unit asks where its superior may not decide either."""
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None or not case.needs_authority or not lacks_power(case, organ):
        return
    asking = asking_of(case, organ)
    asked = () if superior_may_decide(asking) else handbook_addressees(row, asking)
    if asked:
        message = say(
            "Where no superior may decide it, the pilot handbook names: {asked}.",
            asked="；".join(str(addressee) for addressee in asked),
        )
        yield Remark(message, theme=Theme.AUTHORITY)


def grant_is_not_granted_on(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十六条: 被授权机关、单位不得再授权 (R27).

    Seen where the authority table lists the granting organ with a grant of its own for the level.
    """
    organ = case.authority.organ(case.approval.decided_by)
    if not case.needs_authority or organ is None:
        return
    grants = grants_relied_on(case, organ)
    if any(not _granted_on(grant, case) for grant in grants):
        return
    for grant in grants:
        yield no_authority(
            N_("“{grantor}” holds its authority by a grant and may not grant it on ({letter})."),
            grantor=grant.granted_by,
            letter=grant.letter,
        )


def asking_of(case: Case, organ: Organ) -> Asking:
    """Return what the organ would ask of others."""
    level = level_of(case)
    return Asking(organ, level, _matter(case), case.day, case.authority, case.rows)


def level_of(case: Case) -> SecrecyLevel:
    """Return the level that was decided."""
    return case.approval.secrecy.marking.level


def lacks_power(case: Case, organ: Organ) -> bool:
    """Tell whether the organ has the level neither by its kind nor by a grant."""
    return not has_own_power(organ, level_of(case), case.day, case.rows) and not grants_for(
        organ, level_of(case), case.day
    )


def another_organ_decides(case: Case) -> bool:
    """Tell whether the unit itself may not decide: 无权 (法17(3)), or still unclear (条例25)."""
    organ = case.authority.organ(case.approval.organ)
    beyond = case.needs_authority and organ is not None and lacks_power(case, organ)
    return beyond or case.is_unclear


def grants_relied_on(case: Case, organ: Organ) -> tuple[Grant, ...]:
    """Return the grants for this level and day; none where the organ needs none."""
    if has_own_power(organ, level_of(case), case.day, case.rows):
        return ()
    return grants_for(organ, level_of(case), case.day)


def given_on(grant: Grant, case: Case) -> date:
    """Return the day on which a grant was given, as far as the office and the tables know."""
    return max(grant.span.first or case.day, min(row.effective_from for row in case.rows))


def holds_by_grant_only(organ: Organ, case: Case, day: date) -> bool:
    """Tell whether an organ had the level on a day, and only because it was granted."""
    level = level_of(case)
    return bool(grants_for(organ, level, day)) and not has_own_power(organ, level, day, case.rows)


def _matter(case: Case) -> str:
    """Return the matter as the record's basis words it, for grants that are limited."""
    return next((basis.item for basis in case.approval.classification.bases), "")


def _covers(grant: Grant, case: Case) -> bool:
    bases = {plain(basis.item) for basis in case.approval.classification.bases}
    return not grant.matters or not bases.isdisjoint(map(plain, grant.matters))


def _granted_on(grant: Grant, case: Case) -> bool:
    """Tell whether the grantor itself had only a grant when it gave this one."""
    grantor = case.authority.organ(grant.granted_by)
    return grantor is not None and holds_by_grant_only(grantor, case, given_on(grant, case))
