"""Which standing prints is the office's own choice, save what must never print."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.ledger_printing import PrintDecided
from dingmi_mark.domain.printing import (
    NEVER,
    USUAL,
    PaperKind,
    PrintDecision,
    Printer,
    Printing,
    PrintReason,
)


def test_every_reason_is_decided_in_one_way() -> None:
    assert set(PrintReason) == set(USUAL) | set(NEVER)
    assert not set(USUAL) & set(NEVER)


@pytest.mark.parametrize("reason", NEVER)
def test_what_never_prints_does_not_by_any_choice(reason: PrintReason) -> None:
    willing = Printer(PaperKind.ANY, dict.fromkeys(PrintReason, PrintDecision.PRINT))
    assert willing.decide(reason) is NEVER[reason] is not PrintDecision.PRINT


def test_without_a_mark_a_file_waits_at_a_printer_for_classified_paper_only() -> None:
    assert Printer().decide(PrintReason.UNMARKED) is PrintDecision.HOLD
    assert Printer(PaperKind.ANY).decide(PrintReason.UNMARKED) is PrintDecision.PRINT
    for reason in PrintReason:
        if reason is not PrintReason.UNMARKED:
            assert Printer(PaperKind.ANY).decide(reason) is Printer().decide(reason)
    own = {PrintReason.UNMARKED: PrintDecision.REFUSE}
    assert Printer(PaperKind.ANY, own).decide(PrintReason.UNMARKED) is PrintDecision.REFUSE


def test_marked_files_print_and_altered_ones_do_not() -> None:
    printer = Printer()
    assert printer.decide(PrintReason.MARKED) is PrintDecision.PRINT
    assert printer.decide(PrintReason.ALTERED) is PrintDecision.REFUSE
    assert printer.decide(PrintReason.EXPIRED) is PrintDecision.HOLD


def test_a_printer_the_office_does_not_name_decides_as_usual() -> None:
    public = Printer(PaperKind.ANY)
    printing = Printing(named={"公用": public})
    assert printing.printer("公用") is public
    assert printing.printer("别的").paper is PaperKind.CLASSIFIED


def test_a_decision_is_found_again_by_the_file_it_was_about() -> None:
    told = (
        "示密审〔2026〕1号",
        "",
        "",
        "ab",
        "三楼",
        "王样例",
        1,
        1,
        (),
        "print",
        "marked",
        "2026",
    )
    assert PrintDecided(*told).file_digests == ("sm3:ab",)
    assert PrintDecided(*told[:3], "", *told[4:]).file_digests == ()
