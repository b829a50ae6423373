"""Annotations, links and form fields as pieces: also what no screen, or only a printer, shows.

An annotation is compared whole: place, flags, actions, the look of every state. MuPDF shows one
state of it for one use; a reader's program may show another.
Source: ISO 32000-1, 12.5 (annotations), 12.7 (forms).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.domain.comparison import Part, Piece
from dingmi_mark.formats.pdf.annotations import corners_of
from dingmi_mark.formats.pdf.geometry import Sheet
from dingmi_mark.formats.pdf.objects import Objects, Written, words_of

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_OWN: Final = frozenset({"/P", "/NM", "/M", "/CreationDate", "/StructParent"})
"""What every export writes anew: page, name, dates and number in the structure."""

_TREE: Final = frozenset({"/Parent", "/Kids"})
_FLAGS: Final = (
    (2, "隐藏"),
    (32, "屏幕上不显示"),
    (256, "按需显示"),
)
_PRINT: Final = 4
_DEEPEST: Final = 100
_UNSEEN: Final = ("/Link", "/Popup")


def annotation_pieces(page: Object, sheet: Sheet, number: int, objects: Objects) -> Iterator[Piece]:
    """Yield the links, annotations and form fields of a page (`number` from 1)."""
    from pikepdf import Array, Dictionary

    found = page.get("/Annots")
    for annotation in found if isinstance(found, Array) else ():
        if isinstance(annotation, Dictionary):
            yield _piece(annotation, sheet, number, objects)
        else:
            yield Piece(Part.COMMENT, "?", number, shown="〔无法识别的批注〕")


def _piece(annotation: Object, sheet: Sheet, number: int, objects: Objects) -> Piece:
    kind = str(annotation.get("/Subtype", "/?"))
    widget = kind == "/Widget"
    written = objects.written(annotation, without=_OWN | _TREE if widget else _OWN)
    name = full_name(annotation) if widget else ""
    above = "".join(objects.written(each, without=_TREE).digest for each in _above(annotation))
    corners = corners_of(annotation.get("/Rect"))
    at = None
    if corners is not None:
        box = sheet.seen(corners)
        at = box.x, box.y, box.width, box.height
    part = Part.LINK if kind == "/Link" else Part.FIELD if widget else Part.COMMENT
    shown = _link(annotation, written) or _note(kind, annotation, name, written)
    text = f"{kind} {name} {written.digest} {above if widget else ''}"
    return Piece(part, text, number, shown=shown, at=at)


def _link(annotation: Object, written: Written) -> str:
    """Return where a plain link leads, for people; empty for all else."""
    from pikepdf import Dictionary

    if annotation.get("/Subtype") != "/Link":
        return ""
    action = annotation.get("/A")
    if isinstance(action, Dictionary) and action.get("/S") == "/URI":
        return words_of(action.get("/URI")) or "〔链接〕"
    return f"〔链接{written.said}〕"


def _note(kind: str, annotation: Object, name: str, written: Written) -> str:
    called = f"表单域 {name}" if kind == "/Widget" else f"批注 {kind[1:]}"
    said = words_of(annotation.get("/Contents")) or words_of(annotation.get("/V"))
    flags = annotation.get("/F", 0)
    shown = [word for bit, word in _FLAGS if isinstance(flags, int) and flags & bit]
    if kind not in _UNSEEN and isinstance(flags, int) and not flags & _PRINT:
        shown.append("不打印")
    words = "，".join(filter(None, (said, *shown)))
    return f"〔{called.strip()}{f'：{words}' if words else ''}{written.said}〕"


def full_name(field: Object) -> str:
    """Return a form field's name with the names of those it stands under."""
    names = [words_of(node.get("/T")) for node in (field, *_above(field))]
    return ".".join(filter(None, reversed(names)))


def _above(field: Object) -> Iterator[Object]:
    """Yield what a field stands under, from which it has what it does not say itself."""
    from pikepdf import Dictionary

    node = field.get("/Parent")
    for _ in range(_DEEPEST):
        if not isinstance(node, Dictionary):
            return
        yield node
        node = node.get("/Parent")


def form_pieces(pdf: Pdf, objects: Objects) -> Iterator[Piece]:
    """Yield the form of a file and its fields: values, actions, what they are filled with."""
    from pikepdf import Dictionary

    found = pdf.Root.get("/AcroForm")
    if not isinstance(found, Dictionary):
        return
    written = objects.written(found, without=frozenset({"/Fields"}))
    yield Piece(Part.FIELD, written.digest, shown=f"〔表单设置{written.said}〕")
    for field in fields(found):
        written = objects.written(field, without=_OWN | _TREE)
        name, value = full_name(field), words_of(field.get("/V"))
        shown = f"〔表单域 {name}{f'：{value}' if value else ''}{written.said}〕"
        yield Piece(Part.FIELD, f"{name} {written.digest}", shown=shown)


def fields(acroform: Object) -> Iterator[Object]:
    """Yield all fields of a form, each once, those above before those below."""
    from pikepdf import Array, Dictionary

    waiting: list[Any] = [acroform.get("/Fields")]
    seen: set[tuple[int, int]] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, Dictionary) and not (node.is_indirect and node.objgen in seen):
            seen.add(node.objgen)
            yield node
            waiting.append(node.get("/Kids"))
