"""Tables and forms for tests: made, spoilt on purpose, and saved again by a real word processor."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.records import APPROVAL, Format, records_bytes

FORM = read_form(APPROVAL)
DOCUMENT = "word/document.xml"


def written(path: Path, *records: ApprovalRecord) -> Path:
    """Write records in the format of the path's ending."""
    path.write_bytes(records_bytes(records, Format(path.suffix.removeprefix("."))))
    return path


def saved_again(path: Path, *endings: str) -> Path:
    """Open a file in LibreOffice and save it in one format after the other."""
    program = find_soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    for number, ending in enumerate(endings):
        folder = path.parent / f"saved-{number}"
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [
                str(program),
                profile,
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                str(folder),
                str(path),
            ],
            capture_output=True,
            timeout=180,
            check=False,
        )
        path = folder / f"{path.stem}.{ending}"
        assert path.is_file(), f"LibreOffice makes no .{ending} of it: run make system-deps"
        shutil.rmtree(folder / "profile", ignore_errors=True)
    return path


def changed_part(path: Path, change: Callable[[str], str], part: str = DOCUMENT) -> Path:
    """Change a part of a package; the change must change something."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    before = parts[part].decode()
    after = change(before)
    assert after != before
    parts[part] = after.encode()
    return repacked(path, parts)


def added_parts(path: Path, **parts: bytes) -> Path:
    """Add parts to a package, `word__vbaProject__bin` as `word/vbaProject.bin`."""
    with zipfile.ZipFile(path) as source:
        found = {name: source.read(name) for name in source.namelist()}
    return repacked(path, {**found, **parts})


def repacked(path: Path, parts: dict[str, bytes]) -> Path:
    """Write a package anew."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def typed(path: Path, **values: str) -> Path:
    """Type values into a form as people do: into the cell beside the label, into any paragraph."""
    from docx import Document

    document = Document(str(path))
    table = document.tables[0]
    waiting = dict(values)
    for row in table.rows:
        cells = list({cell._tc: cell for cell in row.cells}.values())
        for label, value in zip(cells, cells[1:], strict=False):
            name = label.text.split("\n")[0]
            if name in waiting:
                value.paragraphs[-1].add_run(waiting.pop(name))
    assert not waiting, waiting
    document.save(str(path))
    return path


def without_bookmarks(path: Path) -> Path:
    """Take all bookmarks away, as careless editing does."""
    return changed_part(path, lambda xml: re.sub(r"<w:bookmark(Start|End)\b[^>]*/>", "", xml))


def table_with(path: Path, change: Callable[[Any], None], *records: ApprovalRecord) -> Path:
    """Write a table and change it with a spreadsheet library."""
    from openpyxl import load_workbook

    written(path, *records)
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def column(book: Any, name: str, sheet: str = "审批记录") -> int:
    """Return the column of a heading."""
    for cell in book[sheet][2]:
        if cell.value == name:
            return int(cell.column)
    raise AssertionError(name)


def put(book: Any, row: int, name: str, value: object, sheet: str = "审批记录") -> str:
    """Put a value into a cell; return the cell's name as faults give it."""
    cell = book[sheet].cell(row, column(book, name, sheet))
    cell.value = value
    return f"{sheet}!{cell.coordinate} {name}"


def faults_of(error: Any) -> list[str]:
    """Return the faults of an error, in words."""
    faults = error.value.params["faults"]
    assert error.value.params["count"] == len(faults)
    return [str(fault) for fault in faults]


def places_of(error: Any) -> Sequence[str]:
    """Return the places of an error's faults."""
    return [fault.place for fault in error.value.params["faults"]]


DAY = date(2026, 1, 10)
