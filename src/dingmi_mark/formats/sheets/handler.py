"""The handlers of workbooks: look into .xlsx files, mark them, show them as pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dingmi_mark.domain.comparison import Content
from dingmi_mark.errors import DraftNotComparable
from dingmi_mark.formats.base import Access, Draft, Faces, MarkJob, PageView, Placed
from dingmi_mark.formats.docx.obstacles import is_kind, refuse_ole
from dingmi_mark.formats.docx.package import Limits, opened
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.formats.sheets.content import SheetWords, sheet_words
from dingmi_mark.formats.sheets.heads import SheetHead, sheet_heads
from dingmi_mark.formats.sheets.reading import embedded_in, read_draft, words_in
from dingmi_mark.formats.sheets.shown import shown_as_pdf
from dingmi_mark.formats.sheets.workbook import (
    TYPE_MACRO_WORKBOOK,
    TYPE_WORKBOOK,
    USUAL_MAIN_PART,
    Workbook,
    read_workbook,
    refuse_locked,
)
from dingmi_mark.formats.sheets.writing import (
    clean_sheets,
    mark_sheets,
    unmark_sheets,
)
from dingmi_mark.messages import say


@dataclass(frozen=True)
class SheetHandler:
    """Workbooks (Open XML, transitional). Macros are carried along byte for byte, never run.

    The rows of the mark stand in the page header of every sheet, the hidden ones too. `kind` is
    the content type of the main part; `access` says whether an approval sets aside protection.
    """

    limits: Limits = field(default_factory=Limits, repr=False)
    name: str = "XLSX"
    suffixes: tuple[str, ...] = (".xlsx",)
    flows: bool = False
    adds_strips: bool = False
    shown_by_others: bool = True
    kind: str = TYPE_WORKBOOK
    access: Access = Access()

    def recognises(self, path: Path) -> bool:
        """Tell by the content whether this is a workbook, also one that `inspect` refuses."""
        return is_kind(path, self.limits, self.kind, USUAL_MAIN_PART)

    def inspect(self, path: Path) -> Draft:
        """Look into a file. Raises DraftEmpty, DraftBroken, DraftUnsupported, DraftProtected,
        DraftLocked, DraftSigned, DraftTooCostly, SheetSetupUnfit.
        """
        with self._opened(path) as book:
            return read_draft(book, self.name)

    def read_back(self, path: Path) -> Draft:
        """The same: all of it is read at once."""
        return self.inspect(path)

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Write `target` as `source` with the job's marks; other parts keep their bytes.

        Raises what `inspect` does, PointUnsupported; OSError.
        """
        with self._opened(source) as book:
            return mark_sheets(book, target, job, faces, self.name)

    def unmark(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without our marks on its sheets; the label stays.

        Raises what `inspect` does; OSError from writing.
        """
        with self._opened(source) as book:
            unmark_sheets(book, target)

    def clean(self, source: Path, target: Path) -> None:
        """Write `target` as `source` without anything of ours: no mark, label or id.

        Raises what `inspect` does; OSError from writing.
        """
        with self._opened(source) as book:
            clean_sheets(book, target)

    def words(self, path: Path) -> tuple[SheetWords, ...]:
        """Read what cells, headers and shapes say, sheet by sheet. Raises what `inspect` does."""
        with self._opened(path) as book:
            return tuple(sheet_words(book, words_in(embedded_in(book))))

    def heads(self, path: Path) -> tuple[SheetHead, ...]:
        """Read what stands at the heads of the sheets. Raises what `inspect` does."""
        with self._opened(path) as book:
            return tuple(sheet_heads(book))

    def content(self, path: Path) -> Content | None:
        """Raise DraftNotComparable: what is filled in after an approval cannot be told here."""
        cause = say("in slides and tables nothing can be filled in after the approval")
        raise DraftNotComparable(str(path), cause=cause)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Workbook]:
        refuse_ole(path)
        with opened(path, self.limits) as package:
            book = read_workbook(package)
            if not self.access.despite_restrictions:
                refuse_locked(book)
            yield book

    @contextmanager
    def view(self, path: Path) -> Iterator[PageView | None]:
        """Show the pages as LibreOffice prints them; None where LibreOffice is not installed.

        Raises ConfirmationToolFailed.
        """
        if find_soffice() is None:
            yield None
            return
        from dingmi_mark.formats.pdf.view import open_pdf_view

        with TemporaryDirectory(prefix="dingmi-view-") as folder:
            with self._opened(path) as book:
                shown = shown_as_pdf(book, Path(folder), self.suffixes[0])
            with open_pdf_view(shown) as pages:
                yield pages


SHEET_HANDLERS: Final = (
    SheetHandler(),
    SheetHandler(name="XLSM", suffixes=(".xlsm",), kind=TYPE_MACRO_WORKBOOK),
)
"""One handler a kind: a file must bear the ending of its kind."""
