"""Read authority.toml: the officers, the unit's own grants, and the other organs that may reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Final

from dingmi_mark.domain.approval import Corner, OfficerKind
from dingmi_mark.domain.authority import (
    Authority,
    Branch,
    EnrolledOfficer,
    Grant,
    Levels,
    Organ,
    OrganKind,
    Span,
)
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import Table, by_value

_LEVELS: Final = by_value(SecrecyLevel)


def read_authority(top: Table, own: Organ | None) -> Authority:
    """Read the table of an office; its own organ comes first, with its grants.

    `own` is None where office.toml itself could not be read: then what depends on it is not
    checked. Raises Faulty with all faults.
    """
    top.integer("schema", least=1, most=1)
    grants = tuple(_grant(table) for table in top.tables("grant"))
    own_table = top.table("own")
    own = None if own is None else replace(_related(own, own_table), grants=grants)
    organ_tables = top.tables("organ")
    others = [_organ(table) for table in organ_tables]
    officer_tables = top.tables("officer")
    officers = [_officer(table, own) for table in officer_tables]
    if own is not None:
        _check_organs(organ_tables, others, own)
        _check_relations((own_table, *organ_tables), (own, *others))
        _check_officers(officer_tables, officers, {own.name, *(organ.name for organ in others)})
    top.finish()
    first = () if own is None else (own,)
    return Authority((*first, *others), tuple(officers))


def _grant(table: Table) -> Grant:
    return Grant(
        letter=table.text("letter"),
        granted_by=table.text("granted_by"),
        levels=_levels(table, "levels"),
        span=_span(table),
        matters=table.words("matters", ()),
        published=table.day("published", None),
        filed=table.day("filed", None),
    )


def _organ(table: Table) -> Organ:
    organ = Organ(
        name=table.text("name"),
        kind=table.choice("kind", by_value(OrganKind)),
        grants=tuple(_grant(grant) for grant in table.tables("grant")),
    )
    return _related(organ, table)


def _related(organ: Organ, table: Table) -> Organ:
    return replace(
        organ,
        branch=table.choice("branch", by_value(Branch), None),
        superior=table.text("superior", ""),
        competent=table.words("competent", ()),
        secrecy_bureau=table.flag("secrecy_bureau", False),
    )


def _officer(table: Table, own: Organ | None) -> EnrolledOfficer:
    return EnrolledOfficer(
        name=table.text("name"),
        post=table.text("post"),
        organ=table.text("organ", own.name if own else ""),
        kind=table.choice("kind", by_value(OfficerKind)),
        span=_span(table),
        original_levels=_levels(table, "original"),
        derivative_levels=_levels(table, "derivative"),
        corner=table.choice("corner", by_value(Corner), None),
        certificate=table.text("certificate", ""),
        letter=table.text("letter", ""),
        designated_by=table.text("designated_by", ""),
        published=table.day("published", None),
        filed=table.day("filed", None),
        trained=table.day("trained", None),
    )


def _levels(table: Table, key: str) -> Levels:
    return frozenset(table.choices(key, _LEVELS))


def _span(table: Table) -> Span:
    first, last = table.day("from"), table.day("until", None)
    if last is not None and last < first:
        table.fault("until", say("a day not before from is expected"))
    return Span(first, last)


def _check_organs(tables: tuple[Table, ...], organs: list[Organ], own: Organ) -> None:
    seen = {own.name}
    for table, organ in zip(tables, organs, strict=True):
        if organ.name in seen:
            table.fault("name", say("“{name}” is already known", name=organ.name))
        seen.add(organ.name)


def _check_relations(tables: tuple[Table, ...], organs: tuple[Organ, ...]) -> None:
    """A superior and a competent department are organs of the table: else nobody knows them."""
    known = {organ.name for organ in organs}
    for table, organ in zip(tables, organs, strict=True):
        if organ.superior and organ.superior not in known:
            table.fault("superior", say("no [[organ]] has the name “{name}”", name=organ.superior))
        if organ.superior == organ.name:
            table.fault("superior", say("an organ is not its own superior"))
        for number, name in enumerate(organ.competent, 1):
            if name not in known:
                expected = say("no [[organ]] has the name “{name}”", name=name)
                table.fault(f"competent[{number}]", expected)


def _check_officers(
    tables: tuple[Table, ...], officers: list[EnrolledOfficer], organs: set[str]
) -> None:
    for table, officer in zip(tables, officers, strict=True):
        if officer.organ not in organs:
            table.fault("organ", say("no [[organ]] has the name “{name}”", name=officer.organ))
    for (_, one), (table, other) in combinations(zip(tables, officers, strict=True), 2):
        same = (one.name, one.organ) == (other.name, other.organ)
        if same and one.name and _overlap(one.span, other.span):
            table.fault("from", say("{name} stands twice for the same days", name=one.name))


def _overlap(one: Span, other: Span) -> bool:
    return (one.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
        one.last or date.max
    )
