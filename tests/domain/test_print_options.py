"""Options of a print job: which leave a marked page as it was marked."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.print_options import asks_for_sheets, options_of, unsuitable
from dingmi_mark.domain.printing import PrintReason, with_options


def test_options_are_read_as_the_print_server_writes_them() -> None:
    text = r"""job-uuid=urn:uuid:1 number-up=2  finishings=3 noraw job-name='a b' x="c d" y=e\ f"""
    assert options_of(text + " media-col={media-size=1 two=2} last") == {
        "job-uuid": "urn:uuid:1",
        "number-up": "2",
        "finishings": "3",
        "noraw": "true",
        "job-name": "a b",
        "x": "c d",
        "y": "e f",
        "media-col": "{media-size=1 two=2}",
        "last": "true",
    }


def test_the_last_of_two_values_counts_and_what_cannot_be_read_is_an_option_nobody_knows() -> None:
    assert options_of("number-up=1 number-up=4")["number-up"] == "4"
    assert unsuitable(options_of("sides='one-sided number-up=4")) is not None
    assert options_of("") == {}


def test_only_quotes_around_a_whole_value_are_taken_off() -> None:
    text = r"""a=xyx b='u'"v" c="w" e='' f='p'q """
    assert options_of(text) == {
        "a": "xyx", "b": "'u'\"v\"", "c": "w", "e": "", "f": "'p'q",
    }  # fmt: skip


@pytest.mark.parametrize(
    "harmless",
    [
        "sides=two-sided-long-edge copies=2 collate=true media=iso_a4_210x297mm",
        "number-up=1 page-set=all print-scaling=none orientation-requested=3 PageSize=A4",
        "Duplex=DuplexNoTumble job-sheets=none,none job-originating-host-name=localhost",
        "print-color-mode=monochrome date-time-at-creation= time-at-creation=1795978669",
    ],
)
def test_what_names_paper_sides_and_the_job_itself_is_harmless(harmless: str) -> None:
    assert unsuitable(options_of(harmless)) is None


@pytest.mark.parametrize(
    "spoiling",
    [
        "number-up=2",
        "NUMBER-UP=2",
        "number-up-layout=btlr",
        "page-ranges=1-2",
        "page-set=odd",
        "fit-to-page",
        "fitplot=true",
        "scaling=50",
        "natural-scaling=200",
        "print-scaling=fill",
        "mirror",
        "landscape",
        "orientation-requested=4",
        "page-border=double",
        "booklet=true",
        "page-top=0",
        "job-sheets=secret,none",
        "whatever=1",
    ],
)
def test_what_may_shrink_cut_turn_or_leave_out_a_page_is_named(spoiling: str) -> None:
    assert unsuitable(options_of(f"sides=one-sided {spoiling}")) == spoiling.partition("=")[0]


def test_marked_files_and_clean_paper_differ_in_layouts_but_not_in_cover_pages() -> None:
    marked, clean = PrintReason.MARKED, PrintReason.UNMARKED
    layout, sheets = {"number-up": "4"}, {"job-sheets": "standard"}
    assert with_options(marked, {}) is marked
    assert with_options(marked, layout) is PrintReason.LAYOUT
    assert with_options(clean, layout) is clean
    assert with_options(clean, sheets) is with_options(marked, sheets) is PrintReason.SHEETS
    assert asks_for_sheets(sheets) and not asks_for_sheets({"job-sheets": "none"})
