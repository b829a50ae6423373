"""Compare a draft with the one that was approved: only late fields may be filled in between.

Both are sequences of pieces: what can be read, line by line, and in its order whatever is no text,
as digests; and definitions, on which it depends how pieces are shown. `compare` accepts where every
difference is a late field of the record, filled in where a blank was; whatever else differs, known
or not, is told with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Final

from dingmi_mark.domain import looks
from dingmi_mark.domain.approval import LateField
from dingmi_mark.domain.draft_content import (
    Content as Content,
    Definition,
    Part as Part,
    Piece as Piece,
)
from dingmi_mark.domain.late_values import (
    LateValues,
    is_page_line,
    page_numbers,
    same_page_line,
)
from dingmi_mark.messages import Message, say

_LIKE: Final = 0.6
"""From this share of common characters on a line counts as the same line, changed."""

_LONGEST: Final = 40
"""Characters of a wording that say which one is meant."""

_EDGES: Final = frozenset({Part.HEADER, Part.FOOTER, Part.EDGE})


@dataclass(frozen=True)
class Filled:
    """A late field that was filled in: the line before (None where there was none) and after."""

    field: LateField
    old: Piece | None
    new: Piece


@dataclass(frozen=True)
class Difference:
    """What differs and is no late field: pieces of the approved draft, and those in their place.

    `what` says it where words cannot (how a page looks).
    """

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    what: Message | None = None

    @property
    def place(self) -> Message:
        """Where it is, in the draft that was given, else in the approved one."""
        piece = (self.new or self.old)[0]
        part = piece.part.value
        if piece.page and piece.at and piece.is_digest:
            x, y = round(piece.at[0]), round(piece.at[1])
            return say(
                "page {page}, {part} ({x} mm from the left, {y} mm from the top)",
                page=piece.page,
                part=part,
                x=x,
                y=y,
            )
        if piece.page and piece.number:
            return say("page {page}, line {line}", page=piece.page, line=piece.number)
        if piece.page:
            return say("page {page}, {part}", page=piece.page, part=part)
        if piece.number:
            return say("{part}, paragraph {number}", part=part, number=piece.number)
        return say("{part}", part=part)


@dataclass(frozen=True)
class Comparison:
    """What was found: accepted where there are no differences.

    `makers` are the programs that saved the two drafts, where they differ.
    """

    filled: tuple[Filled, ...]
    differences: tuple[Difference, ...]
    makers: tuple[str, str] | None = None

    @property
    def fields(self) -> tuple[LateField, ...]:
        """Which late fields were filled in, in the order of the form."""
        found = {each.field for each in self.filled}
        return tuple(field for field in LateField if field in found)


def compare(old: Content, new: Content, late: LateValues) -> Comparison:
    """Compare the approved draft (`old`) with the one that was given (`new`)."""
    defined = tuple(_otherwise_defined(old.definitions, new.definitions))
    makers = (old.maker, new.maker) if old.maker != new.maker else None
    whole = _Walk(late, old.lines and new.lines)
    if whole.explains(old.pieces, new.pieces) and _in_order(whole.filled, new):
        return Comparison(tuple(whole.filled), defined, makers)
    told = _told(old, new, late)
    return replace(told, differences=(*told.differences, *defined), makers=makers)


def _otherwise_defined(
    olds: Sequence[Definition], news: Sequence[Definition]
) -> Iterator[Difference]:
    before, after = _by_name(olds), _by_name(news)
    for key in {**before, **after}:
        one, other = before.get(key, ()), after.get(key, ())
        new_and_unused = not one and all(each.alone for each in other)
        if not new_and_unused and [each.text for each in one] != [each.text for each in other]:
            yield Difference(tuple(e.piece for e in one), tuple(e.piece for e in other))


def _by_name(
    definitions: Sequence[Definition],
) -> dict[tuple[Part, str], tuple[Definition, ...]]:
    found: dict[tuple[Part, str], tuple[Definition, ...]] = {}
    for each in definitions:
        key = each.part, each.name
        found[key] = (*found.get(key, ()), each)
    return found


def narrowed(old: str, new: str, around: int = 14) -> tuple[str, str]:
    """Return two wordings cut down to where they differ, with that in brackets 【】."""
    start, end = differing(old, new)
    return _cut(old, start, end, around), _cut(new, start, end, around)


def differing(old: str, new: str) -> tuple[int, int]:
    """Return how many characters two wordings have in common at their beginning and end.

    Numbers are not cut: 【123】 and 【128】 say more than 12【3】 and 12【8】.
    """
    start = _common(old, new)
    while start and _is_figure(old[start - 1]):
        start -= 1
    end = _common(old[start:][::-1], new[start:][::-1])
    while end and _is_figure(old[-end]):
        end -= 1
    return start, end


@dataclass
class _Walk:
    """Go along two sequences; every step must be explained."""

    late: LateValues
    lines: bool
    filled: list[Filled] = field(default_factory=list)
    alone: set[LateField] = field(default_factory=set)

    def explains(self, olds: Sequence[Piece], news: Sequence[Piece]) -> bool:
        """Tell whether the second sequence is the first one, filled in; note what was."""
        before = len(self.filled), set(self.alone)
        i = j = 0
        while i < len(olds) or j < len(news):
            old = olds[i] if i < len(olds) else None
            new = news[j] if j < len(news) else None
            if old is not None and new is not None and self._pair(old, new):
                i, j = i + 1, j + 1
            elif new is not None and self._added(new):
                j += 1
            else:
                del self.filled[before[0] :]
                self.alone = before[1]
                return False
        return True

    def _pair(self, old: Piece, new: Piece) -> bool:
        if (old.part, old.story) != (new.part, new.story):
            return False
        if old.text != new.text and self._numbers_a_page(old, new):
            self.filled.append(Filled(LateField.PAGE_NUMBERS, old, new))
            return True
        if old.frame != new.frame:
            return False
        if old.text == new.text or old.is_digest or new.is_digest:
            same = (old.text, old.is_digest, old.looks), (new.text, new.is_digest, new.looks)
            return same[0] == same[1]
        if not old.text.strip():
            return self._alone(old, new)
        filling = self.late.filled(old.text, new.text)
        if filling is None or looks.change_of_filled(old.looks, new.looks, filling.gaps):
            return False
        self.filled += [Filled(each, old, new) for each in filling.fields]
        return True

    def _added(self, new: Piece) -> bool:
        """A line where there was none: an empty line of a PDF, or a page number anywhere."""
        if new.is_digest:
            return False
        if self._is_page_number(new):
            met = {(each.new.part, each.new.story) for each in self._numbers()}
            if not self.lines and (new.part, new.story) in met:
                return False
            self.filled.append(Filled(LateField.PAGE_NUMBERS, None, new))
            return True
        return self.lines and self._alone(None, new)

    def _numbers(self) -> Iterator[Filled]:
        return (each for each in self.filled if each.field is LateField.PAGE_NUMBERS)

    def _alone(self, old: Piece | None, new: Piece) -> bool:
        """A value on an empty line: once a field, because nothing told what belongs there."""
        found = self.late.filled_alone(new.text.strip())
        gap = (0, len(old.text) if old else 0, 0, len(new.text))
        other = old is not None and looks.change_of_filled(old.looks, new.looks, [gap])
        if found is None or found in self.alone or other:
            return False
        self.alone.add(found)
        self.filled.append(Filled(found, old, new))
        return True

    def _numbers_a_page(self, old: Piece, new: Piece) -> bool:
        """Tell whether a page number was filled in into an empty line, or into its dashes."""
        if old.is_digest or not old.plain or not self._is_page_number(new):
            return False
        line = _line(old)
        return not line or same_page_line(line, _line(new))

    def _is_page_number(self, piece: Piece) -> bool:
        if not self.late.numbers_pages or piece.part not in _EDGES:
            return False
        # In Word only a field is a page number: a typed digit says the same on every page.
        typed = any(number.isdigit() for number in page_numbers(_line(piece)))
        return piece.plain and is_page_line(_line(piece)) and typed is self.lines


def _line(piece: Piece) -> str:
    return " ".join(piece.text.split())


def _in_order(filled: Sequence[Filled], new: Content) -> bool:
    """Tell whether page numbers that were filled in count the pages, from 1 on."""
    last = max((piece.page for piece in new.pieces), default=0)
    shifts, totals = set(), set()
    for each in filled:
        number, total = page_numbers(_line(each.new))
        if each.field is LateField.PAGE_NUMBERS and number.isdigit():
            shifts.add(int(number) - each.new.page)
            totals |= {int(total)} if total.isdigit() else set()
    counts = len(shifts) <= 1 and len(totals) <= 1
    # A number higher than its page counts something else: a year, a figure.
    return counts and all(shift <= 0 for shift in shifts) and all(n <= last for n in totals)


def _told(old: Content, new: Content, late: LateValues) -> Comparison:
    """Tell what differs: match the pieces that belong together, and look at what is between."""
    walk = _Walk(late, old.lines and new.lines)
    differences: list[Difference] = []
    for olds, news in _page_pairs(old, new, late):
        differences += _told_between(olds, news, walk)
    if not _in_order(walk.filled, new):
        numbers = [each for each in walk.filled if each.field is LateField.PAGE_NUMBERS]
        what = say("the page numbers do not count the pages")
        differences.append(Difference((), (numbers[0].new,), what))
    return Comparison(tuple(walk.filled), tuple(differences))


def _page_pairs(
    old: Content, new: Content, late: LateValues
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece]]]:
    """Yield the pages that belong together (of Word all at once): within one, matching is quick."""
    pages = [[tuple(page) for _, page in groupby(each.pieces, _page)] for each in (old, new)]
    before, after = ([tuple(_key(p, late) for p in page) for page in side] for side in pages)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        yield from zip_longest(pages[0][i:i_end], pages[1][j:j_end], fillvalue=())


def _told_between(
    olds: Sequence[Piece], news: Sequence[Piece], walk: _Walk
) -> Iterator[Difference]:
    """Tell what differs in one run of pieces."""
    if walk.explains(olds, news):
        return
    before, after = ([_key(piece, walk.late) for piece in side] for side in (olds, news))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        one, other = olds[i:i_end], news[j:j_end]
        if kind == "equal":
            for pair in zip(one, other, strict=True):
                if not walk.explains(pair[:1], pair[1:]):
                    yield _difference(*pair, walk.late)
        elif not walk.explains(one, other):
            yield from _paired(one, other, walk)


def _page(piece: Piece) -> int:
    return piece.page


def _paired(olds: Sequence[Piece], news: Sequence[Piece], walk: _Walk) -> Iterator[Difference]:
    """Pair what stands in the same place; without its like the rest is left out or added."""
    if len(news) > len(olds):
        news = [piece for piece in news if not walk.explains((), (piece,))]
    both = len(olds) if len(olds) == len(news) else _alike(olds, news)
    for one, other in zip(olds[:both], news[:both], strict=True):
        if not walk.explains((one,), (other,)):
            yield _difference(one, other, walk.late)
    if both < len(olds) or both < len(news):
        yield Difference(tuple(olds[both:]), tuple(news[both:]))


def _difference(one: Piece, other: Piece, late: LateValues) -> Difference:
    """Say in what two pieces differ where their words do not."""
    filling = late.filled(one.text, other.text)
    digests = one.is_digest or other.is_digest
    elsewhere = (one.part, one.story) != (other.part, other.story)
    if digests or elsewhere or filling is None:
        return Difference((one,), (other,))
    words = other.words.strip() or "¶"
    if one.frame != other.frame:
        how = looks.named(one.frame, other.frame)
        what = say("“{words}” is set otherwise: {how}", words=_shortened(words), how=how)
        return Difference((one,), (other,), what)
    change = looks.change_of_filled(one.looks, other.looks, filling.gaps) if filling.gaps else None
    start, stop, how = change or looks.first_change(one.looks, other.looks)
    words = replace(other, text=other.text[start:stop]).words.strip() or "¶"
    what = say("“{words}” looks different: {how}", words=_shortened(words), how=how)
    return Difference((one,), (other,), what)


def _alike(olds: Sequence[Piece], news: Sequence[Piece]) -> int:
    """Return how many pieces at the beginning are each other's like."""
    count = 0
    for one, other in zip(olds, news, strict=False):
        likeness = SequenceMatcher(None, one.text, other.text, autojunk=False).quick_ratio()
        if one.part is not other.part or likeness < _LIKE:
            break
        count += 1
    return count


def _key(piece: Piece, late: LateValues) -> tuple[Part, str, str]:
    return piece.part, piece.story, piece.text if piece.is_digest else late.open_form(piece.text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


def _is_figure(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _common(one: str, other: str) -> int:
    """Return how many characters two wordings have in common at their beginning."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _cut(text: str, start: int, end: int, around: int) -> str:
    stop = len(text) - end
    before, after = text[max(0, start - around) : start], text[stop : stop + around]
    head = "…" if start > around else ""
    tail = "…" if end > around else ""
    changed = f"【{text[start:stop]}】" if stop > start else "【】"
    return f"{head}{before}{changed}{after}{tail}"
