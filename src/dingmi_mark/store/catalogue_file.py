"""Read the 保密事项范围 (`catalogue`) and the 一览表 (`matters`) an office keeps, TOML or XLSX.

Both forms go through the same strict getters; a fault in a sheet names its cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

from dingmi_mark.domain.catalogue import Catalogue, CatalogueItem, MattersList, SecretMatter
from dingmi_mark.domain.reading import read_mark, written_period
from dingmi_mark.domain.spans import Span
from dingmi_mark.domain.terms import ForYears, SecrecyLevel, SecrecyPeriod, plain
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.sheets import Column, sheet_rows
from dingmi_mark.store.strict_toml import Table, by_value, read_table
from dingmi_mark.store.toml_text import Faulty

_LEVELS: Final = by_value(SecrecyLevel)

ITEM_COLUMNS: Final = (
    Column("catalogue", "保密事项范围"),
    Column("item", "条款"),
    Column("levels", "密级", several=True),
    Column("longest", "最长期限"),
    Column("stated", "规定期限"),
    Column("scope", "知悉范围"),
    Column("from", "起", day=True),
    Column("until", "止", day=True),
    Column("mark", "标志"),
)
LIST_COLUMNS: Final = (
    Column("title", "一览表名称"),
    Column("approved", "审定日", day=True),
    Column("approved_by", "审定人"),
    Column("filed", "备案日", day=True),
    Column("filed_with", "备案机关"),
    Column("mark", "标志"),
)
MATTER_COLUMNS: Final = (
    Column("content", "事项内容"),
    Column("level", "密级"),
    Column("period", "保密期限"),
    Column("produced_by", "产生部门或者岗位"),
    Column("scope", "知悉人员", several=True),
    Column("carrier", "载体形式"),
    Column("catalogue", "保密事项范围"),
    Column("item", "条款"),
)


def read_catalogue(file: Path) -> Catalogue:
    """Read a catalogue. Raises Faulty with all faults."""
    if file.suffix == ".xlsx":
        rows = sheet_rows(file, ITEM_COLUMNS)
        items = _items(rows)
        _finish(rows)
        return Catalogue(items)
    top = read_table(file)
    top.integer("schema", least=1, most=1)
    items = _items(top.tables("item", least=1))
    top.finish()
    return Catalogue(items)


def read_lists(file: Path) -> tuple[MattersList, ...]:
    """Read all versions of the 一览表. Raises Faulty with all faults."""
    if file.suffix == ".xlsx":
        return _lists_of_sheet(sheet_rows(file, (*LIST_COLUMNS, *MATTER_COLUMNS)))
    top = read_table(file)
    top.integer("schema", least=1, most=1)
    tables = top.tables("list", least=1)
    lists = tuple(_list(table, table.tables("matter", least=1)) for table in tables)
    for (_, one), (table, other) in combinations(zip(tables, lists, strict=True), 2):
        if (one.title, one.approved) == (other.title, other.approved):
            table.fault("title", say("“{name}” is already known", name=other.title))
    top.finish()
    return lists


def _items(rows: Iterable[Table]) -> tuple[CatalogueItem, ...]:
    items: list[CatalogueItem] = []
    spans: dict[tuple[str, str], list[Span]] = {}
    marks: dict[tuple[str, Span], str] = {}
    for row in rows:
        item = _item(row)
        name, catalogue = plain(item.item), plain(item.catalogue)
        earlier = spans.setdefault((catalogue, name), [])
        if any(_overlap(span, item.span) for span in earlier):
            row.fault("from", say("{name} stands twice for the same days", name=item.item))
        if marks.setdefault((catalogue, item.span), item.mark) != item.mark:
            row.fault("mark", say("one catalogue has one mark; here are two"))
        earlier.append(item.span)
        items.append(item)
    return tuple(items)


def _item(row: Table) -> CatalogueItem:
    levels = frozenset(row.choices("levels", _LEVELS))
    if not levels:
        row.fault("levels", say("at least one level is expected"))
    longest, stated = _period(row, "longest", None), _period(row, "stated", None)
    if longest is not None and stated is not None:
        row.fault("stated", say("one of {options} is expected", options="longest、stated"))
    first, last = row.day("from", None), row.day("until", None)
    if first is not None and last is not None and last < first:
        row.fault("until", say("a day not before from is expected"))
    return CatalogueItem(
        catalogue=row.text("catalogue"),
        item=row.text("item"),
        levels=levels or frozenset(SecrecyLevel),
        longest=longest,
        stated=stated,
        scope=row.text("scope", ""),
        span=Span(first, last),
        mark=_mark(row),
    )


def _lists_of_sheet(rows: tuple[Table, ...]) -> tuple[MattersList, ...]:
    """Rows of the same list repeat its title and days."""
    found: dict[MattersList, list[tuple[Table, SecretMatter]]] = {}
    for row in rows:
        found.setdefault(_list(row, ()), []).append((row, _matter(row)))
    for lines in found.values():
        _check_contents(lines)
    _finish(rows)
    return tuple(
        replace(listed, matters=tuple(matter for _, matter in lines))
        for listed, lines in found.items()
    )


def _list(table: Table, rows: tuple[Table, ...]) -> MattersList:
    lines = [(row, _matter(row)) for row in rows]
    _check_contents(lines)
    return MattersList(
        title=table.text("title"),
        approved=table.day("approved", None),
        approved_by=table.text("approved_by", ""),
        filed=table.day("filed", None),
        filed_with=table.text("filed_with", ""),
        mark=_mark(table),
        matters=tuple(matter for _, matter in lines),
    )


def _check_contents(lines: list[tuple[Table, SecretMatter]]) -> None:
    seen: set[str] = set()
    for row, matter in lines:
        content = plain(matter.content)
        if content and content in seen:
            row.fault("content", say("this matter stands twice in the list"))
        seen.add(content)


def _matter(row: Table) -> SecretMatter:
    return SecretMatter(
        content=row.text("content"),
        level=row.choice("level", _LEVELS),
        period=_period(row, "period", ForYears(1)) or ForYears(1),
        produced_by=row.text("produced_by"),
        scope=row.words("scope"),
        carrier=row.text("carrier"),
        catalogue=row.text("catalogue"),
        item=row.text("item"),
    )


def _period(row: Table, key: str, default: SecrecyPeriod | None) -> SecrecyPeriod | None:
    if default is None and not row.has(key):
        row.text(key, "")
        return None
    text = row.text(key)
    found = written_period(text) if text else default
    if text and found is None:
        row.fault(
            key, say("a period such as 10年, 6个月, 2030年3月15日, 长期, 解密条件：… is expected")
        )
    return found or default


def _mark(row: Table) -> str:
    text = row.text("mark", "")
    read = read_mark(text) if text else None
    if text and (read is None or not read.conforms or read.period is None):
        row.fault("mark", say("a mark such as 秘密★5年 is expected"))
    return text


def _overlap(one: Span, other: Span) -> bool:
    return (one.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
        one.last or date.max
    )


def _finish(rows: tuple[Table, ...]) -> None:
    """Raise what is amiss in any row, all at once."""
    faults: list[Fault] = []
    for row in rows:
        try:
            row.finish()
        except Faulty as error:
            faults += error.faults
    if faults:
        raise Faulty(*faults)
