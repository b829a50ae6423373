"""Pages of which letters, lines of one size and pictures can be told apart, as MuPDF shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.formats.base import TextLine

if TYPE_CHECKING:
    from dingmi_mark.formats.pdf.view import Letter, PageParts


@runtime_checkable
class LetteredView(Protocol):
    """What a PageView can do besides, where a page is more than a picture."""

    @property
    def sizes(self) -> tuple[PageSize, ...]: ...

    def letters(self, page: int) -> tuple[Letter, ...]: ...

    def pieces(self, page: int) -> tuple[TextLine, ...]: ...

    def parts(self, page: int) -> PageParts: ...
