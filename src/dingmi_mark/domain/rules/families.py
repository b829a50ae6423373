"""All rules by what they examine, for the tables, the pages and the `law` command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dingmi_mark.domain.rules import RULES
from dingmi_mark.domain.rules.case import Rule
from dingmi_mark.domain.rules.changing import CHANGE_RULES
from dingmi_mark.domain.rules.copying import COPY_RULES
from dingmi_mark.domain.rules.duties import DUTIES
from dingmi_mark.domain.rules.notice import NOTICE_RULES
from dingmi_mark.domain.rules.review import REVIEW_RULES
from dingmi_mark.domain.rules.yearly import STATISTICS_RULES


@dataclass(frozen=True)
class Family:
    """Rules that examine the same thing; `title` is Chinese, as in docs/law.md."""

    title: str
    rules: tuple[Rule[Any], ...]


FAMILIES: Final = (
    Family("审批记录（作标志之前）", RULES),
    Family("作标志后的义务（只告知）", DUTIES),
    Family("变更、延长和解密", CHANGE_RULES),
    Family("复制、翻印和汇编", COPY_RULES),
    Family("书面通知和载体标签", NOTICE_RULES),
    Family("届满提醒和每年审核", REVIEW_RULES),
    Family("年度统计", STATISTICS_RULES),
)

ALL_RULES: Final[tuple[Rule[Any], ...]] = tuple(
    rule for family in FAMILIES for rule in family.rules
)
"""Every rule that has rows in `law/rules.toml`."""
