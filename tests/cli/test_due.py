"""`due` as an officer meets it: what ends, by whom, and where it is told in `today`."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

import cli_kit
import secrets_kit as kit
from dingmi_mark.domain.terms import UntilDate
from dingmi_mark.pipeline import clock
from office_kit import Room, approved, new_room, pdf

TODAY = clock.today()
NEAR = TODAY + timedelta(days=20)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """An office with one marked paper that is secret for twenty days more."""
    room = new_room(tmp_path_factory.mktemp("office"))
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", period=UntilDate(NEAR)))
    assert not any(verdict.error for verdict in room.mark().verdicts)
    return room


def run(room: Room, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return cli_kit.run(
        *words, "--lang", "zh", cwd=room.folder, DINGMI_OFFICE=str(room.office.folder)
    )


def test_what_ends_is_listed_by_officer_and_in_today(room: Room, tmp_path: Path) -> None:
    shown = run(room, "due", "--days", "30")
    assert shown.returncode == 0, shown.stderr
    first, second = shown.stdout.splitlines()
    assert first == "尚不知道定密责任人"
    assert "[即将届满]" in second and f"最后保密日 {NEAR}，还有 20 日" in second
    assert run(room, "due", "--days", "19").stdout == "没有到期的。\n"
    assert str(NEAR) in run(room, "due").stdout
    assert str(NEAR) in run(room, "today").stdout
    table = tmp_path / "到期.csv"
    (one,) = json.loads(run(room, "due", "--json", "--out", table).stdout)["result"]["due"]
    assert (one["kind"], one["days"], one["out"]) == ("ending", 20, 1)
    head, line = csv.reader(table.open(encoding="utf-8-sig", newline=""))
    assert head[0] == "类别" and line[head.index("最后保密日")] == str(NEAR)


def test_an_extension_takes_it_off_both_lists(room: Room) -> None:
    with room.ledger() as ledger:
        (copy,) = ledger.marked_copies()
        day = TODAY.isoformat()
        longer = kit.changed(
            "1", day, "延长期限", document_id=copy.document_id, last_secret_day="2099-01-01"
        )
        ledger.append(kit.signed(copy.approval_number.removesuffix("号"), day), longer)
    assert run(room, "due", "--days", "365").stdout == "没有到期的。\n"
    assert str(NEAR) not in run(room, "today").stdout
    listed = run(room, "due", "--days", "30000").stdout
    assert listed.startswith("张示范\n") and "2099-01-01" in listed
