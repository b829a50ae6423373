"""A notice as a table (XLSX): one row a document; the rest stands in the first row, or in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.notices import FiledNotice
from dingmi_mark.domain.reading import period_words, written_period
from dingmi_mark.errors import FormCannotHold
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.approval_mapping import period_table
from dingmi_mark.store.new_file import new_file
from dingmi_mark.store.sheets import Column, sheet_rows
from dingmi_mark.store.strict_toml import Table
from dingmi_mark.store.toml_text import Faulty

_ITEM: Final = (
    Column("id", "台账编号"),
    Column("document_number", "文号"),
    Column("title", "标题"),
    Column("digest", "文件摘要"),
    Column("old_level", "原密级"),
    Column("old_period", "原保密期限"),
    Column("issue_day", "制发日", day=True),
    Column("organ", "原定密机关"),
)
_NOTICE: Final = (
    Column("number", "依据文号"),
    Column("kind", "种类"),
    Column("decided_by", "决定的机关、单位"),
    Column("right", "权限"),
    Column("date", "决定日期", day=True),
    Column("reason", "理由"),
    Column("level", "新密级"),
    Column("period", "新保密期限"),
    Column("scope", "新知悉范围", several=True),
    Column("runs_from", "起算"),
    Column("points", "解除的密点", several=True),
    Column("proposed_by", "承办人"),
    Column("officer", "定密责任人"),
    Column("officer_post", "定密责任人职务"),
    Column("source_change", "来源变更文号"),
    Column("approved_by", "批准解密的中央机关"),
    Column("agreed_by", "同意的联合机关", several=True),
    Column("published_on", "公布日期", day=True),
    Column("published_in", "公布在何处"),
    Column("happened", "解密条件的达成"),
)
_COLUMNS: Final = (*_ITEM, *_NOTICE)
_STRAIGHT: Final = frozenset(c.key for c in _NOTICE) - {
    *("level", "period", "scope", "proposed_by", "officer", "officer_post")
}
"""Columns that are keys of the notice just so."""


def tables_of(path: Path) -> dict[str, Any]:
    """Return the raw tables of a notice. Raises Faulty, by cell."""
    rows = sheet_rows(path, _COLUMNS)
    faults: list[Fault] = []
    said = _said_once(rows, faults)
    items = [_item(row, faults) for row in rows]
    tables: dict[str, Any] = {key: value for key, value in said.items() if key in _STRAIGHT}
    tables |= {"schema": 1, "item": items}
    if new := _new(said, rows[0], faults):
        tables["new"] = new
    if "proposed_by" in said:
        tables["proposed_by"] = {"name": said["proposed_by"]}
    if "officer" in said:
        tables["officer"] = {"name": said["officer"], "post": said.get("officer_post", "")}
    if faults:
        raise Faulty(*faults)
    return tables


def _said_once(rows: Sequence[Table], faults: list[Fault]) -> dict[str, Any]:
    """Return the values of the notice; a later row may leave them out, not say otherwise."""
    first = _taken(rows[0], _NOTICE)
    for row in rows[1:]:
        for key, value in _taken(row, _NOTICE).items():
            if value != first.get(key):
                expected = say("every row must say the same here, or leave it empty")
                faults.append(Fault(row.at(key), expected))
    return first


def _taken(row: Table, columns: Sequence[Column]) -> dict[str, Any]:
    cells = {column.key: row.raw(column.key) for column in columns}
    return {key: value for key, value in cells.items() if value not in (None, "", [])}


def _item(row: Table, faults: list[Fault]) -> dict[str, Any]:
    item = _taken(row, _ITEM)
    return _with_period(item, "old_period", item, row, faults)


def _new(said: Mapping[str, Any], row: Table, faults: list[Fault]) -> dict[str, Any]:
    new = {key: said[key] for key in ("level", "scope") if key in said}
    return _with_period(new, "period", said, row, faults)


def _with_period(
    tables: dict[str, Any], key: str, said: Mapping[str, Any], row: Table, faults: list[Fault]
) -> dict[str, Any]:
    """Put a period as people write it into tables. A cell that holds none is a fault."""
    if key in said:
        period = written_period(str(said[key]))
        if period is None:
            expected = say("a period such as 10年, 6个月, 2030年3月15日 or 长期 is expected")
            faults.append(Fault(row.at(key), expected))
        else:
            tables[key] = period_table(period)
    return tables


def write_table(filed: FiledNotice, path: Path) -> None:
    """Write a new table. Raises FormCannotHold for what has no column; OutputExists and others."""
    from openpyxl import Workbook

    notice = filed.notice
    without = [
        name
        for name, value in {
            "special_basis": notice.special_basis,
            "source": notice.sources,
            "explanation": notice.explanations,
            "signature": filed.signatures,
        }.items()
        if value
    ]
    if without:
        faults = tuple(Fault(name, say("a table has no place for it")) for name in without)
        raise FormCannotHold(str(path), count=len(faults), faults=faults)
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "变更通知"
    sheet.append([column.heading for column in _COLUMNS])
    shared = _cells(filed)
    for number, item in enumerate(filed.items):
        old = item.old
        own: list[Any] = [item.document_id, item.document_number, item.title, item.digest]
        own += [old.level.value, period_words(old.period), old.issue_day] if old else [None] * 3
        own.append(old.organ if old else None)
        rest = [shared.get(column.key) for column in _NOTICE] if number == 0 else []
        sheet.append([*own, *rest])
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = 18
    with new_file(path) as out:
        book.save(out)


def _cells(filed: FiledNotice) -> dict[str, Any]:
    notice = filed.notice
    officer = notice.officer
    return {
        "number": notice.number,
        "kind": notice.kind.value,
        "decided_by": notice.decided_by,
        "right": notice.right.value,
        "date": notice.day,
        "reason": notice.reason,
        "level": notice.new.level.value if notice.new.level else None,
        "period": period_words(notice.new.period) if notice.new.period else None,
        "scope": "、".join(notice.new.scope),
        "runs_from": notice.runs_from.value if notice.runs_from else None,
        "points": "、".join(notice.items),
        "proposed_by": notice.proposed_by.name,
        "officer": officer.name if officer else None,
        "officer_post": officer.post if officer else None,
        "source_change": notice.source_change,
        "approved_by": notice.approved_by,
        "agreed_by": "、".join(notice.agreed_by),
        "published_on": notice.published_on,
        "published_in": notice.published_in,
        "happened": notice.happened,
    }
