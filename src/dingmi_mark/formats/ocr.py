"""Read the text of a picture with tesseract, where it is installed with simplified Chinese.

The picture goes in and the text comes out through pipes: nothing is written to the disk by us, and
what tesseract writes goes to the private folder of the worker.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE: Final = "chi_sim"
DPI: Final = 300
"""At what resolution pages are shown to be read."""

_START_SECONDS: Final = 20


@cache
def find_tesseract() -> str | None:
    """Return the program if it can read simplified Chinese."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=_START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if LANGUAGE.encode() in told.stdout.split() + told.stderr.split() else None


def read_picture(program: str, picture: Image, seconds: float) -> str | None:
    """Return the text of a picture; None where it could not be read in that time."""
    stream = BytesIO()
    picture.convert("L").save(stream, "PNG", compress_level=1, dpi=(DPI, DPI))
    # One thread: other files are being worked on beside this one.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "TMPDIR": tempfile.gettempdir()}
    try:
        told = subprocess.run(
            [program, "stdin", "stdout", "-l", LANGUAGE],
            input=stream.getvalue(),
            capture_output=True,
            timeout=max(1.0, seconds),
            check=True,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.decode("utf-8", "replace")
