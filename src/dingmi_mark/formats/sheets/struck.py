"""Marks of others in page headers: struck by the code of the header, our words behind and below.

Nothing else of a header is touched, and what we put comes out letter by letter. See `header` for
the codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from dingmi_mark.formats.sheets.header import (
    BETWEEN,
    FIELDS,
    PARTS,
    PICTURE,
    SIZE,
    said_by,
    tokens,
)

LINE_SIZES_PT: Final = (9, 8, 7)
"""Sizes of the line below the marks: as in other formats, or smaller where room is scarce (own
choice); never larger than the mark itself.
"""
FILLED_IN: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a line for what programs fill in, or a picture."""
STRIKES: Final = "&S"
_RAISED: Final = ("&X", "&Y")
_OPEN: Final = "&"
"""An ampersand that is left open takes what is put behind it for a code."""


@dataclass(frozen=True)
class StruckHead:
    """What headers say at a mark of others once it was changed: its own words, the marks that were
    put behind it (all but the last struck too, none where it stays), the lines below.
    """

    mark: str
    added: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def row(self) -> str:
        """The line in which the mark stands, as it reads."""
        return BETWEEN.join((self.mark, *self.added))


@dataclass(frozen=True)
class _Letter:
    """A letter of a header: in which part, as the how many-th, and where it stands in the text."""

    part: str
    nth: int
    text: str
    start: int
    end: int
    struck: bool


@dataclass(frozen=True)
class HeaderLine:
    """A line of one part (`&L`, `&C`, `&R`) of a header, without spaces at its ends.

    `whole`: no code stands within it. `plain_part`: nothing of its part is struck, raised, a
    picture or a code left open, and its part is there once.
    """

    part: str
    text: str
    whole: bool
    plain_part: bool


def lines_of(header: str) -> tuple[HeaderLine, ...]:
    """Return the lines of a header that show anything."""
    parts = _parts_of(header)
    return tuple(
        HeaderLine(
            letters[0].part,
            "".join(one.text for one in letters),
            all(one.end == other.start for one, other in pairwise(letters)),
            [name for name, _ in parts].count(letters[0].part) == 1
            and not {STRIKES, *_RAISED, PICTURE, _OPEN} & set(parts[letters[0].nth][1]),
        )
        for letters in _lines(header)
    )


def shows_line(header: str, text: str) -> bool:
    """Tell whether a header has a line that says just this."""
    return any(line.text == text for line in lines_of(header))


def size_of(header: str, text: str, usual_pt: int) -> int:
    """Return the size a line of a header is set in (pt); `usual_pt` is that of what names none."""
    (letters,) = _lines_saying(header, text)
    return _size_at(header, letters[0].start, usual_pt)


def rows_of(lines: Sequence[str], abreast: int) -> list[str]:
    """Return lines put side by side, so many in a row."""
    starts = range(0, len(lines), abreast)
    return [BETWEEN.join(lines[start : start + abreast]) for start in starts]


def struck_header(
    header: str,
    words: StruckHead,
    usual_pt: int,
    line_pt: int = LINE_SIZES_PT[0],
    abreast: int = 1,
) -> str:
    """Return a header with the mark struck, the new ones behind it, and lines at the end of its
    part, so that nothing else moves.

    It must have one line that says the mark. What is new has the look of the mark; the lines are in
    `line_pt` at most, `abreast` of them in a row.
    """
    (letters,) = _lines_saying(header, words.mark)
    start, end = letters[0].start, letters[-1].end
    stop = _end_of_part(header, end)
    small = min(_size_at(header, start, usual_pt), line_pt)
    *gone, now = words.added or ("",)
    new = "".join(f"{BETWEEN}{STRIKES}{_coded(text)}{STRIKES}" for text in gone)
    new += f"{BETWEEN}{_coded(now)}" if now else ""
    below = "".join(f"\n&{small}{_coded(line)}" for line in rows_of(words.lines, abreast))
    mark = f"{STRIKES}{header[start:end]}{STRIKES}" if words.added else header[start:end]
    return f"{header[:start]}{mark}{new}{header[end:stop]}{below}{header[stop:]}"


def without_struck(header: str, words: StruckHead) -> str | None:
    """Return a header as it was before; None where it does not say what it says struck."""
    found = _found(header, words)
    if found is None:
        return None
    row, below = found
    start, behind, end = row[0].start, row[len(words.mark) - 1].end, row[-1].end
    before = next((token for at, token in tokens(header) if at + len(token) == start), "")
    start -= len(STRIKES) if before == STRIKES else 0
    cut = header.rindex("\n", 0, below[0][0].start)
    stop = _end_of_part(header, cut)
    return header[:start] + header[row[0].start : behind] + header[end:cut] + header[stop:]


def is_struck(header: str, words: StruckHead) -> bool:
    """Tell whether a header says what it says struck, and just what is to be struck is."""
    found = _found(header, words)
    if found is None:
        return False
    wanted = [bool(words.added)] * len(words.mark)
    for number, text in enumerate(words.added, 1):
        wanted += [False] * len(BETWEEN) + [number < len(words.added)] * len(text)
    row, below = found
    lines = [letter.struck for line in below for letter in line]
    return [letter.struck for letter in row] == wanted and not any(lines)


def _found(
    header: str, words: StruckHead
) -> tuple[Sequence[_Letter], Sequence[Sequence[_Letter]]] | None:
    """Return the row of a struck mark and the lines below; None where they are not there once."""
    lines = list(_lines(header))
    rows = [line for line in lines if _says(line) == words.row]
    if len(rows) != 1 or not words.lines:
        return None
    later = [
        line
        for line in lines
        if line[0].nth == rows[0][0].nth and line[0].start > rows[0][-1].start
    ]
    for abreast in range(1, len(words.lines) + 1):
        wanted = rows_of(words.lines, abreast)
        below = later[-len(wanted) :]
        if [_says(line) for line in below] == wanted:
            return rows[0], below
    return None


def _lines_saying(header: str, text: str) -> list[Sequence[_Letter]]:
    return [letters for letters in _lines(header) if _says(letters) == text]


def _says(letters: Sequence[_Letter]) -> str:
    return "".join(one.text for one in letters)


def _lines(header: str) -> Iterator[Sequence[_Letter]]:
    """Yield the letters of each line that shows anything, without the spaces at its ends."""
    for _, part in groupby(_letters(header), lambda one: one.nth):
        for is_end, line in groupby(part, lambda one: one.text == "\n"):
            letters = [] if is_end else list(line)
            while letters and not letters[0].text.strip():
                letters.pop(0)
            while letters and not letters[-1].text.strip():
                letters.pop()
            if letters:
                yield letters


def _letters(header: str) -> Iterator[_Letter]:
    part, nth, struck = "&C", 0, False
    for at, token in tokens(header):
        if token in PARTS:
            nth += 1 if at else 0
            part, struck = token, False
        elif token == STRIKES:
            struck = not struck
        elif token in FIELDS or token == PICTURE:
            yield _Letter(part, nth, FILLED_IN, at, at + len(token), struck)
        elif token == "&&":
            yield _Letter(part, nth, "&", at, at + 2, struck)
        else:
            for place, letter in enumerate(said_by(token), at):
                yield _Letter(part, nth, letter, place, place + 1, struck)


def _parts_of(header: str) -> list[tuple[str, list[str]]]:
    """Return the parts of a header with their pieces; what names no part stands in the middle."""
    parts: list[tuple[str, list[str]]] = [("&C", [])]
    for at, token in tokens(header):
        if token in PARTS:
            parts = [*parts, (token, [])] if at else [(token, [])]
        else:
            parts[-1][1].append(token)
    return parts


def _size_at(header: str, place: int, usual_pt: int) -> int:
    size = usual_pt
    for at, token in tokens(header):
        if at >= place:
            break
        found = SIZE.fullmatch(token)
        if token in PARTS:
            size = usual_pt
        elif found:
            size = int(found[1])
    return size


def _end_of_part(header: str, place: int) -> int:
    starts = (at for at, token in tokens(header) if at >= place and token in PARTS)
    return next(starts, len(header))


def _coded(text: str) -> str:
    return text.replace("&", "&&")
