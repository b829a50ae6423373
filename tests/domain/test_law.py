"""Rows of the law: their values by kind, and which of them settles a rule."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest

from dingmi_mark.domain.law import Certainty, Citation, LawRow, RowValue, is_settled


def row(first: date, certainty: Certainty) -> LawRow:
    values: dict[str, RowValue] = {"秘密": 10, "form": "公文", "levels": ("绝密", "机密")}
    citation = Citation("示例规定", "第一条", certainty)
    return LawRow("example", first, None, citation, MappingProxyType(values))


LAW = row(date(2024, 5, 1), Certainty.LAW)
PRACTICE = row(date(2010, 10, 1), Certainty.PRACTICE)


def test_the_row_in_force_last_settles_a_rule() -> None:
    """What rests on practice is a switch of the profile, what rests on law is none."""
    assert is_settled([PRACTICE, LAW]) and is_settled([LAW, PRACTICE])
    assert not is_settled([LAW, row(date(2025, 5, 1), Certainty.PRACTICE)])
    assert not is_settled([PRACTICE])
    assert not is_settled([])


def test_a_value_of_another_kind_names_the_rule_and_its_key() -> None:
    assert (LAW.number("秘密"), LAW.text("form"), LAW.words("levels")) == (
        10,
        "公文",
        ("绝密", "机密"),
    )
    with pytest.raises(TypeError, match=r"^example\.form is no number$"):
        LAW.number("form")
    with pytest.raises(TypeError, match=r"^example\.秘密 is no text$"):
        LAW.text("秘密")
    with pytest.raises(TypeError, match=r"^example\.form is no list$"):
        LAW.words("form")
