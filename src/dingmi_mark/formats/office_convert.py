"""Turn office files into PDF or DOCX with LibreOffice: alone, offline, no macros, within a time.

Each conversion has a profile of its own in a private folder that is removed afterwards. A kept
profile would save a twentieth of the time (measured), and would remember file names, lock out other
processes, and be left behind half-written by a conversion that was stopped.
"""

from __future__ import annotations

import locale
import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.errors import (
    ConfirmationToolFailed,
    ConversionFailed,
    ConversionTimedOut,
    ConversionToolMissing,
)
from dingmi_mark.formats.office_profile import write_profile
from dingmi_mark.messages import Message, say

TIME_LIMIT_S = 120.0
_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
"""What LibreOffice learns of our surroundings: language, and where a user's fonts are."""
_LANGUAGES = ("C.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8")
"""Those that take names of all letters; nearly every machine has the first one."""

_PROGRAMS = ("soffice", "libreoffice")
WRITER_PDF = "pdf:writer_pdf_Export"
SLIDES_PDF = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
"""What LibreOffice makes to look at: every slide, the hidden ones too."""

SHEETS_PDF = "pdf:calc_pdf_Export"

_HERE = Path("/proc/self/cwd")
"""The folder in which LibreOffice works, by a name that does not change from run to run.

Some pages show it (fields such as `FILENAME \\p`, `&Z`), and are compared with other such pages.
"""
_OWN_NAME = "draft"
_MADE_NAME = "dingmi-draft"
"""The name of what is converted for good: no page shows it by chance."""


def find_soffice() -> Path | None:
    """Return LibreOffice's program, None where it is not installed."""
    for program in _PROGRAMS:
        found = shutil.which(program)
        if found is not None:
            return Path(found)
    return None


class _NoResult(Exception):
    """LibreOffice did not make what it was asked for: why, and whether its time was over."""

    def __init__(self, cause: Message, *, timed_out: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.timed_out = timed_out


def to_pdf(
    path: Path,
    folder: Path,
    suffix: str = "",
    *,
    wanted: str = WRITER_PDF,
    time_limit_s: float = TIME_LIMIT_S,
) -> Path:
    """Convert a file into a PDF in `folder`, to look at it; the original is not opened.

    `suffix` (`.docx`) tells the format of a file whose name does not.

    Raises ConfirmationToolFailed when LibreOffice is missing, fails or takes too long.
    """
    program = find_soffice()
    if program is None:
        raise ConfirmationToolFailed(str(path), cause=say("LibreOffice is not installed"))
    try:
        copy = f"{_OWN_NAME}{suffix or path.suffix.lower()}"
        return _made(program, path, folder, copy, wanted, time_limit_s)
    except _NoResult as error:
        raise ConfirmationToolFailed(str(path), cause=error.cause) from error


def converted(
    path: Path, folder: Path, suffix: str, wanted: str, *, time_limit_s: float = TIME_LIMIT_S
) -> Path:
    """Convert a draft into another format in `folder`; the original is not opened.

    `suffix` (`.doc`) tells what it is, `wanted` is LibreOffice's word for what it becomes
    (`docx:MS Word 2007 XML`). What is converted has a plain name of ours: LibreOffice opens no
    other where the machine has no language set. Pages that would show that name are refused.

    Raises ConversionToolMissing, ConversionTimedOut, ConversionFailed.
    """
    program = find_soffice()
    if program is None:
        raise ConversionToolMissing(str(path), suffix=suffix)
    try:
        made = _made(program, path, folder, f"{_MADE_NAME}{suffix}", wanted, time_limit_s)
    except _NoResult as error:
        if error.timed_out:
            raise ConversionTimedOut(str(path), seconds=round(time_limit_s)) from error
        raise ConversionFailed(str(path), cause=error.cause) from error
    if made.suffix == ".pdf" and _shows_our_name(made):
        cause = say("its pages show the name of its file (a field such as FILENAME or &F)")
        made.unlink()
        raise ConversionFailed(str(path), cause=cause)
    return made


def _shows_our_name(made: Path) -> bool:
    from dingmi_mark.formats.pdf.view import open_pdf_view

    with open_pdf_view(made) as pages:
        shown = ("".join(line.text for line in pages.lines(n)) for n in range(len(pages.sizes)))
        return any(_MADE_NAME in "".join(text.split()) for text in shown)


def _made(
    program: Path, path: Path, folder: Path, copy: str, wanted: str, time_limit_s: float
) -> Path:
    """Convert a file, named `copy` in a room of its own, and move what it becomes to `folder`."""
    ending = wanted.partition(":")[0]
    with TemporaryDirectory(prefix="dingmi-office-") as private:
        room = Path(private)
        draft = room / copy
        shutil.copyfile(path, draft)
        write_profile(room / "profile", program)
        _run(_command(program, room, draft, wanted), room, time_limit_s)
        made = room / "out" / f"{draft.stem}.{ending}"
        if not made.is_file():
            raise _NoResult(say("LibreOffice made no {format} of it", format=ending.upper()))
        return Path(shutil.move(made, folder / f"{path.stem}.{ending}"))


def _command(program: Path, room: Path, draft: Path, wanted: str) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", wanted,
        "--outdir", str(room / "out"),
        str(_HERE / draft.name if _HERE.is_dir() else draft),
    ]  # fmt: skip


def _run(command: list[str], room: Path, time_limit_s: float) -> None:
    """Run LibreOffice in a process group of its own, so that all of it can be ended."""
    process = subprocess.Popen(
        command,
        cwd=room,
        env={**_surroundings(), "TMPDIR": str(room), "XDG_CACHE_HOME": str(room / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(time_limit_s)
    except subprocess.TimeoutExpired as error:
        cause = say("LibreOffice took longer than {seconds} s", seconds=round(time_limit_s))
        raise _NoResult(cause, timed_out=True) from error
    finally:
        _end_group(process)
    if status != 0:
        raise _NoResult(say("LibreOffice ended with status {status}", status=status))


def _surroundings() -> dict[str, str]:
    """Return what LibreOffice learns of ours; its language is one that the machine has.

    Where it has not, a folder with a Chinese name is none to LibreOffice, and it waits for ever.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if not _reads_all_names(kept.get("LC_ALL") or kept.get("LANG", "")):
        found = next(filter(_reads_all_names, _LANGUAGES), None)
        return {**kept, "LC_ALL": found} if found else kept
    return kept


def _reads_all_names(language: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, language or "C")
        return locale.nl_langinfo(locale.CODESET) == "UTF-8"
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the group; the group is gone in the ordinary case."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
