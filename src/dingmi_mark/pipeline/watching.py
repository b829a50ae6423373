"""Decide on the files that arrive in a folder, and hand those that may be printed to another.

A file goes there in one step, by way of a folder of ours in which it is looked at once more: so it
is in one place at any time, and after a crash `recover` sees how far it came. What may not be
printed stays where it is.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import (
    DingmiError,
    PrintHeld,
    WatchFolderUnusable,
    WatchRunning,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.preprint_words import held_by, job_words
from dingmi_mark.pipeline.replacing import output_error
from dingmi_mark.pipeline.verdicts import PrintVerdict
from dingmi_mark.pipeline.watch_stage import STATE, Stage, recover
from dingmi_mark.store.new_file import replaced_text, writing_to
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_lock import LockHeld, only_one

SETTLED_S: Final = 2.0
"""A file of the same size and time for so long is finished."""
RETRY_S: Final = 300.0
"""After this a file that could not be looked at is looked at again."""
NOTE: Final = ".打印结果.txt"
"""Ends the name of the note beside a file that stays."""
OUT: Final = "可以打印"
"""In the folder that is watched, where no other one is named."""
_AT_ONCE: Final = 8
_HIDDEN: Final = (".", "~$")
_DIGITS: Final = 8
_TAKEN: Final = say("the printer's folder still holds a file of this name.")
_TAKEN_NEXT: Final = say("It goes on by itself once that file is printed and gone.")


@dataclass(frozen=True)
class Told:
    """What was decided on a file; `why` and `next` are None where it may be printed.

    They hold no name, title, level or text of it; `digest` begins its SM3.
    """

    path: Path
    digest: str
    error: DingmiError | None = None
    why: Message | None = None
    next: Message | None = None


class _State(NamedTuple):
    size: int
    changed: int
    inode: int


@dataclass
class Watch:
    """A folder under watch: `look` at it again and again.

    `on_told` hears of each decision once, `on_left` of how many entries are left alone whenever
    these are others than before: links, hidden files, folders.
    """

    folder: Path
    out: Path
    printer: str
    by: str
    office: Office
    on_told: Callable[[Told], None]
    on_left: Callable[[int], None]
    _since: dict[str, tuple[_State, float]] = field(default_factory=dict)
    _decided: dict[str, tuple[_State, float | None]] = field(default_factory=dict)
    _blocked: set[str] = field(default_factory=set)
    _left: frozenset[str] = frozenset()

    def look(self, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Decide on what is finished, and return how many files are still being written.

        Raises WatchFolderUnusable where the folder cannot be read.
        """
        found = self._files()
        now = time.monotonic()
        for name, state in found.items():
            if name not in self._since or self._since[name][0] != state:
                self._since[name] = (state, now)
        for known in (self._since, self._decided):
            for name in known.keys() - found.keys():
                del known[name]
        waiting = [name for name, state in found.items() if self._is_new(name, state, now)]
        finished = [name for name in waiting if now - self._since[name][1] >= SETTLED_S]
        ready = [name for name in finished if not self._is_blocked(name)]
        for start in range(0, len(ready), _AT_ONCE):
            if not goes_on():
                break
            self._decide(ready[start : start + _AT_ONCE])
        return len(waiting) - len(finished)

    def _is_new(self, name: str, state: _State, now: float) -> bool:
        decided = self._decided.get(name)
        if decided is None or decided[0] != state:
            return True
        return decided[1] is not None and now >= decided[1]

    def _is_blocked(self, name: str) -> bool:
        """Tell whether a file of its name waits for the printer; that is told once."""
        if not os.path.lexists(self.out / name):
            self._blocked.discard(name)
            return False
        if name not in self._blocked:
            self._blocked.add(name)
            self.on_told(_told_held(self.folder / name, _name_taken(self.folder / name)))
        return True

    def _files(self) -> dict[str, _State]:
        """Return the plain files of the folder that are to be decided on."""
        found, left = {}, set()
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    state = _plain(entry)
                    if state is not None:
                        found[entry.name] = state
                    elif not self._is_ours(entry):
                        left.add(entry.name)
        except OSError as error:
            raise _unusable(self.folder, error) from error
        if left != self._left:
            self._left = frozenset(left)
            self.on_left(len(left))
        return found

    def _is_ours(self, entry: os.DirEntry[str]) -> bool:
        return NOTE in entry.name or entry.name == STATE or Path(entry.path) == self.out

    def _decide(self, names: list[str]) -> None:
        waiting = {self.folder / name for name in names}

        def take(verdict: PrintVerdict) -> None:
            waiting.discard(verdict.file)
            self._take(verdict)

        files = tuple(self.folder / name for name in names)
        request = PrintRequest(files, self.by, self.printer)
        try:
            preprint_files(request, self.office, issuing=True, on_verdict=take)
        except DingmiError as error:
            for path in sorted(waiting):
                self._take(held_by(path, error))

    def _take(self, verdict: PrintVerdict) -> None:
        if verdict.decision is not PrintDecision.PRINT:
            self._tell_stopped(verdict)
            return
        try:
            moved = self._hand_over(verdict)
        except PrintHeld as error:
            self._stays(verdict.file.name, again=True)
            self.on_told(_told_held(verdict.file, error))
            return
        if moved:
            self.on_told(Told(verdict.file, verdict.file_sm3[:_DIGITS]))
        else:  # it is another file by now, to be decided on anew
            self._since.pop(verdict.file.name, None)

    def _tell_stopped(self, verdict: PrintVerdict) -> None:
        assert verdict.error is not None, "what does not print says why"
        cause = verdict.error.params["why"]
        assert isinstance(cause, Message)
        self._stays(verdict.file.name, again=verdict.reason is PrintReason.FAILED)
        words = job_words(verdict.reason, verdict.approval_number, cause)
        self.on_told(Told(verdict.file, verdict.file_sm3[:_DIGITS], verdict.error, *words))

    def _stays(self, name: str, *, again: bool) -> None:
        later = time.monotonic() + RETRY_S if again else None
        self._decided[name] = (self._since[name][0], later)

    def _hand_over(self, verdict: PrintVerdict) -> bool:
        """Move a file to the printer's folder; False where it is not what was decided on.

        Raises PrintHeld where it cannot be moved; it is back in its place then.
        """
        issued = verdict.issued
        stage = Stage(self.folder, issued.print_id if issued else secrets.token_hex(8))
        target = self.out / verdict.file.name
        moved = False
        try:
            moved = _moved(stage, verdict, target)
        except OSError as error:
            raise _held(verdict.file, output_error(error, target)) from error
        finally:
            stage.end(moved, issued, self.office)
        if moved:
            _take_note_away(verdict.file)
        return moved


def _moved(stage: Stage, verdict: PrintVerdict, target: Path) -> bool:
    try:
        staged = stage.take(verdict.file)
    except FileNotFoundError:
        return False  # somebody took it back
    if read_bytes_of(staged, most_mib=ANY_SIZE_MIB).digests.sm3 != verdict.file_sm3:
        return False
    if os.path.lexists(target):
        raise _name_taken(verdict.file)
    stage.give(target)
    return True


def _name_taken(file: Path) -> PrintHeld:
    return PrintHeld(str(file), why=_TAKEN, next=_TAKEN_NEXT)


def _told_held(file: Path, error: PrintHeld) -> Told:
    why, advice = error.params["why"], error.params["next"]
    assert isinstance(why, Message) and isinstance(advice, Message)
    return Told(file, "", error, why, advice)


def _held(file: Path, cause: DingmiError) -> PrintHeld:
    return PrintHeld(str(file), why=cause.message, next=cause.advice)


def _plain(entry: os.DirEntry[str]) -> _State | None:
    """Return the state of a plain file with one name, None for everything else."""
    if entry.name.startswith(_HIDDEN) or NOTE in entry.name:
        return None
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return None
    return _State(found.st_size, found.st_mtime_ns, found.st_ino)


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Hold a folder under watch, one process at a time, and finish what a crash left there.

    Raises WatchFolderUnusable, WatchRunning, and the ledger's errors.
    """
    try:
        watch.out.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder, out = watch.folder.stat(), watch.out.stat()
    except OSError as error:
        raise _unusable(watch.folder, error) from error
    if watch.folder == watch.out:
        raise WatchFolderUnusable(str(watch.out), cause=say("both are the same folder"))
    if folder.st_dev != out.st_dev:
        raise WatchFolderUnusable(str(watch.out), cause=say("they are on different disks"))
    try:
        with only_one(watch.folder / STATE, "lock"):
            recover(watch.folder, watch.office)
            yield watch
    except LockHeld as error:
        raise WatchRunning(str(watch.folder)) from error
    except OSError as error:
        raise _unusable(watch.folder, error) from error


def note_of(file: Path) -> Path:
    """Return where the note beside a file that stays is."""
    return file.with_name(file.name + NOTE)


def write_note(file: Path, text: str) -> None:
    """Write why a file stays beside it, for whoever may read the file.

    Raises OutputDiskFull, OutputNotWritable.
    """
    note = note_of(file)
    replaced_text(note, text)
    with writing_to(note):
        note.chmod(stat.S_IMODE(file.stat().st_mode) & 0o666 | 0o600)


def _take_note_away(file: Path) -> None:
    with suppress(OSError):  # a note too many does no harm
        note_of(file).unlink(missing_ok=True)


def _unusable(folder: Path, error: OSError) -> WatchFolderUnusable:
    return WatchFolderUnusable(str(folder), cause=error.strerror or type(error).__name__)
