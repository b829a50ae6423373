"""The words and values of an approval record as people write them, each with its own wording.

Tolerant on read: spaces around, full-width digits, `机密级`, dates as TOML dates or as text. What
is not understood becomes an error that carries what is expected (`misread`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, TypeVar

from pydantic_core import PydanticCustomError

from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.domain.unseen import BETWEEN_LINES, unseen_in
from dingmi_mark.messages import Message, say

MISREAD: Final = "misread"
"""The error type of all our own faults; their context carries the Message."""
LEVEL: Final = "level"
"""The error type of a level that is none; it may name another regime (R1)."""

FIRST_DAY: Final = date(1949, 10, 1)
LAST_DAY: Final = date(2999, 12, 31)
"""Days outside are slips of the pen; inside, no period can run past the calendar's end."""

_DIGITS: Final = {0xFF10 + digit: ord("0") + digit for digit in range(10)}
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CHINESE: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DIGEST: Final = re.compile(r"(sm3|sha256):[0-9a-f]{64}")

E = TypeVar("E", bound=Enum)


def misread(expected: Message, kind: str = MISREAD, **context: Any) -> PydanticCustomError:
    """Return the error that carries our own wording through the schema library."""
    return PydanticCustomError(kind, "misread", {"expected": expected, **context})


def line(value: Any) -> str:
    """One line of text: spaces around are dropped, full-width digits become half-width."""
    text = _text(value).strip().translate(_DIGITS)
    if unseen := unseen_in(text):
        raise misread(
            say(
                "one line of text without invisible characters is expected, not {found}",
                found=unseen,
            )
        )
    return text


def filled_line(value: Any) -> str:
    """One line of text that is not empty."""
    if not (text := line(value)):
        raise misread(say("a text that is not empty is expected"))
    return text


def prose(value: Any) -> str:
    """Text that may have several lines, as it was written."""
    return _whole(_text(value)).strip()


def filled_prose(value: Any) -> str:
    """Text that may have several lines and is not empty."""
    if not (text := prose(value)):
        raise misread(say("a text that is not empty is expected"))
    return text


def verbatim(value: Any) -> str:
    """Words exactly as they stand elsewhere (a quotation, a file name); never changed."""
    if not (text := _whole(_text(value))).strip():
        raise misread(say("a text that is not empty is expected"))
    return text


def digest(value: Any) -> str:
    """A digest by its algorithm's name, in lower case."""
    text = line(value).lower()
    if text and not _DIGEST.fullmatch(text):
        raise misread(say("sm3: or sha256: and 64 hexadecimal digits are expected"))
    return text


def level(value: Any) -> SecrecyLevel:
    """A level; `机密级` is tolerated."""
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    found = SecrecyLevel.named(text)
    if found is None:
        expected = say("one of {options} is expected", options="绝密、机密、秘密")
        raise misread(expected, LEVEL, level=text)
    return found


def day(value: Any) -> date:
    """A day as TOML date, `2026-01-10` or `2026年1月10日`, between FIRST_DAY and LAST_DAY."""
    found = value if isinstance(value, date) else _written_day(value)
    if found is None or isinstance(found, datetime):
        raise misread(say("a date such as 2026-01-10 is expected"))
    if not FIRST_DAY <= found <= LAST_DAY:
        raise misread(
            say(
                "a date from {first} to {last} is expected",
                first=str(FIRST_DAY),
                last=str(LAST_DAY),
            )
        )
    return found


def one_of(kind: type[E]) -> Callable[[Any], E]:
    """Return the reader of an enum that is written as its Chinese word."""

    def read(value: Any) -> E:
        word = value.strip() if isinstance(value, str) else value
        for member in kind:
            if member.value == word:
                return member
        options = "、".join(str(member.value) for member in kind)
        raise misread(say("one of {options} is expected", options=options))

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise misread(say("a text in quotation marks is expected"))
    return value


def _whole(text: str) -> str:
    if unseen := unseen_in(text, allowed=BETWEEN_LINES):
        raise misread(
            say("text without invisible characters is expected, not {found}", found=unseen)
        )
    return text


def _written_day(value: Any) -> date | None:
    text = "".join(value.split()).translate(_DIGITS) if isinstance(value, str) else ""
    written = _ISO.fullmatch(text) or _CHINESE.fullmatch(text)
    if written is None:
        return None
    year, month, day_of_month = (int(number) for number in written.groups())
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
