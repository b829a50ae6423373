"""Turn the bytes of a file that people write into TOML values.

What cannot be read is told with its line and column, never with the parser's own words.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from dingmi_mark.formats.plain_file import no_file_because
from dingmi_mark.messages import Fault, Message, say

MAX_BYTES: Final = 1_000_000
"""Largest file that is read: what people write by hand stays far below."""

_CHINESE: Final = {
    **dict.fromkeys("“”＂", '"'),
    **dict.fromkeys("‘’＇", "'"),
    **dict.fromkeys("，、", ","),
    "＝": "=",
    "［": "[",
    "］": "]",
    "＃": "#",
}
"""What an input method types in place of what TOML wants."""


class Faulty(Exception):
    """The file has faults; the caller turns them into the error of its own theme."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


class Unopened(Faulty):
    """The file is not there, is no file, or may not be read: nothing is wrong with its text."""


def read_raw(file: Path) -> bytes:
    """Read a whole file. Raises Unopened: not there, no rights, no ordinary file; Faulty."""
    try:
        if (cause := no_file_because(file)) is not None:
            raise Unopened(Fault("", cause))
        with file.open("rb") as stream:
            raw: bytes = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        cause = say("the file cannot be opened: {cause}", cause=reason)
        raise Unopened(Fault("", cause)) from error
    if len(raw) > MAX_BYTES:
        raise Faulty(Fault("", say("the file is larger than {limit} bytes", limit=MAX_BYTES)))
    return raw


def utf8_text(raw: bytes) -> str:
    """Decode UTF-8, with or without BOM. Raises Faulty with the line that is something else."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Faulty(Fault("", say("line {line} is not UTF-8 text", line=line))) from error


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML. Raises Faulty with line and column."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise Faulty(Fault("", say("tables are nested too deeply"))) from error
    except ValueError as error:
        raise Faulty(Fault("", _broken_at(error, text))) from error


def _broken_at(error: ValueError, text: str) -> Message:
    # Before Python 3.14 the parser tells the place in its text only.
    place = re.search(r"line (\d+), column (\d+)", str(error))
    if place is None:
        return say("the file ends too early or is no TOML")
    line, column = (int(number) for number in place.groups())
    found = _chinese_at(text.replace("\r\n", "\n").split("\n")[line - 1], column)
    if found:
        return say(
            "line {line}, column {column}: the Chinese {found} stands where TOML wants {wanted}",
            line=line,
            column=column,
            found=found,
            wanted=_CHINESE[found],
        )
    return say("line {line}, column {column} is not valid TOML", line=line, column=column)


def _chinese_at(line: str, column: int) -> str:
    """Return the Chinese punctuation that stands at a fault, empty where there is none.

    A text that such a quotation mark should have closed goes wrong only at the end of its line.
    """
    at = line[column - 1 : column] or line.rstrip()[-1:]
    return at if at in _CHINESE else ""
