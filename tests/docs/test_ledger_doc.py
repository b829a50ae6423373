"""docs/ledger.md tells every kind of entry, why entries are voided, and shows a real anchor."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from dingmi_mark.domain.ledger import KINDS, Entry
from dingmi_mark.domain.ledger_chain import Anchor
from dingmi_mark.domain.ledger_settling import VoidReason
from dingmi_mark.pipeline.settle import TEMPORARY_PATTERN
from dingmi_mark.store.ledger_export import PORTABLE_FORMAT

TEXT = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z.]+/\d+)` \| .+? \| (.+) \|$", re.MULTILINE)


def test_the_page_has_every_kind_of_entry_and_no_other() -> None:
    assert [kind for kind, _ in ROW.findall(TEXT)] == list(KINDS)


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_page_has_every_field_of_an_entry(name: str, kind: type[Entry]) -> None:
    told = dict(ROW.findall(TEXT))[name]
    assert re.findall(r"`(\w+)`", told) == [field.name for field in fields(kind)]


def test_the_page_has_every_reason_to_void() -> None:
    assert set(re.findall(r"`(interrupted_\w+)`", TEXT)) == {reason.value for reason in VoidReason}


def test_the_anchor_shown_is_one() -> None:
    shown = TEXT.partition("```text\n")[2].partition("```")[0]
    assert Anchor.parse(shown).text == shown


def test_names_of_files_and_formats_are_the_programs_own() -> None:
    assert f"`{TEMPORARY_PATTERN}`" in TEXT
    assert f"`{PORTABLE_FORMAT}`" in TEXT
