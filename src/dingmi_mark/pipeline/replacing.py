"""A file appears whole under its name or not at all, and never in the place of another.

The work goes to a temporary file in the target's own folder; a hard link gives it its name,
which fails where the name is taken, and the temporary name is then removed.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dingmi_mark.errors import DingmiError, OutputDiskFull, OutputExists, OutputNotWritable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


def temporary_beside(target: Path) -> Path:
    """Name a temporary file in the target's folder as `settle` knows them."""
    return target.with_name(f".dingmi-{secrets.token_hex(8)}.tmp")


def make_folder(folder: Path) -> None:
    """Make the target's folder. Raises OutputDiskFull, OutputNotWritable."""
    with output_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)


def keep_rights(draft: Path, temporary: Path) -> None:
    """Give the marked file the draft's rights, never wider ones; and see it safe on the disk."""
    with output_faults(temporary):
        rights = stat.S_IMODE(draft.stat().st_mode) & 0o666
        opened = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fchmod(opened, rights | 0o600)
            os.fsync(opened)
        finally:
            os.close(opened)


def give_name(temporary: Path, target: Path) -> None:
    """Turn the temporary file into the target. Raises OutputExists; nothing is overwritten."""
    with output_faults(target):
        try:
            os.link(temporary, target, follow_symlinks=False)
        except FileExistsError as error:
            raise OutputExists(str(target)) from error
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _rename_where_no_links(temporary, target)
        else:
            temporary.unlink()
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """See a folder's names safe on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def output_faults(where: Path) -> Iterator[None]:
    """Turn failures of writing into errors that say what to do."""
    try:
        yield
    except OSError as error:
        raise output_error(error, where) from error


def output_error(error: OSError, where: Path) -> DingmiError:
    """Return the expected error for a failure of writing."""
    if error.errno in _FULL:
        return OutputDiskFull(str(where))
    return OutputNotWritable(str(where), cause=error.strerror or str(error))


def _rename_where_no_links(temporary: Path, target: Path) -> None:
    """File systems without hard links (FAT, some shares) leave a moment between look and rename."""
    if os.path.lexists(target):
        raise OutputExists(str(target))
    os.rename(temporary, target)
