"""Whether there is a file to be read, and whether libraries can be told its name."""

from __future__ import annotations

from pathlib import Path

from dingmi_mark.messages import Message, say


def no_file_because(path: Path) -> Message | None:
    """Say why there is no file to be read, None where there is one. Raises OSError.

    A pipe or device must not be opened: it could keep the program waiting for ever.
    """
    if path.is_file():
        return None
    if path.is_dir():
        return say("it is a folder; a file is expected")
    return say("it is no ordinary file") if path.exists() else say("there is no such file")


def named_in_utf8(path: Path) -> bool:
    """Tell whether qpdf and MuPDF can be given a name: from old disks it may be in GBK."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
