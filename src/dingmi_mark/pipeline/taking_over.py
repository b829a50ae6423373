"""A file that takes the place of another has its owner, its rights and its extended attributes.

So far as the system lets this process do it; who may not give a file to its owner's group gives
its rights to no other group either: a file is never readable by more people than before.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from dingmi_mark.pipeline.replacing import output_faults

_ACL: Final = "system.posix_acl_access"
_USERS: Final = "user."
_NOT_THERE = (errno.ENOTSUP, errno.ENOSYS, errno.ENODATA)
_MAY_NOT = (errno.EPERM, errno.EACCES, errno.EINVAL, *_NOT_THERE)
_OF_GROUP = 0o070


def take_over(old: Path, new: Path) -> None:
    """Give `new` what `old` has: owner, group, rights, access list, the users' attributes.

    `new` is safe on the disk afterwards. Raises OutputNotWritable, OutputDiskFull.
    """
    with output_faults(new):
        found = old.stat()
        opened = os.open(new, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # Nobody else may look in meanwhile; attributes first: rights may then forbid writing.
            os.fchmod(opened, 0o600)
            _copy_attributes(old, opened)
            same_group = _give(opened, found)
            rights = stat.S_IMODE(found.st_mode) & 0o777
            acl = _attribute(old, _ACL)
            if not same_group or (acl is not None and not _set(opened, _ACL, acl)):
                # With an access list the group's bits are its mask: they may be wider than it.
                rights &= ~_OF_GROUP
            os.fchmod(opened, rights)
            os.fsync(opened)
        finally:
            os.close(opened)


def _give(opened: int, found: os.stat_result) -> bool:
    """Give an open file to owner and group, or at least to the group; tell whether it has it."""
    for owner in (found.st_uid, -1):
        try:
            os.fchown(opened, owner, found.st_gid)
        except OSError as error:
            if error.errno not in _MAY_NOT:
                raise
        else:
            return True
    return os.fstat(opened).st_gid == found.st_gid


def _copy_attributes(old: Path, opened: int) -> None:
    try:
        names = os.listxattr(old)
    except OSError as error:
        if error.errno not in _MAY_NOT:
            raise
        return
    for name in (one for one in names if one.startswith(_USERS)):
        value = _attribute(old, name)
        if value is not None:
            _set(opened, name, value)


def _attribute(old: Path, name: str) -> bytes | None:
    try:
        return os.getxattr(old, name)
    except OSError as error:
        if error.errno not in _MAY_NOT:
            raise
        return None


def _set(opened: int, name: str, value: bytes) -> bool:
    try:
        os.setxattr(opened, name, value)
    except OSError as error:
        if error.errno not in _MAY_NOT:
            raise
        return False
    return True
