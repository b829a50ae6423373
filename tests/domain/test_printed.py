"""Each copy number goes to paper once, and once more for every spoiled sheet."""

from __future__ import annotations

from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled
from dingmi_mark.domain.printed import PrintOutcome, has_the_number, is_free, standing_prints

NUMBER, COPY, AT = "示密审〔2026〕31号", "c-1", "2026-11-02T09:00:00+00:00"


def issued(print_id: str) -> NumberIssued:
    return NumberIssued(NUMBER, COPY, "000001", print_id, "三楼", "王承办", AT)


def settled(print_id: str, outcome: PrintOutcome) -> NumberSettled:
    return NumberSettled(NUMBER, COPY, "000001", print_id, outcome.value, AT)


SPOILED = SheetSpoiled(NUMBER, COPY, "000001", "赵样例", "2026-11-02", AT)


def test_who_asked_first_has_the_number_and_a_void_print_is_none() -> None:
    first, second = issued("a"), issued("b")
    standing = standing_prints([first, second], [])
    assert has_the_number("a", standing, []) and not has_the_number("b", standing, [])
    standing = standing_prints([first, second], [settled("a", PrintOutcome.VOID)])
    assert standing == (second,) and has_the_number("b", standing, [])


def test_a_print_of_which_nobody_knows_the_end_counts_as_printed() -> None:
    standing = standing_prints([issued("a"), issued("b")], [settled("a", PrintOutcome.PRINTED)])
    assert not has_the_number("b", standing, [])
    assert not has_the_number("b", standing_prints([issued("a"), issued("b")], []), [])


def test_a_spoiled_sheet_lets_the_number_print_once_more_and_no_oftener() -> None:
    standing = standing_prints([issued("a"), issued("b"), issued("c")], [])
    assert has_the_number("b", standing, [SPOILED])
    assert not has_the_number("c", standing, [SPOILED])


def test_issue_and_settlement_belong_together_in_the_ledger() -> None:
    assert issued("a").thread == settled("a", PrintOutcome.VOID).thread == "a"
    assert issued("a").subject == SPOILED.subject == NUMBER


def test_a_number_is_free_until_it_printed_and_again_for_a_spoiled_sheet() -> None:
    standing = standing_prints([issued("a")], [])
    assert is_free("c-2", standing, []) and not is_free(COPY, standing, [])
    assert is_free(COPY, standing, [SPOILED])
    assert not is_free(COPY, standing_prints([issued("a"), issued("b")], []), [SPOILED])
