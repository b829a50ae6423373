"""The entry about how marks were drawn is found again by its marking."""

from __future__ import annotations

from dingmi_mark.domain.ledger_drawn import MarkDrawn


def test_it_is_about_a_marking_and_names_no_file() -> None:
    drawn = MarkDrawn("0" * 32, "1" * 32, "sm3:" + "2" * 64, "3" * 64, "2026-11-29T01:00:00+00:00")
    assert drawn.subject == "0" * 32
    assert drawn.file_digests == ()
