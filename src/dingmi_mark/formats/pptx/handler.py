"""The handlers of presentations: look into .pptx files, mark them, show them as pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dingmi_mark.domain.comparison import Content
from dingmi_mark.errors import ConfirmationToolFailed, DraftNotComparable
from dingmi_mark.formats.base import Access, Draft, Faces, MarkJob, PageView, Placed
from dingmi_mark.formats.docx.obstacles import is_kind, refuse_ole
from dingmi_mark.formats.docx.package import Limits, opened
from dingmi_mark.formats.office_convert import SLIDES_PDF, find_soffice, to_pdf
from dingmi_mark.formats.pptx.content import SlideWords, slide_words
from dingmi_mark.formats.pptx.presentation import (
    TYPE_MACRO_PRESENTATION,
    TYPE_PRESENTATION,
    USUAL_MAIN_PART,
    Presentation,
    read_presentation,
    refuse_locked,
)
from dingmi_mark.formats.pptx.reading import read_draft
from dingmi_mark.formats.pptx.writing import clean_slides, mark_slides, unmark_slides
from dingmi_mark.messages import say


@dataclass(frozen=True)
class PptxHandler:
    """Presentations (Open XML, transitional). Macros are carried along byte for byte, never run.

    Every slide is a page, the hidden ones too. `kind` is the content type of the main part;
    `access` says whether an approval sets aside that editing is restricted.
    """

    limits: Limits = field(default_factory=Limits, repr=False)
    name: str = "PPTX"
    suffixes: tuple[str, ...] = (".pptx",)
    flows: bool = False
    adds_strips: bool = False
    shown_by_others: bool = True
    kind: str = TYPE_PRESENTATION
    access: Access = Access()

    def recognises(self, path: Path) -> bool:
        """Tell by the content whether this is a presentation, also one that `inspect` refuses."""
        return is_kind(path, self.limits, self.kind, USUAL_MAIN_PART)

    def inspect(self, path: Path) -> Draft:
        """Look into a file. Raises DraftEmpty, DraftBroken, DraftUnsupported, DraftProtected,
        DraftLocked, DraftSigned, DraftTooCostly.
        """
        with self._opened(path) as presentation:
            return read_draft(presentation, self.name)

    def read_back(self, path: Path) -> Draft:
        """The same: all of it is read at once."""
        return self.inspect(path)

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Write `target` as `source` with the job's marks; other parts keep their bytes.

        Raises what `inspect` does, PointUnsupported, DraftCarriesMarkFont; OSError.
        """
        with self._opened(source) as presentation:
            return mark_slides(presentation, target, job, faces, self.name)

    def unmark(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without our marks on its slides; the label stays.

        Raises what `inspect` does; OSError from writing.
        """
        with self._opened(source) as presentation:
            unmark_slides(presentation, target)

    def clean(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without anything of ours: no mark, label or id.

        Raises what `inspect` does; OSError from writing.
        """
        with self._opened(source) as presentation:
            clean_slides(presentation, target)

    def without_own_fonts(self, path: Path, target: Path) -> bool:
        """Write `target` without the fonts that the file carries; False where it carries none.

        Raises what `inspect` does; OSError.
        """
        from dingmi_mark.formats.docx.carried_fonts import drop_fonts

        with self._opened(path) as presentation:
            return drop_fonts(presentation.package, presentation.part, target)

    def words(self, path: Path) -> tuple[SlideWords, ...]:
        """Read what slides and notes say, slide by slide. Raises what `inspect` does."""
        with self._opened(path) as presentation:
            return tuple(slide_words(presentation))

    def content(self, path: Path) -> Content | None:
        """Raise DraftNotComparable: what is filled in after an approval cannot be told here."""
        cause = say("in slides and tables nothing can be filled in after the approval")
        raise DraftNotComparable(str(path), cause=cause)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Presentation]:
        refuse_ole(path)
        with opened(path, self.limits) as package:
            presentation = read_presentation(package)
            if not self.access.despite_restrictions:
                refuse_locked(presentation)
            yield presentation

    @contextmanager
    def view(self, path: Path) -> Iterator[PageView | None]:
        """Show the slides as LibreOffice draws them; None where LibreOffice is not installed.

        Raises ConfirmationToolFailed, also where it shows another number of slides.
        """
        if find_soffice() is None:
            yield None
            return
        from dingmi_mark.formats.pdf.view import open_pdf_view

        with self._opened(path) as presentation:
            count = len(presentation.slides)
        with TemporaryDirectory(prefix="dingmi-view-") as folder:
            shown = to_pdf(path, Path(folder), self.suffixes[0], wanted=SLIDES_PDF)
            with open_pdf_view(shown) as pages:
                if len(pages.sizes) != count:
                    cause = say("LibreOffice shows another number of slides")
                    raise ConfirmationToolFailed(str(path), cause=cause)
                yield pages


SLIDE_HANDLERS: Final = (
    PptxHandler(),
    PptxHandler(name="PPTM", suffixes=(".pptm",), kind=TYPE_MACRO_PRESENTATION),
)
"""One handler a kind: a file must bear the ending of its kind."""
