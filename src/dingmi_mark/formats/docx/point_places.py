"""Places in a Word file where a point would not be seen, or not as a whole, in Word."""

from __future__ import annotations

from collections.abc import Sequence

from dingmi_mark.errors import PointCutOff, PointHidden
from dingmi_mark.formats.base import PointMark
from dingmi_mark.formats.docx.names import Element, child, q, switched_on
from dingmi_mark.formats.docx.styles import Styles
from dingmi_mark.formats.docx.text import visible_text


def refuse_unseen_places(
    found: Sequence[tuple[PointMark, Element]], styles: Styles, where: str
) -> None:
    """Refuse points in paragraphs that Word hides, or in whose lines it would cut them off.

    LibreOffice shows them whole, Word what is within the line (ISO/IEC 29500-1, 17.18.48) and
    nothing of a hidden row (17.4.20). Raises PointCutOff, PointHidden.
    """
    for mark, paragraph in found:
        if _in_hidden_row(paragraph) or _is_hidden(paragraph, styles):
            raise PointHidden(where, point=mark.id)
        line = styles.exact_line(paragraph)
        if line is not None and line < mark.size_pt:
            raise PointCutOff(where, point=mark.id, line=f"{line:g}", size=f"{mark.size_pt:g}")


def _in_hidden_row(paragraph: Element) -> bool:
    rows = paragraph.iterancestors(q("w:tr"))
    return any(switched_on(child(child(row, "w:trPr"), "w:hidden")) for row in rows)


def _is_hidden(paragraph: Element, styles: Styles) -> bool:
    """Tell whether a style hides all words: what hides itself is no text to begin with."""
    runs = [run for run in paragraph.iter(q("w:r")) if visible_text(run).strip()]
    return bool(runs) and all(styles.hides(run, paragraph) for run in runs)
