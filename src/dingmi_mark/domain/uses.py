"""How a paper uses a classified source, and what the source's originator limits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class SourceUse(Enum):
    """What a paper does with a source (派生国家秘密定密管理暂行办法(2023)第七条).

    Only what is merely carried out takes none of the source's words over.
    """

    EXECUTED = "执行办理"
    FORWARDED = "转发"
    EXTRACTED = "摘录"
    QUOTED = "引用"
    COMPILED = "汇编"


class UseLimit(Enum):
    """What the originator asks of everybody who uses a source; it stands on the source."""

    CONSENT = "须经原定密机关同意"
    NO_COPYING = "不得复制"
    NO_EXTRACTING = "不得摘录"
    NO_COMPILING = "不得汇编"


TAKEN_OVER: Final = frozenset(SourceUse) - {SourceUse.EXECUTED}
"""Uses that take the source's own words into the paper."""

FORBIDS: Final[Mapping[UseLimit, frozenset[SourceUse]]] = MappingProxyType(
    {
        UseLimit.CONSENT: frozenset(),
        UseLimit.NO_COPYING: frozenset({SourceUse.FORWARDED, SourceUse.COMPILED}),
        UseLimit.NO_EXTRACTING: frozenset({SourceUse.EXTRACTED, SourceUse.QUOTED}),
        UseLimit.NO_COMPILING: frozenset({SourceUse.COMPILED}),
    }
)
"""The uses that a limit rules out; consent rules out none once it is there."""
