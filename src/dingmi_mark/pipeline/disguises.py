"""What a draft brings along can make a mark look like something else, whatever its text says.

A typed mark may be white, or under a box. A carried font may show any letters. Layers and
annotations may differ on the screen and on paper. The names of fonts are looked at when marks are
written (`carried_fonts`); which font a program takes where the one asked for is missing, only a
second look can tell, without the draft's fonts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Box, TextRun
from dingmi_mark.errors import MarkNotConfirmed
from dingmi_mark.formats.base import CarriesFonts, FormatHandler, PageView, Placed, ShownVariously
from dingmi_mark.formats.blank import is_pale
from dingmi_mark.messages import say
from dingmi_mark.pipeline.legacy_marks import is_struck_through
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.seen import LOOK_DPI, are_seen
from dingmi_mark.pipeline.typed import Adopted


class _Words(NamedTuple):
    """Words of a mark, and their place on a page (counted from 0)."""

    page: int
    text: str
    box: Box


def confirm_undisguised(
    handler: FormatHandler,
    marked: Path,
    views: tuple[PageView, PageView],
    placed: Sequence[Placed],
    adopted: Mapping[str, Adopted],
) -> None:
    """See that nothing of the draft makes a mark look like something else.

    `views` are the marked pages, and these without our marks. Raises MarkNotConfirmed,
    ConfirmationToolFailed, and what showing the file does.
    """
    pages, clean = views
    _confirm_typed(pages, clean, adopted)
    marks = list(_words_of(placed, adopted))
    if isinstance(handler, CarriesFonts):
        _confirm_letters(handler, marked, pages, marks)
    if isinstance(handler, ShownVariously):
        _confirm_everywhere(handler, marked, pages, marks)


def _confirm_typed(pages: PageView, clean: PageView, adopted: Mapping[str, Adopted]) -> None:
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
        if is_pale(pages.picture(one.shown.page, place, LOOK_DPI)):
            cause = say("the typed “{text}” is too pale to be read", text=one.shown.text)
            raise MarkNotConfirmed(cause=cause)
        if is_struck_through(place, one.shown.page, clean):
            cause = say("a line goes through the typed “{text}”", text=one.shown.text)
            raise MarkNotConfirmed(cause=cause)


def _words_of(placed: Sequence[Placed], adopted: Mapping[str, Adopted]) -> Iterator[_Words]:
    """Yield the words at fixed places: ours, and those typed that stand for ours."""
    for one in placed:
        for run in () if one.flows else one.block.shapes:
            if isinstance(run, TextRun):
                yield _Words(one.page, run.text, run.box)
    for typed in adopted.values():
        yield _Words(typed.shown.page, typed.shown.text, _box_of(typed.shown))


def _box_of(shown: ShownMark) -> Box:
    return Box(shown.x_mm, shown.y_mm, shown.width_mm, shown.height_mm)


def _confirm_letters(
    handler: CarriesFonts, marked: Path, pages: PageView, marks: Sequence[_Words]
) -> None:
    """Compare the marks with how they look where the draft's own fonts are left out."""
    with TemporaryDirectory(prefix="dingmi-view-") as folder:
        bare = Path(folder, marked.name)
        if not handler.without_own_fonts(marked, bare):
            return
        with handler.view(bare) as without:
            if without is None:
                return
            there = min(len(pages.sizes), len(without.sizes))
            for one in marks:
                if one.page < there and _differ(pages, without, one):
                    cause = say(
                        "“{text}” on page {page} is shown in a font that the draft carries",
                        text=one.text,
                        page=one.page + 1,
                    )
                    raise MarkNotConfirmed(cause=cause)


def _confirm_everywhere(
    handler: ShownVariously, marked: Path, pages: PageView, marks: Sequence[_Words]
) -> None:
    """See that marks look on paper, and with all layers of a file, as they do on the screen."""
    differing = handler.differing_pages(pages, {one.page for one in marks})
    marks = [one for one in marks if one.page in differing]
    for name, view in handler.other_views(marked) if marks else ():
        with view as other:
            for one in marks:
                if _differ(pages, other, one):
                    cause = say(
                        "“{text}” on page {page} looks otherwise {way}",
                        text=one.text,
                        page=one.page + 1,
                        way=name,
                    )
                    raise MarkNotConfirmed(cause=cause)


def _differ(pages: PageView, others: PageView, words: _Words) -> bool:
    one, other = (view.picture(words.page, words.box, LOOK_DPI) for view in (pages, others))
    return one.tobytes() != other.tobytes()
