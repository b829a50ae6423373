"""What a draft brings along is no mark unless it is seen as one, in letters that are not its own.

A typed mark may be white, or under a box. A carried font may look like anything, whatever the text
says. The names of fonts are looked at when marks are written (`carried_fonts`); which font a
program takes where the one asked for is missing, only a second look can tell, without the draft's
fonts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Box, TextRun
from dingmi_mark.errors import MarkNotConfirmed
from dingmi_mark.formats.base import CarriesFonts, FormatHandler, PageView, Placed
from dingmi_mark.formats.blank import ink_share
from dingmi_mark.messages import say
from dingmi_mark.pipeline.lettered import LetteredView
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.typed import Adopted

_LOOK_DPI = 150
_LEAST_INK = 0.02


def confirm_typed(pages: PageView, adopted: Mapping[str, Adopted]) -> None:
    """What was typed is still read where it stands, and seen: it may be white, or under a box.

    Raises MarkNotConfirmed.
    """
    for one in adopted.values():
        wanted = plain(one.shown.text)
        there = any(wanted in plain(line.text) for line in joined(pages.lines(one.shown.page)))
        if not there or not _is_seen(pages, one.shown.page, _box_of(one.shown)):
            cause = say("the typed “{text}” is not to be seen.", text=one.shown.text)
            raise MarkNotConfirmed(cause=cause)


def _is_seen(pages: PageView, page: int, box: Box) -> bool:
    """Every letter stands out from its ground; above and below it a cover may end."""
    if isinstance(pages, LetteredView):
        letters = (letter for letter in pages.letters(page) if letter.text.strip())
        boxes = [letter.box for letter in letters if letter.box.overlaps(box)]
    else:
        boxes = [box]
    middles = (Box(one.x, one.y + one.height / 4, one.width, one.height / 2) for one in boxes)
    shares = [ink_share(pages.picture(page, middle, _LOOK_DPI)) for middle in middles]
    return bool(shares) and min(shares) >= _LEAST_INK


def confirm_own_letters(
    handler: FormatHandler,
    marked: Path,
    pages: PageView,
    placed: Sequence[Placed],
    adopted: Mapping[str, Adopted],
) -> None:
    """Compare the marks with how they look where the draft's own fonts are left out.

    Raises MarkNotConfirmed, ConfirmationToolFailed.
    """
    if not isinstance(handler, CarriesFonts):
        return
    with TemporaryDirectory(prefix="dingmi-view-") as folder:
        bare = Path(folder, marked.name)
        if not handler.without_own_fonts(marked, bare):
            return
        with handler.view(bare) as without:
            if without is None:
                return
            there = min(len(pages.sizes), len(without.sizes))
            for page, text, box in (*_placed(placed), *_adopted(adopted)):
                if page < there and _differ(pages, without, page, box):
                    cause = say(
                        "“{text}” on page {page} is shown in a font that the draft carries",
                        text=text,
                        page=page + 1,
                    )
                    raise MarkNotConfirmed(cause=cause)


def _placed(placed: Sequence[Placed]) -> Iterator[tuple[int, str, Box]]:
    for one in placed:
        for run in () if one.flows else one.block.shapes:
            if isinstance(run, TextRun):
                yield one.page, run.text, run.box


def _adopted(adopted: Mapping[str, Adopted]) -> Iterator[tuple[int, str, Box]]:
    for one in adopted.values():
        yield one.shown.page, one.shown.text, _box_of(one.shown)


def _box_of(shown: ShownMark) -> Box:
    """Return where a mark stands on its page."""
    return Box(shown.x_mm, shown.y_mm, shown.width_mm, shown.height_mm)


def _differ(pages: PageView, without: PageView, page: int, box: Box) -> bool:
    one, other = (view.picture(page, box, _LOOK_DPI) for view in (pages, without))
    return one.tobytes() != other.tobytes()
