"""What the office lets happen when a draft quotes a classified document without naming it.

What executes or quotes a secret has at least its level (派生国家秘密定密管理暂行办法(2023)第八条),
which holds only if the record knows its sources. That quotations are looked for is the program's
own care; no provision asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

RULE = "quotations"
"""By this name a record answers to undeclared quotations, where the office allows that."""


class Undeclared(Enum):
    """What happens in `mark` and `preprint` to quotations that the record does not name."""

    STOP = "stop"
    EXPLAIN = "explain"
    OFF = "off"


@dataclass(frozen=True)
class QuotationPolicy:
    """[quotations] of office.toml: what happens, and from how many characters on.

    `verbatim` counts characters that are quoted as they stand, `edited` those that are unchanged in
    a passage with changes.
    """

    undeclared: Undeclared = Undeclared.STOP
    verbatim: int = 30
    edited: int = 38
