"""The Word handlers: look into .docx files and their like, mark them, show them as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dingmi_mark.domain.authoring import Authored
from dingmi_mark.domain.comparison import Content
from dingmi_mark.domain.late_values import LateValues
from dingmi_mark.domain.points import PointAnchor
from dingmi_mark.formats.base import Access, Draft, Faces, MarkJob, PageView, Placed
from dingmi_mark.formats.docx.names import (
    TYPE_DOCUMENT,
    TYPE_MACRO_DOCUMENT,
    TYPE_MACRO_TEMPLATE,
    TYPE_TEMPLATE,
)
from dingmi_mark.formats.docx.obstacles import (
    document_body,
    is_word,
    main_part,
    refuse_locked,
    refuse_ole,
)
from dingmi_mark.formats.docx.package import Limits, Package, opened
from dingmi_mark.formats.docx.reading import read_draft
from dingmi_mark.formats.docx.writing import mark_package
from dingmi_mark.formats.office_convert import find_soffice, to_pdf
from dingmi_mark.messages import say


@dataclass(frozen=True)
class DocxHandler:
    """Word documents (Open XML, transitional). Macros are carried along byte for byte, never run.

    `kind` is the content type of the main part; `access` says whether an approval sets aside that
    editing is restricted.
    """

    limits: Limits = field(default_factory=Limits, repr=False)
    name: str = "DOCX"
    suffixes: tuple[str, ...] = (".docx",)
    flows: bool = True
    adds_strips: bool = False
    shown_by_others: bool = True
    kind: str = TYPE_DOCUMENT
    access: Access = Access()

    def recognises(self, path: Path) -> bool:
        """Tell by the content whether this is a Word file, also one that `inspect` refuses.

        A package encrypted with a password counts: what is in it cannot be told.
        """
        return is_word(path, self.limits, self.kind)

    def inspect(self, path: Path) -> Draft:
        """Look into a file. Raises DraftEmpty, DraftBroken, DraftUnsupported, DraftStrict,
        DraftProtected, DraftLocked, DraftSigned, DraftTooCostly.
        """
        with self._opened(path) as package:
            draft = read_draft(package, self.name)
        if self.kind not in (TYPE_TEMPLATE, TYPE_MACRO_TEMPLATE):
            return draft
        told = say("It is a template: what is made from it would show its mark. Do not use it so.")
        return replace(draft, remarks=(*draft.remarks, told))

    def read_back(self, path: Path) -> Draft:
        """The same: all of it is read at once."""
        return self.inspect(path)

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Write `target` as `source` with the job's marks; other parts keep their bytes.

        Raises what `inspect` does, PointNotFound, PointAmbiguous, PointUnsupported,
        DraftCarriesMarkFont; OSError.
        """
        with self._opened(source) as package:
            return mark_package(package, target, job, faces)

    def unmark(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without our marks on its pages; the label stays.

        Raises what `inspect` does; OSError from writing.
        """
        from dingmi_mark.formats.docx.unmarking import unmark_package

        with self._opened(source) as package:
            unmark_package(package, target)

    def clean(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without anything of ours: no mark, label or id.

        Raises what `inspect` does; OSError from writing.
        """
        from dingmi_mark.formats.docx.unmarking import clean_package

        with self._opened(source) as package:
            clean_package(package, target)

    def later_headers(self, path: Path) -> tuple[tuple[str, ...], ...]:
        """Return the lines of the headers of pages behind the first. Raises what `inspect` does."""
        from dingmi_mark.formats.docx.running import later_headers

        with self._opened(path) as package:
            return later_headers(package)

    def first_header(self, path: Path) -> tuple[str, ...]:
        """Return the lines of the first page's header. Raises what `inspect` does."""
        from dingmi_mark.formats.docx.running import first_header

        with self._opened(path) as package:
            return first_header(package)

    def spoken_lines(self, path: Path) -> tuple[tuple[str, int | None], ...]:
        """Return the lines of the body, and which of those that can be struck in the text each is
        (see `striking`). Raises what `inspect` does.
        """
        from dingmi_mark.formats.docx.striking import spoken_lines
        from dingmi_mark.formats.docx.styles import read_styles

        with self._opened(path) as package:
            document = main_part(package)
            body = document_body(package.tree(document), package)
            return tuple(spoken_lines(body, read_styles(package, document)))

    def fill_in(self, source: Path, target: Path, late: LateValues) -> None:
        """Write `target` as `source` with its blanks filled in; see `filling`.

        Raises what `inspect` does; OSError.
        """
        from dingmi_mark.formats.docx.filling import fill_in

        with self._opened(source) as package:
            fill_in(package, target, late)

    def content(self, path: Path) -> Content:
        """Read all that the file holds. Raises what `inspect` does, and DraftNotComparable."""
        from dingmi_mark.formats.docx.whole import read_content

        return read_content(path, self.limits)

    def paragraphs_of(self, path: Path, anchors: Sequence[PointAnchor]) -> tuple[int, ...]:
        """Return which paragraph of `content` each place is, 0 for none. Raises as `content`."""
        from dingmi_mark.formats.docx.whole import read_paragraphs

        return read_paragraphs(path, self.limits, anchors)

    def marked_paragraphs(self, path: Path, points: Sequence[tuple[str, str]]) -> tuple[int, ...]:
        """Return which paragraph of `content` bears our mark of each point, by its id and text.

        0 where none does, or where the file is of two markings. Raises as `content`.
        """
        from dingmi_mark.formats.docx.marks import bookmark_name
        from dingmi_mark.formats.docx.whole import read_marked_paragraphs

        embedded = self.inspect(path).embedded
        if embedded is None or len(embedded.marking_ids) != 1:
            return (0,) * len(points)
        (marking_id,) = embedded.marking_ids
        names = [bookmark_name(marking_id, id_, text) for id_, text in points]
        return read_marked_paragraphs(path, self.limits, names)

    def authored(self, path: Path) -> Authored:
        """Read the points that the author named. Raises what `inspect` does."""
        from dingmi_mark.formats.docx.authoring import read_authored

        refuse_ole(path)
        with opened(path, self.limits) as package:
            return read_authored(package)

    def without_authoring(self, path: Path, target: Path) -> bool:
        """Write `target` without what names points in the draft; False where nothing does.

        Raises what `inspect` does; OSError.
        """
        from dingmi_mark.formats.docx.authoring_removal import remove_authoring

        with self._opened(path) as package:
            return remove_authoring(package, target)

    def without_own_fonts(self, path: Path, target: Path) -> bool:
        """Write `target` without the fonts that the file carries; False where it carries none.

        Raises what `inspect` does; OSError.
        """
        from dingmi_mark.formats.docx.carried_fonts import drop_fonts

        with self._opened(path) as package:
            return drop_fonts(package, main_part(package), target)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Package]:
        """Open a file for marking, or for what looks whether it can be marked."""
        refuse_ole(path)
        with opened(path, self.limits) as package:
            if not self.access.despite_restrictions:
                refuse_locked(package)
            yield package

    @contextmanager
    def view(self, path: Path) -> Iterator[PageView | None]:
        """Show the file as LibreOffice lays it out; None where LibreOffice is not installed.

        Raises ConfirmationToolFailed.
        """
        if find_soffice() is None:
            yield None
            return
        from dingmi_mark.formats.pdf.view import open_pdf_view

        with (
            TemporaryDirectory(prefix="dingmi-view-") as folder,
            open_pdf_view(to_pdf(path, Path(folder), self.suffixes[0])) as pages,
        ):
            yield pages


WORD_HANDLERS: Final = (
    DocxHandler(),
    DocxHandler(name="DOCM", suffixes=(".docm",), kind=TYPE_MACRO_DOCUMENT),
    DocxHandler(name="DOTX", suffixes=(".dotx",), kind=TYPE_TEMPLATE),
    DocxHandler(name="DOTM", suffixes=(".dotm",), kind=TYPE_MACRO_TEMPLATE),
)
"""One handler a kind: a file must bear the ending of its kind, or Word does not open it."""
