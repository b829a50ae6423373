"""The index of quotations on the disk: keyed fingerprints of classified texts, no words.

A folder of shelves (`store.shelf_file`) that are never changed, and a list that names those in
force. What is added is a new shelf; small ones are merged, so that there are few. The list is
replaced whole: a crash or another process sees the one before or the one after. Readers need no
lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.errors import QuoteIndexDamaged
from dingmi_mark.messages import Message, say
from dingmi_mark.store.new_file import new_file, replaced_text, writing_to
from dingmi_mark.store.shelf_file import OpenShelf, read_shelf, write_shelf

if TYPE_CHECKING:
    from dingmi_mark.quoting.fingerprints import Fingerprints, Sketch

FOLDER: Final = "quotations"
"""Folder of the office with the index."""

FORMAT: Final = 2
_LIST: Final = "index.json"
_LOCK: Final = "lock"
_LARGEST: Final = 1 << 30
"""Shelves of more characters are merged no further."""
_AGAIN: Final = 5


MARKED: Final = "marked"
SOURCE: Final = "source"
"""Kinds of an indexed text: marked by this office, and registered from outside."""

POINTS_READING: Final = 1
"""How points are placed today. 0 knew no boxes and no cells, and took what follows a row of a page
for its paragraph up to the end of a sentence.
"""


@dataclass(frozen=True)
class IndexedPoint:
    """A stretch of a classified point: its id, its level (the word), from where to where.

    A point has as many as it takes. `partly`: some of the stretch stands outside of the point, and
    nobody knows which, so that it has the level of the text.
    """

    id: str
    level: str
    start: int
    end: int
    partly: bool = False


@dataclass(frozen=True)
class IndexedText:
    """What the index knows of a text besides its fingerprints: ids and levels, no words.

    `kind` is `marked` (of this office) or `source` (from outside); `id` is its id in the ledger.
    `length` is how many letters and figures it has. `draft_sm3` and `content_digest` tell its file.
    `reading` tells by which way of finding them the points were placed (see POINTS_READING).
    """

    kind: str
    id: str
    approval_number: str
    level: str
    length: int
    draft_sm3: str = ""
    content_digest: str = ""
    last_secret_day: str = ""
    points: tuple[IndexedPoint, ...] = ()
    reading: int = 0

    @property
    def name(self) -> tuple[str, str, str]:
        """What makes it one text: a second one of this name is the same again."""
        return self.kind, self.id, self.draft_sm3


class QuoteIndex:
    """The index of one office.

    Every method may raise QuoteIndexDamaged; writing also OutputDiskFull, OutputNotWritable.
    """

    def __init__(self, office: Path, secret: bytes) -> None:
        self.folder = office / FOLDER
        self.key = bytes.fromhex(opaque_id(secret, "quotations"))
        self.check = opaque_id(secret, "quotations", "check")

    def texts(self) -> Iterator[IndexedText]:
        """Yield what is known of every text."""
        for shelf in self.shelves():
            for number in range(len(shelf.lines)):
                yield self.text(shelf, number)

    def text(self, shelf: OpenShelf, number: int) -> IndexedText:
        """Return what is known of a text on a shelf."""
        try:
            table = json.loads(shelf.lines[number])
            points = tuple(IndexedPoint(**point) for point in table.pop("points"))
            return IndexedText(**table, points=points)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._damaged(say("a part of it cannot be read")) from error

    def shelves(self) -> tuple[OpenShelf, ...]:
        """Open all shelves in force; the arrays are read as they are needed."""
        for _ in range(_AGAIN):
            listed = self._listed()
            try:
                return tuple(self._opened(name) for name in listed)
            except FileNotFoundError:
                # Another process merged them meanwhile: its list is there by now.
                if self._listed() == listed:
                    break
        raise self._damaged(say("a part of it is missing"))

    def add(self, texts: Sequence[tuple[IndexedText, Fingerprints]]) -> int:
        """Add texts that are not there yet, durably, and return how many they were."""
        from dingmi_mark.quoting.shelf import shelved

        with self._locked():
            there = self._among({text.id for text, _ in texts})
            new = []
            for text, prints in texts:
                if text.name not in there:
                    there.add(text.name)
                    new.append((text, prints))
            if new:
                shelf = shelved([prints for _, prints in new])
                self._put(OpenShelf(tuple(_line_of(text) for text, _ in new), shelf))
        return len(new)

    def renew(self, texts: Sequence[IndexedText]) -> None:
        """Change what is known of texts that are there, durably; their fingerprints stay."""
        lines = {text.name: _line_of(text) for text in texts}
        if not lines:
            return
        with self._locked():
            listed = []
            for name in self._listed():
                one = self._opened(name)
                names = (self.text(one, number).name for number in range(len(one.lines)))
                new = tuple(
                    lines.get(known, line) for known, line in zip(names, one.lines, strict=True)
                )
                listed.append(name if new == one.lines else self._stored(OpenShelf(new, one.shelf)))
            self._replace_list(listed)
            self._tidy(listed)

    def has_sketch(self, text: IndexedText, sketch: Sketch) -> bool:
        """Tell whether a text is there with this very sketch: with the same letters throughout."""
        import numpy as np

        for one in self.shelves():
            for number in range(len(one.lines)):
                if self.text(one, number).name == text.name:
                    start, end = one.shelf.starts[number : number + 2]
                    return np.array_equal(one.shelf.sketch[start:end], sketch)
        return False

    def clear(self) -> None:
        """Take the whole index away, a damaged one too, to make it anew."""
        with self._locked():
            (self.folder / _LIST).unlink(missing_ok=True)
            self._tidy([])

    def faults(self) -> Iterator[Message]:
        """Say what is wrong with the arrays themselves; reads them whole."""
        import numpy as np

        for one in self.shelves():
            shelf = one.shelf
            ordered = bool(np.all(shelf.posted[:-1] <= shelf.posted[1:]))
            inside = len(shelf.at) == 0 or int(shelf.at.max()) < len(shelf.sketch)
            if not (ordered and inside):
                yield say("a part of it was changed")

    def _among(self, ids: set[str]) -> set[tuple[str, str, str]]:
        """Return the names of the texts that have these ids; lines of others are not parsed."""
        wanted = [json.dumps(each, ensure_ascii=False).encode() for each in ids]
        return {
            self.text(shelf, number).name
            for shelf in self.shelves()
            for number, line in enumerate(shelf.lines)
            if any(each in line for each in wanted)
        }

    # ── the folder ───────────────────────────────────────────────────────────────────────────

    def _listed(self) -> list[str]:
        try:
            read: dict[str, Any] = json.loads((self.folder / _LIST).read_text("utf-8"))
            found = read["format"], read["check"], [str(name) for name in read["shelves"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(say("its list cannot be read")) from error
        if found[0] != FORMAT:
            raise self._damaged(say("another version of the program made it"))
        if found[1] != self.check:
            raise self._damaged(say("it was made with another office secret"))
        return found[2]

    def _opened(self, name: str) -> OpenShelf:
        try:
            return read_shelf(self.folder / name)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(say("a part of it cannot be read")) from error

    def _put(self, new: OpenShelf) -> None:
        """Store a shelf, merged with those before it that are hardly larger."""
        from dingmi_mark.quoting.shelf import merged

        listed = self._listed()
        together = [new]
        while listed:
            before = self._opened(listed[-1])
            size = sum(len(each.shelf.sketch) for each in together)
            if not len(before.shelf.sketch) <= min(2 * size, _LARGEST):
                break
            together.insert(0, before)
            listed.pop()
        if len(together) > 1:
            lines = tuple(line for each in together for line in each.lines)
            new = OpenShelf(lines, merged([each.shelf for each in together]))
        listed.append(self._stored(new))
        self._replace_list(listed)
        self._tidy(listed)

    def _stored(self, new: OpenShelf) -> str:
        name = token_hex(8)
        with new_file(self.folder / name) as stream:
            write_shelf(stream, new)
        _sync(self.folder)
        return name

    def _replace_list(self, shelves: Sequence[str]) -> None:
        told = {"format": FORMAT, "check": self.check, "shelves": list(shelves)}
        replaced_text(self.folder / _LIST, json.dumps(told))
        _sync(self.folder)

    def _tidy(self, shelves: Sequence[str]) -> None:
        """Remove what is in force no longer, and what a crash left."""
        kept = {*shelves, _LIST, _LOCK}
        for entry in self.folder.iterdir():
            if entry.name not in kept and not entry.is_dir():
                entry.unlink(missing_ok=True)
            elif entry.is_dir():  # a shelf of an earlier format
                shutil.rmtree(entry, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process write at a time; the system frees the lock of one that died."""
        with writing_to(self.folder):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _damaged(self, cause: Message) -> QuoteIndexDamaged:
        return QuoteIndexDamaged(str(self.folder), cause=cause)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line_of(text: IndexedText) -> bytes:
    return json.dumps(asdict(text), ensure_ascii=False).encode()
