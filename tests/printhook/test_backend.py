"""The backend as CUPS calls it, without a print server: what it answers, and what it never does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from cups_kit import open_folder
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, PrintDecided
from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.issuing import Asking, issue, settle
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.printhook.asking import tell_cancelled, tell_failure
from dingmi_mark.printhook.install_backend import wrapper_text
from dingmi_mark.printhook.job import read_job
from dingmi_mark.printhook.settings import GuardedQueue, settings_in, write_queues
from office_kit import only

HOLD, CANCEL = 3, 5
SINK = """#!/bin/sh
if [ $# -ge 6 ]; then cat "$6"; else cat; fi >"${DEVICE_URI#sink:}"
"""


def _quiet(_: object) -> None:
    return None


class Setting:
    """An office, its marked file, and the folders of a print server that is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.crew: People = people(folder)
        room = self.crew.room
        self.original = put_draft(room)
        self.crew.approved(proposal(), self.original)
        request = MarkRequest((room.drafts,), (room.office.approvals,), room.out)
        found = mark_drafts(request, room.office, on_start=_quiet, on_verdict=_quiet)
        self.marked = only(found).copies[0].path
        self.root, self.paper = folder / "etc", folder / "tray" / "paper"
        self.paper.parent.mkdir()
        self.paper.parent.chmod(0o777)
        self.root.mkdir()
        write_queues(settings_in(self.root), [GuardedQueue("三楼", room.office.folder)])
        backends = folder / "bin" / "backend"
        backends.mkdir(parents=True)
        for name, text in (("sink", SINK), ("dingmi", wrapper_text(Path(sys.executable)))):
            (backends / name).write_text(text, encoding="utf-8")
            (backends / name).chmod(0o755)

    def print(
        self, *more: str, device: str = "", queue: str = "三楼", stdin: Path | None = None
    ) -> tuple[int, str]:
        """Call the backend with a job and return its code and what it said."""
        job = ("7", "王承办", "题目 机密★10年", "1", "sides=one-sided", *more)
        with open(stdin or os.devnull, "rb") as document:
            done = subprocess.run(
                [str(self.folder / "bin" / "backend" / "dingmi"), *job],
                stdin=document,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={
                    "PATH": "/usr/bin:/bin",
                    "PRINTER": queue,
                    "DEVICE_URI": f"dingmi:{device or f'sink:{self.paper}'}",
                    "CUPS_SERVERROOT": str(self.root),
                    "CUPS_SERVERBIN": str(self.folder / "bin"),
                    "TMPDIR": str(self.folder),
                },
                timeout=300,
                check=False,
            )
        return done.returncode, done.stderr.decode()


@pytest.fixture(scope="module")
def setting() -> Iterator[Setting]:
    with open_folder() as folder:
        yield Setting(folder)


def test_a_job_on_standard_input_prints_byte_for_byte_and_its_number_is_settled(
    setting: Setting,
) -> None:
    code, told = setting.print(stdin=setting.marked)
    assert code == 0, told
    assert "ERROR" not in told
    assert setting.paper.read_bytes() == setting.marked.read_bytes()
    with setting.crew.room.ledger() as ledger:
        ((_, issued),) = ledger.acts(NumberIssued, subject=NUMBER)
        ((_, settled),) = ledger.acts(NumberSettled, subject=NUMBER)
    assert (settled.print_id, settled.outcome) == (issued.print_id, "printed")
    assert (issued.printer, issued.by) == ("三楼", "王承办")
    setting.paper.unlink()


def test_what_is_refused_is_said_in_chinese_without_title_and_level(setting: Setting) -> None:
    code, told = setting.print(str(setting.original))
    assert code == CANCEL
    (line,) = (line for line in told.splitlines() if line.startswith("ERROR: "))
    assert line.startswith("ERROR: 不能打印：") and "下一步：" in line
    assert "STATE: +dingmi-refused" in told
    assert "机密" not in told and "题目" not in told and str(setting.folder) not in told
    assert not setting.paper.exists()


@pytest.mark.parametrize(
    ("device", "queue", "says"),
    [
        ("", "没有设置的", "没有为这个队列指定单位"),
        ("nowhere:x", "三楼", "“nowhere”方式连接不上"),
        ("../../bin/sh:x", "三楼", "连接不上"),
        ("dingmi:sink:x", "三楼", "连接不上"),
    ],
)
def test_a_queue_that_is_set_up_wrongly_holds_its_jobs(
    setting: Setting, device: str, queue: str, says: str
) -> None:
    code, told = setting.print(str(setting.marked), device=device, queue=queue)
    assert code == HOLD and says in told, told
    assert "ERROR: 暂缓打印：" in told


def test_a_name_that_leads_elsewhere_is_not_followed(setting: Setting) -> None:
    link = setting.folder / "d00007-001"
    link.symlink_to(setting.marked)
    assert setting.print(str(link))[0] == HOLD
    assert setting.print(os.devnull)[0] == HOLD
    assert setting.print("/没有/的")[0] == HOLD
    assert not setting.paper.exists()


def test_settings_that_others_may_change_are_not_believed(setting: Setting) -> None:
    file = settings_in(setting.root)
    file.chmod(0o666)
    try:
        code, told = setting.print(str(setting.marked))
    finally:
        file.chmod(0o644)
    assert code == HOLD and "别人也能改" in told


def test_an_office_that_is_gone_or_full_holds_the_job(setting: Setting) -> None:
    office = setting.crew.room.office.folder
    gone = office.with_name("搬走")
    office.rename(gone)
    try:
        code, told = setting.print(str(setting.marked))
    finally:
        gone.rename(office)
    assert code == HOLD and "单位文件夹不在原处" in told
    work = office / "work"
    kept = work.with_name("work-kept")
    if work.exists():
        work.rename(kept)
    work.write_text("样例", encoding="utf-8")
    try:
        code, told = setting.print(str(setting.marked))
    finally:
        work.unlink()
    assert code == HOLD and "打印前的检查没有做完" in told


def test_a_job_beyond_the_size_of_the_office_waits(setting: Setting, tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate(600 << 20)
    code, told = setting.print(str(huge))
    assert code == HOLD and "500 MiB" in told
    with setting.crew.room.ledger() as ledger:
        assert not ledger.verify()


def test_without_a_working_interpreter_every_job_waits(setting: Setting) -> None:
    program = setting.folder / "bin" / "backend" / "dingmi"
    whole = program.read_text(encoding="utf-8")
    for broken in ("/没有/python", "/bin/false", "sh -c 'kill -9 $$'"):
        program.write_text(whole.replace(sys.executable, broken), encoding="utf-8")
        try:
            code, told = setting.print(str(setting.marked))
        finally:
            program.write_text(whole, encoding="utf-8")
        assert code == HOLD and "ERROR: 暂缓打印：" in told, broken


def test_asked_for_devices_or_called_wrongly_it_prints_nothing(setting: Setting) -> None:
    program = str(setting.folder / "bin" / "backend" / "dingmi")
    asked = subprocess.run([program], capture_output=True, timeout=60, check=False)
    assert (asked.returncode, asked.stdout) == (0, b"")
    wrong = subprocess.run([program, "1", "2"], capture_output=True, timeout=60, check=False)
    assert wrong.returncode == HOLD and b"CUPS" in wrong.stderr


def test_numbers_of_a_cancelled_or_killed_job_are_void(setting: Setting) -> None:
    office = setting.crew.room.office.folder
    arguments = (
        "9",
        "王承办",
        "题目",
        "1",
        "job-uuid=urn:uuid:00000000-0000-4000-8000-00000000abcd",
    )
    job = read_job(["dingmi:sink:x", *arguments], {"PRINTER": "三楼"})
    assert job is not None and job.id.startswith("0000000000004000800000000000abcd.")
    for tell in (tell_cancelled, tell_failure):
        with setting.crew.room.ledger() as ledger:
            ours = issue(NUMBER, "c-9", "000009", Asking("三楼", "王承办", job.id), ledger)
            other = issue(NUMBER, "c-8", "000008", Asking("三楼", "王承办", "ab.cd"), ledger)
        assert ours is not None and other is not None
        tell(job, office)
        with setting.crew.room.ledger() as ledger:
            settled = {e.print_id: e.outcome for _, e in ledger.acts(NumberSettled)}
            assert settled[ours.print_id] == "void"
            assert other.print_id not in settled
            settle(other, PrintOutcome.VOID, ledger)


def test_nothing_is_left_and_every_decision_is_recorded(setting: Setting) -> None:
    assert setting.print(str(setting.original))[0] == CANCEL
    assert not list((setting.crew.room.office.folder / "work").glob("*"))
    with setting.crew.room.ledger() as ledger:
        reasons = {entry.reason for _, entry in ledger.acts(PrintDecided)}
    assert "unmarked_secret" in reasons
