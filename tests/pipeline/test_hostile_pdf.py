"""Hostile PDF files cost one verdict: bounded time and memory, a named cause, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingmi_mark.errors import DraftBroken, DraftTooCostly
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import Limits
from hostile_kit import HOSTILE, marked_whole_way

LIMITS = Limits(memory_mb=600, seconds=12)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_marked_or_has_its_cause(name: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"{name}.pdf", tmp_path / "marked.pdf"
    source.write_bytes(HOSTILE[name]())
    found = run_one(marked_whole_way, (source, target), LIMITS)
    assert found == "marked" or isinstance(found, DraftBroken | DraftTooCostly), found
    # What a worker that was ended leaves under another name, `settle` takes away.
    assert target.exists() == (found == "marked")


@pytest.mark.parametrize("name", ["content_bomb", "nested_forms", "page_bomb"])
def test_what_asks_for_too_much_is_refused_and_not_just_slow(name: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"{name}.pdf", tmp_path / "marked.pdf"
    source.write_bytes(HOSTILE[name]())
    found = run_one(marked_whole_way, (source, target), LIMITS)
    assert isinstance(found, DraftBroken | DraftTooCostly)
