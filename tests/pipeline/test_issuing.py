"""Copy numbers at the printer: issued once, under whatever haste, and again for spoiled sheets."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from cli_kit import run
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled
from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import CopyUnknown, SheetNotPrinted
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.issuing import Asking, issue, register_spoiled, settle
from dingmi_mark.pipeline.request import MarkRequest
from office_kit import new_room, only
from printhook_kit import printed_once

DAY = date(2026, 11, 2)


def test_of_many_who_ask_at_once_one_has_the_number_and_the_others_are_void(
    tmp_path: Path,
) -> None:
    room = new_room(tmp_path)

    def ask(_: int) -> bool:
        with room.ledger() as ledger:
            return issue(NUMBER, "c-1", "000001", Asking("三楼", "王承办"), ledger) is not None

    with ThreadPoolExecutor(8) as clients:
        told = list(clients.map(ask, range(16)))
    with room.ledger() as ledger:
        asked = [entry.print_id for _, entry in ledger.acts(NumberIssued)]
        void = {entry.print_id for _, entry in ledger.acts(NumberSettled)}
        assert not ledger.verify()
    assert sum(told) == 1 and len(asked) == 16 and len(void) == 15


def test_a_void_number_is_free_again_and_another_copy_is_another_number(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    with room.ledger() as ledger:
        first = issue(NUMBER, "c-1", "000001", Asking("三楼", "王承办"), ledger)
        assert first is not None
        assert issue(NUMBER, "c-1", "000001", Asking("三楼", "王承办"), ledger) is None
        assert issue(NUMBER, "c-2", "000002", Asking("三楼", "王承办"), ledger) is not None
        settle(first, PrintOutcome.VOID, ledger)
        assert issue(NUMBER, "c-1", "000001", Asking("三楼", "王承办"), ledger) is not None


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def _quiet(_: object) -> None:
    return None


def test_a_copy_prints_once_and_once_more_when_its_spoiled_sheet_is_registered(
    crew: People,
) -> None:
    room = crew.room
    crew.approved(proposal(), put_draft(room))
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out)
    (copy, *_) = only(mark_drafts(request, room.office, on_start=_quiet, on_verdict=_quiet)).copies

    def printed() -> tuple[PrintDecision, PrintReason]:
        asked = (copy.path, "王承办", room.office.folder)
        # It sets limits on its process for good.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(printed_once, *asked).result()

    with room.ledger() as ledger, pytest.raises(SheetNotPrinted):
        register_spoiled(NUMBER, "1", "赵样例", DAY, ledger)
    assert printed() == (PrintDecision.PRINT, PrintReason.MARKED)
    assert printed() == (PrintDecision.HOLD, PrintReason.PRINTED_ALREADY)
    spoiled = ("--lang", "zh", "copies", "spoiled", NUMBER, "1", "--by", "赵样例")
    told = run(*spoiled, "--office", room.office.folder)
    assert told.returncode == 0 and "000001：废页已登记，可以再打印一次" in told.stdout
    assert printed() == (PrintDecision.PRINT, PrintReason.MARKED)
    assert printed() == (PrintDecision.HOLD, PrintReason.PRINTED_ALREADY)
    with room.ledger() as ledger, pytest.raises(CopyUnknown):
        register_spoiled(NUMBER, "7", "赵样例", DAY, ledger)
