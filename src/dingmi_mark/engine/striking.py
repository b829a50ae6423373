"""Strike text through so that it can still be read (标志的规定(1990)第七条; R39)."""

from __future__ import annotations

from collections.abc import Iterable

from dingmi_mark.engine.shapes import BLACK, Block, Box, Colour, Rule, TextRun

AT = 0.54
"""Where the line runs: a share of the em box from its top, through the middle of ideographs."""
_LINE = 0.09
"""Its thickness as a share of the em: to be seen, and the letters still to be read."""
_BEYOND = 0.15
"""How far it reaches beyond the text at both ends, as a share of the em."""


def strike(box: Box, colour: Colour = BLACK) -> Rule:
    """Return the line through a text whose em box this is."""
    y = box.y + AT * box.height
    reach = _BEYOND * box.height
    return Rule(box.x - reach, y, box.right + reach, y, _LINE * box.height, colour)


def struck(block: Block, runs: Iterable[TextRun]) -> Block:
    """Return a block with lines through these runs of it."""
    rules = tuple(strike(run.box, run.colour) for run in runs)
    return Block(block.name, block.box, (*block.shapes, *rules))


def struck_whole(block: Block) -> Block:
    """Return a block with a line through every text in it."""
    return struck(block, (shape for shape in block.shapes if isinstance(shape, TextRun)))
