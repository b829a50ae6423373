"""What saving a file anew changes and no reader sees: all else that differs is a difference.

Each name stands here with its reason. An element counts as harmless only where nothing is in it
but what is harmless too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dingmi_mark.formats.docx.names import Element, elements, q, value

_SESSION: Final = "in which session of editing it was written"
_SPELLING: Final = "for the spelling checker"
_SCREEN: Final = "how it was last seen on the screen"
_PICKER: Final = "whether the list of styles offers it"
_NUMBERED_ANEW: Final = "a number of its own, given anew at saving"

_ELEMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "w:proofErr": _SPELLING,
        "w:noProof": _SPELLING,
        "w:lang": _SPELLING,
        "w:proofState": _SPELLING,
        "w:activeWritingStyle": _SPELLING,
        "w:hideSpellingErrors": _SPELLING,
        "w:hideGrammaticalErrors": _SPELLING,
        "w:lastRenderedPageBreak": "where a page ended when it was last laid out",
        "w:rsid": _SESSION,
        "w:rsids": _SESSION,
        "w:rsidRoot": _SESSION,
        "w:zoom": _SCREEN,
        "w:view": _SCREEN,
        "w:doNotDisplayPageBoundaries": _SCREEN,
        "w:stylePaneFormatFilter": _PICKER,
        "w:stylePaneSortMethod": _PICKER,
        "w:uiPriority": _PICKER,
        "w:qFormat": _PICKER,
        "w:semiHidden": _PICKER,
        "w:unhideWhenUsed": _PICKER,
        "w:next": "which style the next paragraph gets when it is typed",
        "w:savePreviewPicture": "whether a small picture of page one is kept",
        "w:nsid": _NUMBERED_ANEW,
        "w:tmpl": _NUMBERED_ANEW,
        "w14:docId": _NUMBERED_ANEW,
        "w15:docId": _NUMBERED_ANEW,
        "w15:chartTrackingRefBased": "how numbers of charts are kept",
        "o:idmap": _NUMBERED_ANEW,
        "w:sdtPr/w:id": _NUMBERED_ANEW,
        "w:optimizeForBrowser": "for saving as a web page",
        "w:allowPNG": "for saving as a web page",
        "w:relyOnVML": "for saving as a web page",
        "w:doNotSaveAsSingleFile": "for saving as a web page",
        "w:pixelsPerInch": "for saving as a web page",
        "w:targetScreenSz": "for saving as a web page",
    }
)

_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "w:rsidR": _SESSION,
        "w:rsidRPr": _SESSION,
        "w:rsidRDefault": _SESSION,
        "w:rsidP": _SESSION,
        "w:rsidTr": _SESSION,
        "w:rsidSect": _SESSION,
        "w:rsidDel": _SESSION,
        "w14:paraId": _NUMBERED_ANEW,
        "w14:textId": _NUMBERED_ANEW,
        "wp14:anchorId": _NUMBERED_ANEW,
        "wp14:editId": _NUMBERED_ANEW,
        "w16cid:durableId": _NUMBERED_ANEW,
        "xml:space": "whether white space counts is seen where text is read",
    }
)

_ATTRIBUTES_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wp:docPr/id": _NUMBERED_ANEW,
        "w:ins/w:id": _NUMBERED_ANEW,
        "w:del/w:id": _NUMBERED_ANEW,
        "w:moveFrom/w:id": _NUMBERED_ANEW,
        "w:moveTo/w:id": _NUMBERED_ANEW,
        "w:rPrChange/w:id": _NUMBERED_ANEW,
        "w:pPrChange/w:id": _NUMBERED_ANEW,
        "w:sectPrChange/w:id": _NUMBERED_ANEW,
        "w:tblPrChange/w:id": _NUMBERED_ANEW,
        "w:trPrChange/w:id": _NUMBERED_ANEW,
        "w:tcPrChange/w:id": _NUMBERED_ANEW,
        "w:abstractNum/w:abstractNumId": _NUMBERED_ANEW,
        "o:shapedefaults/spidmax": _NUMBERED_ANEW,
    }
)

PROPERTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "core:lastModifiedBy": "who saved it last",
        "core:revision": "how often it was saved",
        "core:lastPrinted": "when it was printed",
        "dcterms:modified": "when it was saved",
        "ep:Application": "what saved it",
        "ep:AppVersion": "what saved it",
        "ep:Template": "from which template it was made",
        "ep:TotalTime": "how long it was open",
        "ep:Pages": "counted at saving",
        "ep:Words": "counted at saving",
        "ep:Characters": "counted at saving",
        "ep:CharactersWithSpaces": "counted at saving",
        "ep:Lines": "counted at saving",
        "ep:Paragraphs": "counted at saving",
        "ep:DocSecurity": "how it was opened",
        "ep:ScaleCrop": "how its small picture is shown",
        "ep:LinksUpToDate": "whether links were followed",
        "ep:SharedDoc": "whether several edited it at once",
        "ep:HyperlinksChanged": "whether links were followed",
        "KSOProductBuildVer": "what saved it (WPS)",
        "ICV": "an identity given at saving (WPS)",
        "KSOTemplateDocerSaveRecord": "an identity given at saving (WPS)",
    }
)
"""Properties that saving changes: only fields show them, so they count where there is such one."""

RELATIONSHIPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail": (
            "the small picture that folders show"
        ),
        "http://schemas.microsoft.com/office/2011/relationships/people": (
            "how to reach the authors of comments, whose names stand at the comments"
        ),
    }
)
"""Parts that neither show anything nor change what is shown."""

FRAMES: Final = frozenset(("w:id", "w:docPartObj", "w:docPartGallery", "w:docPartUnique"))
"""A content control of nothing else is the frame that Word puts around what it inserts itself."""

_KNOWN_EXTENSIONS: Final = ("http://schemas.microsoft.com/office/", "http://www.wps.cn/")


def is_harmless(element: Element) -> bool:
    """Tell whether neither the element nor anything in it is ever seen."""
    if not (_named_harmless(element) or _is_switched_off(element)):
        return False
    texts = (element.text, *(each.tail for each in element))
    return not any((text or "").strip() for text in texts) and all(
        is_harmless(each) for each in elements(element)
    )


def is_harmless_attribute(element: Element, name: str) -> bool:
    """Tell whether an attribute is never seen."""
    return name in _NAMES_OF_ATTRIBUTES or (element.tag, name) in _PAIRS


def seen_extensions(prefixes: str, element: Element) -> str:
    """Return the namespaces that a reader may leave out (mc:Ignorable), without usual ones.

    Programs name more and more of these at saving; a reader that knows one never leaves it out.
    """
    spaces = {element.nsmap.get(prefix) or prefix for prefix in prefixes.split()}
    return " ".join(sorted(space for space in spaces if not space.startswith(_KNOWN_EXTENSIONS)))


def is_frame(control: Element) -> bool:
    """Tell whether a content control is only the frame of a gallery (page numbers and the like)."""
    said = [each for each in elements(control) if each.tag != q("w:sdtContent")]
    return bool(said) and all(_says_nothing(each) for each in said)


def _says_nothing(properties: Element) -> bool:
    if properties.tag == q("w:sdtEndPr"):
        return all(each.tag == q("w:rPr") for each in properties)
    inner = [each.tag for each in properties.iterdescendants()]
    return properties.tag == q("w:sdtPr") and set(inner) <= _NAMES_OF_FRAMES


def _named_harmless(element: Element) -> bool:
    parent = element.getparent()
    within = (parent.tag if parent is not None else "", element.tag)
    return element.tag in _NAMES or within in _NAMES_WITHIN


def _is_switched_off(element: Element) -> bool:
    """A switch of compatibility that is off: newer programs write down more of them."""
    name = value(element, "w:name")
    return (
        element.tag == q("w:compatSetting")
        and value(element) == "0"
        and name is not None
        and name != "compatibilityMode"
    )


def _pair(path: str) -> tuple[str, str]:
    first, _, second = path.partition("/")
    return q(first), q(second)


_NAMES: Final = frozenset(q(name) for name in _ELEMENTS if "/" not in name)
_NAMES_WITHIN: Final = frozenset(_pair(name) for name in _ELEMENTS if "/" in name)
_NAMES_OF_ATTRIBUTES: Final = frozenset(q(name) for name in _ATTRIBUTES)
_PAIRS: Final = frozenset(_pair(name) for name in _ATTRIBUTES_OF)
_NAMES_OF_FRAMES: Final = frozenset(q(name) for name in FRAMES)
