"""What may be filled in as 文号 after the approval is a number, and no words nobody approved."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.late_values import is_document_number


@pytest.mark.parametrize(
    "number", ["示密〔2026〕3号", "示政办发〔2026〕第12号", "示 密〔2026〕 3 号", "示密(2026)120号"]
)
def test_a_number_as_papers_bear_it(number: str) -> None:
    assert is_document_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3号",
        "示密〔2026〕号",
        "示密〔26〕3号",
        "示密〔2026〕3号。本文件可以公开",
        "经研究，示密〔2026〕3号",
        "示密〔2026〕123456号",
    ],
)
def test_other_words_are_none(text: str) -> None:
    assert not is_document_number(text)
