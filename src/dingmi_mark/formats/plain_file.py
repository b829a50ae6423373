"""Whether there is a file to be read, before anything is opened."""

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
