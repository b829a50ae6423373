"""Marks stand wholly on their page, or nothing is written."""

from __future__ import annotations

from dingmi_mark.engine.shapes import Block, PageSize
from dingmi_mark.errors import PageTooSmall


def refuse_outside(block: Block, page: int, size: PageSize) -> None:
    """Refuse a block that is not wholly on its page (`page` from 0). Raises PageTooSmall."""
    if not block.box.within(size.box):
        raise PageTooSmall(
            page=page + 1,
            width_mm=round(size.width, 1),
            height_mm=round(size.height, 1),
            slot=block.name,
        )
