"""What the rules refuse becomes one error; 无权 and 不明确 are never the same one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dingmi_mark.domain.law import Certainty, Citation, Finding, Severity, Theme
from dingmi_mark.errors import AuthorityExceeded, DingmiError, LawViolated, MatterUnclear
from dingmi_mark.messages import say
from dingmi_mark.pipeline.examining import refuse_if
from record_kit import record


def finding(theme: Theme) -> Finding:
    citation = Citation("示例法", "第一条", Certainty.LAW)
    return Finding("rule", say("示例"), citation, Severity.REFUSE, theme)


@pytest.mark.parametrize(
    ("themes", "error", "code"),
    [
        ([Theme.AUTHORITY], AuthorityExceeded, 26),
        ([Theme.AUTHORITY, Theme.RECORD], LawViolated, 25),
        ([Theme.UNCLEAR], MatterUnclear, 120),
        ([Theme.RECORD, Theme.UNCLEAR], MatterUnclear, 120),
    ],
)
def test_each_way_has_its_own_error(
    themes: Sequence[Theme], error: type[DingmiError], code: int
) -> None:
    with pytest.raises(error) as caught:
        refuse_if([finding(theme) for theme in themes], record())
    assert type(caught.value) is error
    assert int(caught.value.code) == code
