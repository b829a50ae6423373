"""`copies receive`, `destroy`, `sheet` as a security officer meets them."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cli_kit
from approval_kit import NUMBER, people, proposal, put_draft
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_printing import SheetSpoiled
from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.issuing import Asking, issue, settle
from dingmi_mark.store.approval_tree import find_record
from office_kit import Room, approved, new_room, pdf

Run = Callable[..., subprocess.CompletedProcess[str]]
TODAY = clock.today().isoformat()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An office that marked one paper in two copies, and keeps its record."""
    room = new_room(tmp_path)
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=2))
    assert not any(verdict.error for verdict in room.mark().verdicts)
    return room


@pytest.fixture
def number(room: Room) -> str:
    with room.ledger() as ledger:
        return ledger.marked_copies()[0].approval_number


@pytest.fixture
def run(room: Room) -> Run:
    def started(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return cli_kit.run(
            *words, "--lang", "zh", cwd=room.folder, DINGMI_OFFICE=str(room.office.folder)
        )

    return started


def test_a_receipt_is_registered_and_a_receiver_outside_the_scope_is_told(
    room: Room, run: Run, number: str
) -> None:
    told = run("copies", "receive", number, "1", "--receiver", "别家单位", "--by", "王承办")
    assert told.returncode == 0, told.stderr
    assert "000001" in told.stdout and "别家单位" in told.stdout
    assert "知悉范围" in told.stderr and "保密员" in told.stderr
    with room.ledger() as ledger:
        ((_, act),) = ledger.acts(CopyReceived)
    assert (act.copy_number, act.receiver, act.in_scope, act.day) == (
        "000001",
        "别家单位",
        False,
        TODAY,
    )


def test_a_receiver_the_record_names_is_in_scope_and_a_provisional_copy_waits(
    tmp_path: Path,
) -> None:
    crew = people(tmp_path)
    office = ("--office", crew.room.office.folder, "--lang", "zh")
    draft = put_draft(crew.room)
    crew.opine(crew.hand_in(proposal(), draft))
    made = cli_kit.run("mark", "--provisional", draft, "--out", tmp_path / "拟", *office)
    assert made.returncode == 0, made.stderr
    given = ("copies", "receive", NUMBER, "--by", "王承办", "--receiver")
    early = cli_kit.run(*given, "示范局", "拟定-000001", *office)
    assert early.returncode == ExitCode.COPY_NOT_CIRCULATING and "拟定" in early.stderr
    kept = find_record(crew.room.office.approvals, NUMBER)
    crew.decide(kept)
    marked = cli_kit.run("mark", draft, "--out", tmp_path / "出", *office)
    assert marked.returncode == 0, marked.stderr
    told = cli_kit.run(*given, f"{kept.record.secrecy.scope[0]}某处", "1", *office)
    assert told.returncode == 0 and not told.stderr
    with crew.room.ledger() as ledger:
        ((_, act),) = ledger.acts(CopyReceived)
    assert act.in_scope


def test_two_people_destroy_a_copy_also_one_that_came_back(
    room: Room, run: Run, number: str
) -> None:
    alone = run("copies", "destroy", number, "1", "--by", "赵样例", "--witness", "赵 样例")
    assert alone.returncode == ExitCode.SECOND_PERSON_NEEDED and "两" in alone.stderr
    back = run("copies", "return", number, "1", "--by", "赵样例", "--how", "收回")
    assert back.returncode == 0
    given = run("copies", "receive", number, "1", "--receiver", "示范局", "--by", "王承办")
    assert given.returncode == ExitCode.COPY_NOT_RETURNABLE
    two = ("--by", "赵样例", "--witness", "张示范")
    gone = run("copies", "destroy", number, "1", *two)
    assert gone.returncode == 0 and "张示范" in gone.stdout
    assert run("copies", "destroy", number, "1", *two).returncode == ExitCode.COPY_NOT_RETURNABLE
    assert run("copies", "destroy", number, "9", *two).returncode == ExitCode.COPY_NOT_RETURNABLE
    # None named: the only one that is left.
    assert "000002" in run("copies", "destroy", number, *two).stdout
    assert run("copies", "destroy", number, *two).returncode == ExitCode.COPY_NOT_RETURNABLE
    with room.ledger() as ledger:
        assert [act.copy_number for _, act in ledger.acts(DestructionWitnessed)] == [
            "000001",
            "000002",
        ]
        assert not ledger.verify()


def test_all_named_copies_are_registered_or_none(room: Room, run: Run, number: str) -> None:
    told = run("copies", "receive", number, "1", "7", "--receiver", "示范局", "--by", "王承办")
    assert told.returncode == ExitCode.COPY_NOT_RETURNABLE
    with room.ledger() as ledger:
        assert not ledger.acts(CopyReceived)


def test_the_list_and_the_sheet_tell_of_receipt_print_and_return(
    room: Room, run: Run, number: str, tmp_path: Path
) -> None:
    with room.ledger() as ledger:
        copy = next(one for one in ledger.by_approval(number)).intended
        printed = issue(number, copy.copy_id, copy.copy_number, Asking("三楼", "王承办"), ledger)
        assert printed is not None
        settle(printed, PrintOutcome.PRINTED, ledger)
        ids = (number, copy.copy_id, copy.copy_number)
        ledger.append(SheetSpoiled(*ids, "赵样例", TODAY, clock.now()))
    formula = '=HYPERLINK("x")'
    run("copies", "receive", number, "1", "--receiver", formula, "--by", "王承办")
    run("copies", "destroy", number, "1", "--by", "赵样例", "--witness", "张示范")
    listed = run("copies", "list", number)
    first, second, _ = listed.stdout.splitlines()
    assert "销毁" in first and "打印 1 次" in first and "王承办" not in first
    assert "未打印" in second and "未登记接收" in second
    shown = json.loads(run("copies", "list", number, "--json").stdout)["result"]["copies"]
    assert [(one["printed"], one["spoiled"], one["witness"]) for one in shown] == [
        (1, 1, "张示范"),
        (0, 0, ""),
    ]
    book, table = tmp_path / "登记表.xlsx", tmp_path / "登记表.csv"
    on_screen = run("copies", "sheet", number)
    assert "分发、清退登记表" in on_screen.stdout and "监销人" in on_screen.stdout
    assert run("copies", "sheet", number, "--out", book).returncode == 0
    assert run("copies", "sheet", number, "--out", table).returncode == 0
    assert run("copies", "sheet", number, "--out", table).returncode == ExitCode.OUTPUT_EXISTS
    assert run("copies", "sheet", number, "--out", "表.doc").returncode == ExitCode.USAGE
    sheet = load_workbook(book).active
    assert "非官方样式" in sheet["A1"].value and number in sheet["A2"].value
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(cell.value == formula for cell in cells)
    lines = list(csv.reader(table.open(encoding="utf-8-sig", newline="")))
    row = dict(zip(lines[2], lines[3], strict=True))
    assert row["接收人"] == f"'{formula}" and row["监销人"] == "张示范" and row["打印次数"] == "1"


def test_a_day_to_come_and_names_of_two_lines_are_refused(run: Run, number: str) -> None:
    given = ("copies", "receive", number, "1", "--receiver", "示范局", "--by", "王承办")
    assert run(*given, "--day", "2999-01-01").returncode == ExitCode.USAGE
    assert run(*given[:-1], "王\n承办").returncode == ExitCode.USAGE
    assert run("copies", "sheet", "示密审〔2026〕999号").returncode == ExitCode.COPY_NOT_RETURNABLE
