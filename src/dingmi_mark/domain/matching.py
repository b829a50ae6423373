"""Which approval record belongs to which draft: by digest first, then by name.

The digest says what was approved, so it decides. A name only leads to a record: one that gives a
digest was made for other bytes, one that gives none proves nothing unless the office allows it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from dingmi_mark.domain.approval import ApprovalRecord


class Kept(Protocol):
    """A record as it is kept: on disk with its path, or in a test without."""

    @property
    def record(self) -> ApprovalRecord: ...


R = TypeVar("R", bound=Kept)


@dataclass(frozen=True)
class DraftFile:
    """A draft by its path below the folder and the digests of its bytes (`sm3:…`, `sha256:…`)."""

    path: str
    digests: frozenset[str]


@dataclass(frozen=True)
class Matched(Generic[R]):
    """The draft's record; not `by_digest` only where the office accepts records without digest."""

    kept: R
    by_digest: bool


@dataclass(frozen=True)
class NoRecord:
    """No record is for this draft."""


@dataclass(frozen=True)
class Ambiguous(Generic[R]):
    """Several records are for this draft; a single one fits several drafts alike."""

    records: tuple[R, ...]


@dataclass(frozen=True)
class DigestDiffers(Generic[R]):
    """The record names this draft, but other bytes were approved."""

    kept: R


@dataclass(frozen=True)
class WithoutDigest(Generic[R]):
    """The record names this draft and does not say which bytes were approved."""

    kept: R


Match: TypeAlias = Matched[R] | NoRecord | Ambiguous[R] | DigestDiffers[R] | WithoutDigest[R]


@dataclass(frozen=True)
class Matching(Generic[R]):
    """What belongs together, in the order of the drafts, and the records that are left over."""

    matches: tuple[tuple[DraftFile, Match[R]], ...]
    without_draft: tuple[R, ...]


def match_records(
    drafts: Sequence[DraftFile], records: Sequence[R], *, without_digest_allowed: bool = False
) -> Matching[R]:
    """Match every draft with its record.

    A file name in a record stands for the draft of that name in any folder; where several drafts
    have it, for the path only. Names compare in NFC, the suffix in lower case.
    """
    index = _Index(drafts, records)
    matches = tuple((draft, index.match(draft, without_digest_allowed)) for draft in drafts)
    used = {id(kept) for _, match in matches for kept in _records_of(match)}
    return Matching(matches, tuple(kept for kept in records if id(kept) not in used))


def may_be_about(record: ApprovalRecord, draft: DraftFile) -> bool:
    """Tell whether a record that somebody named may be about a draft, by its digest or its names.

    Only the last part of a path counts. A record that gives neither may be about any draft.
    """
    entries = _entries(record)
    if not entries and not record.draft.digest:
        return True
    names = {_name(entry) for entry in entries}
    return record.draft.digest in draft.digests or _name(_folded(draft.path)) in names


class _Index(Generic[R]):
    """Drafts and records by digest and by name, so that large folders match in linear time."""

    def __init__(self, drafts: Sequence[DraftFile], records: Sequence[R]) -> None:
        self.paths = frozenset(_folded(draft.path) for draft in drafts)
        self.repeated = Counter(_name(_folded(draft.path)) for draft in drafts)
        self.fitting = Counter(digest for draft in drafts for digest in draft.digests)
        self.by_digest: dict[str, list[R]] = {}
        self.by_entry: dict[str, list[R]] = {}
        for kept in records:
            if kept.record.draft.digest:
                self.by_digest.setdefault(kept.record.draft.digest, []).append(kept)
            for entry in _entries(kept.record):
                self.by_entry.setdefault(entry, []).append(kept)

    def match(self, draft: DraftFile, without_digest_allowed: bool) -> Match[R]:
        approved = [
            kept for digest in sorted(draft.digests) for kept in self.by_digest.get(digest, ())
        ]
        if approved:
            return self._by_digest(draft, approved)
        named = [kept for kept in self._naming(draft) if not self._fits_another(draft, kept)]
        if not named:
            return NoRecord()
        if len(named) > 1:
            return Ambiguous(tuple(named))
        return self._by_name(draft, named[0], without_digest_allowed)

    def _by_digest(self, draft: DraftFile, approved: list[R]) -> Match[R]:
        naming = [kept for kept in approved if self._surely_names(kept, draft)]
        # Equal bytes may be approved twice, each time for a file of its own.
        others = [kept for kept in approved if not _entries(kept.record)] if naming else approved
        candidates = naming + others
        if len(candidates) > 1:
            return Ambiguous(tuple(candidates))
        kept = candidates[0]
        # One approval must not give two sets of copies because somebody copied the draft.
        if not naming and self.fitting[kept.record.draft.digest] > 1:
            return Ambiguous((kept,))
        return Matched(kept, by_digest=True)

    def _by_name(self, draft: DraftFile, kept: R, without_digest_allowed: bool) -> Match[R]:
        if kept.record.draft.digest:
            return DigestDiffers(kept)
        if not self._surely_names(kept, draft):
            return Ambiguous((kept,))
        return Matched(kept, by_digest=False) if without_digest_allowed else WithoutDigest(kept)

    def _naming(self, draft: DraftFile) -> list[R]:
        path = _folded(draft.path)
        found = [*self.by_entry.get(path, ())]
        if _name(path) != path:
            found += self.by_entry.get(_name(path), ())
        return list({id(kept): kept for kept in found}.values())

    def _surely_names(self, kept: R, draft: DraftFile) -> bool:
        path = _folded(draft.path)
        unique = self.repeated[_name(path)] == 1
        return not _entries(kept.record).isdisjoint((path, _name(path)) if unique else (path,))

    def _fits_another(self, draft: DraftFile, kept: R) -> bool:
        """Tell whether a record that has only a repeated name in common is another draft's."""
        if self._surely_names(kept, draft):
            return False
        approved_there = self.fitting[kept.record.draft.digest] > 0
        return approved_there or not _entries(kept.record).isdisjoint(self.paths)


def _records_of(match: Match[R]) -> tuple[R, ...]:
    if isinstance(match, Ambiguous):
        return match.records
    return () if isinstance(match, NoRecord) else (match.kept,)


def _entries(record: ApprovalRecord) -> frozenset[str]:
    return frozenset(_folded(file) for file in record.draft.files)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folded(path: str) -> str:
    """Return a path as names compare: NFC, forward slashes, suffix in lower case."""
    text = unicodedata.normalize("NFC", path).replace("\\", "/").removeprefix("./")
    folder_and_stem, dot, suffix = text.rpartition(".")
    return f"{folder_and_stem}{dot}{suffix.lower()}" if dot else text
