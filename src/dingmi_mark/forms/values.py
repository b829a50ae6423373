"""One value in one cell, both ways: a period as people write it, a small list with `；` between.

What would be lost or read otherwise (an empty text, spaces at the ends, a `；` inside an entry)
stands in double quotation marks, doubled inside, as in CSV.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, Final

from dingmi_mark.domain.reading import period_words, written_period
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.fields import Field, Kind
from dingmi_mark.messages import Message, say
from dingmi_mark.store.approval_mapping import period_table

BETWEEN: Final = "；"
YES, NO = "是", "否"
_APART: Final = re.compile("[；;\n]")
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"', re.DOTALL)
_ENTRY: Final = re.compile(r'\s*("(?:[^"]|"")*"|[^；;\n]*?)\s*(?:[；;\n]|$)', re.DOTALL)
_DAY: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_FLAGS: Final = MappingProxyType({YES: True, NO: False, "TRUE": True, "FALSE": False})


class Unreadable(Exception):
    """A cell's value is of the wrong kind; `expected` says what should stand there."""

    def __init__(self, expected: Message) -> None:
        super().__init__(expected)
        self.expected = expected


def cell_value(field: Field, raw: Any) -> Value:
    """Return what stands in the cell of a field whose value in the record's tables is `raw`."""
    match field.kind:
        case Kind.PERIOD:
            return _period_words(raw)
        case Kind.FLAG:
            return YES if raw else NO
        case Kind.TEXTS | Kind.CHOICES:
            return BETWEEN.join(_entry(str(one)) for one in raw)
        case Kind.NUMBERS:
            return BETWEEN.join(_number_text(one) for one in raw)
        case Kind.TEXT:
            return quoted(raw) if _needs_quotes(raw) else str(raw)
        case _:
            found: Value = raw
            return found


def raw_value(field: Field, value: Value) -> Any:
    """Return the value for the record's tables, None where the cell is empty.

    Raises Unreadable where no text can be made of it; whether the text is right is for the record.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _READERS[field.kind](value)


def text_of(value: Value) -> str:
    """Write a cell's value as text, for forms of paper."""
    match value:
        case None:
            return ""
        case datetime() | time():
            return str(value)
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case bool():
            return YES if value else NO
        case float():
            return _number_text(value)
        case _:
            return str(value)


def quoted(text: str) -> str:
    """Put a text into double quotation marks."""
    return '"' + text.replace('"', '""') + '"'


def _period_words(raw: Mapping[str, Any]) -> str:
    from dingmi_mark.store.approval_model import PeriodPart

    return period_words(PeriodPart.model_validate(dict(raw)).value())


def _needs_quotes(text: str) -> bool:
    return not text or text != text.strip() or bool(_QUOTED.fullmatch(text))


def _entry(text: str) -> str:
    apart = text.startswith('"') or _APART.search(text)
    return quoted(text) if _needs_quotes(text) or apart else text


def _number_text(number: float) -> str:
    return repr(int(number)) if number == int(number) else repr(number)


def _text(value: Value) -> str:
    if isinstance(value, (date, time)):
        raise Unreadable(say("a text is expected; the cell holds a date"))
    if isinstance(value, bool):
        raise Unreadable(say("a text is expected; the cell holds {value}", value=text_of(value)))
    if isinstance(value, float) and value != int(value):
        # 2026.10 typed as a number is 2026.1: what was meant cannot be known.
        raise Unreadable(say("a text is expected; format the cell as text and type it again"))
    text = (str(int(value)) if isinstance(value, (int, float)) else str(value)).strip()
    return _unquoted(text)


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if _QUOTED.fullmatch(text) else text


def _entries(value: Value) -> Iterator[str]:
    text = str(int(value)) if isinstance(value, float) and value == int(value) else None
    text = text or (value if isinstance(value, str) else _text(value))
    position = 0
    while position < len(text):
        found = _ENTRY.match(text, position)
        if found is None:
            raise Unreadable(say("quotation marks do not close"))
        if found[1].startswith('"') and not _QUOTED.fullmatch(found[1]):
            raise Unreadable(say("quotation marks do not close"))
        if found[1]:
            yield _unquoted(found[1])
        position = found.end()


def _choice(value: Value) -> str:
    return unicodedata.normalize("NFKC", _text(value))


def _day(value: Value) -> Any:
    if isinstance(value, datetime):
        if value.time() != time():
            raise Unreadable(say("a date without a time is expected"))
        return value.date()
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", "".join(value.split()))
    found = _DAY.fullmatch(text)
    return "-".join(found.groups()) if found else text


def _whole(value: Value) -> int:
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if re.fullmatch(r"\d{1,9}", text):
            return int(text)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        return int(value)
    raise Unreadable(say("a whole number is expected"))


def _number(value: Value) -> float:
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if re.fullmatch(r"-?\d{1,9}(\.\d{1,17})?(e-?\d{1,3})?", text):
            return float(text)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise Unreadable(say("a number is expected"))


def _flag(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    word = unicodedata.normalize("NFKC", str(value)).strip().upper()
    if word not in _FLAGS:
        raise Unreadable(say("one of {options} is expected", options=f"{YES}、{NO}"))
    return _FLAGS[word]


def _period(value: Value) -> Any:
    from dingmi_mark.domain.terms import UntilDate

    if isinstance(value, datetime):
        value = _day(value)
    period = UntilDate(value) if isinstance(value, date) else written_period(str(value))
    if period is None:
        raise Unreadable(
            say("10年, 6个月, 45日, 2030年3月15日, 长期 or 解密条件：… is expected as period")
        )
    return period_table(period)


_READERS: Final[Mapping[Kind, Callable[[Value], Any]]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.CHOICE: _choice,
        Kind.DATE: _day,
        Kind.WHOLE: _whole,
        Kind.NUMBER: _number,
        Kind.FLAG: _flag,
        Kind.PERIOD: _period,
        Kind.TEXTS: lambda value: list(_entries(value)),
        Kind.CHOICES: lambda value: [_choice(entry) for entry in _entries(value)],
        Kind.NUMBERS: lambda value: [_number(entry) for entry in _entries(value)],
    }
)
