"""Page headers of sheets as text with codes: put our words at the top left, and take them out.

A header is one string: `&L`, `&C`, `&R` begin its three parts, `&"face,Regular"`, `&16`, `&S`
(struck) and others change the look of what follows, `&&` is an ampersand. Source: ISO/IEC 29500-1,
18.3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dingmi_mark.engine.shapes import BLACK, Block, Colour, Rule, TextRun
from dingmi_mark.formats.base import Faces, stands_in_head

LONGEST: Final = 255
"""What Excel takes; it calls a file with a longer header damaged."""
LINE_EM: Final = 1.3
"""Height of a line of a header, in ems: what usual fonts take (own estimate)."""
BETWEEN: Final = "\u3000"
"""Between two marks: as wide as an ideograph."""

_TOKEN: Final = re.compile(
    r'&&|&"[^"]*"|&K[0-9A-Fa-f]{6}|&K\d\d[+-]\d{3}|&\d+(?: (?=\d))?|&.|[^&]+|&', re.DOTALL
)
SIZE: Final = re.compile(r"&(\d+) ?")
"""Programs put a space between a size and a figure: it is not shown."""
PARTS: Final = ("&L", "&C", "&R")
_RESET: Final = re.compile(r'(?:&K01\+000)?&\d+&"-,Regular"')
FIELDS: Final = ("&P", "&N", "&D", "&T", "&F", "&A", "&Z")
"""Numbers, days and names that programs fill in."""
PICTURE: Final = "&G"
_FIELD_EM: Final = 2.0
"""As wide as the number of a page may become."""
_SHORT_EM: Final = 12.0
_SHORT_PT: Final = 12.0
"""Three parts of so many ems have room beside each other on any paper that is known."""


@dataclass(frozen=True)
class Words:
    """Our words for a header: with their codes, without them, and the size of the largest (pt)."""

    coded: str
    plain: str
    size_pt: float


def words_of(blocks: Sequence[Block], faces: Faces, scale: float) -> Words:
    """Return the words of the blocks of the head, left to right, for pages printed at `scale`.

    Headers are printed at the scale of their sheet: their size is given so that it comes out true.
    """
    coded: list[str] = []
    said: list[str] = []
    largest = 0.0
    for block in in_row(blocks):
        for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
            text = run.text.replace("&", "&&")
            struck = any(isinstance(shape, Rule) for shape in block.shapes)
            size = f"&{round(run.size_pt / scale)}{_colour(run.colour)}"
            look = f'{size}&"{faces.family(run.face)},Regular"'
            coded.append(look + (f"&S{text}&S" if struck else text))
            said.append(run.text)
            largest = max(largest, run.size_pt)
    return Words(BETWEEN.join(coded), BETWEEN.join(said), largest)


def in_row(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that stand in the head, left to right."""
    return sorted((one for one in blocks if stands_in_head(one.name)), key=lambda one: one.box.x)


def with_words(header: str, words: Words, usual_pt: int) -> str:
    """Return a header with our words in a line of their own at the top left.

    `usual_pt` is the size in which programs set a header that names none.
    """
    left = _left(header)
    if left is not None:
        start, end = left
        reset = ("&K01+000" if "&K" in words.coded else "") + f'&{usual_pt}&"-,Regular"'
        rest = f"\n{reset}{header[start:end]}" if header[start:end] else ""
        return f"{header[:start]}{words.coded}{rest}{header[end:]}"
    if not header or header.startswith(PARTS):
        return f"&L{words.coded}{header}"
    # What names no part stands in the middle; it comes first, so that it stays as it was written.
    if [token for _, token in tokens(header)][-1] != "&":
        return f"{header}&L{words.coded}"
    return f"&L{words.coded}&C{header}"


def without_words(header: str, plain: str) -> str | None:
    """Return a header without our words; None where its top left does not begin with them."""
    left = _left(header)
    if left is None or not plain:
        return None
    start, end = left
    after = _after(header[start:end], plain)
    if after is None:
        return None
    rest = header[start + after : end]
    while rest.startswith("&S"):
        rest = rest[2:]
    if not rest:
        return header[: start - 2] + header[end:]
    if not rest.startswith("\n"):
        return None
    return header[:start] + _RESET.sub("", rest[1:], count=1) + header[end:]


def text_of(header: str) -> str:
    """Return what a header says, without the codes for its looks."""
    return "".join(
        said_by(token) or (token if token in PARTS else "") for _, token in tokens(header)
    )


def shows_anything(header: str) -> bool:
    """Tell whether a header shows anything: words, what programs fill in, or a picture."""
    return any(
        token in FIELDS or token == PICTURE or said_by(token).strip() for _, token in tokens(header)
    )


def is_short_line(footer: str, usual_pt: int) -> bool:
    """Tell whether each part of a footer is one short line, as that of a page number is: in its
    own size it meets no other part. `usual_pt` is the size of what names none.
    """
    size, ems = float(usual_pt), 0.0
    for _, token in tokens(footer):
        found = SIZE.fullmatch(token)
        said = said_by(token)
        if token in PARTS:
            size, ems = float(usual_pt), 0.0
        elif found:
            size = float(found[1])
        else:
            ems += _FIELD_EM if token in FIELDS[:2] else len(said)
        far = token == PICTURE or token in FIELDS[2:]
        if far or "\n" in said or ems > _SHORT_EM or (ems and size > _SHORT_PT):
            return False
    return True


def enlarged(header: str, by: float, usual_pt: int) -> str:
    """Return a header whose letters are larger by a factor; `usual_pt` is the size of the rest."""
    usual = f"&{round(usual_pt * by)}"
    coded = "" if header.startswith(PARTS) else usual
    is_open = bool(coded)
    for _, token in tokens(header):
        size = SIZE.fullmatch(token)
        if is_open and token[0].isdigit():
            coded += " "
        coded += f"&{round(int(size[1]) * by)}" if size else token
        coded += usual if token in PARTS else ""
        is_open = size is not None or token in PARTS
    return coded


def lengthened(header: str, more: str) -> str:
    """Return a header with `more` at the end of each of its parts."""
    starts = [at for at, token in tokens(header) if at and token in PARTS]
    ends = [*starts, len(header)]
    pieces = zip([0, *starts], ends, strict=True)
    return "".join(f"{header[start:end]}{more}" for start, end in pieces)


def lines_pt(header: str, usual_pt: int) -> float:
    """Return the height of the tallest part of a header, in points of type (own estimate)."""
    tallest = whole = line = 0.0
    size = float(usual_pt)
    for _, token in tokens(header):
        found = SIZE.fullmatch(token)
        if token in PARTS:
            tallest, whole, line, size = max(tallest, whole + line), 0.0, 0.0, float(usual_pt)
        elif found:
            size = float(found[1])
        elif token in FIELDS:
            line = max(line, size)
        else:
            first, *more = said_by(token).split("\n")
            line = max(line, size) if first else line
            for piece in more:
                whole, line = whole + (line or size), size if piece else 0.0
    return max(tallest, whole + line)


def _left(header: str) -> tuple[int, int] | None:
    """Return from where to where the left part of a header goes, behind its `&L`."""
    start = None
    for at, token in tokens(header):
        if token in PARTS:
            if start is not None:
                return start, at
            if token == "&L":
                start = at + len(token)
    return None if start is None else (start, len(header))


def _after(part: str, plain: str) -> int | None:
    """Return where in a part our words end; None where it does not begin with them."""
    left = plain
    for at, token in tokens(part):
        said = said_by(token)
        if not left.startswith(said) and not said.startswith(left):
            return None
        if said and len(said) >= len(left):
            return at + (len(token) if said == left else len(left))
        left = left[len(said) :]
    return None


def said_by(token: str) -> str:
    """Return what a piece of a header says; empty for a code."""
    if token == "&&":
        return "&"
    return "" if token.startswith("&") else token


def tokens(header: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a header, codes and words, each with where it begins."""
    return ((found.start(), found[0]) for found in _TOKEN.finditer(header))


def _colour(colour: Colour) -> str:
    return "" if colour == BLACK else f"&K{colour.hex}"
