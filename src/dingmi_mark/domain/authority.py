"""定密权限: which organ and which officer may decide what, and on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.approval import Corner, OfficerKind
from dingmi_mark.domain.catalogue import Catalogue, MattersList
from dingmi_mark.domain.spans import Span
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.domain.working_days import YearOfHolidays

__all__ = [
    "STATED_KINDS",
    "Authority",
    "Branch",
    "EnrolledOfficer",
    "Grant",
    "Levels",
    "Organ",
    "OrganKind",
    "Span",
]

Levels = frozenset[SecrecyLevel]


class OrganKind(Enum):
    """What an organ is, as far as 保守国家秘密法(2024)第十七条 asks."""

    CENTRAL = "中央"
    PROVINCIAL = "省级"
    PREFECTURE_CITY = "设区的市级"
    AUTONOMOUS_PREFECTURE = "自治州"
    COUNTY = "县级"
    TOWNSHIP = "乡镇"
    PUBLIC_SECURITY = "公安"
    STATE_SECURITY = "国安"
    SUBORDINATE = "直属单位"
    ENTERPRISE = "企业"


STATED_KINDS: Final = (
    OrganKind.CENTRAL,
    OrganKind.PROVINCIAL,
    OrganKind.PREFECTURE_CITY,
    OrganKind.COUNTY,
    OrganKind.TOWNSHIP,
    OrganKind.ENTERPRISE,
)
"""Kinds whose levels follow from 保守国家秘密法(2024)第十七条: named in it, or plainly not.

Of the others the text says nothing outright (自治州, 直属单位), or refers to rules of their own
that are not public (公安, 国安).
"""


class Branch(Enum):
    """党委、人大、政府、政协: tells whom an organ asks for a grant (pilot handbook)."""

    PARTY = "党委"
    CONGRESS = "人大"
    GOVERNMENT = "政府"
    CONSULTATIVE = "政协"


@dataclass(frozen=True)
class Grant:
    """定密授权: a letter by which an authorised organ lends its power (法17, 条例16).

    The holder may not grant it on. `matters` empty: all matters of the organ. `published` and
    `filed` (备案) are the days on which the letter was.
    """

    letter: str
    granted_by: str
    levels: Levels
    span: Span
    matters: tuple[str, ...] = ()
    published: date | None = None
    filed: date | None = None


@dataclass(frozen=True)
class Organ:
    """机关、单位 by name and kind, with the grants it holds and whom it may turn to.

    `superior` (上级机关) and `competent` (业务主管部门) are names of organs; empty: the office's
    table does not say. `secrecy_bureau`: it is a 保密行政管理部门.
    """

    name: str
    kind: OrganKind
    grants: tuple[Grant, ...] = ()
    branch: Branch | None = None
    superior: str = ""
    competent: tuple[str, ...] = ()
    secrecy_bureau: bool = False


@dataclass(frozen=True)
class EnrolledOfficer:
    """定密责任人 in the office's own list: for which levels, and since when.

    `designated_by` names who designated him. `published`, `filed` (备案) are days of his letter,
    `trained` of his training (条例14); None: the table does not say.
    """

    name: str
    post: str
    organ: str
    kind: OfficerKind
    span: Span
    original_levels: Levels
    derivative_levels: Levels
    corner: Corner | None = None
    certificate: str = ""
    letter: str = ""
    designated_by: str = ""
    published: date | None = None
    filed: date | None = None
    trained: date | None = None


@dataclass(frozen=True)
class Authority:
    """The office's tables: who may decide (`authority.toml`), on which basis, on which days.

    `catalogue` None: the office keeps no 保密事项范围. `holidays` are years of its own.
    """

    organs: tuple[Organ, ...] = ()
    officers: tuple[EnrolledOfficer, ...] = ()
    catalogue: Catalogue | None = None
    lists: tuple[MattersList, ...] = ()
    holidays: tuple[YearOfHolidays, ...] = ()

    def organ(self, name: str) -> Organ | None:
        """Return the organ of this name."""
        return next((organ for organ in self.organs if organ.name == name), None)

    def officer(self, name: str, organ: str, day: date) -> EnrolledOfficer | None:
        """Return the officer of this name who is in office in this organ on this day."""
        return next(
            (
                officer
                for officer in self.officers
                if (officer.name, officer.organ) == (name, organ) and officer.span.covers(day)
            ),
            None,
        )

    def superiors(self, organ: Organ) -> Iterator[Organ]:
        """Yield the organs above an organ that the table knows, the nearest first."""
        seen = {organ.name}
        above = self.organ(organ.superior)
        while above is not None and above.name not in seen:
            yield above
            seen.add(above.name)
            above = self.organ(above.superior)
