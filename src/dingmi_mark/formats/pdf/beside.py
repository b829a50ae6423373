"""What belongs to no page, as pieces: actions, layers, attachments, bookmarks, facts of the file.

Every key of the catalog is looked at; only the few in `_OTHERWISE` are left out, because others
compare them. Source: ISO 32000-1, 7.7.2 (catalog), 14.3 (metadata), 14.7 (structure).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.domain.comparison import Part, Piece
from dingmi_mark.formats import xmp
from dingmi_mark.formats.pdf.carriers import xmp_packet
from dingmi_mark.formats.pdf.interactive import form_pieces
from dingmi_mark.formats.pdf.objects import Objects, layer_name, layers_of, tree, words_of

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_OTHERWISE: Final = frozenset(
    (
        *("/Type", "/Version", "/Pages", "/Metadata", "/StructTreeRoot", "/Outlines"),
        *("/OCProperties", "/AcroForm", "/Names", "/PageLabels"),
    )
)
_NAMED: Final = {
    "/OpenAction": (Part.ACTION, "打开文件时的动作"),
    "/AA": (Part.ACTION, "文件的自动动作"),
    "/URI": (Part.ACTION, "网址的前缀"),
    "/Collection": (Part.OBJECT, "文件包"),
    "/AF": (Part.OBJECT, "关联的文件"),
    "/ViewerPreferences": (Part.SETTING, "显示和打印的设置"),
    "/PageMode": (Part.SETTING, "打开时的显示方式"),
    "/PageLayout": (Part.SETTING, "打开时的页面布局"),
    "/Dests": (Part.LINK, "链接的目标"),
    "/Lang": (Part.SETTING, "语言"),
}
_NAME_TREES: Final = {
    "/JavaScript": (Part.ACTION, "打开文件时运行的脚本"),
    "/EmbeddedFiles": (Part.OBJECT, "附件"),
    "/Renditions": (Part.ACTION, "媒体"),
}
_TRAILER: Final = frozenset(
    (
        *("/Root", "/Info", "/ID", "/Size", "/Prev", "/XRefStm", "/DocChecksum"),
        *("/Type", "/W", "/Index", "/Filter", "/Length", "/DecodeParms"),
    )
)
_SOFTWARE: Final = frozenset(("/Producer", "/Creator", "/CreationDate", "/ModDate"))
_BOOKMARK: Final = frozenset(("/Parent", "/Prev", "/Next", "/First", "/Last", "/SE"))
_STRUCTURE: Final = frozenset(
    (
        *("/Type", "/S", "/P", "/Pg", "/K", "/C", "/A", "/R", "/ID", "/Lang", "/NS"),
        *("/ParentTree", "/ParentTreeNextKey", "/IDTree", "/RoleMap", "/ClassMap", "/Namespaces"),
    )
)
"""What orders the words of a page for screen readers, and says nothing of its own."""

_MOST_LEVELS: Final = 100


def beside(pdf: Pdf, objects: Objects) -> Iterator[Piece]:
    """Yield all that a file holds besides its pages."""
    for key, value in sorted(pdf.Root.items()):
        if key not in _OTHERWISE:
            yield _entry(objects, value, *_NAMED.get(key, (Part.SETTING, f"文件设置 {key[1:]}")))
    for key in sorted(set(pdf.trailer.keys()) - _TRAILER):
        yield _entry(objects, pdf.trailer[key], Part.SETTING, f"文件设置 {key[1:]}")
    yield from _names(pdf.Root.get("/Names"), objects)
    for number, label in tree(pdf.Root.get("/PageLabels"), "/Nums"):
        yield _entry(objects, label, Part.PAGE, f"页码标签，从第{_following(number)}页起")
    yield from form_pieces(pdf, objects)
    yield from _layers(pdf, objects)
    yield from _bookmarks(pdf.Root.get("/Outlines"), objects)
    yield from _structure(pdf.Root.get("/StructTreeRoot"), objects)
    yield from _facts(pdf, objects)


def _entry(objects: Objects, value: Any, part: Part, name: str) -> Piece:
    written = objects.written(value)
    return Piece(part, f"{name} {written.digest}", shown=f"〔{name}{written.said}〕")


def _names(names: Any, objects: Objects) -> Iterator[Piece]:
    from pikepdf import Dictionary

    for kind, root in sorted(names.items()) if isinstance(names, Dictionary) else ():
        part, called = _NAME_TREES.get(kind, (Part.SETTING, f"命名的内容 {kind[1:]}"))
        for key, value in tree(root, "/Names"):
            name = f"{called} {words_of(key)}".strip()
            if kind == "/EmbeddedFiles":
                yield _attachment(value, name, objects)
            else:
                yield _entry(objects, value, part, name)


def _attachment(spec: Any, name: str, objects: Objects) -> Piece:
    """Write an attached file without the dates that every export puts on it anew."""
    from pikepdf import Dictionary

    files = spec.get("/EF") if isinstance(spec, Dictionary) else None
    whole = objects.written(spec, without=frozenset({"/EF"} if files is not None else ()))
    parts = [whole.digest]
    for key, stream in sorted(files.items()) if isinstance(files, Dictionary) else ():
        parts += key, objects.written(stream, without=frozenset({"/Params"})).digest
    return Piece(Part.OBJECT, f"{name} {' '.join(parts)}", shown=f"〔{name}{whole.said}〕")


def _layers(pdf: Pdf, objects: Objects) -> Iterator[Piece]:
    properties = pdf.Root.get("/OCProperties")
    if properties is None:
        return
    for _, layer in layers_of(pdf):
        yield _entry(objects, layer, Part.LAYER, f"图层 {layer_name(layer)}")
    yield _entry(objects, properties, Part.LAYER, "图层的显示和打印设置")


def _bookmarks(outline: Any, objects: Objects) -> Iterator[Piece]:
    """Yield the bookmarks in their order, with all they lead to and do."""
    from pikepdf import Dictionary

    waiting = [(outline.get("/First"), 1)] if isinstance(outline, Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        item, level = waiting.pop()
        if not isinstance(item, Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        written = objects.written(item, without=_BOOKMARK)
        shown = f"{words_of(item.get('/Title')) or '〔书签〕'}{written.said}"
        yield Piece(Part.BOOKMARK, written.digest, shown=shown, story=str(level))
        waiting += (item.get("/Next"), level), (item.get("/First"), level + 1)


def _structure(root: Any, objects: Objects) -> Iterator[Piece]:
    """Yield what the structure says in place of what a page shows."""
    from pikepdf import Array, Dictionary

    waiting: list[Any] = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, Dictionary) and not (node.is_indirect and node.objgen in seen):
            seen.add(node.objgen)
            waiting.append(node.get("/K"))
            if node.get("/K") is not None or "/S" in node:
                yield from _said_instead(node, objects)


def _said_instead(element: Object, objects: Objects) -> Iterator[Piece]:
    said = sorted(set(element.keys()) - _STRUCTURE)
    if not said:
        return
    written = objects.written(element, without=_STRUCTURE)
    words = "，".join(filter(None, (words_of(element[key]) for key in said)))
    page = objects.place(element.get("/Pg"))
    shown = f"〔{page}替代文字{f'：{words}' if words else ''}{written.said}〕"
    yield Piece(Part.SETTING, written.digest, shown=shown)


def _facts(pdf: Pdf, objects: Objects) -> Iterator[Piece]:
    """Yield title, author and the like; not the program and the day, which an export changes."""
    from pikepdf import Dictionary

    info = pdf.trailer.get("/Info")
    for key, value in sorted(info.items()) if isinstance(info, Dictionary) else ():
        if key not in _SOFTWARE:
            yield _fact(objects.written(value).digest, key[1:], words_of(value))
    for name, text in xmp.foreign_facts(xmp_packet(pdf) or b""):
        yield _fact(text, name, text)


def _fact(text: str, name: str, value: str) -> Piece:
    shown = f"〔{name}{f'：{value}' if value else ''}〕"
    return Piece(Part.FACTS, f"{name} {text}", shown=shown, story=name)


def _following(number: Any) -> object:
    return int(number) + 1 if isinstance(number, int) else "?"
