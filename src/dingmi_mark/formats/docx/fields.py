"""Fields and controls that show what stands elsewhere, which saving the file may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingmi_mark.formats.docx.canonical import Canonical
from dingmi_mark.formats.docx.names import Element, q, value
from dingmi_mark.formats.docx.spans import LAST_PLACE

_NAMES: Final = (
    "PAGE NUMPAGES SECTION SECTIONPAGES HYPERLINK TOC PAGEREF REF NOTEREF SEQ EQ SYMBOL ADVANCE "
    "LISTNUM STYLEREF TITLE SUBJECT AUTHOR KEYWORDS COMMENTS CREATEDATE DATE TIME FORMTEXT "
    "FORMCHECKBOX FORMDROPDOWN QUOTE"
)
_OF_THE_TEXT: Final = frozenset(_NAMES.split())
"""Fields that show nothing of what saving changes; any other one may."""

_INSTRUCTIONS: Final = frozenset((q("w:instrText"), q("w:delInstrText")))
_STEPS: Final = frozenset((q("w:fldChar"), q("w:fldSimple"), q("w:dataBinding"), *_INSTRUCTIONS))


def shows_what_saving_changes(canonical: Canonical) -> bool:
    """Tell whether a file may show who saved it, when, or where somebody was editing last."""
    package = canonical.package
    kinds = {member.filename: package.content_type(member.filename) for member in package.members}
    words = [name for name, kind in kinds.items() if "wordprocessingml" in kind]
    return any(not canonical.is_xml(name) or _shows(package.tree(name)) for name in words)


def _shows(root: Element) -> bool:
    if next(root.iter(q("w:dataBinding")), None) is not None:
        return True
    return any(not _is_of_the_text(instruction) for instruction in instructions(root))


def instructions(root: Element) -> Iterator[str]:
    """Yield what fields say; one within the saying of another stands in it as a brace."""
    open_ones: list[str] = []
    for element in root.iter(*_STEPS):
        kind = value(element, "w:fldCharType")
        if element.tag == q("w:fldSimple"):
            yield value(element, "w:instr") or ""
        elif element.tag in _INSTRUCTIONS and open_ones:
            open_ones[-1] += element.text or ""
        elif kind == "begin":
            open_ones = [*(f"{each}{{" for each in open_ones), ""]
        elif kind in ("separate", "end") and open_ones:
            yield open_ones.pop()
    yield from open_ones


def _is_of_the_text(instruction: str) -> bool:
    words = instruction.split()
    return (
        (not words or words[0].upper() in _OF_THE_TEXT)
        and "{" not in instruction
        and LAST_PLACE not in instruction.lower()
    )
