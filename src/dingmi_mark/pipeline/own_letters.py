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
from dingmi_mark.formats.base import CarriesFonts, FormatHandler, PageView, Placed, ShownVariously
from dingmi_mark.messages import say
from dingmi_mark.pipeline.legacy_marks import is_struck_through
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.seen import LOOK_DPI, are_seen
from dingmi_mark.pipeline.typed import Adopted


def confirm_typed(pages: PageView, clean: PageView, adopted: Mapping[str, Adopted]) -> None:
    """What was typed is still read where it stands, upright, and seen: it may be white, or under a
    box. No line goes through it but ours: `clean` are the pages without our marks.

    Raises MarkNotConfirmed.
    """
    for one in adopted.values():
        wanted = plain(one.shown.text)
        there = any(wanted in plain(line.text) for line in joined(pages.lines(one.shown.page)))
        place = _box_of(one.shown)
        upright = [line for line in pages.lines(one.shown.page) if line.upright]
        stands = any(line.box is not None and line.box.overlaps(place) for line in upright)
        if not (there and stands and are_seen(pages, one.shown.page, place, wanted)):
            cause = say("the typed “{text}” is not to be seen.", text=one.shown.text)
            raise MarkNotConfirmed(cause=cause)
        if is_struck_through(place, one.shown.page, clean):
            cause = say("a line goes through the typed “{text}”", text=one.shown.text)
            raise MarkNotConfirmed(cause=cause)


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
    one, other = (view.picture(page, box, LOOK_DPI) for view in (pages, without))
    return one.tobytes() != other.tobytes()


def confirm_everywhere(
    handler: FormatHandler,
    marked: Path,
    pages: PageView,
    placed: Sequence[Placed],
    adopted: Mapping[str, Adopted],
) -> None:
    """See that marks look on paper, and with all layers of a file, as they do on the screen.

    Raises MarkNotConfirmed, and what showing the file does.
    """
    if not isinstance(handler, ShownVariously):
        return
    marks = [*_placed(placed), *_adopted(adopted)]
    differing = handler.differing_pages(pages, {page for page, _, _ in marks})
    marks = [one for one in marks if one[0] in differing]
    for name, view in handler.other_views(marked) if marks else ():
        with view as other:
            for page, text, box in marks:
                if _differ(pages, other, page, box):
                    cause = say(
                        "“{text}” on page {page} looks otherwise {way}",
                        text=text,
                        page=page + 1,
                        way=name,
                    )
                    raise MarkNotConfirmed(cause=cause)
