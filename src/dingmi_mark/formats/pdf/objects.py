"""Objects of a PDF in one form, however a program wrote them, and what in them is active.

Two exports of one document differ in numbers of objects, compression and the letters before the
names of font subsets; none of these is written. Everything else is, also keys nobody knows: what
is left out is named, not what is looked at. Source: ISO 32000-1, 7.3, 12.6 (actions), 13.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_ACTIONS: Final = {
    "/JavaScript": "JavaScript 脚本",
    "/Launch": "启动程序",
    "/SubmitForm": "提交表单",
    "/ResetForm": "清空表单",
    "/ImportData": "导入数据",
    "/GoToR": "打开别的文件",
    "/GoToE": "打开嵌入的文件",
    "/URI": "打开网址",
    "/Hide": "显示或隐藏内容",
    "/SetOCGState": "切换图层",
    "/Rendition": "播放媒体",
    "/Movie": "播放影片",
    "/Sound": "播放声音",
    "/RichMediaExecute": "富媒体命令",
    "/GoTo3DView": "三维视图",
    "/Named": "阅读器命令",
}
_MEDIA: Final = {
    "/RichMedia": "富媒体",
    "/3D": "三维模型",
    "/Screen": "媒体",
    "/Movie": "影片",
    "/Sound": "声音",
    "/FileAttachment": "附件",
}
_ENCODING: Final = frozenset({"/Length", "/Filter", "/DecodeParms", "/DL"})
"""How a stream is stored, not what it says."""

_SUBSET: Final = re.compile(r"/[A-Z]{6}\+")
_DIGITS: Final = 3
_NUMBERS: Final = frozenset({int, float, Decimal})
_MANY_TOKENS: Final = 10_000
"""Words kept before they go into the digest: the tree of a long document has millions."""

_Id = tuple[int, int]


@dataclass(frozen=True)
class Written:
    """An object in its one form, as a digest, and what active things stand in it, by name."""

    digest: str
    active: tuple[str, ...]

    @property
    def said(self) -> str:
        """The active things, as people are told them; empty where there are none."""
        return f"：{'、'.join(self.active)}" if self.active else ""


@dataclass
class Objects:
    """Write the objects of one file.

    `places` names objects that are compared for themselves (pages, annotations, layers): where
    another refers to one, only its name is written.
    """

    places: Mapping[_Id, str]
    _streams: dict[_Id, str] = field(default_factory=dict)

    def written(self, value: Any, *, without: frozenset[str] = frozenset()) -> Written:
        """Return the one form of an object; `without` are keys of its own that are left out."""
        return self._digested(_Writing(self, whole=True), value, without)

    def drawn(self, value: Any) -> Written:
        """The same of what pages draw: words and fonts are left to those who read the page."""
        return self._digested(_Writing(self, whole=False), value, frozenset())

    def place(self, value: Any) -> str:
        """Return the name of an object that is compared for itself; empty where it is none."""
        return self.places.get(value.objgen, "") if _is_indirect(value) else ""

    def data(self, stream: Object) -> str:
        """Digest a stream's decoded data, once a file."""
        place = stream.objgen
        if place not in self._streams:
            self._streams[place] = hashlib.new("sm3", decoded(stream)).hexdigest()
        return self._streams[place]

    def _digested(self, writing: _Writing, value: Any, without: frozenset[str]) -> Written:
        writing.root(value, without)
        writing.hash_tokens()
        return Written(writing.hasher.hexdigest(), tuple(sorted(writing.active)))


@dataclass
class _Writing:
    """One walk: an object met again is written as the number of its first meeting."""

    objects: Objects
    whole: bool
    met: dict[_Id, int] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=list)
    hasher: hashlib._Hash = field(default_factory=partial(hashlib.new, "sm3"))
    in_resources: int = 0

    def hash_tokens(self) -> None:
        """Take what was written so far into the digest, and forget it."""
        text = "".join(f"{token}\n" for token in self.tokens)
        self.hasher.update(text.encode(errors="backslashreplace"))
        self.tokens.clear()

    def root(self, value: Any, without: frozenset[str]) -> None:
        if _is_indirect(value):
            self.met[value.objgen] = 0
        self._open(value, without)

    def _value(self, value: Any) -> None:
        if type(value) in _NUMBERS:  # by far the most values: the widths of letters in a font
            self.tokens.append(_number(value))
        elif not _is_indirect(value):
            self._open(value, frozenset())
        elif value.objgen in self.objects.places:
            self.tokens.append(f"→{self.objects.places[value.objgen]}")
        elif value.objgen in self.met:
            self.tokens.append(f"#{self.met[value.objgen]}")
        else:
            self.met[value.objgen] = len(self.met)
            self._open(value, frozenset())
            if len(self.tokens) > _MANY_TOKENS and not self.in_resources:
                self.hash_tokens()

    def _open(self, value: Any, without: frozenset[str]) -> None:
        from pikepdf import Array, Dictionary, Stream

        if isinstance(value, Array):
            self.tokens.append("[")
            for item in value:
                self._value(item)
            self.tokens.append("]")
        elif isinstance(value, Stream):
            self._stream(value, without)
        elif isinstance(value, Dictionary):
            self._dictionary(value, without)
        else:
            self.tokens.append(plainly(value))

    def _dictionary(self, value: Object, without: frozenset[str]) -> None:
        self._note(value)
        self.tokens.append("<<")
        for key, item in sorted(value.items()):
            if key in without or (key == "/Font" and not self.whole):
                continue
            self.tokens.append(key)
            if key == "/Resources" and not self.whole:
                self._resources(item)
            else:
                self._value(item)
        self.tokens.append(">>")

    def _stream(self, value: Object, without: frozenset[str]) -> None:
        self._dictionary(value, without | _ENCODING)
        if self.whole or not _writes_words(value):
            self.tokens.append(self.objects.data(value))

    def _resources(self, resources: Any) -> None:
        """Names of resources are the program's own; fonts are told apart by what they draw."""
        from pikepdf import Dictionary

        if not isinstance(resources, Dictionary):
            return
        for kind, named in sorted(resources.items()):
            if kind in UNCOMPARED_RESOURCES or not isinstance(named, Dictionary):
                continue
            self.tokens.append(kind)
            before, written = self.tokens, []
            self.in_resources += 1
            for _, item in named.items():
                self.tokens = []
                self._value(item)
                written.append("\n".join(self.tokens))
            self.in_resources -= 1
            self.tokens = before + sorted(written)

    def _note(self, value: Object) -> None:
        kind = str(value.get("/S", "")) if value.get("/Type") != "/StructElem" else ""
        found = _ACTIONS.get(kind), _MEDIA.get(str(value.get("/Subtype", "")))
        self.active |= {each for each in found if each}
        if "/JS" in value:
            self.active.add(_ACTIONS["/JavaScript"])


UNCOMPARED_RESOURCES: Final = frozenset({"/Font", "/ProcSet"})


_MOST_PIXELS: Final = 500_000_000
"""Pixels of a picture beyond any honest one; an A0 sheet at 500 dpi has fewer (387 million)."""


def decoded(stream: Object) -> bytes:
    """Return a stream's data, decoded as far as no picture is lost; raw if it is damaged.

    Raises MemoryError where a giant picture can't be decoded: that is a want of memory, which must
    not decide what is compared, and a rewriting tool stores the same picture in other bytes.
    """
    import pikepdf

    try:
        return bytes(stream.get_stream_buffer(pikepdf.StreamDecodeLevel.generalized))
    except (pikepdf.PdfError, RuntimeError):
        if _pixels(stream) > _MOST_PIXELS:
            raise MemoryError from None
        return bytes(stream.get_raw_stream_buffer())


def _pixels(stream: Object) -> int:
    width, height = stream.get("/Width"), stream.get("/Height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0


def plainly(value: Any) -> str:
    """Write what has no parts: numbers alike as 1 or 1.0, names without the letters of subsets."""
    from pikepdf import Name, String

    if isinstance(value, Name):
        return _SUBSET.sub("/", str(value), count=1)
    if isinstance(value, String):
        return f"({bytes(value).hex()})"
    if value is None or isinstance(value, bool):
        return str(value)
    try:
        return _number(value)
    except (TypeError, ValueError, ArithmeticError):
        return repr(value)


def _number(value: Any) -> str:
    return f"{float(value):.{_DIGITS}f}"


def words_of(value: Any) -> str:
    """Return a text of the file for people, in one line; empty where it is none."""
    from pikepdf import String

    return " ".join(str(value).split()) if isinstance(value, String) else ""


def tree(root: Any, leaf: str, deepest: int = 40) -> Iterator[tuple[Any, Any]]:
    """Yield key and value of a name tree (`/Names`) or number tree (`/Nums`) in its order.

    How it is cut into nodes is the program's own. Raises ValueError where it is nested without
    end. Source: ISO 32000-1, 7.9.6, 7.9.7.
    """
    from pikepdf import Array, Dictionary

    if not isinstance(root, Dictionary):
        return
    if not deepest:
        raise ValueError("a tree without end")
    pairs = root.get(leaf)
    if isinstance(pairs, Array):
        listed = list(pairs)
        yield from zip(listed[::2], listed[1::2], strict=False)
    kids = root.get("/Kids")
    for kid in kids if isinstance(kids, Array) else ():
        yield from tree(kid, leaf, deepest - 1)


def _writes_words(stream: Object) -> bool:
    """Tell whether a stream draws with fonts, whose codes every export chooses anew."""
    from pikepdf import Dictionary

    resources = stream.get("/Resources")
    return isinstance(resources, Dictionary) and "/Font" in resources


def _is_indirect(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))


def places_of(pdf: Pdf) -> dict[_Id, str]:
    """Name the objects of a file that are compared for themselves."""
    from pikepdf import Array

    places: dict[_Id, str] = {}
    tree_root = pdf.Root.get("/Pages")
    if tree_root is not None and tree_root.is_indirect:
        places[tree_root.objgen] = "页"
    for number, page in enumerate(pdf.pages, start=1):
        places[page.obj.objgen] = f"第{number}页"
        annotations = page.obj.get("/Annots")
        listed = list(annotations) if isinstance(annotations, Array) else []
        for index, annotation in enumerate(listed, start=1):
            if _is_indirect(annotation):
                places.setdefault(annotation.objgen, f"第{number}页批注{index}")
    places |= {layer.objgen: f"图层{index} {layer_name(layer)}" for index, layer in layers_of(pdf)}
    structure = pdf.Root.get("/StructTreeRoot")
    if structure is not None and structure.is_indirect:
        places[structure.objgen] = "结构"
    return places


def layers_of(pdf: Pdf) -> list[tuple[int, Object]]:
    """Return the layers (optional content groups) of a file, numbered from 1."""
    from pikepdf import Array, Dictionary

    properties = pdf.Root.get("/OCProperties")
    groups = properties.get("/OCGs") if isinstance(properties, Dictionary) else None
    listed = list(groups) if isinstance(groups, Array) else []
    return [
        (index, group)
        for index, group in enumerate(listed, start=1)
        if isinstance(group, Dictionary) and group.is_indirect
    ]


def layer_name(layer: Object) -> str:
    """Return a layer's name as people see it."""
    return words_of(layer.get("/Name"))
