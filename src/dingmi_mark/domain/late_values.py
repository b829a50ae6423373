"""What may be filled in after the approval, as patterns: the blanks before, the values after.

A line of the approved draft becomes a pattern in which every blank may hold the record's value and
every other character stands for itself. So a filled-in line is accepted only where nothing but
blanks was filled in, and only with what the record says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord, LateField

PAGE_FIELD: Final = "\x10"
PAGES_FIELD: Final = "\x11"
"""How readers write the fields that a word processor replaces by the number of the page.

XML knows no such characters, so nobody can type them.
"""

_B: Final = r"[\s_＿×ＸｘXx□]"
_ANY: Final = f"{_B}{{0,120}}"
"""Blank characters of one blank: bounded, or a line of nothing else would be searched for ever."""

_GAP: Final = r"\s{0,2}"
_BLANK_CHARACTERS: Final = frozenset("_＿×ＸｘXx□")
_RUN: Final = r"[_＿]{2,}|×{2,}|[ＸｘXx]{3,}|□{2,}"
_OPENS, _CLOSES = "〔［[(（【", "〕］])）】"
_CHINESE: Final = "零一二三四五六七八九"
_ZERO: Final = "[〇○零]"
_MOST_BLANKS = 40
"""Lines with more blanks than that are no lines of a paper; they must stay as they are."""

_MOST_ADDED = 8
"""White space that may come in with a value: more would push away what follows."""

_PAGE_NUMBER: Final = rf"(?:\d{{1,4}}|{re.escape(PAGE_FIELD)}|{re.escape(PAGES_FIELD)})"
_PAGE_LINE: Final = re.compile(
    rf"[-—–―─·. ]*(?:第 ?)?(?P<page>{_PAGE_NUMBER})?(?: ?页)?"
    rf"(?: ?[/／,，]? ?(?:共 ?)?(?P<pages>{_PAGE_NUMBER})(?: ?页)?)?[-—–―─·. ]*"
)
_NUMBERS: Final = re.compile(rf"{_PAGE_NUMBER}| ")


@dataclass(frozen=True)
class Filling:
    """What was filled in between two wordings of a line, and where.

    Each gap is from, to in the old wording, and from, to in the new one; outside of them both
    are equal.
    """

    fields: tuple[LateField, ...]
    gaps: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class LateValues:
    """The late fields of a record and what it says for them; without a value nothing is filled."""

    fields: frozenset[LateField]
    number: str = ""
    day: date | None = None

    @property
    def numbers_pages(self) -> bool:
        """Tell whether page numbers may be filled in."""
        return LateField.PAGE_NUMBERS in self.fields

    @cached_property
    def spellings(self) -> Mapping[LateField, str]:
        """Patterns of the values that may be filled in."""
        found = {}
        if LateField.DOCUMENT_NUMBER in self.fields and self.number:
            found[LateField.DOCUMENT_NUMBER] = _spaced(self.number)
        if LateField.ISSUE_DAY in self.fields and self.day:
            found[LateField.ISSUE_DAY] = "|".join(_spellings(self.day))
        return found

    @cached_property
    def _blanks(self) -> re.Pattern[str] | None:
        """All kinds of blanks that a value may fill."""
        kinds = [("run", _RUN)] if self.spellings else []
        if LateField.DOCUMENT_NUMBER in self.spellings:
            blank = _number_blank(self.number)
            kinds = [("number", blank), *kinds] if blank else kinds
            kinds.append(("number_label", r"(?<=号[:：])\s*$"))
        if LateField.ISSUE_DAY in self.spellings and self.day:
            kinds = [("day", _day_blank(self.day)), *kinds, ("day_label", r"(?<=日期[:：])\s*$")]
        if not kinds:
            return None
        return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in kinds))

    def blanks(self, text: str) -> Iterator[tuple[int, int, tuple[LateField, ...]]]:
        """Yield where blanks stand in a line, and what may fill them."""
        for found in self._blanks.finditer(text) if self._blanks else ():
            kind = (found.lastgroup or "").partition("_")[0]
            if kind == "day" and found.lastgroup != "day_label" and not _is_open(found[0]):
                continue
            allowed = _FILLS[kind]
            yield found.start(), found.end(), tuple(f for f in allowed if f in self.spellings)

    def filled_alone(self, text: str) -> LateField | None:
        """Return the field whose value a line is and nothing else."""
        for field, pattern in self.spellings.items():
            if re.fullmatch(pattern, text):
                return field
        return None

    def filled(self, old: str, new: str) -> Filling | None:
        """Return what was filled in between two wordings of a line; None for any other change."""
        if old == new:
            return Filling((), ())
        expected = _expected(self, old)
        found = expected.pattern.fullmatch(new) if expected else None
        if found is None or expected is None:
            return None
        fields = (field for name, field in expected.fields.items() if found[name] is not None)
        gaps = tuple(
            (start, stop, *found.span(f"gap_{number}"))
            for number, (start, stop) in enumerate(expected.gaps)
        )
        added = (_spaces(new[i:j]) - _spaces(old[start:stop]) for start, stop, i, j in gaps)
        return Filling(tuple(fields), gaps) if max(added) <= _MOST_ADDED else None

    def open_form(self, text: str) -> str:
        """Return a line with blanks and values alike, to see which lines belong together."""
        parts, end = [], 0
        for start, stop, _ in self.blanks(text):
            parts += [text[end:start], "\x00"]
            end = stop
        text = "".join((*parts, text[end:]))
        for pattern in self.spellings.values():
            text = re.sub(pattern, "\x00", text)
        return re.sub(r"\s*\x00\s*", "\x00", text)


_FILLS: Final = {
    "number": (LateField.DOCUMENT_NUMBER,),
    "day": (LateField.ISSUE_DAY,),
    "run": (LateField.DOCUMENT_NUMBER, LateField.ISSUE_DAY),
}


_DOCUMENT_NUMBER: Final = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()]{1,20}[〔\[（(]\d{4}[〕\]）)]第?\d{1,5}号"
)


def is_document_number(text: str) -> bool:
    """Tell whether this is a 文号: 机关代字、〔年份〕、序号 (GB/T 9704-2012 7.2.5; practice).

    What is filled in after the approval is no free text: nobody approved its words.
    """
    return _DOCUMENT_NUMBER.fullmatch("".join(text.split())) is not None


def late_values(record: ApprovalRecord) -> LateValues:
    """Return what may be filled in by a record."""
    draft = record.draft
    number = draft.document_number if is_document_number(draft.document_number) else ""
    return LateValues(frozenset(draft.late_fields), number, draft.issue_day)


def chinese_day(day: date) -> str:
    """Return a date in Chinese figures: 二〇二六年一月十日."""
    year = "".join("〇" if digit == "0" else _CHINESE[int(digit)] for digit in str(day.year))
    return f"{year}年{_chinese_number(day.month)}月{_chinese_number(day.day)}日"


def is_page_line(text: str) -> bool:
    """Tell whether a line is a page number and nothing else."""
    found = _PAGE_LINE.fullmatch(text)
    return found is not None and found["page"] is not None


def same_page_line(old: str, new: str) -> bool:
    """Tell whether two lines are the same page number line but for the numbers."""
    if not is_page_line(new) or _PAGE_LINE.fullmatch(old) is None:
        return False
    return _NUMBERS.sub("", old) == _NUMBERS.sub("", new)


def page_numbers(text: str) -> tuple[str, str]:
    """Return the number of the page and the number of all pages of a line, empty where not told."""
    found = _PAGE_LINE.fullmatch(text)
    return (found["page"] or "", found["pages"] or "") if found else ("", "")


@dataclass(frozen=True)
class _Expected:
    """A line after filling in: its pattern, which group is which field, where the gaps were."""

    pattern: re.Pattern[str]
    fields: Mapping[str, LateField]
    gaps: tuple[tuple[int, int], ...]


@lru_cache(256)
def _expected(late: LateValues, old: str) -> _Expected | None:
    places = list(late.blanks(old))
    if not places or len(places) > _MOST_BLANKS:
        return None
    pattern, fields, gaps, end = "", {}, [], 0
    for number, (start, stop, allowed) in enumerate(places):
        choices = [re.escape(old[start:stop].strip())]
        for field in allowed:
            name = f"{field.name}_{number}"
            fields[name] = field
            choices.append(f"(?P<{name}>{late.spellings[field]})")
        before = old[end:start].rstrip()
        pattern += rf"{re.escape(before)}(?P<gap_{number}>\s*(?:{'|'.join(choices)})\s*)"
        after = stop + len(old[stop:]) - len(old[stop:].lstrip())
        gaps.append((end + len(before), after))
        end = after
    return _Expected(re.compile(pattern + re.escape(old[end:])), fields, tuple(gaps))


def _spaces(text: str) -> int:
    return sum(character.isspace() for character in text)


def _is_open(blank: str) -> bool:
    """Tell a date to be filled in (`2026年 月 日`) from the words 年月日."""
    return any(c.isspace() or c.isdigit() or c in _BLANK_CHARACTERS or c in "〇○" for c in blank)


def _number_blank(number: str) -> str:
    """Return the pattern of a document number whose last number is not written yet.

    What stands before a bracket (机关代字) may be missing too: `〔2026〕　号`, `〔　〕号`.
    """
    parts = re.split(r"(\d+)", "".join(number.split()))
    if len(parts) < 3:
        return ""
    lead, numbers, words = parts[0], parts[1:-1:2], parts[2::2]
    bracketed = lead[-1:] != "" and lead[-1] in _OPENS
    if bracketed:
        code = _spaced(lead[:-1])
        begin = rf"(?:{code}{_GAP}|(?<!\w)){_literal(lead[-1])}" if code else _literal(lead[-1])
    else:
        begin = _literal(lead)
    pattern = begin
    for index, (digits, word) in enumerate(zip(numbers, words, strict=True)):
        last = index == len(numbers) - 1
        blank = _ANY if bracketed else f"{_B}{_ANY}"
        pattern += blank if last else rf"{_GAP}(?:{_spaced(digits)}|{_ANY}){_GAP}"
        pattern += _literal(word)
    return pattern


def _day_blank(day: date) -> str:
    """Return the pattern of a date whose day is not written yet, the rest perhaps."""
    years = f"{_spaced(str(day.year))}|{_chinese_year(day)}|20{_B}{_ANY}|二{_ZERO}{_B}{_ANY}"
    months = f"0?{_spaced(str(day.month))}|{_chinese_number(day.month)}"
    return rf"(?:{years}|{_ANY}){_GAP}年{_GAP}(?:{months}|{_ANY}){_GAP}月{_ANY}日"


def _spellings(day: date) -> Iterator[str]:
    year, month, number = _spaced(str(day.year)), str(day.month), str(day.day)
    plain = tuple(f"[0０]?{_spaced(text)}" for text in (month, number))
    yield rf"{year}{_GAP}年{_GAP}{plain[0]}{_GAP}月{_GAP}{plain[1]}{_GAP}日"
    chinese = tuple(_chinese_number(value) for value in (day.month, day.day))
    yield rf"{_chinese_year(day)}{_GAP}年{_GAP}{chinese[0]}{_GAP}月{_GAP}{chinese[1]}{_GAP}日"
    for mark in ("-", "/", r"\."):
        yield f"{year}{mark}{plain[0]}{mark}{plain[1]}(?![0-9])"


def _chinese_year(day: date) -> str:
    return _GAP.join(_ZERO if digit == "0" else _CHINESE[int(digit)] for digit in str(day.year))


def _chinese_number(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
    return head + (_CHINESE[ones] if ones else "")


def _spaced(text: str) -> str:
    """Return a pattern of the text, in which gaps may stand and digits may be wide."""
    return _GAP.join(_character(c) for c in text if not c.isspace())


def _character(character: str) -> str:
    wide = chr(ord(character) + 0xFEE0) if character in "0123456789" else ""
    return f"[{character}{wide}]" if wide else re.escape(character)


def _literal(text: str) -> str:
    """Return a pattern of words around blanks, in which brackets may be of another form."""
    return _GAP.join(
        f"[{re.escape(kind)}]"
        if (kind := next((kind for kind in (_OPENS, _CLOSES) if character in kind), ""))
        else re.escape(character)
        for character in text
    )
