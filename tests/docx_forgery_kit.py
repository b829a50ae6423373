"""Word files taken apart and put together again: what a forger, or Word itself, may change."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import TypeAlias

from late_kit import BLANK_DAY, BLANK_NUMBER, DAY_WORDS, NUMBER, Edit, paper

Parts: TypeAlias = dict[str, bytes]
Change: TypeAlias = Callable[[Parts], None]

DOCUMENT, SETTINGS, STYLES = "word/document.xml", "word/settings.xml", "word/styles.xml"
RELATIONS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
CORE, APP, FONTS = "docProps/core.xml", "docProps/app.xml", "word/fontTable.xml"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_R = f'xmlns:r="{_OFFICE}/relationships"'
_KIND = "application/vnd.openxmlformats-officedocument"


def unpacked(content: bytes) -> Parts:
    """The parts of a file by their names."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    """A file of these parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(content: bytes, *changes: Change) -> bytes:
    """The file after all these changes."""
    parts = unpacked(content)
    for change in changes:
        change(parts)
    return packed(parts)


def both(*changes: Change) -> Change:
    """Make several changes."""

    def change(parts: Parts) -> None:
        for each in changes:
            each(parts)

    return change


def swap(part: str, old: str, new: str) -> Change:
    """Replace words of a part, which must be there."""

    def change(parts: Parts) -> None:
        assert old.encode() in parts[part], f"{old} is not in {part}"
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return change


def body(xml: str) -> Change:
    """Add to the end of the body."""
    return swap(DOCUMENT, "<w:sectPr ", f"{xml}<w:sectPr ")


def setting(xml: str) -> Change:
    """Add a setting."""
    return swap(SETTINGS, "<w:defaultTabStop", f"{xml}<w:defaultTabStop")


def part(name: str, content: str | bytes, kind: str = "") -> Change:
    """Add or replace a part, declared as this kind."""

    def change(parts: Parts) -> None:
        parts[name] = content.encode() if isinstance(content, str) else content
        if kind:
            entry = f'<Override PartName="/{name}" ContentType="{kind}"/>'
            swap(TYPES, "</Types>", f"{entry}</Types>")(parts)

    return change


def related(id_: str, kind: str, target: str, relations: str = RELATIONS, mode: str = "") -> Change:
    """Add a relationship; `kind` is its whole type, or the last word of a usual one."""
    full = kind if "://" in kind else f"{_OFFICE}/relationships/{kind}"
    entry = f'<Relationship Id="{id_}" Type="{full}" Target="{target}"{mode}/>'

    def change(parts: Parts) -> None:
        if relations not in parts:
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            parts[relations] = f'<Relationships xmlns="{space}"></Relationships>'.encode()
        swap(relations, "</Relationships>", f"{entry}</Relationships>")(parts)

    return change


EXTERNAL = ' TargetMode="External"'

FILLED: tuple[Change, ...] = (
    swap(DOCUMENT, BLANK_NUMBER, NUMBER),
    swap(DOCUMENT, BLANK_DAY, DAY_WORDS),
)
"""What is filled in after the approval, and nothing else."""


def words(text: str, properties: str = "") -> str:
    """A paragraph's XML."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def field(instruction: str, shown: str) -> str:
    """A paragraph with a field."""
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"<w:p>{begin}{code}{separate}<w:r><w:t>{shown}</w:t></w:r>{end}</w:p>"


def _graphic(uri: str, inner: str) -> str:
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1080000" cy="720000"/>'
        f'<wp:docPr id="90" name="样例"/><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData '
        f'uri="{uri}">{inner}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )


_CHART = _graphic(f"{_DRAWING}/chart", f'<c:chart xmlns:c="{_DRAWING}/chart" r:id="rId40"/>')
_DIAGRAM = _graphic(
    f"{_DRAWING}/diagram", f'<dgm:relIds xmlns:dgm="{_DRAWING}/diagram" r:dm="rId41"/>'
)
_SHAPE_INNER = (
    '<wps:wsp><wps:spPr><a:custGeom><a:pathLst><a:path w="9" h="9"><a:moveTo><a:pt x="0" y="0"/>'
    "</a:moveTo></a:path></a:pathLst></a:custGeom></wps:spPr><wps:txbx><w:txbxContent>"
    f"{words('样例框里的字')}</w:txbxContent></wps:txbx></wps:wsp>"
)
_SHAPE = _graphic("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", _SHAPE_INNER)
_SHAPE_OR_OLDER = _SHAPE.replace(
    "<w:drawing>", '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
).replace(
    "</w:drawing>",
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
    f"{words('样例框里的字')}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent>",
)
_INK = (
    '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wpi"><w:drawing><w14:contentPart '
    'r:id="rId43"/></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>'
)
_FORMULA = (
    '<w:p><m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub/><m:sup/><m:e><m:sSup>'
    "<m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:e>"
    "</m:nary></m:oMath></w:p>"
)
_BOUND = (
    '<w:sdt><w:sdtPr><w:alias w:val="样例"/><w:id w:val="111"/><w:dataBinding w:xpath="/s/n" '
    'w:storeItemID="{00000000-0000-0000-0000-000000000001}"/></w:sdtPr><w:sdtContent>'
    f"{words('绑定的样例')}</w:sdtContent></w:sdt>"
)
_OBJECT = (
    '<w:p><w:r><w:object><v:shape id="_x0000_i1025" style="width:90pt;height:30pt"/>'
    '<o:OLEObject Type="Embed" ProgID="样例" ShapeID="_x0000_i1025" r:id="rId44"/></w:object>'
    "</w:r></w:p>"
)
_MARKED = (
    '<w:p><w:bookmarkStart w:id="5" w:name="样例处"/><w:r><w:t>被引用的样例</w:t></w:r>'
    '<w:bookmarkEnd w:id="5"/><w:r><w:t>，没有被引用</w:t></w:r></w:p>'
)
_STRANGE = '<w:p><w:r><w:t>样例</w:t><z:note xmlns:z="urn:sample" z:said="有时看得见"/></w:r></w:p>'

RICH: tuple[Change, ...] = (
    *(body(xml) for xml in (_CHART, _DIAGRAM, _SHAPE_OR_OLDER, _INK, _FORMULA, _BOUND, _OBJECT)),
    body(_MARKED + field(" REF 样例处 ", "被引用的样例") + field(" TITLE ", "样例标题")),
    body(field(" DOCPROPERTY 样例属性 ", "样例值") + field(" NUMPAGES ", "9") + _STRANGE),
    body('<w:altChunk r:id="rId45"/>'),
    body(words("样例项目", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')),
    related("rId40", "chart", "charts/chart1.xml"),
    part(
        "word/charts/chart1.xml",
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" {_R}><c:v>7</c:v><c:userShapes r:id="rId1"/>'
        "</c:chartSpace>",
        f"{_KIND}.drawingml.chart+xml",
    ),
    related("rId1", "chartUserShapes", "shapes1.xml", "word/charts/_rels/chart1.xml.rels"),
    part("word/charts/shapes1.xml", "<s>图上的字</s>", f"{_KIND}.drawingml.chartshapes+xml"),
    related("rId41", "diagramData", "diagrams/data1.xml"),
    part("word/diagrams/data1.xml", "<d>流程</d>", f"{_KIND}.drawingml.diagramData+xml"),
    related(
        "rId42",
        "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing",
        "diagrams/drawing1.xml",
    ),
    part("word/diagrams/drawing1.xml", "<d>流程</d>", "application/vnd.ms-office.drawingml+xml"),
    related("rId43", "customXml", "ink/ink1.xml"),
    part("word/ink/ink1.xml", "<ink>1 2 3</ink>", "application/inkml+xml"),
    related("rId44", "oleObject", "embeddings/o.bin"),
    part("word/embeddings/o.bin", b"\x01object", f"{_KIND}.oleObject"),
    related("rId45", "aFChunk", "chunk.txt"),
    part("word/chunk.txt", "样例：嵌入的一段", "text/plain"),
    related("rId46", "customXml", "../customXml/item2.xml"),
    part("customXml/item2.xml", "<s><n>绑定的样例</n></s>"),
    related("rId1", "font", "fonts/f.odttf", "word/_rels/fontTable.xml.rels"),
    part("word/fonts/f.odttf", b"\x01font", f"{_KIND}.obfuscatedFont"),
    swap(
        FONTS,
        "</w:fonts>",
        '<w:font w:name="样例体"><w:embedRegular r:id="rId1"/></w:font></w:fonts>',
    ),
    setting('<w:attachedTemplate r:id="rId9"/>'),
    related("rId9", "attachedTemplate", "sample.dotx", "word/_rels/settings.xml.rels", EXTERNAL),
    related("rId9", "custom-properties", "docProps/custom.xml", "_rels/.rels"),
    part(
        "docProps/custom.xml",
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="样例属性">'
        "<vt:lpwstr>样例值</vt:lpwstr></property></Properties>",
        f"{_KIND}.custom-properties+xml",
    ),
    swap(DOCUMENT, "<w:p/>", f"{words('遮住的样例')}<w:p/>"),
)
"""A draft with much that Word can hold."""


def rich(*changes: Change, edits: tuple[Edit, ...] = ()) -> bytes:
    """The draft that holds much, changed."""
    return changed(paper(*edits), *RICH, *changes)
