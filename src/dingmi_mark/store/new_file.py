"""Write a result into a new file: private, never over another, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, TextIO

from dingmi_mark.errors import OutputDiskFull, OutputExists, OutputNotWritable

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def new_text_file(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Open a new file 0600 for text; see `new_file`."""
    with new_file(path) as raw:
        # The wrapper must not close what still has to be made durable.
        text = TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")
        yield text
        text.flush()
        text.detach()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file 0600 and take it away again when writing fails.

    Raises OutputExists, OutputDiskFull, OutputNotWritable.
    """
    with writing_to(path), ExitStack() as undo:
        opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        undo.callback(path.unlink, missing_ok=True)
        with open(opened, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        undo.pop_all()


def replaced_text(path: Path, text: str) -> None:
    """Put a file of our own in the place of its earlier version, whole or not at all, 0600.

    Raises OutputDiskFull, OutputNotWritable.
    """
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    with new_text_file(temporary) as stream:
        stream.write(text)
    with writing_to(path):
        os.replace(temporary, path)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Raise our errors in place of the system's.

    OutputExists, OutputDiskFull, OutputNotWritable.
    """
    try:
        yield
    except FileExistsError as error:
        raise OutputExists(str(path)) from error
    except OSError as error:
        if error.errno in _FULL:
            raise OutputDiskFull(str(path)) from error
        cause = error.strerror or type(error).__name__
        raise OutputNotWritable(str(path), cause=cause) from error
