"""What a file shows: are its marks to be seen, where they were put, and is there no other?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dingmi_mark.domain.code import copy_in
from dingmi_mark.domain.label import ShownMark, marks_of
from dingmi_mark.domain.reading import ReadMark, read_mark
from dingmi_mark.domain.terms import STAR, plain
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import (
    OTHER_PAGES,
    Draft,
    PageView,
    TextLine,
    is_of_others,
    stands_in_head,
)
from dingmi_mark.formats.blank import ink_share
from dingmi_mark.formats.code import CODE_DPI, can_read_codes, read_codes
from dingmi_mark.messages import say
from dingmi_mark.pipeline.check_label import mark_of
from dingmi_mark.pipeline.check_seen import is_mark, seen_without_label, unknown_mark
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.legacy_marks import is_struck_through
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.seen import LEAST_INK, are_seen
from dingmi_mark.pipeline.struck_heads import is_struck_on
from dingmi_mark.pipeline.verdicts import Agreement, Assurance, CheckLine

_PLACE_MM = 2.0
_HEAD_MM = 60.0
"""The words that every page of a sheet bears begin above this."""
_HEADER_MM = 30.0
"""What stands above this on a later page is its header: text begins below."""


def ink_lines(
    draft: Draft,
    view: PageView | None,
    evidence: Evidence,
    desk: Desk | None = None,
    *,
    flows: bool = False,
) -> tuple[tuple[CheckLine, ...], Assurance | None]:
    """Return what the pages show, and how they were looked at; nothing where no mark is seen
    and none is expected.

    Where text flows (Word) the mark of the second page stands for that of every other.
    """
    if draft.burnt_in:
        pixels = tuple(_pixels(evidence))
        if evidence.label is None and not _is_known(evidence) and view is not None:
            pixels += seen_without_label(view, (), desk)
        return pixels, Assurance.RENDERED
    if view is None:
        return tuple(_texts(joined(draft.head_lines), evidence)), Assurance.STRUCTURAL
    lines = joined(view.lines(0))
    found = [*_other_marks(lines, evidence)]
    if flows or draft.head is not None:
        found += _other_marks(_header_marks(view), evidence)
    if evidence.label is not None:
        marks = marks_of(evidence.label)
        if draft.head is not None:
            found += _in_heads([one for one in marks if stands_in_head(one.slot)], view)
            found += _at_others([one for one in marks if is_of_others(one.slot)], view)
            in_head = [one for one in marks if stands_in_head(one.slot) or is_of_others(one.slot)]
            marks = tuple(one for one in marks if one not in in_head)
        found += _marks(marks, view, flows)
        if evidence.change is None and evidence.legacy is None and not evidence.bears:
            found += _struck(marks, view, flows)
    elif evidence.known is not None:
        found += _texts(lines, evidence)
    else:
        found += seen_without_label(view, lines, desk)
    return tuple(found), Assurance.RENDERED


def _pixels(evidence: Evidence) -> Iterator[CheckLine]:
    """Marks are part of the pixels, which the ledger knows by their digest."""
    if not _is_known(evidence):
        return
    if evidence.same_content:
        yield CheckLine(Agreement.AGREES, say("The picture is, pixel for pixel, as marked."))
    else:
        yield CheckLine(Agreement.CONTRADICTS, say("The picture was changed after marking."))


def _is_known(evidence: Evidence) -> bool:
    return evidence.known is not None or evidence.legacy is not None


def _texts(lines: Sequence[TextLine], evidence: Evidence) -> Iterator[CheckLine]:
    """Without places: the mark's words stand in the head, or they do not."""
    mark = mark_of(evidence)
    if mark and any(plain(line.text) == plain(mark) for line in lines):
        says = say("“{mark}” stands in the head of the file.", mark=mark)
        yield CheckLine(Agreement.AGREES, says)
    elif mark:
        yield CheckLine(Agreement.MISSING, say("“{mark}” is not to be seen.", mark=mark))
    else:
        for line in lines:
            if is_mark(line):
                yield unknown_mark(line.text.strip())


def _other_marks(lines: Sequence[TextLine], evidence: Evidence) -> Iterator[CheckLine]:
    """A mark in the head that says something else than the file's own; any beside a 拟定 one."""
    mark = mark_of(evidence)
    if not mark:
        return
    own = read_mark(mark)
    ours = _own_lines(evidence)
    for line in lines:
        read = read_mark(line.text) if is_mark(line) and not _is_ours(line, ours) else None
        if read is not None and not (own and _is_same(read, own)):
            text = line.text.strip()
            says = say("The file also shows “{text}”.", text=text)
            yield CheckLine(Agreement.CONTRADICTS, says)


def _header_marks(view: PageView) -> list[TextLine]:
    """Return the marks with ★ in the headers behind the first page, each wording once."""
    found: dict[str, TextLine] = {}
    for page in range(1, len(view.sizes)):
        for line in joined(view.lines(page)):
            in_header = line.box is not None and line.box.bottom <= _HEADER_MM
            if in_header and STAR in line.text:
                found.setdefault(plain(line.text), line)
    return list(found.values())


def _is_same(read: ReadMark, own: ReadMark) -> bool:
    """Tell whether a line says what the mark says; in a stamp the level may stand by itself."""
    return read.level == own.level and read.period in (None, own.period)


def _own_lines(evidence: Evidence) -> frozenset[str]:
    """The lines of our own marks: a stamp may begin with the level too."""
    marks = marks_of(evidence.label) if evidence.label else ()
    return frozenset(plain(text) for mark in marks for text in mark.text.split("\n"))


def _is_ours(line: TextLine, ours: frozenset[str]) -> bool:
    """Tell whether a line is of our marks: a struck one and the new one beside it read as one."""
    rest = plain(line.text)
    for text in sorted(ours, key=len, reverse=True):
        rest = rest.replace(text, "")
    return not rest


def _marks(marks: Sequence[ShownMark], view: PageView, flows: bool) -> Iterator[CheckLine]:
    for mark in marks:
        if flows and mark.page >= len(view.sizes):
            continue  # it stands in the header of pages that the file does not have yet
        text, *_ = mark.text.split("\n")
        said = text if copy_in(text) is None else say("the 2D code of the copy")
        pages = _pages_of(mark, view, flows)
        unseen = [page for page in pages if not _is_seen(replace(mark, page=page), view)]
        if not unseen:
            says = say(
                "“{text}” is to be seen at its place on page {page}.",
                text=said,
                page=mark.page + 1,
            )
            yield CheckLine(Agreement.AGREES, says)
        else:
            says = say(
                "“{text}” is not to be seen at its place on page {page}.",
                text=said,
                page=unseen[0] + 1,
            )
            yield CheckLine(Agreement.MISSING, says)


def _pages_of(mark: ShownMark, view: PageView, flows: bool) -> Sequence[int]:
    repeated = flows and mark.page == OTHER_PAGES and len(view.sizes) > OTHER_PAGES
    return range(OTHER_PAGES, len(view.sizes)) if repeated else (mark.page,)


def _struck(marks: Sequence[ShownMark], view: PageView, flows: bool) -> Iterator[CheckLine]:
    """A line through a mark says that it holds no longer, and no notice has changed this one."""
    for mark in (one for one in marks if read_mark(one.text) is not None):
        for page in _pages_of(mark, view, flows):
            lines = _lines_at(replace(mark, page=page), view)
            own = (one.box for one in lines if plain(one.text) == plain(mark.text))
            if any(box is not None and is_struck_through(box, page, view) for box in own):
                says = say(
                    "A line goes through “{text}” on page {page}, which no notice has changed.",
                    text=mark.text,
                    page=page + 1,
                )
                yield CheckLine(Agreement.CONTRADICTS, says)
                break


def _in_heads(
    marks: Sequence[ShownMark], view: PageView, on: Sequence[int] | None = None
) -> Iterator[CheckLine]:
    """Every page bears the head, wherever the margins of its sheet put that; or those `on` which
    a mark of others stands.
    """
    pages = range(len(view.sizes)) if on is None else on
    for mark in (one for one in marks if one.text):
        unseen = [page for page in pages if not _stands_in_head(mark, page, view)]
        if unseen:
            says = say(
                "“{text}” is not to be seen at its place on page {page}.",
                text=mark.text,
                page=unseen[0] + 1,
            )
            yield CheckLine(Agreement.MISSING, says)
        else:
            if on is None:
                says = say("“{text}” is to be seen at the head of every page.", text=mark.text)
            else:
                says = say("“{text}” is to be seen in the page header.", text=mark.text)
            yield CheckLine(Agreement.AGREES, says)


def _at_others(marks: Sequence[ShownMark], view: PageView) -> Iterator[CheckLine]:
    """At a mark of others in page headers: on every page that shows it, what was put there too, and
    lines through all marks but the last.
    """
    old = [one for one in marks if one.adopted]
    pages = [
        page
        for page in range(len(view.sizes))
        if page == 0 or any(_stands_in_head(one, page, view) for one in old)
    ]
    yield from _in_heads(marks, view, pages)
    row = [one for one in marks if ":basis:" not in one.slot]
    for mark in row[:-1]:
        unstruck = [page for page in pages if not is_struck_on(mark.text, page, view)]
        if unstruck:
            says = say(
                "“{text}” on page {page} is not struck any more.",
                text=mark.text,
                page=unstruck[0] + 1,
            )
            yield CheckLine(Agreement.CONTRADICTS, says)


def _stands_in_head(mark: ShownMark, page: int, view: PageView) -> bool:
    lines = [
        line
        for line in joined(view.lines(page))
        if line.box is not None and line.upright and line.box.y <= _HEAD_MM
    ]
    return all(
        _line_is_seen(wanted, lines, replace(mark, page=page), view)
        for wanted in mark.text.split("\n")
    )


def _is_seen(mark: ShownMark, view: PageView) -> bool:
    """Every line of the mark stands upright within its box, and there is ink."""
    if mark.page >= len(view.sizes):
        return False
    lines = _lines_at(mark, view)
    return all(
        _line_is_seen(wanted, lines, mark, view)
        if copy_in(wanted) is None
        else _code_is_seen(wanted, _place_of(mark), mark.page, view)
        for wanted in mark.text.split("\n")
    )


def _place_of(mark: ShownMark) -> Box:
    return Box(mark.x_mm, mark.y_mm, mark.width_mm, mark.height_mm).grown(_PLACE_MM)


def _lines_at(mark: ShownMark, view: PageView) -> list[TextLine]:
    """Return the upright lines at the place of a mark; none where there is no such page."""
    if mark.page >= len(view.sizes):
        return []
    place = _place_of(mark)
    return [
        line
        for line in joined(view.lines(mark.page))
        if line.box is not None and line.upright and line.box.overlaps(place)
    ]


def _code_is_seen(wanted: str, place: Box, page: int, view: PageView) -> bool:
    """Tell whether the 2D code is there and says so; by its ink where nothing reads codes."""
    picture = view.picture(page, place, CODE_DPI)
    if not can_read_codes():
        return ink_share(picture) >= LEAST_INK
    return wanted in read_codes(picture)


def _line_is_seen(wanted: str, lines: Sequence[TextLine], mark: ShownMark, view: PageView) -> bool:
    return any(
        plain(wanted) in plain(line.text)
        and line.box is not None
        and are_seen(view, mark.page, line.box, plain(wanted))
        for line in lines
    )
