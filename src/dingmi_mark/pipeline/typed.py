"""Marks that are already typed in a draft: adopted when they equal the record, else a conflict.

Most Word templates carry `机密★10年`, often a number and an urgency too. Only whole lines count:
a level quoted in running text is no mark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dingmi_mark.domain.approval import Urgency
from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.reading import ReadMark, read_mark, read_proposed_mark
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import Marking, plain
from dingmi_mark.engine.shapes import Block, Box, TextRun, ink_box
from dingmi_mark.errors import FormalMarkTooEarly, ProvisionalMarkStays, TypedMarkConflict
from dingmi_mark.formats.base import TextLine
from dingmi_mark.messages import Message, say

_LABELLED = re.compile(r"^密级(?:和保密期限|与保密期限|、保密期限)?[:：]")
_COPY_NUMBER = re.compile(r"^\d{6}$")
_URGENCIES = frozenset(urgency.value for urgency in Urgency)

_HEAD_MM = 80.0
"""Down to here a bare level word (`机密`) is a mark and not a cell of some table (own choice)."""

_NEAR_MM = 1.0
_ROW_MM = 225 / 22
"""A line of the type area (GB/T 9704-2012, practice): typed text may stand anywhere in its row."""

_SIZE_NEAR_PT = 0.5
_BLACK_FACES = ("黑", "hei", "Hei", "gothic", "Gothic", "Sans", "dingmi")
"""How names of 黑体 faces are told: SimHei, STHeiti, Noto Sans CJK …"""


@dataclass(frozen=True)
class Adopted:
    """A typed text that stands for a slot, and what is to be said of it."""

    shown: ShownMark
    remarks: tuple[Message, ...] = ()


def adopt_typed(
    lines: Sequence[TextLine],
    marking: Marking,
    wanted: Mapping[str, str],
    expected: Mapping[str, Block],
    standing: Standing = Standing.FORMAL,
) -> Mapping[str, Adopted]:
    """Return what is adopted, by slot.

    `wanted` is the text of each row (`mark`, `copy_number`, `urgency`), `expected` where the
    template would put it. Raises TypedMarkConflict where a typed mark says something else,
    ProvisionalMarkStays and FormalMarkTooEarly where it is of the other standing.
    """
    adopted: dict[str, Adopted] = {}
    for line in lines:
        is_mark = _is_the_mark(line, marking, standing)
        slot = "mark" if is_mark else _row_of(line, wanted, expected)
        if slot is None:
            continue
        if slot in adopted:
            again = say("“{text}” stands there more than once.", text=line.text.strip())
            adopted[slot] = Adopted(adopted[slot].shown, (*adopted[slot].remarks, again))
            continue
        adopted[slot] = Adopted(_shown(slot, line), tuple(_remarks(line, slot, expected.get(slot))))
    return adopted


def _is_the_mark(line: TextLine, marking: Marking, standing: Standing) -> bool:
    """Tell whether a line is the mark that is to be put.

    Raises what `adopt_typed` does for any other mark.
    """
    formal, proposed = _read(line), _read_proposed(line, marking)
    match standing:
        case Standing.FORMAL if proposed is not None:
            raise ProvisionalMarkStays(found=proposed.wording)
        case Standing.PROVISIONAL if formal is not None:
            raise FormalMarkTooEarly(found=formal.wording)
        case _:
            read = formal or proposed
    if read is not None and not read.says(marking):
        raise TypedMarkConflict(found=read.wording, wanted=standing.wording(marking))
    return read is not None


def _read_proposed(line: TextLine, marking: Marking) -> ReadMark | None:
    """A condition after the level could be any text: there only the record's own words count."""
    if plain(line.text) == plain(marking.proposed_text):
        return ReadMark(marking.level, marking.period, line.text.strip(), True)
    read = read_proposed_mark(line.text)
    return None if read is None or (read.period is None and not _is_in_head(line)) else read


def _row_of(line: TextLine, wanted: Mapping[str, str], expected: Mapping[str, Block]) -> str | None:
    """Tell which other row a line stands for. Raises TypedMarkConflict."""
    text = plain(line.text)
    is_number = _COPY_NUMBER.match(text) is not None
    for slot, belongs in (("urgency", text in _URGENCIES), ("copy_number", is_number)):
        if belongs and _is_near(line, expected.get(slot) or expected.get("mark")):
            if text != wanted.get(slot):
                raise TypedMarkConflict(found=text, wanted=wanted.get(slot) or "-")
            return slot
    return None


def _read(line: TextLine) -> ReadMark | None:
    text = _LABELLED.sub("", plain(line.text))
    read = read_mark(text)
    if read is None or (read.period is None and "★" not in text and not _is_in_head(line)):
        return None
    return ReadMark(read.level, read.period, line.text.strip(), read.conforms)


def _is_in_head(line: TextLine) -> bool:
    return line.box is None or line.box.bottom <= _HEAD_MM


def _is_near(line: TextLine, block: Block | None) -> bool:
    """Tell whether a line stands at the rows of the mark, and is no number in some heading."""
    if line.box is None or block is None:
        return True
    rows = Box(0, block.box.y - 25, block.box.x + 60, 60)
    return line.box.within(rows, tolerance=1.0)


def _shown(slot: str, line: TextLine) -> ShownMark:
    box = line.box or Box(0, 0, 0, 0)
    place = (line.page, line.text.strip(), box.x, box.y, box.width, box.height)
    return ShownMark(slot, *place, adopted=True)


def _remarks(line: TextLine, slot: str, block: Block | None) -> list[Message]:
    text = line.text.strip()
    remarks = [say("“{text}” is already typed there and is kept.", text=text)]
    read = _read(line) if slot == "mark" else None
    if read is not None and not (read.conforms and _without_spaces(line)):
        remarks.append(say("“{text}” is not spelled as the rules say (密级★保密期限).", text=text))
    if line.box is None or block is None:
        return remarks
    ink = ink_box(block)
    down = _middle(line.box) - _middle(ink)
    spare = max(0.0, _ROW_MM - ink.height)
    off = max(abs(line.box.x - ink.x), -down, down - spare)
    if off > _NEAR_MM:
        remarks.append(say("“{text}” stands {off} mm off its place.", text=text, off=round(off, 1)))
    run = next(shape for shape in block.shapes if isinstance(shape, TextRun))
    if line.size_pt is not None and abs(line.size_pt - run.size_pt) > _SIZE_NEAR_PT:
        size, wanted = round(line.size_pt, 1), run.size_pt
        remarks.append(
            say("“{text}” is {size} pt, not {wanted} pt.", text=text, size=size, wanted=wanted)
        )
    if line.face and run.face == "heiti" and not any(name in line.face for name in _BLACK_FACES):
        remarks.append(say("“{text}” is not set in 黑体 ({face}).", text=text, face=line.face))
    return remarks


def _without_spaces(line: TextLine) -> bool:
    return not any(character.isspace() for character in line.text.strip())


def _middle(box: Box) -> float:
    return box.y + box.height / 2
