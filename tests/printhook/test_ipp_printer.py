"""A guarded queue before a printer that speaks IPP, as printers of an office do."""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf
import pytest

from cups_kit import NEEDS_CUPS, open_folder, print_server
from dingmi_mark.domain.ledger_printing import NumberSettled
from ipp_printer_kit import NEEDS_IPP_PRINTER, IppPrinter, ipp_printer
from printhook_kit import CLASSIFIED, Guarded, guarded

pytestmark = [NEEDS_CUPS, NEEDS_IPP_PRINTER]

ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")


@pytest.fixture(scope="module")
def at_printer() -> Iterator[tuple[Guarded, IppPrinter]]:
    with (
        open_folder() as folder,
        ipp_printer(folder / "printer") as printer,
        print_server(folder / "server") as server,
    ):
        room = guarded(folder / "unit", server, copies=2, at_printer=True)
        server.queue(CLASSIFIED, f"dingmi:{printer.uri}", "-m", "raw")
        yield room, printer


def test_what_may_print_reaches_the_printer_with_its_numbers(
    at_printer: tuple[Guarded, IppPrinter],
) -> None:
    room, printer = at_printer
    more = ("-U", "王承办", "-n", "2", "-o", "sides=two-sided-long-edge")
    job = room.server.lp(CLASSIFIED, *more, room.marked)
    assert room.server.reached(job, *ENDED) == "completed", room.server.log()
    texts = []
    for sheet in printer.printed():
        with pymupdf.open(stream=sheet, filetype="pdf") as document:
            texts.append(document[0].get_text())
    assert [next(n for n in ("000001", "000002") if n in text) for text in texts] == [
        "000001",
        "000002",
    ]
    with room.ledger() as ledger:
        assert {entry.outcome for _, entry in ledger.acts(NumberSettled)} == {"printed"}


def test_what_is_refused_never_reaches_the_printer(at_printer: tuple[Guarded, IppPrinter]) -> None:
    room, printer = at_printer
    before = len(printer.printed())
    job = room.server.lp(CLASSIFIED, room.original)
    assert room.server.reached(job, *ENDED) == "canceled", room.server.log()
    assert "不能打印：" in room.server.job(job)
    assert len(printer.printed()) == before
