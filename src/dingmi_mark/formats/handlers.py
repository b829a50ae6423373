"""All formats, as a visible tuple: a new format is one handler and one line here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from dingmi_mark.errors import (
    DraftBroken,
    DraftEmpty,
    DraftNotAccessible,
    DraftUnsupported,
    DraftWrongSuffix,
)
from dingmi_mark.formats.base import SUPPORTED, Access, FormatHandler
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.image import IMAGE_HANDLERS
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.messages import say

HANDLERS: Final[tuple[FormatHandler, ...]] = (PdfHandler(), DocxHandler(), *IMAGE_HANDLERS)


def handler_for(path: Path) -> FormatHandler:
    """Return the handler of a file, told by its content; the name must agree.

    Raises DraftNotAccessible, DraftEmpty, DraftUnsupported, DraftWrongSuffix, DraftBroken.
    """
    suffix = path.suffix.lower()
    handler = recognised(path)
    if handler is None:
        if any(suffix in known.suffixes for known in HANDLERS):
            cause = say("its content is not that of a {suffix} file", suffix=suffix)
            raise DraftBroken(str(path), cause=cause)
        kind = suffix or say("a file without ending")
        raise DraftUnsupported(str(path), kind=kind, supported=SUPPORTED)
    if suffix not in handler.suffixes:
        raise DraftWrongSuffix(
            str(path), suffix=suffix or "-", found=handler.name, expected=handler.suffixes[0]
        )
    return handler


def handler_with(path: Path, access: Access) -> FormatHandler:
    """Return the handler of a file with what opens it. Raises what `handler_for` does."""
    return opening_with(handler_for(path), access)


def opening_with(handler: FormatHandler, access: Access) -> FormatHandler:
    """Give a handler what opens a protected file; only PDF files are opened so."""
    return replace(handler, access=access) if isinstance(handler, PdfHandler) else handler


def recognised(path: Path) -> FormatHandler | None:
    """Return the handler that knows the content, whatever the name; None where none does.

    Raises DraftNotAccessible, DraftEmpty.
    """
    try:
        if path.stat().st_size == 0:
            raise DraftEmpty(str(path))
        return next((handler for handler in HANDLERS if handler.recognises(path)), None)
    except OSError as error:
        raise DraftNotAccessible(str(path), cause=error.strerror or str(error)) from error
