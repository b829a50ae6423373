"""Did a body reply that the unit may turn to? (法17(3), R25)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.authority import Authority, Organ
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, no_authority, note
from dingmi_mark.messages import N_


def reply_is_of_a_body_above(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十七条第三款: a superior, the competent department, or a bureau.

    As the office's own table relates them; where it relates nobody to the unit, that is told and
    not refused. Of an unclear matter (不明确) another rule says who decides.
    """
    approval, authority = case.approval, case.authority
    if approval.deciding_organ is None or approval.unclear is not None:
        return
    name, own = approval.deciding_organ.name, authority.organ(approval.organ)
    if name == approval.organ:
        yield no_authority(N_("“{organ}” cannot reply to itself."), organ=name)
        return
    above = _above(own, authority) if own is not None else set()
    if not above:
        yield note(
            N_("The office's table does not say whom “{organ}” may ask: “{name}” was not checked."),
            organ=approval.organ,
            name=name,
        )
    elif name not in above:
        yield no_authority(
            N_("“{name}” is neither superior nor competent department nor bureau of “{organ}”."),
            name=name,
            organ=approval.organ,
        )


def _above(own: Organ, authority: Authority) -> set[str]:
    """Name everybody the organ may turn to; nobody where the table relates none to it."""
    related = {*(organ.name for organ in authority.superiors(own)), *own.competent}
    return related and related | {one.name for one in authority.organs if one.secrecy_bureau}
