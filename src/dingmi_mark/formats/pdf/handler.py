"""The PDF handler: looks into PDF files, marks them and shows them as pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.formats.base import Access, Draft, Faces, MarkJob, PageView, Placed
from dingmi_mark.formats.pdf.opening import is_pdf
from dingmi_mark.messages import Message

if TYPE_CHECKING:
    from dingmi_mark.domain.comparison import Content


@dataclass(frozen=True)
class PdfHandler:
    """PDF files of any version; see FormatHandler for the meaning of each method.

    A file that is encrypted is opened with `access` and written encrypted as it was.
    """

    name: str = "PDF"
    suffixes: tuple[str, ...] = (".pdf",)
    flows: bool = False
    shown_by_others: bool = False
    adds_strips: bool = True
    access: Access = Access()

    def recognises(self, path: Path) -> bool:
        """Tell by the first bytes whether this is a PDF. Raises OSError."""
        return is_pdf(path)

    def inspect(self, path: Path) -> Draft:
        """Look into a file. Raises DraftNotAccessible, DraftEmpty, DraftBroken, DraftProtected,
        DraftRestricted, PasswordWrong, DraftSigned, DraftUnsupported.
        """
        from dingmi_mark.formats.pdf.reading import read_draft

        return read_draft(path, self.name, self.access)

    def read_back(self, path: Path) -> Draft:
        """As `inspect`, without showing the first page."""
        from dingmi_mark.formats.pdf.reading import read_draft

        return read_draft(path, self.name, self.access, head=False)

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Write `target` as `source` with the job's marks on top and the label in it.

        Raises what `inspect` does, PageTooSmall, PointNotFound, PointAmbiguous,
        PointUnsupported, PlaceTaken, GlyphMissing, FontUnusable; OSError from writing.
        """
        from dingmi_mark.formats.pdf.writing import mark_pdf

        return mark_pdf(source, target, job, faces, self.access)

    def unmark(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without anything of ours, whole: no mark, label or id.

        Raises what `inspect` does; OSError from writing.
        """
        from dingmi_mark.formats.pdf.unmarking import unmark_pdf

        unmark_pdf(source, target, self.access)

    def clean(self, source: Path, target: Path) -> None:
        """The same: nothing of ours is left by `unmark`."""
        self.unmark(source, target)

    def content(self, path: Path) -> Content:
        """Read all that the file holds. Raises what `inspect` does."""
        from dingmi_mark.formats.pdf.whole import read_content

        return read_content(path, self.access)

    def differing_pages(self, view: PageView, pages: Iterable[int]) -> Set[int]:
        """Return those of the pages that have layers or annotations."""
        from dingmi_mark.formats.pdf.view import PdfView

        known = view if isinstance(view, PdfView) else None
        return {page for page in sorted(pages) if known and known.depends_on_use(page)}

    def other_views(self, path: Path) -> Iterator[tuple[Message, AbstractContextManager[PageView]]]:
        """Yield the file in print, and with all of its layers. Raises what `view` does."""
        from dingmi_mark.formats.pdf.looks import chief_looks

        for look in chief_looks(path, self.access):
            yield look.name, look.of(path, self.access)

    @contextmanager
    def view(self, path: Path) -> Iterator[PageView | None]:
        """Show the file as MuPDF lays it out. Raises DraftBroken, DraftProtected; OSError."""
        from dingmi_mark.formats.pdf.view import open_pdf_view

        with open_pdf_view(path, self.access.password) as pages:
            yield pages
