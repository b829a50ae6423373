"""The documents of a job as open files: what is looked at is what is printed.

CUPS keeps files in a spool that users cannot reach. What comes on standard input goes into a file
without a name, which is gone when the last process that holds it ends.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from dingmi_mark.printhook.job import PrintJob


@contextmanager
def documents_of(job: PrintJob) -> Iterator[tuple[IO[bytes], ...]]:
    """Open the documents of a job. Raises OSError; a link or a device is never followed."""
    with ExitStack() as opened:
        if job.files:
            yield tuple(opened.enter_context(_opened(name)) for name in job.files)
        else:
            # CUPS names its own private folder in TMPDIR; the file has rights 0600 and no name.
            stream = opened.enter_context(tempfile.TemporaryFile(prefix="dingmi-"))
            _take_input(stream)
            yield (stream,)


@contextmanager
def made_papers() -> Iterator[IO[bytes]]:
    """Give a file without a name for the copies that are made to be printed. Raises OSError."""
    with tempfile.TemporaryFile(prefix="dingmi-", mode="a+b") as stream:
        yield stream


@contextmanager
def piece_of(made: IO[bytes], start: int, size: int) -> Iterator[IO[bytes]]:
    """Give one of the made copies as a file of its own. Raises OSError where it is not whole."""
    with tempfile.TemporaryFile(prefix="dingmi-") as stream:
        at = start
        while piece := os.pread(made.fileno(), min(1 << 20, start + size - at), at):
            stream.write(piece)
            at += len(piece)
        if at != start + size:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        stream.flush()
        yield stream


def _opened(name: str) -> IO[bytes]:
    stream = os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(name)
    return stream


def _take_input(stream: IO[bytes]) -> None:
    shutil.copyfileobj(sys.stdin.buffer, stream, 1 << 20)
    stream.flush()
    stream.seek(0)


def keep_channels() -> None:
    """Let the back channel (3) and the side channel (4) be what CUPS means by them, or nothing.

    Where they were not handed over, a file opened later must not take their place.
    """
    for channel in (3, 4):
        try:
            os.fstat(channel)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != channel:
                os.dup2(nowhere, channel)
                os.close(nowhere)
