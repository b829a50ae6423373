"""Make a new office: all of it or nothing.

Everything is made in a folder of its own beside its place and moved there at the end, so that a
full disk or a missing right leaves no half office behind.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Final

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.errors import OfficeExists, OutputDiskFull, OutputNotWritable
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.office import (
    AUTHORITY_FILE,
    OFFICE_FILE,
    SECRET_BYTES,
    SECRET_FILE,
    Office,
    read_office,
)
from dingmi_mark.store.strict_toml import configuration_invalid, not_one_line

FOLDERS: Final = ("ledger", "stamps", "approvals", "archive", "secret")
"""The folders of an office; only the owner may enter them."""

_TEMPLATES: Final = Path(__file__).parent / "office_files"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def init_office(folder: Path, *, name: str, kind: OrganKind, now: datetime) -> Office:
    """Make an office in a folder that is new or has none of an office's names in it.

    `name` is the organ's full name; `now` stands in the head of the files. The ledger itself is
    made by the caller. Raises OfficeExists, ConfigurationInvalid (a name is taken, the organ's
    name is no line of text), OutputDiskFull, OutputNotWritable; then nothing was changed.
    """
    folder = folder.absolute()
    _refuse_if_taken(folder)
    if (expected := not_one_line(name)) is not None:
        raise configuration_invalid(OFFICE_FILE, (Fault("organ.name", expected),))
    with _expected_failures(folder):
        if folder.is_dir():
            _move_into(folder, name, kind, now)
        else:
            _rename_to(folder, name, kind, now)
    return read_office(folder)


def _refuse_if_taken(folder: Path) -> None:
    if (folder / OFFICE_FILE).exists():
        raise OfficeExists(str(folder))
    taken = [entry for entry in (*FOLDERS, AUTHORITY_FILE) if os.path.lexists(folder / entry)]
    if taken:
        faults = tuple(Fault(entry, say("there is already something here")) for entry in taken)
        raise configuration_invalid(str(folder), faults)


def _rename_to(folder: Path, name: str, kind: OrganKind, now: datetime) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".dingmi-init-") as staging:
        office = Path(staging, "office")
        _build(office, name, kind, now)
        office.rename(folder)


def _move_into(folder: Path, name: str, kind: OrganKind, now: datetime) -> None:
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=".dingmi-init-") as staging,
        ExitStack() as undo,
    ):
        office = Path(staging, "office")
        _build(office, name, kind, now)
        # office.toml comes last: until it is there, no command sees an office.
        for entry in (*FOLDERS, AUTHORITY_FILE, OFFICE_FILE):
            (office / entry).rename(folder / entry)
            undo.callback(_remove, folder / entry)
        undo.pop_all()


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def _build(office: Path, name: str, kind: OrganKind, now: datetime) -> None:
    office.mkdir(mode=0o700)
    for entry in FOLDERS:
        (office / entry).mkdir(mode=0o700)
    _write(office / SECRET_FILE, secrets.token_hex(SECRET_BYTES) + "\n")
    # What JSON escapes in a string, TOML escapes alike.
    values = {
        "id": secrets.token_hex(8),
        "name": json.dumps(name, ensure_ascii=False)[1:-1],
        "kind": kind.value,
        "made": now.date().isoformat(),
    }
    for file in (AUTHORITY_FILE, OFFICE_FILE):
        text = (_TEMPLATES / file).read_text(encoding="utf-8")
        _write(office / file, Template(text).substitute(values))


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _expected_failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise OutputDiskFull(str(folder)) from error
        cause = error.strerror or type(error).__name__
        raise OutputNotWritable(str(folder), cause=cause) from error
