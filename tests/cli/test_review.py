"""`review` as an officer goes through it: what waits, what was decided, what is left to do."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

import cli_kit
import secrets_kit as kit
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from dingmi_mark.store.ledger import Ledger
from office_kit import Room, new_room

TODAY = clock.today()
LONG_AGO = TODAY - timedelta(days=500)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An office that notified the readers of two papers long ago: they bear no mark."""
    room = new_room(tmp_path)
    with room.ledger() as ledger:
        for name in ("1", "2"):
            facts = kit.described(
                name, document_id=f"{name}{'0' * 31}", last_secret_day="2099-01-01", period="长期"
            )
            ledger.append(facts, kit.notified(name, LONG_AGO.isoformat()))
    return room


def run(room: Room, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return cli_kit.run(
        *words, "--lang", "zh", cwd=room.folder, DINGMI_OFFICE=str(room.office.folder)
    )


def decide(room: Room, name: str, outcome: str, *more: str) -> subprocess.CompletedProcess[str]:
    words = ("--outcome", outcome, "--basis", "仍在保密事项范围之内", "--by", "张示范")
    return run(room, "review", "record", name, *words, *more)


def test_the_review_of_the_year_from_list_to_nothing_left(room: Room) -> None:
    assert "还没有审核过" in run(room, "review", "show", "2号").stdout
    listed = run(room, "review", "list")
    assert listed.returncode == 0, listed.stderr
    lines = listed.stdout.splitlines()
    assert len(lines) == 4 and str(LONG_AGO) in lines[0]
    assert "dingmi-mark review record 10000000 --outcome 继续保密" in lines[1]
    assert "保守国家秘密法(2024)第二十四条第一款" in listed.stderr
    assert "2 件国家秘密待年度审核" in run(room, "today").stdout
    kept = decide(room, "10000000", "继续保密")
    assert kept.returncode == 0 and "继续保密" in kept.stdout
    released = decide(room, "示密〔2026〕2号", "解密")
    assert released.returncode == 0 and "通知" in released.stderr
    (left,) = json.loads(run(room, "review", "list", "--json").stdout)["result"]["waiting"]
    assert (left["state"], left["outcome"]) == ("decided", "解密")
    assert "审核决定“解密”" in run(room, "today").stdout
    with room.ledger() as ledger:
        day = TODAY.isoformat()
        ledger.append(kit.changed("2", day, "提前解密", document_id=f"2{'0' * 31}", released=day))
    assert run(room, "review", "list").stdout == "没有待审核的国家秘密。\n"
    shown = run(room, "review", "show", "1号").stdout
    assert "年度审核  继续保密  张示范" in shown


def test_before_publication_every_secret_is_looked_at_once(room: Room) -> None:
    occasion = ("--occasion", "公开前审核")
    assert len(run(room, "review", "list", *occasion).stdout.splitlines()) == 4
    assert decide(room, "1号", "继续保密", *occasion).returncode == 0
    left = run(room, "review", "list", *occasion).stdout
    assert "20000000" in left and "10000000" not in left


def test_what_cannot_be_reviewed_is_refused_and_nothing_is_written(room: Room) -> None:
    assert decide(room, "没有的", "继续保密").returncode == ExitCode.SECRET_UNKNOWN
    before = (LONG_AGO - timedelta(days=1)).isoformat()
    early = decide(room, "1号", "继续保密", "--day", before)
    assert early.returncode == ExitCode.REVIEW_REFUSED and before in early.stderr
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert decide(room, "1号", "继续保密", "--day", tomorrow).returncode == ExitCode.USAGE
    empty = ("--outcome", "解密", "--basis", " ", "--by", "张示范")
    assert run(room, "review", "record", "1号", *empty).returncode == ExitCode.USAGE
    with room.ledger() as ledger:
        day = TODAY.isoformat()
        ledger.append(kit.changed("1", day, "提前解密", document_id=f"1{'0' * 31}", released=day))
        ledger.append(kit.described("3", document_id="3" * 32, document_number="示密〔2026〕2号"))
        ledger.append(kit.notified("3", day))
    over = decide(room, "1号", "继续保密")
    assert over.returncode == ExitCode.REVIEW_REFUSED and "提前解密" in over.stderr
    two = decide(room, "示密〔2026〕2号", "继续保密")
    assert two.returncode == ExitCode.SECRET_UNKNOWN and "33333333" in two.stderr
    with Ledger.open(room.office.ledger_url) as ledger:
        assert "review.done/1" not in {link.kind for link in ledger.entries()}
