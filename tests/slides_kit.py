"""Small presentations written by hand, with all that a test asks for and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from opc_kit import content_types, rels, xml

SLIDE = "样例：虚构的演示内容"
NOTES = "样例：讲稿里的虚构内容"
WIDTH_MM, HEIGHT_MM = 254.0, 190.5

_EMU = 36_000
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument.presentationml"
_OFFICE = "application/vnd.openxmlformats-officedocument"
PRESENTATION = f"{_ML}.presentation.main+xml"
MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
VBA = bytes(range(256)) * 4
_EMPTY = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
_MAP = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
    'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
    'folHlink="folHlink"/>'
)
_SCHEME = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in (
        ("dk1", "000000"), ("lt1", "FFFFFF"), ("dk2", "202020"), ("lt2", "EEEEEE"),
        *((f"accent{number}", "3366AA") for number in range(1, 7)),
        ("hlink", "0000FF"), ("folHlink", "800080"),
    )
)  # fmt: skip
_FACES = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="9525">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"
_THEME = (
    f'<a:theme {_NAMES} name="样例"><a:themeElements><a:clrScheme name="样例">{_SCHEME}'
    f'</a:clrScheme><a:fontScheme name="样例"><a:majorFont>{_FACES}</a:majorFont><a:minorFont>'
    f'{_FACES}</a:minorFont></a:fontScheme><a:fmtScheme name="样例"><a:fillStyleLst>{_FILL * 3}'
    f"</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}</a:lnStyleLst><a:effectStyleLst>{_EFFECT * 3}"
    f"</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme>"
    "</a:themeElements></a:theme>"
)


@dataclass(frozen=True)
class Sheet:
    """A slide: its words and where they stand (mm), whether it is hidden, what its notes say."""

    text: str = SLIDE
    at: tuple[float, float] = (40, 110)
    hidden: bool = False
    notes: str = ""
    more: str = ""


@dataclass(frozen=True)
class Show:
    """A presentation; `more` are further members, `kind` the content type of the main part."""

    sheets: tuple[Sheet, ...] = (Sheet(),)
    kind: str = PRESENTATION
    main: str = ""
    more: Mapping[str, bytes] = field(default_factory=dict)


def text_box(text: str, x: float, y: float, number: int = 2, width: float = 150) -> str:
    """Return a text box of 20 mm height at a place of a slide (mm)."""
    place = f'<a:off x="{round(x * _EMU)}" y="{round(y * _EMU)}"/>'
    size = f'<a:ext cx="{round(width * _EMU)}" cy="{20 * _EMU}"/>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="框"/><p:cNvSpPr txBox="1"/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm>{place}{size}</a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r>"
        f'<a:rPr lang="zh-CN" sz="2000"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


SHOW = Show((Sheet(notes=NOTES), Sheet("样例：第二张", hidden=True)))


def slides(show: Show | None = None) -> bytes:
    """Return a presentation as bytes, the same every time."""
    show = show or Show()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_members(show), **show.more}.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return stream.getvalue()


def _members(show: Show) -> dict[str, bytes]:
    count = range(1, len(show.sheets) + 1)
    types = {
        "/ppt/presentation.xml": show.kind,
        "/ppt/slideMasters/slideMaster1.xml": f"{_ML}.slideMaster+xml",
        "/ppt/slideLayouts/slideLayout1.xml": f"{_ML}.slideLayout+xml",
        "/ppt/theme/theme1.xml": f"{_OFFICE}.theme+xml",
        **{f"/ppt/slides/slide{number}.xml": f"{_ML}.slide+xml" for number in count},
    }
    found = {
        "_rels/.rels": rels((f"{_REL}/officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": xml(_presentation(show)),
        "ppt/_rels/presentation.xml.rels": rels(
            (f"{_REL}/slideMaster", "slideMasters/slideMaster1.xml"),
            *((f"{_REL}/slide", f"slides/slide{number}.xml") for number in count),
        ),
        "ppt/slideMasters/slideMaster1.xml": xml(
            f"<p:sldMaster {_NAMES}><p:cSld><p:spTree>{_EMPTY}</p:spTree></p:cSld>{_MAP}"
            '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>'
            "</p:sldMaster>"
        ),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": rels(
            (f"{_REL}/slideLayout", "../slideLayouts/slideLayout1.xml"),
            (f"{_REL}/theme", "../theme/theme1.xml"),
        ),
        "ppt/slideLayouts/slideLayout1.xml": xml(
            f"<p:sldLayout {_NAMES}><p:cSld><p:spTree>{_EMPTY}</p:spTree></p:cSld></p:sldLayout>"
        ),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": rels(
            (f"{_REL}/slideMaster", "../slideMasters/slideMaster1.xml")
        ),
        "ppt/theme/theme1.xml": xml(_THEME),
    }
    for number, sheet in zip(count, show.sheets, strict=True):
        found[f"ppt/slides/slide{number}.xml"] = xml(_slide(sheet))
        edges = [(f"{_REL}/slideLayout", "../slideLayouts/slideLayout1.xml")]
        if sheet.notes:
            name = f"notesSlides/notesSlide{number}.xml"
            edges.append((f"{_REL}/notesSlide", f"../{name}"))
            types[f"/ppt/{name}"] = f"{_ML}.notesSlide+xml"
            found[f"ppt/{name}"] = xml(
                f"<p:notes {_NAMES}><p:cSld><p:spTree>{_EMPTY}{text_box(sheet.notes, 20, 20)}"
                "</p:spTree></p:cSld></p:notes>"
            )
        found[f"ppt/slides/_rels/slide{number}.xml.rels"] = rels(*edges)
    if show.kind == MACROS:
        types["/ppt/vbaProject.bin"] = "application/vnd.ms-office.vbaProject"
        found["ppt/vbaProject.bin"] = VBA
    return {"[Content_Types].xml": content_types(types), **found}


def _presentation(show: Show) -> str:
    numbers = range(len(show.sheets))
    listed = "".join(f'<p:sldId id="{256 + one}" r:id="rId{one + 2}"/>' for one in numbers)
    size = f'cx="{round(WIDTH_MM * _EMU)}" cy="{round(HEIGHT_MM * _EMU)}"'
    return (
        f'<p:presentation {_NAMES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f"</p:sldMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst><p:sldSz {size}/>"
        f'<p:notesSz cx="6858000" cy="9144000"/>{show.main}</p:presentation>'
    )


def _slide(sheet: Sheet) -> str:
    hidden = ' show="0"' if sheet.hidden else ""
    box = text_box(sheet.text, *sheet.at) if sheet.text else ""
    return (
        f"<p:sld {_NAMES}{hidden}><p:cSld><p:spTree>{_EMPTY}{box}{sheet.more}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )
