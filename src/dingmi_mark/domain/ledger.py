"""台账: the kinds of entries, and which may follow which.

Every kind has a stable name with its version (`mark.intended/1`). A stored kind never changes:
new fields make a new class under the next version beside the old one, and a new kind is a new
class in `Entry` and a line in `KINDS`, so that entries already chained keep their bytes. What is
no step of a marking stands in `ledger_acts`. No entry holds the title or text of a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from dingmi_mark.domain.ledger_act import RecordedPath
from dingmi_mark.domain.ledger_acts import ACTS, Act


@dataclass(frozen=True)
class FileDigests:
    """Digests of a file's bytes, lower-case hexadecimal."""

    sm3: str
    sha256: str


@dataclass(frozen=True)
class Begun:
    """The first entry: binds the ledger to one office."""

    office_id: str
    at: str


@dataclass(frozen=True)
class Intended:
    """A copy is about to be marked: by whose decision, how, from what, to where.

    `level` and `classification_kind` are the Chinese words, `period` is as on the paper,
    `last_secret_day` is ISO or empty, `copy_number` is as printed (`000017`) or empty.
    `target` and `temporary` are paths, relative to the office or absolute, so that the security
    officer finds the file. `without_digest` says that the approval named no digest and the
    office's policy allowed it. `runner` is the process at work (see `Ledger.running`).
    `source_marking_ids` is empty in every entry: what a document comes from is the same for all of
    its copies, and may be known by 文号 alone, so that `DocumentDescribed` says it once, before the
    first copy. The field stays, because a stored kind never changes and entries that were chained
    keep their bytes.
    """

    document_id: str
    marking_id: str
    generation: int
    copy_id: str
    copy_number: str
    batch_id: str
    runner: str
    approval_number: str
    approval_digest: str
    without_digest: bool
    level: str
    period: str
    last_secret_day: str
    classification_kind: str
    draft: FileDigests
    content_digest: str
    target: RecordedPath
    temporary: RecordedPath
    program_version: str
    at: str
    source_marking_ids: tuple[str, ...] = ()
    template_hashes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Prepared:
    """The marked file lies finished and confirmed under its temporary name.

    `confirmed` is how: `rendered` or `structural`. `content_digest` is the one after marking.
    """

    marking_id: str
    copy_id: str
    marked: FileDigests
    content_digest: str
    confirmed: str
    at: str


@dataclass(frozen=True)
class Renamed:
    """The marked file stands under its final name."""

    marking_id: str
    copy_id: str
    at: str


@dataclass(frozen=True)
class Done:
    """The marking is complete and acknowledged."""

    marking_id: str
    copy_id: str
    at: str


@dataclass(frozen=True)
class Voided:
    """The marking did not come about.

    `reason` is a key (`interrupted_before_prepared`).
    """

    marking_id: str
    copy_id: str
    reason: str
    at: str


class SettledAs(StrEnum):
    """What `doctor` decided about a marking that a crash left open."""

    FINISH = "finish"
    VOID = "void"


@dataclass(frozen=True)
class Settled:
    """`doctor` decided about an open marking, and what it found on the disk.

    Written before anything is removed, so that a crash of `doctor` itself is settled alike.
    `decision` is a `SettledAs` value; the digests are SM3, empty where no file was found.
    """

    marking_id: str
    copy_id: str
    decision: str
    reason: str
    temporary_sm3: str
    target_sm3: str
    program_version: str
    at: str


@dataclass(frozen=True)
class BatchStarted:
    """A run over one or more drafts began."""

    batch_id: str
    runner: str
    program_version: str
    at: str


@dataclass(frozen=True)
class BatchFinished:
    """A run ended, with the number of drafts by verdict; `interrupted` by the user."""

    batch_id: str
    marked: int
    unchanged: int
    failed: int
    interrupted: bool
    at: str


Step: TypeAlias = Intended | Prepared | Renamed | Done | Voided | Settled

Entry: TypeAlias = Begun | Step | BatchStarted | BatchFinished | Act

KINDS: Mapping[str, type[Entry]] = MappingProxyType(
    {
        "ledger.begun/1": Begun,
        "mark.intended/1": Intended,
        "mark.prepared/1": Prepared,
        "mark.renamed/1": Renamed,
        "mark.done/1": Done,
        "mark.voided/1": Voided,
        "mark.settled/1": Settled,
        "batch.started/1": BatchStarted,
        "batch.finished/1": BatchFinished,
        **ACTS,
    }
)
"""Every kind this version knows, by its stored name."""

_KIND_OF: Mapping[type[object], str] = {kind: name for name, kind in KINDS.items()}


def kind_of(entry: Entry) -> str:
    """Return the stored name of an entry's kind."""
    return _KIND_OF[type(entry)]


def kind_name(kind: type[object]) -> str:
    """Return the stored name of a kind."""
    return _KIND_OF[kind]


class MarkingState(StrEnum):
    """How far the marking of one copy has come."""

    INTENDED = "intended"
    PREPARED = "prepared"
    RENAMED = "renamed"
    VOIDING = "voiding"
    DONE = "done"
    VOIDED = "voided"


OPEN_STATES: frozenset[MarkingState | None] = frozenset(MarkingState) - {
    MarkingState.DONE,
    MarkingState.VOIDED,
}
"""States that a crash can leave behind and `doctor` settles."""


class EntryOutOfOrder(ValueError):
    """An entry that may not follow its marking's state (others settled it)."""


def state_after(state: MarkingState | None, step: Step) -> MarkingState:
    """Return the state a step leads to; None is a copy that no entry names yet.

    A voided copy may be intended again. Raises EntryOutOfOrder.
    """
    what = step.decision if isinstance(step, Settled) else type(step)
    allowed, following = _TRANSITIONS.get(what, (frozenset(), None))
    if state not in allowed:
        was = "unknown" if state is None else state.value
        raise EntryOutOfOrder(f"{kind_of(step)} after {was}: {step.marking_id}/{step.copy_id}")
    return following or MarkingState(state or "")


_S = MarkingState

_TRANSITIONS: Mapping[object, tuple[frozenset[MarkingState | None], MarkingState | None]] = {
    Intended: (frozenset({None, _S.VOIDED}), _S.INTENDED),
    Prepared: (frozenset({_S.INTENDED}), _S.PREPARED),
    Renamed: (frozenset({_S.PREPARED}), _S.RENAMED),
    Done: (frozenset({_S.PREPARED, _S.RENAMED}), _S.DONE),
    Voided: (OPEN_STATES, _S.VOIDED),
    SettledAs.FINISH.value: (frozenset({_S.PREPARED, _S.RENAMED}), None),
    SettledAs.VOID.value: (frozenset({_S.INTENDED, _S.PREPARED}), _S.VOIDING),
}
"""From which states a step may come, and where it leads; None stays where it is."""
