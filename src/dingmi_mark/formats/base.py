"""What every format handler offers, and the values it takes and gives. No law in here.

All coordinates are millimetres from the top left of the page as the reader sees it. A flowing
document (Word) has two "pages": number 0 is its first page, number 1 stands for every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dingmi_mark.engine.faces import EmbeddedFace
from dingmi_mark.engine.shapes import BLACK, Block, Box, Colour, PageSize
from dingmi_mark.engine.strip import Strip
from dingmi_mark.errors import MarkPlaceTaken
from dingmi_mark.messages import Message

if TYPE_CHECKING:
    from PIL.Image import Image

    from dingmi_mark.domain.comparison import Content
    from dingmi_mark.domain.points import PointAnchor

SUPPORTED = "PDF, DOCX, DOCM, DOTX, DOTM, PPTX, PPTM, XLSX, XLSM, PNG, JPEG, TIFF"
"""The formats of all handlers, as an error names them; a test compares it with `HANDLERS`."""

FIRST_PAGE = 0
OTHER_PAGES = 1
"""Page numbers of a flowing document: its first page, and all that follow."""


@dataclass(frozen=True)
class TextLine:
    """One line of text as it stands on a page; `box` is None where the format has no places.

    `upright` is False for text that is turned; `face` is the font's own name, `size_pt` may be
    unknown (None).
    """

    text: str
    page: int
    box: Box | None
    face: str = ""
    size_pt: float | None = None
    upright: bool = True


@dataclass(frozen=True)
class Carriers:
    """What the file says of itself after marking, at every level the format has.

    `record` is the canonical JSON of the label (UTF-8); `facts` are the same facts as a flat
    mapping of Chinese names for property panes. The ids are opaque.
    """

    document_id: str
    marking_id: str
    copy_id: str
    record: bytes = field(repr=False)
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(frozen=True)
class Embedded:
    """What was found of our carriers in a file, and at which levels (`xmp`, `page` …).

    `records` are the distinct records found, best level first: more than one is a contradiction.
    `copy_ids` are those that stand beside the marking's ids, where the format keeps them apart.
    """

    marking_ids: tuple[str, ...]
    records: tuple[bytes, ...]
    levels: Mapping[str, bool]
    copy_ids: tuple[str, ...] = ()


HEAD_ROWS = ("copy_number", "urgency", "mark")
"""The marks that stand in a running head, in their order: a changed mark stands beside the old."""


@dataclass(frozen=True)
class RunningHead:
    """Where marks stand in a file of which every page bears the same head (sheets), in mm.

    `line` is where the rows of the mark stand side by side on the first page; `body` is the part
    of that page in which stamp and 2D code may stand, None where there is none that is sure.
    """

    line: Box
    body: Box | None


def stands_in_head(name: str) -> bool:
    """Tell whether a block of this name (`mark`, `mark:1`, `mark:basis:1`) is of the head."""
    return name.partition(":")[0] in HEAD_ROWS


OF_OTHERS = "legacy"
"""How the blocks at marks of others are called: `legacy:1`, `legacy:1:struck` …"""


OF_CELLS = f"{OF_OTHERS}:cell"
"""How a mark of others in cells is called: `legacy:cell`, `legacy:cell:1` …"""


def place_taken(name: str, page: int, box: Box) -> MarkPlaceTaken:
    """Return the error of a mark whose place (mm) on a page, counted from 0, is not free."""
    x, y, width, height = (f"{one:.0f}" for one in (box.x, box.y, box.width, box.height))
    return MarkPlaceTaken(slot=name, page=page + 1, x=x, y=y, width=width, height=height)


def is_of_others(name: str) -> bool:
    """Tell whether a block of this name stands at a mark of others, or is that mark."""
    return name.partition(":")[0] == OF_OTHERS


@dataclass(frozen=True)
class Draft:
    """What inspection found in a file.

    `content_digest` (`sm3:` hex) is over the decoded content without our marks, so that it
    survives rewriting; `drawn_digest` is over what our marks draw, empty where nothing is of ours
    or where a format cannot tell it apart. `head_lines` are the text lines of the upper part of the
    first page (Word: headers, text boxes and first paragraphs), where typed marks are looked for.
    `burnt_in`: marks go into the pixels, so the content digest changes with them. `above` are the
    places, by page, where something lies over the page that would cover a mark.
    `head` is set where the rows of the mark stand in a running head, `pages` is then the first.
    `disguised`: why our marks look otherwise in Word or PowerPoint than where they are shown here.
    `remarks` are things the user should know, such as "repaired".
    """

    format: str
    pages: tuple[PageSize, ...]
    content_digest: str
    head_lines: tuple[TextLine, ...]
    embedded: Embedded | None
    scanned: bool = False
    burnt_in: bool = False
    drawn_digest: str = ""
    above: Mapping[int, tuple[Box, ...]] = field(default_factory=lambda: MappingProxyType({}))
    head: RunningHead | None = None
    disguised: Message | None = None
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Access:
    """What opens a protected file: the password that was given, and whether the approval allows to
    set aside that its author restricts changes. `sealed`: a signed file is to be looked into only.
    """

    password: str = field(default="", repr=False)
    despite_restrictions: bool = False
    sealed: bool = False


@dataclass(frozen=True)
class PointMark:
    """A classified point to be marked: the text (`（机密）`), its anchor and its type.

    `struck`: the point is secret no longer, and a line goes through its text.
    """

    id: str
    text: str
    anchor: PointAnchor
    face: str
    size_pt: float
    gap_mm: float
    colour: Colour = BLACK
    struck: bool = False


@dataclass(frozen=True)
class MarkBeside:
    """What stands beside struck words, in their look; `struck`: a later change struck it too."""

    name: str
    text: str
    struck: bool = False


@dataclass(frozen=True)
class StruckWords:
    """Words of others that are struck where they stand in the flow, wherever that goes.

    They are all of a paragraph, which is the one of this number among those that can be struck
    so, as the handler gives them (from 0). `beside` follows them on their line, or goes before them
    where they stand at the right.
    """

    name: str
    text: str
    line: int
    beside: tuple[MarkBeside, ...]


@dataclass(frozen=True)
class MarkJob:
    """All that is put on and into one file.

    `blocks` maps a page number (0-based; for flowing documents FIRST_PAGE / OTHER_PAGES) to the
    blocks on it. `closing_words` is a sentence to stand after the end of the text, or empty.
    `isolated` asks a PDF to draw each page's own content apart from the marks, for pages of which
    a reader gives up before their end. `strips` are put beside pages that have no room; the blocks
    of such a page are measured from the corner of both together. `closing_struck`: a line goes
    through the closing words. `struck` are words of others in the flow (Word only).
    """

    blocks: Mapping[int, tuple[Block, ...]]
    points: tuple[PointMark, ...]
    carriers: Carriers
    closing_words: str = ""
    closing_face: str = "fangsong"
    closing_size_pt: float = 16.0
    isolated: bool = False
    strips: Mapping[int, Strip] = field(default_factory=lambda: MappingProxyType({}))
    closing_struck: bool = False
    struck: tuple[StruckWords, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where a block or point really went.

    Where the text flows (Word points) `flows` is set and the block's box has no size.
    """

    page: int
    block: Block
    flows: bool = False


class Faces(Protocol):
    """The fonts in use: a role (`heiti`) becomes a font file and its measures."""

    def advance_mm(self, text: str, face: str, size_pt: float) -> float:
        """Width of the text set in one line (mm). Raises GlyphMissing."""
        ...

    def baseline(self, face: str) -> float:
        """Distance from the top of the em box to the baseline, as a fraction of the size."""
        ...

    def file(self, face: str) -> Path:
        """The font file of the role."""
        ...

    def family(self, face: str) -> str:
        """The family name a word processor should ask for (`黑体`)."""
        ...

    def index(self, face: str) -> int:
        """The number of the face in its file, which may be a collection."""
        ...

    def substituted(self, face: str) -> bool:
        """Tell whether another design stands in for the role (R15: substitute and say so)."""
        ...

    def letters(self, face: str, text: str) -> bytes:
        """A TrueType file with the letters of `text` at least, to draw them with.

        Raises GlyphMissing, FontUnusable.
        """
        ...

    def embedded(self, face: str, text: str) -> EmbeddedFace:
        """The face cut down to the characters of `text`, and all figures; same in, same out.

        Raises GlyphMissing, FontUnusable.
        """
        ...


class PageView(Protocol):
    """A file seen as pages: to find places before marking, and to confirm marks after."""

    @property
    def sizes(self) -> tuple[PageSize, ...]: ...

    def lines(self, page: int) -> tuple[TextLine, ...]:
        """All text lines of a page; empty for pictures."""
        ...

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """The page as the reader sees it, cut to `clip`: an RGB picture at `dpi`."""
        ...

    def is_sound(self, page: int) -> bool:
        """Tell whether all of the page could be shown; if not, other readers may see another."""
        ...


@runtime_checkable
class ShownVariously(Protocol):
    """What a handler can do besides, where pages may print otherwise than they look on a screen."""

    def differing_pages(self, view: PageView, pages: Iterable[int]) -> Set[int]:
        """Return those of the pages that may look otherwise elsewhere than in this view."""
        ...

    def other_views(self, path: Path) -> Iterator[tuple[Message, AbstractContextManager[PageView]]]:
        """Yield the other ways of showing a file, each with its name (`in print`)."""
        ...


class FormatHandler(Protocol):
    """One file format: look into it, put marks on it, read them back."""

    @property
    def name(self) -> str:
        """`PDF`, `DOCX` …, as shown to users."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Lower-case endings with the dot; the first is the usual one."""
        ...

    @property
    def flows(self) -> bool:
        """True where text flows and pages are made by the reader's program (Word)."""
        ...

    @property
    def shown_by_others(self) -> bool:
        """True where another program, with its own fonts, draws the pages (LibreOffice)."""
        ...

    @property
    def adds_strips(self) -> bool:
        """True where a page can be given a strip of blank paper for the mark."""
        ...

    def recognises(self, path: Path) -> bool:
        """Tell by the content, never by the name, whether a file is of this format."""
        ...

    def inspect(self, path: Path) -> Draft:
        """Look into a file. Raises the obstacles: DraftBroken, DraftProtected, DraftSigned …"""
        ...

    def read_back(self, path: Path) -> Draft:
        """Look into a file just written: as `inspect`, but `head_lines` may be left unread."""
        ...

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Write `target` (which must not exist) as `source` with the job's marks and carriers.

        Same input, same output bytes. Raises PointNotFound, PointAmbiguous, PointUnsupported,
        PlaceTaken, DraftBroken; OSError from writing.
        """
        ...

    def view(self, path: Path) -> AbstractContextManager[PageView | None]:
        """Open the file as pages; None where nothing installed can show it."""
        ...

    def content(self, path: Path) -> Content | None:
        """Read all that the file holds, to compare it; None for pictures, which hold no text.

        Raises what `inspect` does.
        """
        ...


@runtime_checkable
class CarriesFonts(FormatHandler, Protocol):
    """What a handler can do besides, where files of its format may carry fonts of their own and
    another program shows them.
    """

    def without_own_fonts(self, path: Path, target: Path) -> bool:
        """Write `target` without the fonts that the file carries; False where it carries none."""
        ...
