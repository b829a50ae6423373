"""Ledgers are copied away, brought back, exported and anchored."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from dingmi_mark.domain.ledger import Entry, Intended
from dingmi_mark.errors import FileNotReadable, LedgerBroken, OutputExists
from dingmi_mark.store.ledger import Ledger

AT = "2026-03-02T09:00:00+08:00"
Marked = Callable[[str], list[Entry]]


@pytest.fixture
def filled(ledger: Ledger, marked: Marked, intended: Callable[..., Intended]) -> Ledger:
    """A ledger with some markings, one of them with a name that is no UTF-8."""
    ledger.append(*marked("甲"), *marked("乙")[:2], intended("丙", target="\udcff.pdf"))
    return ledger


@pytest.mark.parametrize("way", ["backup", "backup_portable"])
@pytest.mark.parametrize("into", ["new_sqlite", "new_postgresql"])
def test_a_backup_is_restored_into_either_database(
    filled: Ledger, tmp_path: Path, way: str, into: str, request: pytest.FixtureRequest
) -> None:
    copy = tmp_path / "copy"
    getattr(filled, way)(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]
    with Ledger.restore(copy, request.getfixturevalue(into)()) as restored:
        assert list(restored.entries()) == list(filled.entries())
        assert restored.verify() == []
        assert restored.verify_anchor(filled.anchor()) == []
        assert restored.open_markings() == filled.open_markings()


def test_a_backup_overwrites_nothing(filled: Ledger, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("something else")
    for back_up in (filled.backup, filled.backup_portable):
        with pytest.raises(OutputExists):
            back_up(copy)
    assert copy.read_text() == "something else"


def test_restoring_overwrites_nothing(filled: Ledger, url: str, tmp_path: Path) -> None:
    filled.backup(tmp_path / "copy")
    with pytest.raises(OutputExists):
        Ledger.restore(tmp_path / "copy", url)
    assert filled.verify() == []


def damage_cut(lines: list[str]) -> list[str]:
    return lines[:-1]


def damage_missing(lines: list[str]) -> list[str]:
    return lines[:3] + lines[4:]


def damage_changed(lines: list[str]) -> list[str]:
    return [line.replace("机密", "秘密") for line in lines]


def damage_office(lines: list[str]) -> list[str]:
    return [lines[0].replace("office-7f3a", "office-other"), *lines[1:]]


def damage_more(lines: list[str]) -> list[str]:
    return [*lines, lines[-1]]


def damage_foreign(_lines: list[str]) -> list[str]:
    return ['{"format": "another"}\n']


@pytest.mark.parametrize(
    "damage",
    [damage_cut, damage_missing, damage_changed, damage_office, damage_more, damage_foreign],
)
def test_a_damaged_backup_is_not_restored(
    filled: Ledger,
    new_url: Callable[[], str],
    tmp_path: Path,
    damage: Callable[[list[str]], list[str]],
) -> None:
    copy = tmp_path / "copy"
    filled.backup_portable(copy)
    lines = copy.read_text("utf-8").splitlines(keepends=True)
    copy.write_text("".join(damage(lines)), "utf-8")
    place = new_url()
    with pytest.raises(LedgerBroken):
        Ledger.restore(copy, place)
    with Ledger.create(place, "office", AT) as created:  # the place stayed empty
        assert created.verify() == []


def test_no_backup_and_no_such_file(tmp_path: Path, new_sqlite: Callable[[], str]) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\xff\xfe")
    with pytest.raises(LedgerBroken):
        Ledger.restore(tmp_path / "picture", new_sqlite())
    with pytest.raises(FileNotReadable):
        Ledger.restore(tmp_path / "missing", new_sqlite())


def test_entries_are_exported_as_csv(filled: Ledger) -> None:
    out = io.StringIO(newline="")
    filled.export("csv", out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    links = list(filled.entries())
    assert [row["payload"].encode() for row in rows] == [link.payload for link in links]
    assert [(int(row["seq"]), row["hash"]) for row in rows] == [
        (link.seq, link.hash.hex()) for link in links
    ]


def test_entries_are_exported_as_json(filled: Ledger) -> None:
    out = io.StringIO()
    filled.export("json", out)
    exported = json.loads(out.getvalue())
    assert exported["office_id"] == "office-7f3a"
    assert [(entry["seq"], entry["kind"]) for entry in exported["entries"]] == [
        (link.seq, link.kind) for link in filled.entries()
    ]
    assert exported["entries"][1]["payload"]["level"] == "机密"


def test_an_anchor_holds_while_the_ledger_grows(filled: Ledger, marked: Marked) -> None:
    anchor = filled.anchor()
    filled.append(*marked("丁"))
    assert filled.verify_anchor(anchor) == []
    assert filled.verify_anchor(anchor.upper().replace("DINGMI-ANCHOR", "x")) != []
    later = filled.anchor().replace("seq: 12", "seq: 99").replace("entries: 12", "entries: 99")
    assert [str(finding) for finding in filled.verify_anchor(later)] == [
        "The ledger ends before entry 99 of the anchor."
    ]
    other = anchor.replace("office-7f3a", "office-other")
    assert [str(finding) for finding in filled.verify_anchor(other)] == [
        "The anchor belongs to another office (office-other)."
    ]
