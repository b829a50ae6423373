"""无权: whom to ask where a unit has not the authority (法17(3), 条例17(2), 2025规定11).

It protects the matter and reports at once; no days are named. An unclear matter (不明确) goes
another way, `domain.unclear`; the two are never confused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.authority import Authority, Organ, OrganKind
from dingmi_mark.domain.law import Citation, Lawbook, LawRow, Severity
from dingmi_mark.domain.powers import STATED, has_power, power_rule, row_on
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.domain.working_days import LastDay
from dingmi_mark.messages import Message, say

ORDER: Final = "无权时报请"
"""The key of the rows of authority that lists whom to ask, in order."""
HANDBOOK: Final = "report-path-handbook"
FORM: Final = "无权定密事项定密申报表"
"""Annex 10 of the pilot handbook; its picture is not public."""


class ReportKind(Enum):
    """Why a unit does not decide by itself."""

    NO_AUTHORITY = "无权"
    UNCLEAR = "不明确"


class Role(Enum):
    """As what somebody is asked."""

    SUPERIOR = "上级机关、单位"
    CITY_ORGAN = "有隶属关系或者业务关联的市级机关"
    COUNTY_ORGAN = "得到授权的县级机关"
    COMPETENT = "业务主管部门"
    BUREAU = "保密行政管理部门"
    NATIONAL_BUREAU = "国家保密行政管理部门"
    PROVINCIAL_BUREAU = "省、自治区、直辖市保密行政管理部门"


@dataclass(frozen=True)
class Addressee:
    """Whom to ask; no name where the office's table names none."""

    role: Role
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name}（{self.role.value}）" if self.name else self.role.value


@dataclass(frozen=True)
class ReportPath:
    """The way of a matter that the unit does not decide: to whom, by when, on which form.

    `last` is the last day for an unclear matter; None where no days are known. For 无权 it is
    always None: that is reported at once. `form` empty: no form is known.
    """

    kind: ReportKind
    addressees: tuple[Addressee, ...]
    citation: Citation
    last: LastDay | None = None
    form: str = ""

    @property
    def deadline(self) -> str:
        """`立即` for 无权; else the last day in ISO 8601, empty where no days are known."""
        if self.kind is ReportKind.NO_AUTHORITY:
            return "立即"
        return self.last.day.isoformat() if self.last else ""

    @property
    def asked(self) -> str:
        """The addressees in their order, as one line."""
        return "；".join(str(addressee) for addressee in self.addressees)

    @property
    def message(self) -> Message:
        """What to do now, for 无权."""
        return say(
            "Protect it now and report it at once (立即) to: {asked} (form: {form}).",
            asked=self.asked,
            form=self.form,
        )


def report_path(
    organ: Organ,
    level: SecrecyLevel,
    matter: str,
    day: date,
    authority: Authority,
    lawbook: Lawbook,
) -> ReportPath:
    """Return the way of a matter for which the organ has no authority (无权).

    The profile decides whether the order of the pilot handbook is followed beside the law's.
    Raises LookupError where the tables have no row on the day.
    """
    row = lawbook.row(power_rule(organ), day)
    if row is None:
        raise LookupError(f"no row of {power_rule(organ)} on {day}")
    extra = None
    if lawbook.switches.get(HANDBOOK) is not Severity.OFF:
        extra = lawbook.row(HANDBOOK, day)
    asking = Asking(organ, level, matter, day, authority, lawbook.rows)
    return path_by(row, asking, extra)


@dataclass(frozen=True)
class Asking:
    """Who asks for what, and what is known of others on that day."""

    organ: Organ
    level: SecrecyLevel
    matter: str
    day: date
    authority: Authority
    rows: tuple[LawRow, ...]

    def may_decide(self, other: Organ) -> bool:
        """Tell whether another organ has the power that this one lacks."""
        return has_power(other, self.level, self.day, self.rows, self.matter)


def path_by(row: LawRow, asking: Asking, handbook: LawRow | None = None) -> ReportPath:
    """Return the way by the row of authority, and by the handbook's where it is followed.

    Whether an organ has authority may rest on a reading; that it reports where it has none is law
    (保守国家秘密法(2024)第十七条第三款), and that is what is cited.
    """
    duty = row_on(asking.rows, STATED, asking.day) or row
    found: list[Addressee] = []
    for word in row.words(ORDER):
        role = Role(word)
        found += _addressees(role, asking)
        if role is Role.SUPERIOR:
            if any(addressee.name for addressee in found):
                break
            found += handbook_addressees(handbook, asking) if handbook else ()
    return ReportPath(ReportKind.NO_AUTHORITY, tuple(found), duty.citation, form=FORM)


def handbook_addressees(row: LawRow, asking: Asking) -> tuple[Addressee, ...]:
    """Return whom the pilot handbook adds where no superior may decide (part 2 (4) 3)."""
    standing = _standing(asking.organ, asking.authority)
    words = row.words(standing) if standing else ()
    return tuple(
        Addressee(_ADDED[OrganKind(word)], name)
        for word in words
        for name in _names(
            (o for o in asking.authority.organs if o.kind is OrganKind(word)), asking
        )
    )


_ADDED: Final = {
    OrganKind.PREFECTURE_CITY: Role.CITY_ORGAN,
    OrganKind.COUNTY: Role.COUNTY_ORGAN,
}
STANDINGS: Final = ("市直", "县直", "乡镇")
"""How the pilot handbook sorts the units that may not decide."""


def superior_may_decide(asking: Asking) -> bool:
    """Tell whether the table names a superior that has the power."""
    return any(asking.may_decide(above) for above in asking.authority.superiors(asking.organ))


def _standing(organ: Organ, authority: Authority) -> str:
    if organ.kind is OrganKind.TOWNSHIP:
        return "乡镇"
    if organ.kind not in (OrganKind.SUBORDINATE, OrganKind.ENTERPRISE):
        return ""
    kinds = [above.kind for above in authority.superiors(organ)]
    return "县直" if OrganKind.COUNTY in kinds else "市直"


def _addressees(role: Role, asking: Asking) -> Iterator[Addressee]:
    authority, organ = asking.authority, asking.organ
    match role:
        case Role.SUPERIOR:
            above = list(authority.superiors(organ))
            able = next((one for one in above if asking.may_decide(one)), None)
            if able is not None:
                yield Addressee(role, able.name)
            elif not above:
                yield Addressee(role)
        case Role.COMPETENT:
            named = (one for one in authority.organs if one.name in organ.competent)
            yield from (Addressee(role, name) for name in _names(named, asking))
        case _:
            bureaus = (one for one in authority.organs if one.secrecy_bureau)
            yield from (Addressee(role, name) for name in _names(bureaus, asking))


def _names(organs: Iterator[Organ], asking: Asking) -> list[str]:
    """Name those that may decide, else nobody: then the role stands alone."""
    return [one.name for one in organs if asking.may_decide(one) and one != asking.organ] or [""]
