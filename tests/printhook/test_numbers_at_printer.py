"""A marked file without 份号 gets its numbers at the guarded printer; what goes beyond is 复制."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from approval_kit import NUMBER, people, proposal, put_draft
from cli_kit import run
from cups_kit import NEEDS_CUPS, open_folder, print_server
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, PrintDecided
from dingmi_mark.domain.printed import standing_prints
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.issuing import register_spoiled
from dingmi_mark.pipeline.verdicts import IdentifiedBy
from office_kit import BODY, docx
from pdf_kit import rendered
from printhook_kit import CLASSIFIED, Guarded, guarded

pytestmark = NEEDS_CUPS

ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")


@pytest.fixture
def room() -> Iterator[Guarded]:
    with open_folder() as folder, print_server(folder / "server") as server:
        yield guarded(folder / "unit", server, copies=5, at_printer=True)


def printed(room: Guarded, copies: int) -> tuple[str, str]:
    job = room.server.lp(CLASSIFIED, "-U", "王承办", "-n", str(copies), room.marked)
    return room.server.reached(job, *ENDED), room.server.job(job)


def papers(room: Guarded) -> list[list[str]]:
    """Return the lines on the first page of each paper that came out, in order."""
    found = []
    for content in room.server.printed():
        with pymupdf.open(stream=content, filetype="pdf") as document:
            found.append(document[0].get_text().split("\n"))
    return found


def numbers(room: Guarded) -> list[str]:
    """Return the 份号 on each paper, in order."""
    return [
        " ".join(line for line in lines if len(line) == 6 and line.isdecimal())
        for lines in papers(room)
    ]


def standing(room: Guarded) -> list[str]:
    with room.ledger() as ledger:
        assert not ledger.verify()
        issued = [entry for _, entry in ledger.acts(NumberIssued, subject=NUMBER)]
        settled = [entry for _, entry in ledger.acts(NumberSettled, subject=NUMBER)]
    return [entry.copy_number for entry in standing_prints(issued, settled)]


def copies_command(room: Guarded, *arguments: str) -> tuple[int, str]:
    office = room.crew.room.office.folder
    told = run("--lang", "zh", "--office", office, "copies", *arguments)
    return told.returncode, told.stdout + told.stderr


def test_each_copy_has_its_own_number_and_none_goes_beyond_the_approved(room: Guarded) -> None:
    assert room.marked.name == "通知.pdf"
    state, told = printed(room, 3)
    assert state == "completed", told + room.server.log()
    found = papers(room)
    assert numbers(room) == ["000001", "000002", "000003"]
    for lines in found:
        assert "机密★10年" in lines and any(BODY in line for line in lines)
        assert not any("复制件" in line for line in lines)
    assert standing(room) == ["000001", "000002", "000003"]
    with room.ledger() as ledger:
        decided = ledger.acts(PrintDecided)[-1][1]
        outcomes = {entry.outcome for _, entry in ledger.acts(NumberSettled)}
    assert (decided.numbers, decided.copies) == (("000001", "000002", "000003"), 3)
    assert outcomes == {"printed"}

    state, told = printed(room, 3)
    assert state == "canceled" and "批准的份号不够" in told, told
    assert len(papers(room)) == 3 and len(standing(room)) == 3
    assert printed(room, 2)[0] == "completed"
    assert standing(room) == [f"00000{n}" for n in range(1, 6)]

    code, told = copies_command(room, "list", NUMBER)
    assert code == 0 and "000005" in told, told
    code, told = copies_command(
        room, "receive", NUMBER, "000004", "--receiver", "示例市示范局办公室", "--by", "赵样例"
    )
    assert code == 0, told


def test_copies_beyond_the_approved_bear_their_stamp_once_they_are_approved(room: Guarded) -> None:
    assert printed(room, 5)[0] == "completed"
    ask = ("approve", NUMBER, "--copies", "2", "--by", "赵样例")
    code, told = copies_command(room, *ask)
    assert code == ExitCode.COPYING_REFUSED and "没有经机关、单位负责人批准" in told, told
    assert printed(room, 1)[0] == "canceled"
    code, told = copies_command(room, *ask, "--approved-by", "李示范")
    assert code == 0, told
    assert printed(room, 1)[0] == "completed", room.server.log()
    last = papers(room)[-1]
    today = clock.today()
    day = f"{today.year}年{today.month}月{today.day}日"
    assert f"复制件 示例市示范局 {day} 第1份" in last and "机密★10年" in last
    assert numbers(room)[-1] == ""
    assert standing(room)[-1] == "复制-000001"
    assert printed(room, 2)[0] == "canceled"
    assert printed(room, 1)[0] == "completed"
    assert printed(room, 1)[0] == "canceled"


def test_a_job_that_failed_prints_the_same_numbers_again_only_for_spoiled_sheets(
    room: Guarded,
) -> None:
    broken = room.server.paper / "broken"
    broken.touch()
    job = room.server.lp(CLASSIFIED, "-n", "3", room.marked)
    assert room.server.reached(job, *ENDED) == "pending-held"
    assert standing(room) == ["000001"], "what was not begun is void"
    broken.unlink()
    with room.ledger() as ledger:
        register_spoiled(NUMBER, "1", "赵样例", clock.today(), ledger)
    room.server.run("lp", "-i", job, "-H", "resume")
    assert room.server.reached(job, "completed")
    assert numbers(room) == ["000001", "000002", "000003"]
    assert sorted(standing(room)) == ["000001", "000001", "000002", "000003"]


def test_without_a_guarded_queue_it_does_not_print(room: Guarded) -> None:
    office = room.crew.room.office.folder
    told = run("--lang", "zh", "--office", office, "preprint", room.marked)
    assert told.returncode == ExitCode.PRINT_REFUSED and "受管控的打印队列" in told.stderr
    assert standing(room) == []


def test_a_numbered_file_prints_its_own_copy_and_then_those_of_复制() -> None:
    with open_folder() as folder, print_server(folder / "server") as server:
        room = guarded(folder / "unit", server)
        assert printed(room, 2)[0] == "canceled"
        ask = ("approve", NUMBER, "--copies", "1", "--kind", "翻印", "--approved-by", "李示范")
        assert copies_command(room, *ask, "--by", "赵样例")[0] == 0
        assert printed(room, 2)[0] == "completed", server.log()
        assert server.printed()[0] == room.marked.read_bytes()
        assert numbers(room) == ["000001", "000001"]
        assert not any("翻印件" in line for line in papers(room)[0])
        assert any(line.startswith("翻印件 示例市示范局 ") for line in papers(room)[1])
        assert standing(room) == ["000001", "翻印-000001"]
        assert printed(room, 1)[0] == "pending-held"


def test_copies_are_numbered_in_one_way_only(room: Guarded) -> None:
    unit = room.crew.room
    office = ("--office", unit.office.folder)
    told = run("--lang", "zh", *office, "mark", unit.drafts, "--out", unit.out)
    assert told.returncode == ExitCode.NUMBERING_REFUSED, told.stderr
    assert "已经作过没有份号的文件" in told.stderr
    again = run(
        "--lang", "zh", *office, "mark", unit.drafts, "--numbers-at-printer", "--out", unit.out
    )
    assert again.returncode == 0, again.stderr
    assert [file.name for file in unit.out.iterdir()] == ["通知.pdf"]


def test_what_cannot_be_numbered_at_the_printer_is_told_before_it_is_marked(tmp_path: Path) -> None:
    crew = people(tmp_path)
    unit = crew.room
    word = put_draft(unit, "通知.docx", docx())
    crew.approved(proposal(), word)
    office = ("--office", unit.office.folder)
    told = run("--lang", "zh", *office, "mark", word, "--numbers-at-printer", "--out", unit.out)
    assert told.returncode == ExitCode.NUMBERING_REFUSED and "PDF" in told.stderr, told.stderr
    assert not unit.out.exists() or not list(unit.out.iterdir())


def test_every_number_has_its_own_2d_code_and_a_scan_tells_it() -> None:
    with open_folder() as folder, print_server(folder / "server") as server:
        room = guarded(folder / "unit", server, copies=2, at_printer=True, codes=True)
        state, told = printed(room, 2)
        assert state == "completed", told + server.log()
        office = room.crew.room.office
        for number, content in enumerate(server.printed(), 1):
            sheet = folder / f"{number}.pdf"
            with pymupdf.open(stream=content, filetype="pdf") as document:
                sheet.write_bytes(document.convert_to_pdf())
            scan = folder / f"{number}.png"
            rendered(sheet, 0, 150).save(scan, dpi=(150, 150))
            (report,) = check_files([scan], office, on_report=lambda _: None)
            assert report.identified_by is IdentifiedBy.CODE
            said = f"By its 2D code page 1 is of {NUMBER} (机密★10年), copy 00000{number}."
            assert said in [str(line.says) for line in report.lines]
