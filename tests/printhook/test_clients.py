"""Paper of other programs on a guarded queue: LibreOffice, Chromium; and jobs by raw IPP."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cups_kit import NEEDS_CUPS, until
from office_kit import docx
from printhook_kit import CLASSIFIED, ORDINARY, Guarded

pytestmark = NEEDS_CUPS

SOFFICE = shutil.which("soffice")
CHROMIUM = shutil.which("chromium")
NEEDS_SOFFICE = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")
PAGE = "<!doctype html><meta charset=utf-8><p>样例：普通的一页，内容全部虚构。"


def jobs(room: Guarded, queue: str) -> set[str]:
    told = room.server.run("lpstat", "-W", "all", "-o", queue, check=False)
    return {line.split()[0] for line in told.splitlines() if line.startswith(f"{queue}-")}


def ended(room: Guarded, job: str) -> str:
    return room.server.reached(job, *ENDED)


def through_libreoffice(file: Path, profile: Path) -> Path:
    """Return the PDF that LibreOffice makes of a file, as its users print it."""
    assert SOFFICE is not None
    user = f"-env:UserInstallation={profile.as_uri()}"
    subprocess.run(
        [SOFFICE, user, "--headless", "--convert-to", "pdf", "--outdir", file.parent, file],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=240,
        check=True,
    )
    return file.with_suffix(".pdf")


@NEEDS_SOFFICE
def test_what_libreoffice_makes_is_looked_at_like_any_other_paper(
    room: Guarded, tmp_path: Path
) -> None:
    """The LibreOffice of servers, without windows, cannot print itself; `lp` takes its PDF."""
    clean, typed = tmp_path / "简报.docx", tmp_path / "手打.docx"
    clean.write_bytes(docx())
    typed.write_bytes(docx("机密★10年"))
    plain = through_libreoffice(clean, tmp_path / "profile")
    assert ended(room, room.server.lp(ORDINARY, plain)) == "completed", room.server.log()
    assert room.server.printed() == [plain.read_bytes()]
    assert ended(room, room.server.lp(CLASSIFIED, plain)) == "pending-held"
    marked = through_libreoffice(typed, tmp_path / "profile")
    job = room.server.lp(ORDINARY, marked)
    assert ended(room, job) == "pending-held", "a mark that the ledger does not know waits"
    assert "本单位的台账不认识" in room.server.job(job)
    assert len(room.server.printed()) == 1


@NEEDS_CHROMIUM
def test_a_page_of_chromium_prints_where_ordinary_paper_does(room: Guarded, tmp_path: Path) -> None:
    """Chromium without a window prints to a file only; `lp` takes it from there."""
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(PAGE, encoding="utf-8")
    assert CHROMIUM is not None
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'c'}")
    subprocess.run(
        [CHROMIUM, *options, f"--print-to-pdf={pdf}", page.as_uri()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=240,
        check=True,
    )
    assert ended(room, room.server.lp(ORDINARY, pdf)) == "completed", room.server.log()
    assert room.server.printed() == [pdf.read_bytes()]
    assert ended(room, room.server.lp(CLASSIFIED, pdf)) == "pending-held"


RAW = """{{
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri {uri}
  ATTR name requesting-user-name "王承办"
  ATTR name job-name "机密★10年 题目"
  ATTR mimeMediaType document-format application/pdf
  GROUP job-attributes-tag
  ATTR integer copies {copies}
  ATTR keyword sides two-sided-long-edge
  FILE {file}
  STATUS successful-ok
}}
"""


@pytest.mark.parametrize(("copies", "state"), [(1, "completed"), (2, "canceled")])
def test_raw_ipp_is_decided_alike(room: Guarded, tmp_path: Path, copies: int, state: str) -> None:
    uri = f"ipp://localhost:{room.server.port}/printers/{CLASSIFIED}"
    test = tmp_path / "print.test"
    test.write_text(RAW.format(uri=uri, copies=copies, file=room.marked), encoding="utf-8")
    before = jobs(room, CLASSIFIED)
    room.server.run("ipptool", "-tv", uri, test)
    job = until(lambda: next(iter(jobs(room, CLASSIFIED) - before), ""), room.server.log)
    assert ended(room, job) == state, room.server.log()
    assert len(room.server.printed()) == (1 if state == "completed" else 0)
    assert "机密" not in room.server.job(job).partition("Status:")[2]
