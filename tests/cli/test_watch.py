"""`watch`: what may be printed goes on to the printer's folder once, the rest stays and is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import cli_kit
from approval_kit import NUMBER, People, people, proposal, put_draft
from dingmi_mark.cli import watch as command
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import ExitCode, WatchToolMissing
from dingmi_mark.pipeline import watching
from dingmi_mark.pipeline.issuing import Asking, issue
from dingmi_mark.pipeline.verdicts import PrintVerdict
from dingmi_mark.pipeline.watch_stage import STATE, Stage, recover
from dingmi_mark.pipeline.watching import NOTE, OUT, Watch

TITLE = "样例防洪演练"
PATIENCE_S = 120


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "待打印"
    folder.mkdir()
    return folder


def marked(crew: People) -> Path:
    """Return a marked copy with its number."""
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    made = crew.room.folder / "出"
    told = cli_kit.run("mark", draft, "--office", crew.room.office.folder, "--out", made)
    assert told.returncode == 0, told.stderr
    return min(made.rglob("*.pdf"))


def words(crew: People, share: Path) -> list[str]:
    return ["watch", str(share), "--printer", "三楼", "--office", str(crew.room.office.folder)]


def once(crew: People, share: Path) -> subprocess.CompletedProcess[str]:
    return cli_kit.run(*words(crew, share), "--once")


@contextmanager
def running(crew: People, share: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the command, wait until it watches, and leave no process behind."""
    with subprocess.Popen(
        [cli_kit.COMMAND, *words(crew, share)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as process:
        try:
            assert process.stderr is not None
            assert "正在监视" in process.stderr.readline()
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def outcomes(crew: People) -> list[str]:
    with crew.room.ledger() as ledger:
        assert not ledger.verify()
        return [act.outcome for _, act in ledger.acts(NumberSettled)]


def test_what_arrives_goes_on_or_stays_with_a_note_until_sigterm(crew: People, share: Path) -> None:
    good = marked(crew)
    with running(crew, share) as process:
        shutil.copy(crew.room.drafts / "通知.pdf", share / f"{TITLE}.pdf")
        shutil.copy(good, share)
        note = share / f"{TITLE}.pdf{NOTE}"
        until(lambda: (share / OUT / good.name).exists() and note.exists())
        process.send_signal(signal.SIGTERM)
        said, complaints = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == ExitCode.OK
    assert (share / OUT / good.name).read_bytes() == good.read_bytes()
    assert not (share / good.name).exists() and (share / f"{TITLE}.pdf").exists()
    assert "可以打印〔" in said and "不能打印〔" in said
    assert NUMBER in note.read_text(encoding="utf-8")
    for text in (said, complaints, note.read_text(encoding="utf-8")):
        assert TITLE not in text and good.name not in text and "秘密★" not in text
    assert outcomes(crew) == ["printed"]


def test_a_file_that_is_being_written_is_waited_for(crew: People, share: Path) -> None:
    good = marked(crew)
    content = good.read_bytes()
    target = share / good.name
    with running(crew, share) as process:
        with target.open("wb") as stream:
            for at in range(6):
                stream.write(content[at * len(content) // 6 : (at + 1) * len(content) // 6])
                stream.flush()
                time.sleep(0.9)
                assert target.exists() and not (share / OUT / good.name).exists()
        until(lambda: (share / OUT / good.name).exists())
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert (share / OUT / good.name).read_bytes() == content and said.count("〔") == 1


def test_a_second_start_is_refused_and_after_a_kill_nothing_goes_twice(
    crew: People, share: Path
) -> None:
    good = marked(crew)
    with running(crew, share) as process:
        shutil.copy(good, share)
        until(lambda: (share / OUT / good.name).exists())
        second = once(crew, share)
        assert second.returncode == ExitCode.WATCH_RUNNING
        process.kill()
    (share / OUT / good.name).unlink()  # the printer took it
    assert once(crew, share).returncode == ExitCode.OK
    assert not (share / OUT / good.name).exists()
    shutil.copy(good, share)
    again = once(crew, share)
    assert again.returncode == ExitCode.PRINT_HELD and "份号" in again.stdout
    assert (share / good.name).exists() and not (share / OUT / good.name).exists()
    # The kill may have hit before the number was settled; the next start settled it.
    assert outcomes(crew) == ["printed", "void"]


def test_links_and_hidden_files_are_left_alone_and_told(crew: People, share: Path) -> None:
    good = marked(crew)
    (share / "链接.pdf").symlink_to(good)
    os.link(good, share / "又名.pdf")
    shutil.copy(good, share / ".隐藏.pdf")
    shutil.copy(good, share / "~$临时.pdf")
    (share / "文件夹").mkdir()
    told = once(crew, share)
    assert told.returncode == ExitCode.OK and "有 5 项不处理" in told.stderr
    assert not told.stdout and not list((share / OUT).iterdir())
    assert {path.name for path in share.iterdir()} == {
        *("链接.pdf", "又名.pdf", ".隐藏.pdf", "~$临时.pdf", "文件夹", OUT, STATE)
    }


def test_nothing_is_put_over_a_file_that_waits_for_the_printer(crew: People, share: Path) -> None:
    good = marked(crew)
    (share / OUT).mkdir()
    (share / OUT / good.name).write_bytes(b"x")
    shutil.copy(good, share)
    told = once(crew, share)
    assert told.returncode == ExitCode.PRINT_HELD and "同名" in told.stdout
    assert (share / OUT / good.name).read_bytes() == b"x" and (share / good.name).exists()
    (share / OUT / good.name).unlink()
    assert once(crew, share).returncode == ExitCode.OK
    assert (share / OUT / good.name).exists() and not (share / f"{good.name}{NOTE}").exists()
    assert outcomes(crew) == ["printed"]


def test_a_crash_on_the_way_is_finished_by_the_next_start(crew: People, share: Path) -> None:
    (share / STATE).mkdir()
    room = crew.room

    def asked(copy_id: str) -> str:
        with room.ledger() as ledger:
            issued = issue(NUMBER, copy_id, "000001", Asking("三楼", "王承办"), ledger)
        assert issued is not None
        return issued.print_id

    for number, name in enumerate(("甲.pdf", "乙.pdf", "丙.pdf"), 1):
        (share / name).write_bytes(str(number).encode())
    # Not yet taken; taken; about to be given; given.
    (share / STATE / asked("c-1")).mkdir()
    Stage(share, asked("c-2")).take(share / "乙.pdf")
    going = Stage(share, f"{asked('c-3')}.go")
    going.take(share / "丙.pdf")
    (share / STATE / f"{asked('c-4')}.go").mkdir()
    (share / "乙.pdf").write_bytes(b"another one of the name")
    recover(share, room.office)
    assert not list((share / STATE).iterdir())
    assert {path.name for path in share.glob("*.pdf")} == {
        *("甲.pdf", "乙.pdf", "乙-2.pdf", "丙.pdf")
    }
    assert (share / "乙-2.pdf").read_bytes() == b"2"
    with room.ledger() as ledger:
        settled = {act.copy_id: act.outcome for _, act in ledger.acts(NumberSettled)}
        assert len(ledger.acts(NumberIssued)) == 4
    assert settled == {"c-1": "void", "c-2": "void", "c-3": "void", "c-4": "printed"}


def test_a_file_that_was_exchanged_after_the_decision_is_not_moved(
    crew: People, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = share / "通知.pdf"
    file.write_bytes(b"exchanged")

    def decided(request: object, office: object, **more: Callable[[PrintVerdict], None]) -> None:
        more["on_verdict"](
            PrintVerdict(file, PrintDecision.PRINT, PrintReason.MARKED, file_sm3="0" * 64)
        )

    monkeypatch.setattr(watching, "preprint_files", decided)
    monkeypatch.setattr(watching, "SETTLED_S", 0.0)
    told: list[object] = []
    (share / OUT).mkdir()
    watch = Watch(share, share / OUT, "三楼", "王承办", crew.room.office, told.append, told.append)
    with watching.watching(watch):
        assert watch.look() == 0
    assert not told and file.read_bytes() == b"exchanged" and not list((share / OUT).iterdir())


def test_folders_that_cannot_serve_are_refused(crew: People, share: Path) -> None:
    missing = once(crew, share / "没有")
    assert missing.returncode == ExitCode.WATCH_FOLDER_UNUSABLE
    same = cli_kit.run(*words(crew, share), "--once", "--out", share)
    assert same.returncode == ExitCode.WATCH_FOLDER_UNUSABLE
    shm = Path("/dev/shm")
    if shm.is_dir() and shm.stat().st_dev != share.stat().st_dev:
        other = cli_kit.run(*words(crew, share), "--once", "--out", shm)
        assert other.returncode == ExitCode.WATCH_FOLDER_UNUSABLE


def test_without_the_library_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_spec(name: str) -> None:
        assert name == "watchfiles"

    monkeypatch.setattr("importlib.util.find_spec", no_spec)
    with pytest.raises(WatchToolMissing) as missing:
        command._refuse_without_tool()
    assert "dingmi-mark[watch]" in str(missing.value)
