"""Find the drafts of folders: everything in them is a draft, or is named as what it is not.

Nothing is dropped in silence: what cannot be a draft (a link, a file that cannot be read) comes
back with its error. Left out are only what systems and programs put beside documents.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dingmi_mark.errors import (
    DingmiError,
    DraftLockFile,
    DraftNotAccessible,
    SymlinkLoop,
    TwoDraftsOneName,
)
from dingmi_mark.pipeline.draft_file import is_lock_file

_BESIDE = frozenset({"thumbs.db", "desktop.ini"})
"""What systems leave in folders; hidden names and lock files (`~$`) are left out too."""

_SHOWN = 5
"""So many drafts that clash with one are named."""


@dataclass(frozen=True)
class FoundDraft:
    """A draft: where it is, its place below the folder searched, and what stands against it."""

    path: Path
    relative: Path
    obstacle: DingmiError | None = None


def find_drafts(
    given: Sequence[Path],
    *,
    without: Sequence[Path],
    out: Path,
    suffix_of: Callable[[Path], str] = lambda path: path.suffix,
) -> tuple[FoundDraft, ...]:
    """Return all drafts of the files and folders given, sorted by name in each folder.

    `without` are the record files; nothing below `out` is a draft, so that results never come
    back as drafts. `suffix_of` tells the ending that a draft's marked file will have.
    """
    left_out = {_resolved(path) for path in without}
    target = _resolved(out)
    found: list[FoundDraft] = []
    for path in given:
        if path.is_dir():
            found += _in_folder(path, path, left_out, target)
        else:
            lock = DraftLockFile(str(path)) if is_lock_file(path.name) else None
            found.append(FoundDraft(path, Path(path.name), lock))
    return _with_clashes(_distinct(found), suffix_of)


def _in_folder(folder: Path, top: Path, left_out: set[str], out: str) -> Iterator[FoundDraft]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        fault = DraftNotAccessible(str(folder), cause=error.strerror or str(error))
        yield FoundDraft(folder, folder.relative_to(top), fault)
        return
    for entry in entries:
        path = Path(entry.path)
        if _is_beside(entry.name) or _resolved(path) in left_out:
            continue
        if entry.is_symlink():
            yield FoundDraft(path, path.relative_to(top), SymlinkLoop(str(path)))
        elif entry.is_dir():
            if _resolved(path) != out:
                yield from _in_folder(path, top, left_out, out)
        else:
            yield FoundDraft(path, path.relative_to(top))


def _is_beside(name: str) -> bool:
    return name.startswith(".") or is_lock_file(name) or name.lower() in _BESIDE


def _with_clashes(
    found: list[FoundDraft], suffix_of: Callable[[Path], str]
) -> tuple[FoundDraft, ...]:
    """Refuse drafts whose marked files would have one name, also where case does not count."""
    same: dict[str, list[Path]] = {}
    targets = [draft.relative.with_suffix(suffix_of(draft.path)) for draft in found]
    for draft, target in zip(found, targets, strict=True):
        same.setdefault(_folded(target), []).append(draft.path)
    return tuple(
        _clashing(draft, target, same[_folded(target)])
        for draft, target in zip(found, targets, strict=True)
    )


def _clashing(draft: FoundDraft, target: Path, same: Sequence[Path]) -> FoundDraft:
    """Return a draft with what stands against it where others would have its marked file too."""
    others = [str(path) for path in same if path != draft.path]
    if not others or draft.obstacle is not None:
        return draft
    clash = TwoDraftsOneName(str(draft.path), draft="、".join(others[:_SHOWN]), other=str(target))
    return replace(draft, obstacle=clash)


def _distinct(found: list[FoundDraft]) -> list[FoundDraft]:
    """One draft given twice (`drafts drafts/a.pdf`) is one draft."""
    return list({_resolved(draft.path): draft for draft in reversed(found)}.values())[::-1]


def _folded(path: Path) -> str:
    return unicodedata.normalize("NFC", os.fsdecode(path)).casefold()


def _resolved(path: Path) -> str:
    """The absolute name without following a last link, so that links stay links."""
    return os.path.join(os.path.realpath(path.parent), path.name)
