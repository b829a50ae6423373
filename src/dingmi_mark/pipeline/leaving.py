"""Carry out what the ledger was told of an original, from wherever an earlier attempt stopped."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_drafts import DraftLeaving
from dingmi_mark.domain.originals import Outcome
from dingmi_mark.errors import (
    ArchiveDiskFull,
    ArchiveNotWritable,
    DingmiError,
    DraftChanged,
    DraftEmpty,
    OriginalChanged,
    OriginalHasOtherNames,
    OriginalIsLink,
    OriginalMissing,
    OriginalNotRemoved,
    OriginalWithoutMarkedCopy,
    OriginalWriteProtected,
    OutputDiskFull,
    OutputExists,
    OutputNotWritable,
)
from dingmi_mark.messages import say
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of, refuse_if_changed
from dingmi_mark.pipeline.replacing import give_name, output_faults, sync_folder
from dingmi_mark.store.office import DraftsAfter

_ANY_SIZE_MIB: Final = 1 << 30
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Proof:
    """What was seen on the disk when all was done; `place` is as the ledger keeps paths.

    `copies` are the marked copies that were read again, by copy id with their SM3.
    """

    outcome: Outcome
    place: str = ""
    origin_gone: bool = False
    copies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    error: DingmiError | None = None


def carried_out(leaving: DraftLeaving, folder: Path, copies: Mapping[str, Path]) -> Proof:
    """Do what was intended with an original; `copies` are the places of the marked copies.

    Relative paths begin at `folder`. What stands against it comes back in the proof; raises
    OriginalMissing alone, where nothing can be proven.
    """
    work = _Leaving(leaving, folder, copies)
    try:
        match DraftsAfter(leaving.action):
            case DraftsAfter.KEEP:
                return work.keep()
            case DraftsAfter.ARCHIVE:
                return work.archive()
            case DraftsAfter.DELETE:
                return work.delete()
    except OriginalMissing:
        raise
    except DingmiError as error:
        place = leaving.destination if work.is_archived() else ""
        return Proof(Outcome.REMAINS, place, not os.path.lexists(work.origin), error=error)


class _Leaving:
    """One original on its way; every step may be done again."""

    def __init__(self, leaving: DraftLeaving, folder: Path, copies: Mapping[str, Path]) -> None:
        self._told = leaving
        self._digests = FileDigests(leaving.sm3, leaving.sha256)
        self._copies = copies
        self.origin = folder / leaving.origin
        self._destination = folder / leaving.destination
        self._temporary = self._destination.with_name(f".dingmi-{leaving.leaving_id}.tmp")

    def keep(self) -> Proof:
        """See that the original is where it was, as it was."""
        self._unchanged()
        return Proof(Outcome.KEPT, self._told.origin)

    def archive(self) -> Proof:
        """Copy into the archive, read back, then remove."""
        if not os.path.lexists(self.origin):
            if not self.is_archived():
                raise self._missing()
            self._forget_temporary()
        else:
            before = self._free_to_go()
            if not self.is_archived():
                self._copy()
            if not self.is_archived():
                raise ArchiveNotWritable(
                    str(self._destination),
                    cause=say("what was written does not read back the same"),
                )
            self._forget_temporary()
            self._remove(before)
        return Proof(Outcome.ARCHIVED, self._told.destination, origin_gone=True)

    def delete(self) -> Proof:
        """Read the marked copies again, then remove."""
        if not os.path.lexists(self.origin):
            # They were read before it went; what is said now is what is there now.
            return Proof(Outcome.DELETED, "", True, self._copies_there())
        before = self._free_to_go()
        there = self._copies_there()
        for copy_id in self._told.copies:
            if copy_id not in there:
                missing = os.fspath(self._copies.get(copy_id, copy_id))
                raise OriginalWithoutMarkedCopy(str(self.origin), copy=missing)
        if not there:
            raise OriginalWithoutMarkedCopy(str(self.origin), copy="-")
        self._remove(before)
        return Proof(Outcome.DELETED, "", True, there)

    def is_archived(self) -> bool:
        """Tell whether a file with exactly these bytes, and of its own, is at the new place."""
        if not self._told.destination or self._destination.is_symlink():
            return False
        try:
            found = read_bytes_of(self._destination, most_mib=_ANY_SIZE_MIB)
            itself = os.path.samefile(self._destination, self.origin)
        except FileNotFoundError:
            itself = False
        except DingmiError:
            return False
        return found.digests == self._digests and not itself

    def _missing(self) -> OriginalMissing:
        return OriginalMissing(str(self.origin), number=self._told.approval_number)

    def _unchanged(self) -> DraftBytes:
        if not os.path.lexists(self.origin):
            raise self._missing()
        try:
            found = read_bytes_of(self.origin, most_mib=_ANY_SIZE_MIB)
        except DraftEmpty as error:
            raise OriginalChanged(str(self.origin)) from error
        except DingmiError as error:
            cause = error.params.get("cause", error.message)
            raise OriginalNotRemoved(str(self.origin), cause=cause) from error
        if found.digests != self._digests:
            raise OriginalChanged(str(self.origin))
        return found

    def _free_to_go(self) -> DraftBytes:
        """Refuse what must not be removed; return the bytes as they are now."""
        where = str(self.origin)
        if self.origin.is_symlink():
            raise OriginalIsLink(where, target=os.path.realpath(self.origin))
        found = self._unchanged()
        state = self.origin.stat()
        if state.st_nlink > 1:
            raise OriginalHasOtherNames(where, count=state.st_nlink - 1)
        if not state.st_mode & stat.S_IWUSR:
            raise OriginalWriteProtected(where, file=where)
        return found

    def _copy(self) -> None:
        """Give the archive a file of its own, 0600: whoever has the original open has not this."""
        where = str(self._destination)
        try:
            self._make_folder()
            with output_faults(self._destination):
                self._fill_temporary()
            give_name(self._temporary, self._destination)
        except OutputDiskFull as error:
            raise ArchiveDiskFull(where) from error
        except OutputExists as error:
            raise ArchiveNotWritable(where, cause=os.strerror(errno.EEXIST)) from error
        except OutputNotWritable as error:
            raise ArchiveNotWritable(where, cause=error.params["cause"]) from error
        finally:
            self._forget_temporary()

    def _fill_temporary(self) -> None:
        self._temporary.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        opened = os.open(self._temporary, flags, 0o600)
        with open(self.origin, "rb") as source, open(opened, "wb") as target:
            while block := source.read(_BLOCK):
                target.write(block)
            target.flush()
            os.fsync(opened)

    def _make_folder(self) -> None:
        folder = self._destination.parent
        if folder.is_symlink() or folder.parent.is_symlink():
            raise ArchiveNotWritable(str(folder), cause=say("it is a link to another place"))
        with output_faults(folder):
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
            sync_folder(folder.parent)

    def _forget_temporary(self) -> None:
        if not self._told.destination:
            return
        try:
            self._temporary.unlink(missing_ok=True)
        except NotADirectoryError:
            return  # where there is no folder there is no file
        except OSError as error:
            cause = error.strerror or str(error)
            raise ArchiveNotWritable(str(self._temporary), cause=cause) from error

    def _remove(self, before: DraftBytes) -> None:
        where = str(self.origin)
        try:
            refuse_if_changed(self.origin, before)
            os.unlink(self.origin)
            sync_folder(self.origin.parent)
        except DraftChanged as error:
            raise OriginalChanged(where) from error
        except OSError as error:
            cause = error.strerror or str(error)
            raise OriginalNotRemoved(where, cause=cause) from error
        if os.path.lexists(self.origin):
            raise OriginalNotRemoved(where, cause=say("it is there again"))

    def _copies_there(self) -> Mapping[str, str]:
        """Return the marked copies that are where they were put, with the digests just read."""
        found = {}
        for copy_id, sm3 in self._told.copies.items():
            path = self._copies.get(copy_id)
            try:
                content = read_bytes_of(path, most_mib=_ANY_SIZE_MIB) if path else None
            except DingmiError:
                continue
            if content is not None and content.digests.sm3 == sm3:
                found[copy_id] = sm3
        return MappingProxyType(found)
