"""`register` and `statistics` as a security officer meets them."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cli_kit
import secrets_kit as kit
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.secrets import secrets_of
from office_kit import Room, approved, new_room, pdf

Run = Callable[..., subprocess.CompletedProcess[str]]
YEAR = str(clock.today().year)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """An office that marked one paper in two copies, and registered one from outside."""
    room = new_room(tmp_path_factory.mktemp("office"))
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=2))
    assert not any(verdict.error for verdict in room.mark().verdicts)
    with room.ledger() as ledger:
        ledger.append(kit.outside("1", clock.today().isoformat()))
        ledger.append(kit.notified("9", clock.today().isoformat()))
    return room


@pytest.fixture
def run(room: Room) -> Run:
    def started(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return cli_kit.run(
            *words, "--lang", "zh", cwd=room.folder, DINGMI_OFFICE=str(room.office.folder)
        )

    return started


def test_the_ledger_tells_each_copy_with_its_newest_marking(room: Room) -> None:
    with room.ledger() as ledger:
        copies, known = ledger.marked_copies(), secrets_of(ledger)
    assert [copy.copy_number for copy in copies] == ["000001", "000002"]
    assert all(copy.newest is True for copy in copies)
    assert [secret.copies for secret in known.secrets] == [0, 2]


def test_the_register_shows_a_paper_once_and_writes_workbook_and_csv(
    run: Run, tmp_path: Path
) -> None:
    shown = run("register")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[0].startswith("定密台账，截至") and "1 行" in shown.stdout
    assert "9号" in shown.stderr and "书面通知" in shown.stderr
    book, table = tmp_path / "台账.xlsx", tmp_path / "台账.csv"
    assert run("register", "--year", YEAR, "--out", book).returncode == 0
    assert run("register", "--year", YEAR, "--out", table).returncode == 0
    sheet = load_workbook(book).active
    assert sheet["A2"].value == f"{YEAR}年度定密台账"
    lines = list(csv.reader(table.open(encoding="utf-8-sig", newline="")))
    assert len(lines) == 4 and lines[3][lines[2].index("份数")] == "2"
    again = run("register", "--out", table)
    assert again.returncode == ExitCode.OUTPUT_EXISTS


def test_statistics_show_three_tables_and_write_them(run: Run, tmp_path: Path) -> None:
    shown = run("statistics", YEAR)
    assert shown.returncode == 0, shown.stderr
    for title in ("涉及国家秘密情况", "产生国家秘密情况", "密级变更和解密情况"):
        assert f"{YEAR}年度{title}" in shown.stdout
    out = tmp_path / "统计"
    made = run("statistics", YEAR, "--out", out, "--json")
    answer = json.loads(made.stdout)["result"]
    totals = [table["total"] for table in answer["tables"]]
    assert (totals[0]["年末"], totals[1]["合计"], totals[2]["变更/合计"]) == (2, 1, 0)
    assert sorted(Path(file).name for file in answer["files"]) == sorted(
        path.name for path in out.iterdir()
    )
    assert len(answer["files"]) == 3 and all(file.endswith(".xlsx") for file in answer["files"])
    written = run("statistics", YEAR, "--out", out, "--format", "csv")
    assert written.returncode == 0 and len(list(out.glob("*.csv"))) == 6
    again = run("statistics", YEAR, "--out", out, "--format", "csv")
    assert again.returncode == ExitCode.OUTPUT_EXISTS


def test_a_year_that_has_not_begun_and_a_file_of_another_kind_are_refused(run: Run) -> None:
    assert run("statistics", str(int(YEAR) + 1)).returncode == ExitCode.USAGE
    assert run("register", "--year", "26").returncode == ExitCode.USAGE
    refused = run("register", "--out", "台账.doc")
    assert refused.returncode == ExitCode.USAGE and ".xlsx" in refused.stderr


def test_the_units_own_template_is_used(run: Run, room: Room) -> None:
    from dingmi_mark.forms.register_definition import SHIPPED

    own = room.office.folder / "registers"
    own.mkdir()
    text = (SHIPPED / "register.toml").read_text(encoding="utf-8")
    (own / "register.toml").write_text(text.replace('"定密台账"', '"样例台账"'), encoding="utf-8")
    try:
        assert run("register").stdout.startswith("样例台账")
        (own / "register.toml").write_text(text.replace("version = 1", ""), encoding="utf-8")
        assert run("register").returncode == ExitCode.CONFIGURATION_INVALID
    finally:
        (own / "register.toml").unlink()


def test_that_statistics_were_handed_in_is_written_down(run: Run, room: Room) -> None:
    from dingmi_mark.domain.ledger_reviews import StatisticsFiled

    told = run("statistics", YEAR, "--filed-by", "赵样例")
    assert told.returncode == 0 and "赵样例" in told.stderr
    with room.ledger() as ledger:
        ((_, act),) = ledger.acts(StatisticsFiled)
    assert (act.year, act.by) == (int(YEAR), "赵样例")
