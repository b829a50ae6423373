"""What a page says of itself and what it draws with, as pieces.

The look of a page is compared as MuPDF draws it; a printer or another reader follows settings
that MuPDF does not: pictures for print only, overprinting, transfer functions, fonts that are not
in the file. Source: ISO 32000-1, 7.7.3.3, 8.9.5.4 (alternate images), 10.5, 11.7.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.domain.comparison import Part, Piece
from dingmi_mark.formats.pdf.content import Contents, Ending
from dingmi_mark.formats.pdf.geometry import Inheritance
from dingmi_mark.formats.pdf.objects import UNCOMPARED_RESOURCES, Objects, plainly

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_BOXES: Final = (
    "/MediaBox",
    "/CropBox",
    "/BleedBox",
    "/TrimBox",
    "/ArtBox",
    "/Rotate",
    "/UserUnit",
)
_INHERITED: Final = frozenset(("/MediaBox", "/CropBox", "/Rotate"))
_OTHERWISE: Final = frozenset(
    (
        *_BOXES,
        *("/Type", "/Parent", "/Contents", "/Resources", "/Annots", "/StructParents"),
        "/LastModified",
    )
)
_NAMED: Final = {
    "/AA": (Part.ACTION, "这一页的自动动作"),
    "/AF": (Part.OBJECT, "这一页关联的文件"),
    "/Group": (Part.DRAWN, "这一页的透明设置"),
}
_KINDS: Final = {
    "/ExtGState": "透明、叠印等绘图设置",
    "/ColorSpace": "颜色设置",
    "/Pattern": "图案",
    "/Shading": "渐变",
    "/XObject": "图片等",
    "/Properties": "图层等标记",
}
_EMBEDDED: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_Id = tuple[int, int]


@dataclass
class Pages:
    """Reads the pages of one file; what several share is written once."""

    pdf: Pdf
    objects: Objects
    _inherit: Inheritance = field(default_factory=Inheritance)
    _known: dict[_Id, tuple[tuple[Part, str, str], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._contents = Contents(self.pdf)

    def pieces(self, page: Object, number: int) -> Iterator[Piece]:
        """Yield a page's boxes, its settings and its resources (`number` from 1)."""
        boxes = (
            self._inherit.of(page, key) if key in _INHERITED else page.get(key) for key in _BOXES
        )
        text = self.objects.written(_listed(boxes)).digest
        yield Piece(Part.PAGE, text, number, shown="〔页面的边界和方向〕")
        ending = self._contents.of(page).ending
        if ending != Ending():
            yield Piece(Part.PAGE, repr(ending), number, shown="〔页面内容没有正常结束〕")
        for key, value in sorted(page.items()):
            if key not in _OTHERWISE:
                part, name = _NAMED.get(key, (Part.SETTING, f"页面设置 {key[1:]}"))
                written = self.objects.written(value)
                shown = f"〔{name}{written.said}〕"
                yield Piece(part, f"{name} {written.digest}", number, shown=shown)
        for part, digest, shown in self._resources(page):
            yield Piece(part, digest, number, shown=shown)

    def _resources(self, page: Object) -> tuple[tuple[Part, str, str], ...]:
        from pikepdf import Dictionary

        resources = self._inherit.of(page, "/Resources")
        if not isinstance(resources, Dictionary):
            return ()
        if not resources.is_indirect:
            return tuple(self._kinds(resources))
        if resources.objgen not in self._known:
            self._known[resources.objgen] = tuple(self._kinds(resources))
        return self._known[resources.objgen]

    def _kinds(self, resources: Object) -> Iterator[tuple[Part, str, str]]:
        """Yield each kind of resources as one; their names are the program's own."""
        from pikepdf import Dictionary

        for kind, named in sorted(resources.items()):
            if kind in UNCOMPARED_RESOURCES or not isinstance(named, Dictionary) or not len(named):
                continue
            digests = sorted(self.objects.drawn(item).digest for _, item in named.items())
            yield Part.DRAWN, f"{kind} {' '.join(digests)}", f"〔{_KINDS.get(kind, kind[1:])}〕"
        fonts = resources.get("/Font")
        if isinstance(fonts, Dictionary):
            outside = {font for _, value in fonts.items() for font in self._outside(value)}
            for name, digest in sorted(outside):
                yield Part.DRAWN, digest, f"〔没有嵌入文件的字体 {name}〕"

    def _outside(self, font: Any) -> Iterator[tuple[str, str]]:
        """Yield a font of which the file holds no letters: every reader draws others."""
        from pikepdf import Dictionary

        if not isinstance(font, Dictionary):
            yield "?", "?"
        elif font.get("/Subtype") != "/Type3" and not _is_embedded(font):
            name = plainly(font.get("/BaseFont")).removeprefix("/")
            yield name, self.objects.written(font, without=frozenset({"/Name"})).digest


def _is_embedded(font: Object) -> bool:
    from pikepdf import Array, Dictionary

    below = font.get("/DescendantFonts")
    holders = list(below) if isinstance(below, Array) else [font]
    descriptors = [
        holder.get("/FontDescriptor") for holder in holders if isinstance(holder, Dictionary)
    ]
    return bool(descriptors) and all(
        isinstance(each, Dictionary) and any(key in each for key in _EMBEDDED)
        for each in descriptors
    )


def _listed(values: Iterator[Any]) -> Object:
    from pikepdf import Array

    return Array([str(value) if value is None else value for value in values])
