"""保密事项范围 and 国家秘密事项一览表: on which basis matter may be classified (R29).

The basis of a record is found by name and item, exactly once width and spaces are folded; never
by similarity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from dingmi_mark.domain.spans import Span
from dingmi_mark.domain.terms import (
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    last_secret_day,
    plain,
)


@dataclass(frozen=True)
class CatalogueItem:
    """One item of a 保密事项范围 on the days it is in force.

    `longest` is a bound, `stated` the period itself; one of them or neither. `scope` is what the
    item says of who may know. `mark`: the catalogue is itself secret (定密管理规定(2025)第八条).
    """

    catalogue: str
    item: str
    levels: frozenset[SecrecyLevel]
    longest: SecrecyPeriod | None = None
    stated: SecrecyPeriod | None = None
    scope: str = ""
    span: Span = field(default_factory=Span)
    mark: str = ""

    def is_named(self, catalogue: str, item: str) -> bool:
        """Tell whether these words name it."""
        return (plain(catalogue), plain(item)) == (plain(self.catalogue), plain(self.item))


@dataclass(frozen=True)
class Catalogue:
    """All items the office keeps, of every 保密事项范围 it works with."""

    items: tuple[CatalogueItem, ...] = ()

    def named(self, catalogue: str, item: str) -> tuple[CatalogueItem, ...]:
        """Return the item of these words in all its versions."""
        return tuple(found for found in self.items if found.is_named(catalogue, item))

    def item(self, catalogue: str, item: str, day: date) -> CatalogueItem | None:
        """Return the item of these words that is in force on the day."""
        return next((i for i in self.named(catalogue, item) if i.span.covers(day)), None)


@dataclass(frozen=True)
class SecretMatter:
    """A line of the 一览表; its columns are those of the 2014 Q&A of the 国家保密局."""

    content: str
    level: SecrecyLevel
    period: SecrecyPeriod
    produced_by: str
    scope: tuple[str, ...]
    carrier: str
    catalogue: str
    item: str


@dataclass(frozen=True)
class MattersList:
    """国家秘密事项一览表: approved by the head (审定), filed with the bureau (备案)."""

    title: str
    approved: date | None
    filed: date | None
    matters: tuple[SecretMatter, ...] = ()
    approved_by: str = ""
    filed_with: str = ""
    mark: str = ""

    def matter(self, content: str) -> SecretMatter | None:
        """Return the line with this content."""
        return next((m for m in self.matters if plain(m.content) == plain(content)), None)

    def is_approved(self, day: date) -> bool:
        """Tell whether the head had approved it by the day."""
        return self.approved is not None and self.approved <= day

    def is_filed(self, day: date) -> bool:
        """Tell whether it was filed by the day."""
        return self.filed is not None and self.filed <= day


def list_in_force(lists: tuple[MattersList, ...], title: str, day: date) -> MattersList | None:
    """Return the version of this title last approved by the day, else one yet to be approved."""
    named = [found for found in lists if plain(found.title) == plain(title)]
    approved = [found for found in named if found.is_approved(day)]
    if approved:
        return max(approved, key=lambda found: found.approved or date.min)
    return named[0] if named else None


def is_longer(period: SecrecyPeriod, limit: SecrecyPeriod, start: date) -> bool | None:
    """Tell whether a period outlasts another that starts on the same day; None: no order.

    长期 outlasts all others; a condition has an order with itself alone, and 长期.
    """
    match period, limit:
        case _, LongTerm():
            return False
        case LongTerm(), _:
            return True
        case UntilCondition(own), UntilCondition(other):
            return False if plain(own) == plain(other) else None
        case _:
            own_last, limit_last = last_secret_day(period, start), last_secret_day(limit, start)
            if own_last is None or limit_last is None:
                return None
            return own_last > limit_last


def matters_beyond_items(
    found: MattersList, catalogue: Catalogue, day: date
) -> Iterator[tuple[SecretMatter, str]]:
    """Yield the lines that go beyond their item, and in what: 条款, 密级 or 保密期限."""
    for matter in found.matters:
        item = catalogue.item(matter.catalogue, matter.item, day)
        if item is None:
            yield matter, "条款"
            continue
        if matter.level > max(item.levels):
            yield matter, "密级"
        limit = item.longest or item.stated
        if limit is not None and is_longer(matter.period, limit, day):
            yield matter, "保密期限"
