"""The handlers of pictures: one per format, all of them one way with three containers.

Marks are burnt into the pixels. `content_digest` is therefore SM3 over the decoded pixels of
all pages: of the draft before marking, of draft and marks together after. The draft's own digest
is then in the record the file carries, and the marked one's stands in the ledger.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from dingmi_mark.engine.shapes import Block, Box, PageSize
from dingmi_mark.errors import (
    DraftEmpty,
    DraftNotAccessible,
    PointUnsupported,
)
from dingmi_mark.formats.base import (
    Draft,
    Faces,
    FormatHandler,
    MarkJob,
    PageView,
    Placed,
    TextLine,
)
from dingmi_mark.formats.image.container import Container, Dpi, as_stored, flat, upright
from dingmi_mark.formats.image.paper import MM_PER_INCH, Paper, paper_of
from dingmi_mark.formats.within import refuse_outside
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from PIL.Image import Image


class ImageHandler(ABC):
    """What the handlers share; see FormatHandler for the meaning of each method."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    flows = False
    shown_by_others = False
    adds_strips = False
    magics: ClassVar[tuple[bytes, ...]]

    def recognises(self, path: Path) -> bool:
        """Tell by the first bytes. Raises OSError."""
        with path.open("rb") as file:
            return file.read(8).startswith(self.magics)

    def inspect(self, path: Path) -> Draft:
        """Look into a picture. Raises DraftEmpty, DraftBroken, DraftUnsupported, DraftTooCostly."""
        container = self._opened(path)
        papers = _papers(container)
        return Draft(
            format=self.name,
            pages=tuple(paper.size for paper in papers),
            content_digest=_content_digest(container),
            head_lines=(),
            embedded=container.embedded(),
            scanned=True,
            burnt_in=True,
            remarks=(
                *container.remarks,
                *(paper.remark for paper in papers if paper.remark),
            ),
        )

    def read_back(self, path: Path) -> Draft:
        """The same: all of it is read at once."""
        return self.inspect(path)

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        """Burn the marks into the pages and put the label into the file.

        Pages without marks are not decoded. Raises PageTooSmall, PlaceTaken, PointNotFound,
        PointUnsupported, GlyphMissing, the errors of `inspect`; OSError from writing.
        """
        container = self._opened(source)
        papers = _papers(container)
        blocks = self._all_blocks(job, _PictureView(container, papers), faces)

        def painted(page: int, stored: Image) -> Image:
            from dingmi_mark.formats.image.paint import paint

            orientation = container.sheets[page].orientation
            seen = upright(stored, orientation)
            return as_stored(paint(seen, papers[page].dpi, blocks[page], faces), orientation)

        content = container.written(
            frozenset(blocks), painted, _resolutions(container, papers), job.carriers
        )
        with target.open("xb") as file:
            file.write(content)
        return tuple(Placed(page, block) for page in sorted(blocks) for block in blocks[page])

    @contextmanager
    def view(self, path: Path) -> Iterator[PageView | None]:
        """Open the picture as pages. Raises the errors of `inspect`."""
        container = self._opened(path)
        yield _PictureView(container, _papers(container))

    def content(self, path: Path) -> None:
        """A picture holds no text that could be compared."""
        return None

    @abstractmethod
    def _container(self, content: bytes) -> Container:
        """Take a file of the handler's own kind apart."""

    def _opened(self, path: Path) -> Container:
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise DraftNotAccessible(cause=fault.strerror or str(fault)) from fault
        if not content:
            raise DraftEmpty
        return self._container(content)

    def _all_blocks(
        self, job: MarkJob, view: PageView, faces: Faces
    ) -> Mapping[int, tuple[Block, ...]]:
        """Collect the blocks of each page, points included, and see that each is on its page."""
        if job.closing_words:
            raise PointUnsupported(point=say("a sentence after the text"), format=self.name)
        blocks = {page: list(given) for page, given in job.blocks.items() if given}
        for page, given in blocks.items():
            for block in given:
                refuse_outside(block, page, view.sizes[page])
        for point in job.points:
            from dingmi_mark.formats.image.points import placed_point

            page, block = placed_point(point, view, blocks, faces, self.name)
            blocks.setdefault(page, []).append(block)
        return {page: tuple(given) for page, given in blocks.items()}


class PngHandler(ImageHandler):
    """PNG; animated ones and 16 bits per colour are refused."""

    name = "PNG"
    suffixes = (".png",)
    magics = (b"\x89PNG\r\n\x1a\n",)

    def _container(self, content: bytes) -> Container:
        from dingmi_mark.formats.image.png import Png

        return Png(content)


class JpegHandler(ImageHandler):
    """JPEG: a page that gets marks is encoded again with its own tables and sampling."""

    name = "JPEG"
    suffixes = (".jpg", ".jpeg")
    magics = (b"\xff\xd8\xff",)

    def _container(self, content: bytes) -> Container:
        from dingmi_mark.formats.image.jpeg import Jpeg

        return Jpeg(content)


class TiffHandler(ImageHandler):
    """TIFF of any number of pages; BigTIFF and 16 bits per colour are refused."""

    name = "TIFF"
    suffixes = (".tif", ".tiff")
    magics = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

    def _container(self, content: bytes) -> Container:
        from dingmi_mark.formats.image.tiff import Tiff

        return Tiff(content)


IMAGE_HANDLERS: tuple[FormatHandler, ...] = (PngHandler(), JpegHandler(), TiffHandler())


def _papers(container: Container) -> tuple[Paper, ...]:
    return tuple(paper_of(sheet, page) for page, sheet in enumerate(container.sheets))


def _resolutions(container: Container, papers: tuple[Paper, ...]) -> Mapping[int, Dpi]:
    """Give the assumed resolutions (stored axes), which the marked file is to state."""
    return {
        page: (paper.dpi[1], paper.dpi[0]) if container.sheets[page].turned else paper.dpi
        for page, paper in enumerate(papers)
        if paper.remark is not None
    }


def _content_digest(container: Container) -> str:
    hasher = hashlib.new("sm3")
    for page, sheet in enumerate(container.sheets):
        picture = container.picture(page)
        if picture.mode == "P" or "transparency" in picture.info:
            picture = flat(picture)
        hasher.update(
            f"{picture.mode} {picture.width} {picture.height} {sheet.orientation}\n".encode()
        )
        hasher.update(picture.tobytes())
    return f"sm3:{hasher.hexdigest()}"


class _PictureView:
    """A picture file as pages; the page looked at last stays decoded."""

    def __init__(self, container: Container, papers: tuple[Paper, ...]) -> None:
        self._container = container
        self._papers = papers
        self._last: tuple[int, Image] | None = None

    @property
    def sizes(self) -> tuple[PageSize, ...]:
        return tuple(paper.size for paper in self._papers)

    def lines(self, page: int) -> tuple[TextLine, ...]:
        """Pictures have no text."""
        return ()

    def is_sound(self, page: int) -> bool:
        """A picture that could be read is what every reader shows."""
        return True

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """Cut `clip` out of the upright page at `dpi`; outside the page all is white."""
        from PIL import Image

        whole = self._upright(page)
        across, down = (value / MM_PER_INCH for value in self._papers[page].dpi)
        left, top = clip.x * across, clip.y * down
        right, bottom = clip.right * across, clip.bottom * down
        pixels = (floor(left), floor(top), ceil(right), ceil(bottom))
        paper = Image.new("RGB", (pixels[2] - pixels[0], pixels[3] - pixels[1]), (255, 255, 255))
        inside = (
            max(0, pixels[0]),
            max(0, pixels[1]),
            min(whole.width, pixels[2]),
            min(whole.height, pixels[3]),
        )
        if inside[0] < inside[2] and inside[1] < inside[3]:
            seen = flat(whole.crop(inside))
            paper.paste(seen, (inside[0] - pixels[0], inside[1] - pixels[1]))
        size = (
            max(1, round(clip.width / MM_PER_INCH * dpi)),
            max(1, round(clip.height / MM_PER_INCH * dpi)),
        )
        exact = (left - pixels[0], top - pixels[1], right - pixels[0], bottom - pixels[1])
        return paper.resize(size, Image.Resampling.BOX, box=exact)

    def _upright(self, page: int) -> Image:
        if self._last is None or self._last[0] != page:
            stored = self._container.picture(page)
            self._last = (page, upright(stored, self._container.sheets[page].orientation))
        return self._last[1]
