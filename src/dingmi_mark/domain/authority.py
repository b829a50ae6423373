"""定密权限: which organ and which officer may decide what, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.approval import Corner, OfficerKind
from dingmi_mark.domain.terms import SecrecyLevel

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

Of the others the text says nothing (自治州, 直属单位), or refers to rules of their own that are not
public (公安, 国安).
"""


@dataclass(frozen=True)
class Span:
    """Days on which something is in force, both inclusive; None is open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in the span."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Grant:
    """定密授权: a letter by which an authorised organ lends its power (法17, 条例16).

    The holder may not grant it on. `matters` empty: all matters of the organ.
    """

    letter: str
    granted_by: str
    levels: Levels
    span: Span
    matters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organ:
    """机关、单位 by name and kind, with the grants it holds."""

    name: str
    kind: OrganKind
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class EnrolledOfficer:
    """定密责任人 in the office's own list: for which levels, and since when."""

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


@dataclass(frozen=True)
class Authority:
    """The office's table of organs and officers (`authority.toml`)."""

    organs: tuple[Organ, ...] = ()
    officers: tuple[EnrolledOfficer, ...] = ()

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
