"""What the office knows of classified documents: its own marked ones, and registered ones.

Records name their sources shortly (by id, 文号 or digest); what is known of them fills in the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    SecrecyLevel,
    SecrecyPeriod,
    UntilDate,
    plain,
)
from dingmi_mark.domain.uses import UseLimit

SHORTEST_ID: Final = 8
"""So many figures of an id name a document, if no other begins with them."""


@dataclass(frozen=True)
class KnownPoint:
    """A 密点 of a known document: its id there, its level, and its period if it has its own."""

    id: str
    level: SecrecyLevel
    period: SecrecyPeriod | None = None


@dataclass(frozen=True)
class KnownState:
    """What a document was from a moment on (ISO, UTC): its level, its last secret day.

    `basis` is the 文号 of what made it so, empty for the first.
    """

    at: str
    level: SecrecyLevel
    last: date | None
    basis: str = ""


@dataclass(frozen=True)
class KnownDecision:
    """A decision about a derived paper in view of its sources: when it was written down (`at`, ISO,
    UTC), and for which day it was taken. `kept`: nothing follows; else it made a change. `about` is
    the 文号 of what changed a source, where the decision is about that alone.
    """

    at: str
    day: date
    kept: bool
    about: str = ""


@dataclass(frozen=True)
class KnownDocument:
    """A classified document by what the ledger holds of it; its title lies beside the ledger.

    `id` is that of its registration, or of its marking where this office marked it; then
    `approval_number` and `document_id` are filled. `period` None: it states none, and the default
    of the law applies. `last` is its last secret day where one can be computed. `digests` name its
    files (`sm3:…`, `sha256:…`, `content:…`). `defaulted` names the values that nobody stated.
    `released` is the day of an early release, `changed_by` the 文号 of the last change.
    `sources` are the ids of what it was derived from, `unknown_sources` the names of sources that
    the ledger did not know. `title_digest` is the ledger's keyed digest of a title. `in_force`: it
    is the newest marking of its document. `bases`: it holds secret matter of its own beside what
    is derived. `marked_at` is when it was marked (ISO, UTC), `changed_at` when it was changed last,
    `states` what one that was registered, or changed by a notice, was from the beginning on, the
    last being that of now. `decided` are the decisions about it after it was marked that look at
    its sources.
    """

    id: str
    level: SecrecyLevel
    period: SecrecyPeriod | None = None
    last: date | None = None
    issue_day: date | None = None
    title: str = ""
    title_digest: str = ""
    document_number: str = ""
    organ: str = ""
    scope: tuple[str, ...] = ()
    points: tuple[KnownPoint, ...] = ()
    limits: tuple[UseLimit, ...] = ()
    released: date | None = None
    changed_by: str = ""
    digests: tuple[str, ...] = ()
    defaulted: tuple[str, ...] = ()
    approval_number: str = ""
    document_id: str = ""
    sources: tuple[str, ...] = ()
    unknown_sources: tuple[str, ...] = ()
    in_force: bool = True
    bases: bool = False
    marked_at: str = ""
    changed_at: str = ""
    states: tuple[KnownState, ...] = ()
    decided: tuple[KnownDecision, ...] = ()

    @property
    def is_own(self) -> bool:
        """Tell whether this office marked it."""
        return bool(self.approval_number)

    @property
    def name(self) -> str:
        """How people refer to it: 文号, else the approval, else the beginning of its id."""
        return self.document_number or self.approval_number or self.id[:SHORTEST_ID]

    def is_over_on(self, day: date) -> bool:
        """Tell whether it is no longer secret: released early, or its period over (法24)."""
        if self.released is not None and self.released <= day:
            return True
        return self.last is not None and self.last < day

    def as_source(self) -> Source:
        """Return it as a record names its source, with everything that is known of it."""
        period: SecrecyPeriod | None = self.period
        if self.issue_day is None and self.last is not None and _is_counted(period):
            # Of markings by earlier versions only the last secret day is known.
            period = UntilDate(self.last)
        return Source(
            title=self.title,
            document_number=self.document_number,
            level=self.level,
            period=period,
            issue_day=self.issue_day,
            marking_id=self.id,
            digest=next((one for one in self.digests if one.startswith("sm3:")), ""),
            organ=self.organ,
            scope=self.scope,
            released=self.released,
            limits=self.limits,
        )


@dataclass(frozen=True)
class Known:
    """All documents that the ledger knows."""

    documents: tuple[KnownDocument, ...] = ()
    _by_id: dict[str, KnownDocument] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {one.id: one for one in self.documents})

    def document(self, id_: str) -> KnownDocument | None:
        """Return the document of a whole id."""
        return self._by_id.get(id_)

    def named(self, name: str) -> tuple[KnownDocument, ...]:
        """Return what people mean by an id or its beginning, a digest, or a 文号; several: none
        of them alone. Of our own documents the marking in force goes before earlier ones.
        """
        exact = self._by_id.get(name)
        if exact is not None:
            return (exact,)
        found = [one for one in self.documents if name in one.digests]
        found = found or [one for one in self.documents if _has_number(one, name)]
        if not found and len(name) >= SHORTEST_ID:
            found = [one for one in self.documents if one.id.startswith(name.lower())]
        return tuple(_newest(found))

    def candidates(self, source: Source) -> tuple[KnownDocument, ...]:
        """Return which documents a record may mean by a source: by id, digest or 文号."""
        for name in (source.marking_id, source.digest, source.document_number):
            if found := self.named(name):
                return found
        return ()

    def completed(self, source: Source) -> Source:
        """Return a source with what the record leaves out and the ledger knows.

        What the record states stays as it states it; an early release and limits on use are those
        of both. Where several documents may be meant nothing is filled in.
        """
        found = self.candidates(source)
        if len(found) != 1:
            return source
        known = found[0].as_source()
        stated = {
            name: getattr(source, name) or getattr(known, name)
            for name in ("title", "document_number", "organ", "scope", "digest", "marking_id")
        }
        days = [day for day in (source.released, known.released) if day is not None]
        used = _levels_used(source, found[0])
        return replace(
            source,
            **stated,
            level=source.level or known.level,
            period=source.period or known.period,
            issue_day=source.issue_day or known.issue_day,
            released=min(days, default=None),
            limits=tuple(dict.fromkeys((*source.limits, *known.limits))),
            points_used=source.points_used or used,
        )


def _levels_used(source: Source, known: KnownDocument) -> tuple[SecrecyLevel, ...]:
    """Return the levels of the points a record names by id; none where one is not known."""
    levels = {point.id: point.level for point in known.points}
    if not all(point in levels for point in source.points):
        return ()
    return tuple(levels[point] for point in source.points)


def _newest(found: list[KnownDocument]) -> Iterator[KnownDocument]:
    """Leave earlier markings of a document out where its newest is there too."""
    newest = {one.document_id for one in found if one.in_force}
    return (one for one in found if one.in_force or one.document_id not in newest)


def _has_number(one: KnownDocument, name: str) -> bool:
    wanted = plain(name)
    return bool(wanted) and wanted in (plain(one.document_number), plain(one.approval_number))


def _is_counted(period: SecrecyPeriod | None) -> bool:
    return isinstance(period, ForYears | ForMonths | ForDays)
