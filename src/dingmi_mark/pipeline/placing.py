"""Where every mark of a draft goes: templates, landmarks, typed marks, free places.

Placed once for a draft; its copies differ in the copy number only, which has a fixed width.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.code import code_of
from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.plan import words_of
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.layout import (
    Code,
    PageOfMany,
    Words,
    lay_out,
    on_page,
    placed_elsewhere,
    reversed_out,
    shifted,
    slots_in_use,
)
from dingmi_mark.engine.shapes import Block
from dingmi_mark.engine.strip import Strip, with_strip
from dingmi_mark.engine.template import Anchor, Pages, Slot, Template, TemplateKind, WhenTaken
from dingmi_mark.errors import DraftUnsupported, PageTooSmall, PlaceTaken, SheetPlaceUnsure
from dingmi_mark.formats.base import (
    Draft,
    Faces,
    FormatHandler,
    PageView,
    RunningHead,
    TextLine,
    stands_in_head,
)
from dingmi_mark.formats.code import code_png
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.heads import in_head, refuse_outside
from dingmi_mark.pipeline.landmarks import find_landmarks
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.places import Footing, Settled, settled
from dingmi_mark.pipeline.placing_remarks import left_out_remark, place_remarks
from dingmi_mark.pipeline.strips import in_strip, strip_beside, strip_remark
from dingmi_mark.pipeline.typed import Adopted, adopt_typed
from dingmi_mark.store.office import Policies, TypedMark

_ROWS = ("mark", "copy_number", "urgency")
_HEAD_SHARE = 0.4
"""Share of the first page in which typed marks are looked for."""


@dataclass(frozen=True)
class Paper:
    """The draft as it is to be marked: its handler, what inspection found, its pages if seen."""

    handler: FormatHandler
    draft: Draft
    view: PageView | None

    @property
    def head_lines(self) -> tuple[TextLine, ...]:
        """The lines of the first page's head, with their places where the page is seen."""
        if self.view is None or not self.handler.shown_by_others:
            return joined(self.draft.head_lines)
        foot = self.view.sizes[0].height * _HEAD_SHARE
        lines = joined(self.view.lines(0))
        # Spelled as in the file: LibreOffice leaves gaps between figures and ideographs.
        written = {plain(line.text): line.text for line in self.draft.head_lines}
        return tuple(
            replace(line, text=written.get(plain(line.text), line.text))
            for line in lines
            if line.box is not None and line.box.y <= foot
        )


@dataclass(frozen=True)
class Placing:
    """The slots in use, what was typed, and how far down each slot goes (mm; None: left out).

    `white` are those that are drawn in white, for their ground is dark. `strips` are put beside
    pages without room; those pages are told with them.
    """

    record: ApprovalRecord
    standing: Standing
    pages: tuple[PageOfMany, ...]
    slots: tuple[Slot, ...]
    signature_png: bytes | None = field(repr=False)
    shifts: Mapping[tuple[int, str], float | None]
    adopted: Mapping[str, Adopted]
    remarks: tuple[Message, ...]
    white: frozenset[tuple[int, str]] = frozenset()
    strips: Mapping[int, Strip] = field(default_factory=dict)
    head: RunningHead | None = None
    _made: dict[NamedCopy, Mapping[int, tuple[Block, ...]]] = field(
        default_factory=dict, repr=False
    )

    def blocks(self, copy: NamedCopy, faces: Faces) -> Mapping[int, tuple[Block, ...]]:
        """Return the blocks of one copy, by page."""
        if copy not in self._made:
            self._made.clear()  # one copy is made after the other
            self._made[copy] = self._blocks(copy, faces)
        return self._made[copy]

    def _blocks(self, copy: NamedCopy, faces: Faces) -> Mapping[int, tuple[Block, ...]]:
        words = words_on(self.slots, self.record, copy, self.standing, self.signature_png)
        found = {
            page.number: tuple(
                self._coloured(shifted(lay_out(slot, words, page, faces), dy), page, slot)
                for slot in _slots_on(page, self.slots, self.adopted)
                if (dy := self.shifts.get((page.number, slot.id), 0.0)) is not None
            )
            for page in self.pages
        }
        return {page: blocks for page, blocks in found.items() if blocks}

    def _coloured(self, block: Block, page: PageOfMany, slot: Slot) -> Block:
        return reversed_out(block) if (page.number, slot.id) in self.white else block

    def shown(self, blocks: Mapping[int, tuple[Block, ...]]) -> tuple[ShownMark, ...]:
        """Return the marks of one copy as its label tells them; other pages' marks are counted in
        the first of them only, which keeps labels small.
        """
        marks = [adopted.shown for adopted in self.adopted.values()]
        told: set[str] = set()
        for page in sorted(blocks):
            for block in blocks[page]:
                if block.name not in told:
                    told.add(block.name)
                    box = block.box
                    place = (box.x, box.y, box.width, box.height)
                    marks.append(ShownMark(block.name, page, block.says, *place))
        return tuple(marks)


def place_marks(
    paper: Paper,
    record: ApprovalRecord,
    templates: Sequence[Template],
    policies: Policies,
    faces: Faces,
    *,
    copy: NamedCopy,
    signature_png: bytes | None,
    standing: Standing = Standing.FORMAL,
) -> Placing:
    """Find the place of every mark; `templates` are the page's, then those of stamp and 2D code.

    Raises the errors of layout and of typed marks, PlaceTaken, DraftUnsupported, CodeToolMissing.
    """
    given = [slot for template in templates for slot in template.slots]
    words = words_on(given, record, copy, standing, signature_png)
    slots = _slots(templates, words, policies)
    _refuse_last_page_of_flow(paper, slots)
    head = paper.draft.head
    if head is not None:
        slots = tuple(in_head(slots, words, _pages(paper, {})[0], faces, head))
    landmarks = find_landmarks(slots, record.draft, paper.view)
    pages = _pages(paper, landmarks)
    expected = _expected(slots, words, pages[0], faces)
    wanted = {row: words.fields[row] for row in _ROWS}
    marking = record.secrecy.marking
    adopted = adopt_typed(paper.head_lines, marking, wanted, expected, standing)
    # In a header of one sheet a typed mark says nothing of the pages of the others.
    if adopted and (policies.typed_mark is TypedMark.STOP or head is not None):
        raise PlaceTaken(slot=next(iter(adopted)), page=1)
    places = _Places([remark for found in adopted.values() for remark in found.remarks])
    places.remarks += _without_place(slots, words)
    for page in pages:
        on = _slots_on(page, slots, adopted)
        try:
            places.take(page, list(_settled_slots(page, on, words, paper, faces)))
        except (PlaceTaken, PageTooSmall):
            strip = strip_beside(page, on, templates[0])
            if strip is None or adopted or not paper.handler.adds_strips:
                raise
            places.take_strip(page, strip, on)
    return Placing(
        record,
        standing,
        tuple(places.with_strip(page) for page in pages),
        slots,
        signature_png,
        places.shifts,
        adopted,
        tuple(places.remarks),
        frozenset(places.white),
        places.strips,
        head,
    )


def words_on(
    slots: Sequence[Slot],
    record: ApprovalRecord,
    copy: NamedCopy,
    standing: Standing,
    signature_png: bytes | None,
) -> Words:
    """Return what stands in these slots on one copy; a 2D code only on what is approved.

    Raises CodeToolMissing.
    """
    words = Words(words_of(record, copy.number, standing), signature_png)
    if standing is not Standing.FORMAL or not any(slot.shows_code for slot in slots):
        return words
    says = code_of(copy.copy_id)
    return replace(words, code=Code(says, code_png(says)))


@dataclass
class _Places:
    """The places that were found, page by page; the fields are those of `Placing`."""

    remarks: list[Message]
    shifts: dict[tuple[int, str], float | None] = field(default_factory=dict)
    white: set[tuple[int, str]] = field(default_factory=set)
    strips: dict[int, Strip] = field(default_factory=dict)

    def take(self, page: PageOfMany, settled_slots: Sequence[tuple[Slot, Settled | None]]) -> None:
        """Take the slots of a page as they were settled."""
        for slot, found in settled_slots:
            place = (page.number, slot.id)
            if found is None:
                self.shifts[place] = None
            elif found.dy:
                self.shifts[place] = found.dy
            if found is not None and found.white:
                self.white.add(place)
            self.remarks += place_remarks(slot, page, found)

    def take_strip(self, page: PageOfMany, strip: Strip, slots: Sequence[Slot]) -> None:
        """Give a page a strip; what may be left out, is."""
        self.strips[page.number] = strip
        self.remarks.append(strip_remark(page, strip))
        for slot in slots:
            if slot not in in_strip(slots):
                self.shifts[page.number, slot.id] = None
                self.remarks.append(left_out_remark(slot, page))

    def with_strip(self, page: PageOfMany) -> PageOfMany:
        """Return a page with its strip, where it has one."""
        strip = self.strips.get(page.number)
        return page if strip is None else with_strip(page, strip)


def _settled_slots(
    page: PageOfMany, slots: Sequence[Slot], words: Words, paper: Paper, faces: Faces
) -> Iterator[tuple[Slot, Settled | None]]:
    """Yield where each slot goes on a page; None where it is left out."""
    standing: list[Block] = []
    for slot in slots:
        try:
            found = _settled(lay_out(slot, words, page, faces), slot, page, paper, standing)
            refuse_outside(found.block, slot, page, paper.draft.head)
        except (PlaceTaken, PageTooSmall, SheetPlaceUnsure):
            if slot.when_taken is not WhenTaken.LEAVE_OUT:
                raise
            yield slot, None
        else:
            standing.append(found.block)
            yield slot, found


def _slots(templates: Sequence[Template], words: Words, policies: Policies) -> tuple[Slot, ...]:
    page, *others = templates
    found = list(
        slots_in_use(
            page,
            words,
            compact=policies.compact_rows,
            other_page_marks=policies.other_page_marks,
        )
    )
    for template in others:
        is_stamp = template.kind is TemplateKind.STAMP
        found += (
            placed_elsewhere(slot, page.stamp_place) if is_stamp else slot
            for slot in slots_in_use(template, words, compact=False)
        )
    return tuple(found)


def _without_place(slots: Sequence[Slot], words: Words) -> list[Message]:
    """Say what the record gives and the template has no place for: nothing is dropped unsaid."""
    placed = {field for slot in slots for field in slot.fields}
    return [
        say("The template has no place for “{text}”.", text=words.fields[field])
        for field in _ROWS
        if words.fields[field] and field not in placed
    ]


def _refuse_last_page_of_flow(paper: Paper, slots: Sequence[Slot]) -> None:
    """Where text flows nobody knows which page is the last."""
    if paper.handler.flows and any(slot.pages is Pages.LAST for slot in slots):
        kind = say("a Word file with a template that marks the last page")
        raise DraftUnsupported(kind=kind, supported="PDF")


def _pages(paper: Paper, landmarks: Mapping[Anchor, float]) -> tuple[PageOfMany, ...]:
    sizes = paper.draft.pages
    if paper.draft.head is not None and paper.view is not None:
        sizes = paper.view.sizes[:1]
    return tuple(
        PageOfMany(number, len(sizes), size, landmarks if number == 0 else {})
        for number, size in enumerate(sizes)
    )


def _slots_on(
    page: PageOfMany, slots: Sequence[Slot], adopted: Mapping[str, Adopted]
) -> tuple[Slot, ...]:
    return tuple(
        slot
        for slot in slots
        if page.takes(slot.pages) and not (page.number == 0 and slot.id in adopted)
    )


def _expected(
    slots: Sequence[Slot], words: Words, first: PageOfMany, faces: Faces
) -> Mapping[str, Block]:
    """Return where the rows of the mark would stand on the first page, if it has room for them."""
    rows = [slot for slot in slots if slot.id in _ROWS and first.takes(slot.pages)]
    if not all(on_page(slot, first).within(first.size.box) for slot in rows):
        return {}
    return {slot.id: lay_out(slot, words, first, faces) for slot in rows}


def _settled(
    block: Block, slot: Slot, page: PageOfMany, paper: Paper, standing: Sequence[Block]
) -> Settled:
    if paper.view is None or page.number >= len(paper.view.sizes):
        return Settled(block, 0.0, Footing.FREE)
    if paper.draft.head is not None and stands_in_head(slot.id):
        return Settled(block, 0.0, Footing.FREE)
    above = paper.draft.above.get(page.number, ())
    return settled(block, slot, page.number, paper.view, standing, above)
