"""The command as a user meets it: help, languages, exit codes, JSON, the office's whole round."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest

from cli_kit import run
from dingmi_mark.cli.main import COMMANDS
from dingmi_mark.errors import ExitCode
from office_kit import AUTHORITY, Room, approved, docx, new_room, pdf

HEAVY = ("sqlalchemy", "pydantic", "pikepdf", "pymupdf", "PIL", "rich", "lxml", "fontTools", "docx")

FAMILIES = {
    "stamp": ("list", "show", "check", "preview"),
    "ledger": ("verify", "export", "anchor", "backup", "restore"),
    "approval": ("schema", "check", "new", "form", "import", "fill", "compare"),
    "form": ("list", "make", "read"),
    "copies": ("list", "return"),
}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def marking(room: Room, *more: str) -> list[str | Path]:
    return ["mark", room.drafts, "--approvals", room.approvals, "--out", room.out, *more]


def office(room: Room) -> tuple[str, Path]:
    return ("--office", room.office.folder)


ALL_COMMANDS: Sequence[tuple[str, ...]] = [
    (),
    *((name,) for name in COMMANDS),
    *((family, name) for family, names in FAMILIES.items() for name in names),
]


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_every_command_has_help_in_both_languages(command: tuple[str, ...]) -> None:
    chinese, english = (run("--lang", lang, *command, "--help") for lang in ("zh", "en"))
    assert (chinese.returncode, english.returncode) == (0, 0)
    assert "用法" in chinese.stdout and "Usage" in english.stdout
    assert "Show this message" not in chinese.stdout


def test_language_by_option_anywhere_or_by_locale() -> None:
    assert "用法" in run("mark", "--help", "--lang", "zh").stdout
    assert "用法" in run("--help", LC_ALL="zh_CN.UTF-8").stdout
    assert "Usage" in run("--help", LC_ALL="C.UTF-8").stdout
    assert "Usage" in run("--lang", "en", "--help", LC_ALL="zh_CN.UTF-8").stdout


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\nsys.argv = ['dingmi-mark', '--help']\n"
        "from dingmi_mark.cli.start import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_wrong_usage_is_told_in_chinese_with_its_code() -> None:
    done = run("--lang", "zh", "mark")
    assert done.returncode == ExitCode.USAGE
    assert "缺少" in done.stderr
    assert done.stdout == ""


def test_no_office_here(tmp_path: Path) -> None:
    done = run("--lang", "zh", "doctor", cwd=tmp_path)
    assert done.returncode == ExitCode.OFFICE_NOT_FOUND
    assert "dingmi-mark init" in done.stderr


def test_an_offices_whole_round(tmp_path: Path) -> None:
    """init → authority → mark → check → show → ledger → backup → restore, as a user types it."""
    assert (
        run(
            "init", "office", "--name", "示例市示范局", "--kind", "设区的市级", cwd=tmp_path
        ).returncode
        == 0
    )
    assert run("init", "office", "--name", "别的", "--kind", "县级", cwd=tmp_path).returncode == (
        ExitCode.OFFICE_EXISTS
    )
    assert (tmp_path / "office" / "secret" / "office.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    room = Room(tmp_path, new_room(tmp_path / "kit").office)
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    marked = run(*marking(room), cwd=tmp_path / "office")
    assert marked.returncode == 0, marked.stderr
    inside = tmp_path / "office"
    file = room.out / "通知-000001.pdf"
    assert run("check", file, cwd=inside).returncode == 0
    assert "机密★10年" in run("show", file).stdout
    assert run("doctor", cwd=inside).returncode == 0
    anchor = tmp_path / "anchor.txt"
    assert run("ledger", "anchor", "--out", anchor, cwd=inside).returncode == 0
    assert run("ledger", "verify", "--anchor", anchor, cwd=inside).returncode == 0
    exported = run("ledger", "export", "--format", "csv", cwd=inside)
    assert "mark.done" in exported.stdout
    backup = tmp_path / "backup.sqlite"
    assert run("ledger", "backup", backup, cwd=inside).returncode == 0
    for old in (inside / "ledger").iterdir():
        if old.is_file():
            old.unlink()
    assert run("ledger", "verify", cwd=inside).returncode == ExitCode.LEDGER_NOT_FOUND
    assert run("ledger", "restore", backup, cwd=inside).returncode == 0
    assert run("ledger", "verify", "--anchor", anchor, cwd=inside).returncode == 0
    assert run("check", file, cwd=inside).returncode == 0


def test_one_draft_that_fails_gives_its_own_code(room: Room) -> None:
    room.put("通知.pdf", pdf())
    done = run(*marking(room), *office(room))
    assert done.returncode == ExitCode.APPROVAL_MISSING
    assert "第十六条" in done.stderr


def test_several_drafts_of_which_one_fails(room: Room) -> None:
    content = pdf()
    room.put("好.pdf", content, approved(content, "好.pdf"))
    room.put("坏.pdf", b"")
    done = run("--lang", "zh", *marking(room), *office(room))
    assert done.returncode == ExitCode.BATCH_PARTLY_FAILED
    assert "已标志" in done.stdout and "失败" in done.stdout
    assert "怎么办" in done.stderr


def test_json_has_one_shape_for_results_and_errors(room: Room) -> None:
    content = pdf()
    room.put("好.pdf", content, approved(content, "好.pdf"))
    room.put("坏.pdf", b"")
    done = run(*marking(room, "--json"), *office(room))
    answer = json.loads(done.stdout)
    assert answer["schema"] == 1
    assert answer["code"] == done.returncode == ExitCode.BATCH_PARTLY_FAILED
    told = json.dumps(answer, ensure_ascii=False)
    assert "机密★10年" in told and "好-000001.pdf" in told
    failed = run("doctor", "--json", "--office", room.folder / "nothing")
    assert json.loads(failed.stdout)["code"] == ExitCode.OFFICE_NOT_FOUND


def test_names_that_would_harm_a_terminal_are_shown_harmlessly(room: Room) -> None:
    name = "坏\x1b[2J\n名.pdf"
    room.put(name, b"")
    room.put(os.fsdecode(b"\xce\xc4.pdf"), b"")
    done = run("--lang", "zh", *marking(room), *office(room))
    assert done.returncode == ExitCode.BATCH_PARTLY_FAILED
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b" in done.stdout


def test_a_file_that_contradicts_the_ledger(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert run(*marking(room), *office(room)).returncode == 0
    (marked,) = room.out.glob("*.pdf")
    with pymupdf.open(marked) as document:
        document[0].insert_text((300, 500), "altered")
        document.save(room.folder / "altered.pdf")
    done = run("check", room.folder / "altered.pdf", *office(room))
    assert done.returncode == ExitCode.CHECK_CONTRADICTS
    assert run("check", room.drafts / "通知.pdf", *office(room)).returncode == 0  # kept by policy
    leaked = room.put("副本.pdf", content)
    assert run("check", leaked, *office(room)).returncode == ExitCode.CHECK_UNMARKED_SECRET
    foreign = run("check", room.put("别的.pdf", pdf(3)), *office(room))
    assert foreign.returncode == ExitCode.CHECK_NOT_MARKED
    assert run("show", room.drafts / "通知.pdf").returncode == ExitCode.CHECK_NOT_MARKED


def test_records_can_be_checked_before_marking(room: Room) -> None:
    content = pdf()
    good = room.approve("好.pdf", approved(content, "好.pdf"))
    assert run("approval", "check", good, *office(room)).returncode == 0
    good.write_text(good.read_text("utf-8").replace("years = 10", "years = 90"), "utf-8")
    done = run("--lang", "zh", "approval", "check", good, *office(room))
    assert done.returncode == ExitCode.LAW_VIOLATED
    assert "第二十条" in done.stdout + done.stderr
    assert json.loads(run("approval", "schema").stdout)["title"]


def test_a_dry_run_tells_the_plan_in_words(room: Room, tmp_path: Path) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    done = run(
        "--lang",
        "zh",
        *marking(room, "--dry-run", "--preview", str(tmp_path / "图")),
        *office(room),
    )
    assert done.returncode == 0, done.stderr
    assert "机密★10年" in done.stdout and "47.2" in done.stdout
    assert (tmp_path / "图" / "通知.pdf-1.png").is_file()
    assert not room.out.exists()


def test_doctor_tells_what_needs_a_person(room: Room) -> None:
    (room.office.folder / "secret" / "office.key").chmod(0o644)
    done = run("--lang", "zh", "doctor", *office(room))
    assert done.returncode == ExitCode.OFFICE_SECRET_MISSING


def test_word_without_libreoffice_is_confirmed_by_structure_and_says_so(room: Room) -> None:
    content = docx()
    room.put("通知.docx", content, approved(content, "通知.docx"))
    bare = str(Path(sys.executable).parent)
    done = run("--lang", "zh", *marking(room), *office(room), PATH=bare)
    assert done.returncode == 0, done.stderr
    assert "只按结构核对" in done.stdout
    checked = run("--lang", "zh", "check", room.out, *office(room), PATH=bare)
    assert checked.returncode == 0, checked.stdout
    asking = room.with_policies('render_docx = "always"')
    other = docx(typed="　")
    room.put("另一.docx", other, approved(other, "另一.docx"))
    done = run(*marking(asking), *office(asking), PATH=bare)
    assert done.returncode == ExitCode.BATCH_PARTLY_FAILED
    assert "LibreOffice" in done.stderr


def test_records_without_draft_are_told_for_folders_only(room: Room) -> None:
    content = pdf()
    draft = room.put("好.pdf", content, approved(content, "好.pdf"))
    room.approve("没有.pdf", approved(b"x", "没有.pdf"))
    folder = run("--lang", "zh", *marking(room), *office(room))
    assert "没有.pdf.toml" in folder.stdout + folder.stderr
    single = run(
        "mark", draft, "--approvals", room.approvals, "--out", room.folder / "2", *office(room)
    )
    assert "没有.pdf.toml" not in single.stdout + single.stderr
