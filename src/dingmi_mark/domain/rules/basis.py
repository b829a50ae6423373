"""Does the basis of classification stand in the office's 保密事项范围? (R29)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dingmi_mark.domain.approval import Basis, Original
from dingmi_mark.domain.catalogue import (
    CatalogueItem,
    MattersList,
    SecretMatter,
    is_longer,
    list_in_force,
)
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.authority import level_of
from dingmi_mark.domain.rules.case import Case, Remark, explain, note, refuse
from dingmi_mark.domain.terms import SecrecyPeriod, period_text, plain
from dingmi_mark.messages import N_


@dataclass(frozen=True)
class Ground:
    """A basis of the record and what the office's tables know of it on the day.

    `listed` is the 一览表 it names, `matter` its line there; `item` the item of a 保密事项范围, its
    own or that of the line.
    """

    basis: Basis
    catalogue: str
    number: str
    item: CatalogueItem | None = None
    listed: MattersList | None = None
    matter: SecretMatter | None = None


def grounds(case: Case) -> tuple[Ground, ...]:
    """Return every basis of the record; none of a matter that was unclear.

    No 保密事项范围 has such a matter (条例(2024)第二十五条), neither before the reply nor after.
    """
    if case.approval.unclear is not None:
        return ()
    return tuple(_ground(basis, case) for basis in case.approval.classification.bases)


def basis_was_checked(case: Case, row: LawRow) -> Iterator[Remark]:
    """An office without a catalogue is told that its bases were not checked (own choice)."""
    if grounds(case) and case.authority.catalogue is None:
        yield note(N_("The office keeps no catalogue (保密事项范围): the basis was not checked."))


def basis_is_in_catalogue(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十九条: the basis is an item of a 保密事项范围 in force (R29).

    So 国家秘密定密管理规定(2025)第六条, and the law of 2010 in 第十四条.
    """
    catalogue = case.authority.catalogue
    if catalogue is None:
        return
    for ground in grounds(case):
        if ground.item is not None or (ground.listed is not None and ground.matter is None):
            continue
        known = catalogue.named(ground.catalogue, ground.number)
        wording = (
            N_("“{catalogue}”, {item}, was not in force on {day}.")
            if known
            else N_("The office's catalogue has no “{catalogue}”, {item} ({day}).")
        )
        yield refuse(wording, catalogue=ground.catalogue, item=ground.number, day=str(case.day))


def basis_allows_level(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十九条: the level is that of the item, not above and not below.

    With several bases: not above the highest of them, nor below any. In a derived paper the sources
    may be higher than its own matter.
    """
    items = [ground.item for ground in grounds(case) if ground.item is not None]
    level = level_of(case)
    if items and case.needs_authority and level > max(max(item.levels) for item in items):
        yield refuse(
            N_("{level} is higher than its basis allows ({items})."),
            level=level.value,
            items=_levels_of(items),
        )
    too_low = [item for item in items if level < min(item.levels)]
    if too_low:
        yield refuse(
            N_("{level} is lower than its basis says ({items})."),
            level=level.value,
            items=_levels_of(too_low),
        )


def basis_allows_period(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十九条第一款: the period is within what the items give.

    A derived paper follows its sources instead. A period shorter than a stated one, or one that
    has no order with it, is for the record to explain.
    """
    items = [ground.item for ground in grounds(case) if ground.item is not None]
    limits = [limit for item in items if (limit := item.longest or item.stated) is not None]
    if not limits or len(limits) < len(items) or not _is_original(case):
        return
    period = case.approval.secrecy.marking.period
    start = case.approval.draft.period_start or case.day
    longer = [is_longer(period, limit, start) for limit in limits]
    if all(longer):
        yield refuse(
            N_("The period ({period}) is longer than its basis allows ({limits})."),
            period=period_text(period),
            limits=_texts(limits),
        )
    elif None in longer:
        yield explain(
            N_("The period ({period}) cannot be compared with that of its basis ({limits})."),
            period=period_text(period),
            limits=_texts(limits),
        )
    shorter = [i.stated for i in items if i.stated and is_longer(i.stated, period, start)]
    if shorter:
        yield explain(
            N_("The period ({period}) is shorter than its basis says ({limits})."),
            period=period_text(period),
            limits=_texts(shorter),
        )


def basis_is_no_analogy(case: Case, row: LawRow) -> Iterator[Remark]:
    """保密事项范围制定、修订和使用办法(2017)第四条: no analogy (不得比照类推) (R29)."""
    for basis in case.approval.classification.bases:
        text = plain(f"{basis.catalogue}，{basis.item}，{basis.note}")
        for word in row.words("words"):
            if word in text:
                yield refuse(
                    N_("The basis “{item}” is an analogy ({word}); a basis is an item itself."),
                    item=basis.item,
                    word=word,
                )


def _ground(basis: Basis, case: Case) -> Ground:
    listed = list_in_force(case.authority.lists, basis.catalogue, case.day)
    matter = listed.matter(basis.item) if listed is not None else None
    catalogue, number = basis.catalogue, basis.item
    if matter is not None:
        catalogue, number = matter.catalogue, matter.item
    kept = case.authority.catalogue
    item = kept.item(catalogue, number, case.day) if kept is not None else None
    return Ground(basis, catalogue, number, item, listed, matter)


def _is_original(case: Case) -> bool:
    return isinstance(case.approval.classification, Original)


def _levels_of(items: list[CatalogueItem]) -> str:
    return "；".join(
        f"{item.item}：{'、'.join(level.value for level in sorted(item.levels, reverse=True))}"
        for item in items
    )


def _texts(periods: list[SecrecyPeriod]) -> str:
    return "、".join(dict.fromkeys(period_text(period) for period in periods))
