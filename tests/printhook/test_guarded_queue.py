"""A guarded queue of a real print server: what prints, what waits, what its user reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymupdf
import pytest

from cups_kit import NEEDS_CUPS, until
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, PrintDecided
from office_kit import picture
from printhook_kit import CLASSIFIED, ORDINARY, Guarded, at_work, kill, register_spoil

pytestmark = NEEDS_CUPS

ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")


def printed(room: Guarded, queue: str, *arguments: str | Path) -> tuple[str, str]:
    """Print something, wait for what becomes of it, and return that and what its user reads."""
    job = room.server.lp(queue, *arguments)
    state = room.server.reached(job, *ENDED)
    return state, room.server.job(job)


def last(room: Guarded) -> PrintDecided:
    with room.ledger() as ledger:
        assert not ledger.verify()
        return ledger.acts(PrintDecided)[-1][1]


def test_a_marked_file_prints_byte_for_byte_with_both_channels_open(room: Guarded) -> None:
    state, _ = printed(room, CLASSIFIED, "-U", "王承办", "-o", "raw", room.marked)
    assert state == "completed", room.server.log()
    assert room.server.printed() == [room.marked.read_bytes()]
    (channels,) = room.server.paper.glob("*.channels")
    assert channels.read_text().split() == ["3", "4"]
    entry = last(room)
    assert (entry.decision, entry.reason) == ("print", "marked")
    assert (entry.printer, entry.by, entry.copies) == (CLASSIFIED, "王承办", 1)
    assert entry.numbers == ("000001",)
    with room.ledger() as ledger:
        (issued,) = (entry for _, entry in ledger.acts(NumberIssued))
        (settled,) = (entry for _, entry in ledger.acts(NumberSettled))
    assert (settled.print_id, settled.outcome) == (issued.print_id, "printed")


def test_the_real_backend_gets_the_same_arguments_and_no_more_rights(room: Guarded) -> None:
    printed(
        room,
        ORDINARY,
        "-t",
        "标题 $(touch /tmp/x); --help",
        "-o",
        "sides=two-sided-long-edge",
        room.clean,
    )
    (file,) = room.server.paper.glob("*.arguments")
    uri, _, user, title, copies, options, document, uid = file.read_text().splitlines()
    assert uri == f"sink:{room.server.paper}"
    assert (user, copies) == ("root", "1")
    assert title == "标题 $(touch /tmp/x); --help" and "sides=two-sided-long-edge" in options
    assert document.startswith(str(room.server.folder / "spool"))
    assert uid != "0"


def test_an_unmarked_copy_of_a_secret_is_cancelled_and_its_user_reads_why(room: Guarded) -> None:
    state, told = printed(room, ORDINARY, "-t", "机密★10年 题目", room.original)
    assert (state, room.server.printed()) == ("canceled", [])
    assert "不能打印：" in told and "下一步：" in told and "请打印作好标志的文件" in told
    assert "机密" not in told and "题目" not in told
    assert (last(room).reason, last(room).pages) == ("unmarked_secret", 1)


def test_clean_paper_waits_on_one_queue_and_prints_on_the_other(room: Guarded) -> None:
    state, told = printed(room, CLASSIFIED, room.clean)
    assert (state, room.server.printed()) == ("pending-held", [])
    assert "暂缓打印：文件没有标志" in told
    assert printed(room, ORDINARY, room.clean)[0] == "completed"
    assert room.server.printed() == [room.clean.read_bytes()]


@pytest.mark.parametrize("first", ["clean", "marked"])
def test_files_joined_into_one_job_hide_nothing(room: Guarded, first: str) -> None:
    other = room.marked if first != "marked" else room.original
    state, told = printed(room, ORDINARY, getattr(room, first), other)
    assert (state, room.server.printed()) == ("canceled", [])
    assert "一个打印任务里有几个文件" in told
    assert last(room).reason == "several"


@pytest.mark.parametrize("option", ["number-up=2", "page-ranges=1"])
def test_what_would_put_marked_pages_otherwise_is_refused(room: Guarded, option: str) -> None:
    state, told = printed(room, CLASSIFIED, "-o", option, room.marked)
    assert (state, room.server.printed()) == ("canceled", []), option
    assert "打印选项会改变页面" in told
    assert last(room).reason == "layout"


def test_more_than_one_of_a_numbered_copy_is_refused(room: Guarded) -> None:
    state, told = printed(room, CLASSIFIED, "-n", "2", "-o", "collate=true", room.marked)
    assert (state, room.server.printed()) == ("canceled", [])
    assert "复制" in told and last(room).copies == 2


def test_cover_pages_are_refused(room: Guarded) -> None:
    state, told = printed(room, ORDINARY, "-o", "job-sheets=standard,none", room.clean)
    assert state in ("canceled", "completed"), told
    assert all(b"BANNER" not in out for out in room.server.printed())


def test_postscript_and_what_speaks_to_the_printer_itself_fail_closed(
    room: Guarded, tmp_path: Path
) -> None:
    for name, content, words in (
        ("a.ps", b"%!PS-Adobe-3.0\nshowpage\n", "读不懂这个打印任务"),
        ("d.prn", b"\x1b%-12345X@PJL\n" + room.marked.read_bytes(), "几个文件"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        state, told = printed(room, ORDINARY, "-o", "raw", file)
        assert (state, room.server.printed()) == ("canceled", []), name
        assert words in told


@pytest.mark.parametrize("queue", [CLASSIFIED, ORDINARY])
@pytest.mark.parametrize("more", [(), ("-o", "raw"), ("-o", "cpi=12")])
def test_plain_text_fails_closed(
    room: Guarded, tmp_path: Path, queue: str, more: tuple[str, ...]
) -> None:
    file = tmp_path / "便条.txt"
    file.write_text("样例：没有版式的文字，无处看得出有没有标志。\n", encoding="utf-8")
    state, told = printed(room, queue, *more, file)
    assert (state, room.server.printed()) == ("canceled", []), told
    assert "读不懂这个打印任务" in told and "样例：没有" not in told
    assert last(room).reason == "unreadable"


def test_a_picture_without_a_mark_is_clean_paper(room: Guarded, tmp_path: Path) -> None:
    file = tmp_path / "图.png"
    file.write_bytes(picture())
    assert printed(room, CLASSIFIED, file)[0] == "pending-held"
    assert printed(room, ORDINARY, file)[0] == "completed"
    assert room.server.printed() == [file.read_bytes()]


def test_a_cancelled_job_stops_the_printer_and_the_next_one_prints(room: Guarded) -> None:
    slow = room.server.paper / "slow"
    slow.touch()
    job = room.server.lp(CLASSIFIED, room.marked)
    until(lambda: "yes" if list(room.server.paper.glob("*.begun")) else "", room.server.log)
    room.server.run("cancel", job)
    until(lambda: "yes" if list(room.server.paper.glob("*.ended")) else "", room.server.log)
    slow.unlink()
    assert room.server.reached(job, *ENDED) == "canceled"
    state, told = printed(room, CLASSIFIED, room.marked)
    assert state == "pending-held" and "卡纸、废页的，先登记" in told
    register_spoil(room)
    assert printed(room, CLASSIFIED, room.marked)[0] == "completed"
    assert room.server.printed() == [room.marked.read_bytes()]


def test_a_printer_that_gives_up_leaves_the_job_held(room: Guarded) -> None:
    (room.server.paper / "broken").touch()
    job = room.server.lp(CLASSIFIED, room.marked)
    assert room.server.reached(job, *ENDED) == "pending-held"
    assert "打印机没有打完" in room.server.job(job)
    (room.server.paper / "broken").unlink()
    register_spoil(room)
    room.server.run("lp", "-i", job, "-H", "resume")
    assert room.server.reached(job, "completed") and len(room.server.printed()) == 1


def test_two_queues_decide_at_the_same_time(room: Guarded) -> None:
    with ThreadPoolExecutor(2) as clients:
        asked = [(CLASSIFIED, room.marked), (ORDINARY, room.clean)]
        told = list(clients.map(lambda one: printed(room, *one)[0], asked))
    assert told == ["completed"] * 2, room.server.log()
    assert len(room.server.printed()) == 2
    with room.ledger() as ledger:
        assert not ledger.verify()


def test_a_killed_backend_holds_the_job_and_nothing_is_left(room: Guarded) -> None:
    job = room.server.lp(ORDINARY, room.clean)
    until(lambda: "yes" if at_work(room, "cups_decide") else "", room.server.log)
    kill(at_work(room, "cups_decide"))
    assert room.server.reached(job, *ENDED) == "pending-held"
    assert "意外中断" in room.server.job(job)
    assert room.server.printed() == []
    assert (last(room).decision, last(room).reason) == ("hold", "failed")
    assert printed(room, ORDINARY, room.clean)[0] == "completed"


def test_a_refusal_is_told_on_paper_where_the_office_wants_it(room: Guarded) -> None:
    settings = room.crew.room.office.folder / "office.toml"
    whole = settings.read_text(encoding="utf-8")
    settings.write_text(whole.replace("refusal_page = false", "refusal_page = true"), "utf-8")
    try:
        state, told = printed(room, ORDINARY, "-t", "机密★10年 题目", "-n", "3", room.original)
        assert state == "canceled" and "请打印作好标志的文件" in told
        (page,) = room.server.printed()
        assert printed(room, CLASSIFIED, room.clean)[0] == "pending-held"
    finally:
        settings.write_text(whole, encoding="utf-8")
    assert len(room.server.printed()) == 1, "what waits is told on the screen only"
    assert page.startswith(b"%PDF-") and page != room.original.read_bytes()
    (arguments,) = room.server.paper.glob("*.arguments")
    _, _, _, _, copies, options, *_ = arguments.read_text().splitlines()
    assert (copies, options) == ("1", "")
    with pymupdf.open(stream=page, filetype="pdf") as document:
        assert len(document) == 1 and document[0].get_text() == ""


def test_with_the_configuration_broken_every_job_waits(room: Guarded) -> None:
    settings = room.crew.room.office.folder / "office.toml"
    whole = settings.read_bytes()
    settings.write_bytes(b"schema = ")
    try:
        state, told = printed(room, ORDINARY, room.clean)
    finally:
        settings.write_bytes(whole)
    assert (state, room.server.printed()) == ("pending-held", [])
    assert "没有做完" in told and "配置有 1 处错误" in told


def test_nothing_of_a_job_is_left_in_the_office(room: Guarded) -> None:
    printed(room, ORDINARY, room.clean)
    assert list((room.crew.room.office.folder / "work").glob("*")) == []
