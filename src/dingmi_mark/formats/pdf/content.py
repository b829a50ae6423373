"""What a page's content leaves open at its end, and what it closes that was never open.

A mark is drawn after the page's own content, so whatever that left open (a saved state, a text
object, a hidden layer) must be closed first. A `Q` too many makes MuPDF and Ghostscript go back
to the state the page began with (poppler stops drawing), so a state is saved beforehand for each
of them, as many as readers hold. Most contents are counted by patterns that are exact for them;
where anything unusual stands in one, qpdf's tokenizer decides. What cannot be decoded, ends within
a token, or holds what ends it for some reader, must be drawn as an object of its own
(`isolating`), so that it ends where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Stream
from pikepdf.models import PdfParsingError

from dingmi_mark.errors import DraftTooCostly
from dingmi_mark.formats.pdf.canonical import split, without_strings
from dingmi_mark.formats.pdf.names import ISOLATED, OUR_KEY
from dingmi_mark.formats.pdf.operands import lacks_operands
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_WHITE = rb"\0\t\n\f\r "
_SIMPLE_STRING = re.compile(
    rb"\([^()\\]*(?:\\.[^()\\]*)*\)|<[0-9A-Fa-f" + _WHITE + rb"]*+>", re.DOTALL
)
"""Strings with nothing unusual in them, and hexadecimal ones."""
_COUNTED = frozenset((b"q", b"Q", b"BT", b"ET", b"BMC", b"BDC", b"EMC"))
_DELIMITERS = bytes.maketrans(b"\0\t\n\f\r[]<>", b" " * 9)
_ODD = (b"(", b")", b"{", b"}", b"%", b"BI", b"ID", b"EI", b"endstream")
"""Outside plain strings: what needs a real tokenizer (odd strings, comments, inline images)."""

_HEX = rb"<[0-9A-Fa-f" + _WHITE + rb"]*+>"
_ARRAY = rb"\[(?:[^][<>]++|" + _HEX + rb")*+\]"
_DICTIONARY = rb"<<(?:[^][<>]++|" + _HEX + rb"|" + _ARRAY + rb")*+>>"
_CLOSED = re.compile(rb"(?:[^][<>]++|" + _HEX + rb"|" + _ARRAY + rb"|" + _DICTIONARY + rb")*+")
"""Content in which every array, dictionary and hexadecimal string is closed."""

_OPEN_HEX = re.compile(rb"(?<!<)<(?!<)[^>]*$")
"""A hexadecimal string that never ends: MuPDF would take what we add as part of it."""

_PATH = frozenset((b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"W", b"W*"))
"""Operators of a path that is not painted yet."""
_NUL_IS_WHITE = bytes.maketrans(b"\0", b" ")

_LARGEST = 128 << 20
"""Unpacked bytes of a page's content that no honest page has; MuPDF reads them for seconds."""
_GROWTH = 1032
"""Deflate makes no more bytes than these of one."""

_TAIL = 64
"""Bytes at the end of a content in which its last operator stands."""
_PROBE = "/DmProbe"
_OPERATORS = "q Q BT ET BMC BDC EMC MP BI ID EI endstream"
_STRAY = frozenset(("BI", "ID", "EI", "endstream"))
"""Of whole inline images qpdf makes one operator; these are parts of broken ones. `endstream` comes
from a length that is too large, and MuPDF reads no further.
"""

_MOST_EXCESS = 28
"""Saved states that every reader holds (ISO 32000-1, annex C.2): more than that is isolated."""


@dataclass(frozen=True)
class Ending:
    """What is open at the end of a content: saved states, marked parts, a text object, a path.

    `excess` counts the `Q` that restore a state nobody saved.
    """

    states: int = 0
    marked: int = 0
    text: bool = False
    path: bool = False
    excess: int = 0

    def opening(self, clip: bytes = b"") -> bytes:
        """Operators to stand before the content: one `q` for us, one for each `Q` too many.

        `clip` stands before the latter, so that none of them ends it.
        """
        return b"q\n" + clip + b"q\n" * self.excess

    @property
    def closing(self) -> bytes:
        """Operators that close what is open, our own `q` at last."""
        return b"".join(
            (
                b"n\n" if self.path else b"",
                b"ET\n" if self.text else b"",
                b"EMC\n" * self.marked,
                b"Q\n" * (self.states + 1),
            )
        )


@dataclass(frozen=True)
class PageContent:
    """A page's content, and what it leaves open; None where only isolating it can tell its end.

    What cannot be decoded stands in `decoded` as it is stored.
    """

    decoded: bytes
    ending: Ending | None


class Contents:
    """The contents of a file's pages; what several pages share is read once."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._known: dict[tuple[tuple[int, int], ...], PageContent] = {}
        self._streams: dict[tuple[int, int], list[Object]] = {}

    def streams(self, page: Object) -> list[Object]:
        """Return the streams of a page's content as they were when first asked for."""
        place = page.objgen
        if place not in self._streams:
            self._streams[place] = content_streams(page)
        return self._streams[place]

    def of(self, page: Object) -> PageContent:
        """Read a page's content."""
        streams = self.streams(page)
        key = tuple(stream.objgen for stream in streams)
        if key not in self._known:
            self._known[key] = self._read(streams)
        return self._known[key]

    def own(self, page: Object) -> bytes:
        """Return a page's content without our parts; what we isolated is looked into."""
        return self.split(page)[0]

    def split(self, page: Object) -> tuple[bytes, bytes]:
        """Return a page's own content as `own` does, and our parts of it."""
        own, ours = split(self.of(page).decoded)
        form = isolated_form(page) if own.strip() == _DRAWN_ISOLATED else None
        return (own if form is None else stream_data(form)[0]), ours

    def is_plain(self, page: Object) -> bool:
        """Tell whether a page's content can be decoded and ends where a content may end."""
        return self.of(page).ending is not None and isolated_form(page) is None

    def _read(self, streams: list[Object]) -> PageContent:
        parts = [stream_data(stream) for stream in streams]
        decoded = b"\n".join(part for part, _ in parts)
        if all(whole for _, whole in parts):
            return PageContent(decoded, ending_of(self._pdf, decoded))
        if len(parts) == 1:
            return PageContent(decoded, None)
        # Of several streams readers skip the one they cannot decode.
        readable = b"\n".join(part for part, whole in parts if whole)
        return PageContent(decoded, ending_of(self._pdf, readable))


_DRAWN_ISOLATED = b"/%s Do" % ISOLATED.encode()


def isolated_form(page: Object) -> Object | None:
    """Return the form that holds a page's own content, where we made one of it."""
    resources = page.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    form = named.get(f"/{ISOLATED}") if isinstance(named, Dictionary) else None
    return form if isinstance(form, Stream) and OUR_KEY in form else None


def content_streams(page: Object) -> list[Object]:
    """Return the streams of a page's content; what is no stream is skipped, as readers do."""
    contents = page.get("/Contents")
    if isinstance(contents, Stream):
        return [contents]
    if isinstance(contents, Array):
        return [part for part in contents if isinstance(part, Stream)]
    return []


def ending_of(pdf: Pdf, content: bytes) -> Ending | None:
    """Tell what a content leaves open; None where only a form can tell where it ends."""
    bare = _SIMPLE_STRING.sub(b" ", content)
    operators: list[bytes] | None
    if _is_plain(bare):
        tokens = _tokens(bare)
        operators = [token for token in tokens if token in _COUNTED]
    else:
        tokens = _tokens(without_strings(content))
        operators = _tokenized(pdf, content)
    if operators is None or lacks_operands(tokens):
        return None
    last = content[-_TAIL:].translate(_NUL_IS_WHITE).split()[-1:]
    ending = _ending(operators, path=not _PATH.isdisjoint(last))
    return ending if ending.excess < _MOST_EXCESS else None


def _tokens(bare: bytes) -> list[bytes]:
    return bare.translate(_DELIMITERS).replace(b"/", b" /").split()


def _is_plain(bare: bytes) -> bool:
    """Tell whether a content without its strings is free of all that patterns misread."""
    if not bare.isascii() or any(token in bare for token in _ODD):
        return False
    return _CLOSED.fullmatch(bare) is not None


def _tokenized(pdf: Pdf, content: bytes) -> list[bytes] | None:
    """Return the counted operators as qpdf reads them; a probe at the end must be seen."""
    probed = pdf.make_stream(content + f"\n{_PROBE} MP\n".encode())
    try:
        found = pikepdf.parse_content_stream(probed, _OPERATORS)
    except (pikepdf.PdfError, PdfParsingError, UnicodeDecodeError):
        return None
    seen = [str(operand) for operand in found[-1].operands] if found else []
    operators = [str(instruction.operator) for instruction in found]
    if (
        seen[-1:] != [_PROBE]
        or not _STRAY.isdisjoint(operators)
        or _OPEN_HEX.search(without_strings(content))
    ):
        return None
    return [operator.encode() for operator in operators[:-1]]


def _ending(operators: Iterable[bytes], *, path: bool) -> Ending:
    states = marked = excess = 0
    text = False
    for operator in operators:
        match operator:
            case b"q":
                states += 1
            case b"Q":
                excess += not states
                states -= bool(states)
            case b"BT":
                text = True
            case b"ET":
                text = False
            case b"BMC" | b"BDC":
                marked += 1
            case b"EMC":
                marked -= bool(marked)
    return Ending(states, marked, text, path, excess)


def stream_data(stream: Object) -> tuple[bytes, bool]:
    """Return a stream's data and True; as it is stored and False where it cannot be decoded.

    Raises DraftTooCostly where it unpacks to more than a page's content may.
    """
    with _bounded(stream):
        try:
            return stream.read_bytes(), True
        except (pikepdf.PdfError, RuntimeError) as fault:  # the latter: filters qpdf runs itself
            if "memory limit exceeded" in str(fault):
                raise DraftTooCostly(limit=say("{size} MiB", size=_LARGEST >> 20)) from None
            return stream.read_raw_bytes(), False


@contextmanager
def _bounded(stream: Object) -> Iterator[None]:
    """Let qpdf stop where a stream grows too large, if it can; the limit is the process's own."""
    length = stream.get("/Length")
    small = isinstance(length, int) and length * _GROWTH <= _LARGEST
    if small and not isinstance(stream.get("/Filter"), Array):
        yield
        return
    before = pikepdf.settings.get_qpdf_limits()
    _limit_to(_LARGEST, _LARGEST)
    try:
        yield
    finally:
        _limit_to(int(before["flate_max_memory"]), int(before["run_length_max_memory"]))


def _limit_to(deflated: int, run_length: int) -> None:
    pikepdf.settings.set_qpdf_limits(flate_max_memory=deflated, run_length_max_memory=run_length)
