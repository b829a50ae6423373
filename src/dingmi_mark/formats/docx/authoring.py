"""Read the points that the author named in a Word draft: comments, styles, brackets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from dingmi_mark.domain.authoring import (
    BRACKET,
    CLOSING,
    LOOK_ALIKE,
    Authored,
    AuthoredPoint,
    Authoring,
    AuthoringFault,
    Place,
    named_no_secret,
    names_a_point,
    read_notation,
)
from dingmi_mark.formats.docx.names import (
    REL_COMMENTS,
    REL_ENDNOTES,
    REL_FOOTNOTES,
    REL_STYLES,
    Element,
    child,
    elements,
    q,
    value,
)
from dingmi_mark.formats.docx.obstacles import document_body, main_part
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.points import blocks
from dingmi_mark.formats.docx.text import normalised, visible_text
from dingmi_mark.messages import Message, say

T = TypeVar("T")

_LONGEST_CHAIN: Final = 20
_UNSEEN: Final = tuple(q(name) for name in ("w:del", "w:moveFrom", "mc:Fallback"))
_START, _END, _MARK = q("w:commentRangeStart"), q("w:commentRangeEnd"), q("w:commentReference")
_PARAGRAPH, _RUN, _BOX = q("w:p"), q("w:r"), q("w:txbxContent")


def read_authored(package: Package) -> Authored:
    """Return the points named in the body, in tables, text boxes and notes.

    Raises the obstacles of `main_part`.
    """
    part = main_part(package)
    body = document_body(package.tree(part), package)
    stories = [_Story("正文", body)]
    for kind, name in ((REL_FOOTNOTES, "脚注"), (REL_ENDNOTES, "尾注")):
        notes = package.related(part, kind)
        if notes is not None:
            stories.append(_Story(name, package.tree(notes)))
    comments, styles = comments_on_points(package, part), _styles(package, part)
    for story in stories:
        _read_comments(story, comments)
        _read_styles(story, styles)
        _read_brackets(story)
        _read_look_alikes(story)
    points = tuple(point for story in stories for point in _in_order(story.points))
    faults = tuple(fault for story in stories for fault in _in_order(story.faults))
    return Authored(points, faults, any(story.brackets for story in stories))


class _Passage:
    """Words as they come, with the paragraphs they stand in."""

    def __init__(self) -> None:
        self.lines: dict[Element, str] = {}

    def add(self, paragraph: Element, text: str) -> None:
        self.lines[paragraph] = self.lines.get(paragraph, "") + text

    @property
    def text(self) -> str:
        return "\n".join(line.strip() for line in self.lines.values() if line.strip())


@dataclass
class _Story:
    """One text, the body or the notes, and what was found in it, with where it begins."""

    part: str
    root: Element
    points: list[tuple[int, AuthoredPoint]] = field(default_factory=list)
    faults: list[tuple[int, AuthoringFault]] = field(default_factory=list)
    brackets: bool = False

    def __post_init__(self) -> None:
        tags = (_PARAGRAPH, _RUN, _START, _END, _MARK)
        self.elements = [one for one in self.root.iter(*tags) if not _unseen(one)]
        paragraphs = (one for one in self.elements if one.tag == _PARAGRAPH)
        self.order = {paragraph: number for number, paragraph in enumerate(paragraphs)}
        self.places = _places(self.part, self.root)

    def runs(self) -> Iterator[tuple[Element, Element]]:
        """Yield each run with its paragraph."""
        for element in self.elements:
            if element.tag == _RUN:
                yield _paragraph_of(element), element

    def name(self, way: Authoring, text: str, passage: _Passage) -> None:
        """Note a point; a fault where what names it, or its passage, says nothing."""
        paragraphs = [one for one, words in passage.lines.items() if words.strip()]
        if not paragraphs:
            if passage.lines:
                self.fault(next(iter(passage.lines)), say("“{text}” is about no words", text=text))
            return
        notation = read_notation(text)
        if notation is None:
            self.fault(paragraphs[0], _why_unreadable(text))
            return
        whole = tuple(_words(paragraph) for paragraph in paragraphs)
        place = self._place(paragraphs[0])
        point = AuthoredPoint(way, notation, passage.text, place, whole)
        self.points.append((self.order[paragraphs[0]], point))

    def unclosed(
        self, text: str, passage: _Passage, before: tuple[str, Element] | None = None
    ) -> None:
        """Note a bracket without an end, where it begins; `before` is the next one and where."""
        what = say("【{text}】 has no end (【{end}】)", text=text, end=CLOSING)
        if before is not None:
            what = say(
                "【{text}】 has no 【{end}】 before the next one begins: 【{other}】 ({place})",
                text=text,
                end=CLOSING,
                other=before[0],
                place=self._place(before[1]).words,
            )
        self.fault(next(iter(passage.lines)), what)

    def fault(self, paragraph: Element, what: Message) -> None:
        """Note what was meant to name a point and does not."""
        self.faults.append((self.order[paragraph], AuthoringFault(self._place(paragraph), what)))

    def _place(self, paragraph: Element) -> Place:
        box = next(paragraph.iterancestors(_BOX), None)
        holder = next(box.iterancestors(_PARAGRAPH), None) if box is not None else paragraph
        number = self.order[paragraph] + 1
        return self.places.get(paragraph if holder is None else holder) or Place(self.part, number)


def _read_comments(story: _Story, comments: Mapping[str, str]) -> None:
    """A comment is on its range; without one, on the paragraph in which it stands."""
    open_now: dict[str, _Passage] = {}
    done: set[str] = set()
    for element in story.elements:
        number = value(element, "w:id") or ""
        if element.tag == _RUN:
            for passage in open_now.values():
                passage.add(_paragraph_of(element), visible_text(element))
        elif number in comments and element.tag == _START:
            open_now[number] = _Passage()
        elif number in open_now and element.tag == _END:
            done.add(number)
            story.name(Authoring.COMMENT, comments[number], open_now.pop(number))
        elif number in comments and number not in done and element.tag == _MARK:
            done.add(number)
            passage = _Passage()
            passage.add(_paragraph_of(element), visible_text(_paragraph_of(element)))
            story.name(Authoring.COMMENT, comments[number], passage)


def _read_styles(story: _Story, styles: Mapping[str, str]) -> None:
    """Words of one style that follow each other in a paragraph are one point."""
    passage, style, last = _Passage(), "", None
    for paragraph, run in story.runs():
        text = visible_text(run)
        if not text:
            continue
        own = value(child(child(run, "w:rPr"), "w:rStyle")) or ""
        whole = value(child(child(paragraph, "w:pPr"), "w:pStyle")) or ""
        named = styles.get(own) or styles.get(whole) or ""
        if named != style or paragraph is not last:
            story.name(Authoring.STYLE, style, passage)
            passage, style, last = _Passage(), named, paragraph
        if named:
            passage.add(paragraph, text)
    story.name(Authoring.STYLE, style, passage)


def _read_brackets(story: _Story) -> None:
    opened: tuple[str, _Passage] | None = None
    for paragraph in story.order:
        text, at = visible_text(paragraph), 0
        for bracket in BRACKET.finditer(text):
            story.brackets = True
            if opened is not None:
                opened[1].add(paragraph, text[at : bracket.start()])
            if bracket[1] != CLOSING:
                if opened is not None:
                    story.unclosed(*opened, before=(bracket[1], paragraph))
                opened = bracket[1], _Passage()
            elif opened is None:
                story.fault(paragraph, say("{text} without a beginning", text=bracket[0]))
            else:
                story.name(Authoring.BRACKETS, *opened)
                opened = None
            at = bracket.end()
        if opened is not None:
            opened[1].add(paragraph, text[at:])
    if opened is not None:
        story.unclosed(*opened)


def _read_look_alikes(story: _Story) -> None:
    """Brackets of another kind name nothing, and their author does not know that."""
    for paragraph in story.order:
        for found in LOOK_ALIKE.finditer(BRACKET.sub("", visible_text(paragraph))):
            what = say(
                "“{text}” names no point; write {example}…【{end}】",
                text=found[0],
                example=f"【{found[0][1:-1].strip()}】",
                end=CLOSING,
            )
            story.fault(paragraph, what)


def _why_unreadable(text: str) -> Message:
    if other := named_no_secret(text):
        return say(
            "“{text}”: {other} is no state secret and may bear no mark of one "
            "(保守国家秘密法第二十二条); take this note away",
            text=text,
            other=other,
        )
    return say(
        "“{text}” cannot be read; such as “{example}” is expected",
        text=text,
        example="密点 机密 10年",
    )


def comments_on_points(package: Package, part: str) -> dict[str, str]:
    """Return the comments that name a point, by their ids."""
    name = package.related(part, REL_COMMENTS)
    found: dict[str, str] = {}
    for comment in () if name is None else elements(package.tree(name)):
        text = "\n".join(visible_text(one) for one in comment.iter(_PARAGRAPH)).strip()
        if names_a_point(text):
            found[value(comment, "w:id") or ""] = text
    return found


def _styles(package: Package, part: str) -> dict[str, str]:
    """Return the names of styles that name a point, by ids; a style based on one does too."""
    name = package.related(part, REL_STYLES)
    styles = () if name is None else tuple(package.tree(name).iter(q("w:style")))
    by_id = {value(style, "w:styleId") or "": style for style in styles}
    found = {}
    for style_id in by_id:
        named = _point_name(by_id, style_id)
        if named:
            found[style_id] = named
    return found


def _point_name(by_id: Mapping[str, Element], style_id: str) -> str:
    for _ in range(_LONGEST_CHAIN):
        style = by_id.get(style_id)
        if style is None:
            return ""
        name = (value(child(style, "w:name")) or "").removesuffix(" Char").removesuffix(" 字符")
        if names_a_point(name) and read_notation(name) is not None:
            return name
        style_id = value(child(style, "w:basedOn")) or ""
    return ""


def _places(part: str, root: Element) -> dict[Element, Place]:
    """Number the paragraphs with words as a record's anchors do: outside tables, and by cell."""
    places: dict[Element, Place] = {}
    for number, paragraph in enumerate(_with_words(root), 1):
        places[paragraph] = Place(part, number)
    for t, table in enumerate(blocks(root, "w:tbl"), 1):
        for r, row in enumerate(blocks(table, "w:tr"), 1):
            for c, cell in enumerate(blocks(row, "w:tc"), 1):
                for number, paragraph in enumerate(_with_words(cell), 1):
                    places[paragraph] = Place(part, number, (t, r, c))
    return places


def _with_words(scope: Element) -> Iterator[Element]:
    return (one for one in blocks(scope, "w:p") if normalised(visible_text(one)))


def _words(paragraph: Element) -> str:
    return BRACKET.sub("", visible_text(paragraph)).strip()


def _paragraph_of(element: Element) -> Element:
    return next(element.iterancestors(_PARAGRAPH))


def _unseen(element: Element) -> bool:
    return next(element.iterancestors(*_UNSEEN), None) is not None


def _in_order(found: list[tuple[int, T]]) -> Iterator[T]:
    return (one for _, one in sorted(found, key=lambda each: each[0]))
