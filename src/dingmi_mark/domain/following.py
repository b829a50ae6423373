"""What should follow for papers whose sources were changed, released or ended (R44).

派生办法(2023)第十二条 (remembered): a changed or released source makes what was derived from it
follow in time. Nothing is changed here: every change needs a record of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.known import Known, KnownDecision, KnownDocument, KnownState
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.lineage import Lineage
from dingmi_mark.domain.terms import SecrecyLevel, plain
from dingmi_mark.messages import Message, say

_DAY_AFTER: Final = timedelta(days=1)
"""A counted source's end is written as the day after it (R35): that day nothing waits yet."""


@dataclass(frozen=True)
class FollowUp:
    """One paper that has to follow: what, by which provision, and because of which source.

    `generation` counts from the source; `before` is the paper that has to follow first. `kind` and
    `level` are what a notice for it would say, None where somebody has to decide that first.
    """

    document: KnownDocument
    source: KnownDocument
    what: Message
    basis: str
    since: date | None = None
    generation: int = 1
    before: KnownDocument | None = None
    kind: ChangeKind | None = None
    level: SecrecyLevel | None = None


def waiting(known: Known, law: Lawbook, day: date, *, beijing: bool) -> tuple[FollowUp, ...]:
    """Return every paper in force that has to follow a source, with all that come from it."""
    lineage = Lineage(known)
    found: list[FollowUp] = []
    for one in known.documents:
        if one.in_force and not one.is_over_on(day):
            found += _of_paper(one, lineage, law, day, beijing=beijing)
    return tuple(_each_once([*found, *_later(found, lineage, law, day)]))


def _of_paper(
    one: KnownDocument, lineage: Lineage, law: Lawbook, day: date, *, beijing: bool
) -> Iterator[FollowUp]:
    sources = tuple(_newest(source, lineage) for source in lineage.sources_of(one))
    over = [source for source in sources if source.is_over_on(day)]
    left = [source for source in sources if not source.is_over_on(day)]
    basis = _basis("change-derived", law, day)
    if over and not left and not one.unknown_sources:
        # Without a basis of its own it cannot be kept, whatever was decided.
        if not (one.bases and all(_is_kept(one, source) for source in over)):
            yield from _all_over(one, over, law, day, beijing=beijing)
        return
    over = [source for source in over if not _is_kept(one, source)]
    if over and not one.unknown_sources and not one.bases:
        yield from _some_over(one, over, left, basis)
    for source in left:
        yield from _changed(one, source, lineage, basis)


def _some_over(
    one: KnownDocument, over: list[KnownDocument], left: list[KnownDocument], basis: str
) -> Iterator[FollowUp]:
    """What is left is lower than the paper."""
    highest = max(other.level for other in left)
    if highest >= one.level:
        return
    for source in over:
        what = say(
            "“{source}” is secret no longer; of the other sources the highest is {level}: decide "
            "on a change.",
            source=source.name,
            level=highest.value,
        )
        change = ChangeKind.CHANGED
        yield FollowUp(one, source, what, basis, _since(source), kind=change, level=highest)


def _all_over(
    one: KnownDocument, over: list[KnownDocument], law: Lawbook, day: date, *, beijing: bool
) -> Iterator[FollowUp]:
    """Every source is released: the paper is, unless it holds matter of its own."""
    last = max(over, key=_since)
    since = _since(last)
    if one.last is not None and one.last <= since:
        return
    basis = _basis("change-derived", law, day)
    if beijing:
        basis = _basis("derived-period-beijing", law, day) or basis
    if one.bases:
        what = say(
            "“{source}” is secret no longer: decide anew by the paper's own basis alone.",
            source=last.name,
        )
    else:
        what = say(
            "“{source}” is secret no longer, and no other source is: release it by a record.",
            source=last.name,
        )
    kind = None if one.bases else ChangeKind.RELEASED_EARLY
    yield FollowUp(one, last, what, basis, since, kind=kind)


def _changed(
    one: KnownDocument, source: KnownDocument, lineage: Lineage, basis: str
) -> Iterator[FollowUp]:
    """A source that is another than it was when the paper was marked."""
    was, now = _when_marked(one, source, lineage), _now(source)
    if was.level is not now.level:
        change = say("the level from {old} to {new}", old=was.level.value, new=now.level.value)
        what = _after(source, change)
        yield FollowUp(one, source, what, basis, kind=ChangeKind.CHANGED, level=now.level)
    if was.last != now.last:
        change = say(
            "the last secret day from {old} to {new}", old=str(was.last), new=str(now.last)
        )
        yield FollowUp(one, source, _after(source, change), basis, kind=ChangeKind.CHANGED)


def _after(source: KnownDocument, change: Message) -> Message:
    return say(
        "“{source}” was changed, {change}: decide on the same change.",
        source=source.name,
        change=change,
    )


def _is_kept(one: KnownDocument, source: KnownDocument) -> bool:
    """Tell whether somebody decided, since a source is secret no longer, that nothing follows."""
    return any(
        decision.kept and source.changed_at <= decision.at and _since(source) <= decision.day
        for decision in one.decided
    )


def _is_about(decision: KnownDecision, source: KnownDocument) -> bool:
    """Tell whether a decision looked at all that a source was by then; what names another did not.

    People also name the source itself, or the record of its new marking.
    """
    names = (source.document_number, source.approval_number)
    about = plain(decision.about)
    return not about or about in [plain(name) for name in names if name]


def _when_marked(one: KnownDocument, source: KnownDocument, lineage: Lineage) -> KnownState:
    """Return what a source was when the paper was marked, or was decided on in view of it.

    Our own is named as it was when the paper was marked.
    """
    decided = max((each.at for each in one.decided if _is_about(each, source)), default="")
    if source.states:
        about = {plain(decision.about) for decision in one.decided if decision.about}
        known = max(one.marked_at, decided)
        settled = (s for s in source.states if s.at <= known or plain(s.basis) in about)
        return tuple(settled)[-1]
    if decided and source.marked_at <= decided:
        return _now(source)
    named = (each for each in lineage.sources_of(one) if each.document_id == source.document_id)
    return _now(next(named))


def _now(source: KnownDocument) -> KnownState:
    return KnownState("", source.level, source.last)


def _newest(source: KnownDocument, lineage: Lineage) -> KnownDocument:
    """Return the marking in force of one of our own documents."""
    return source if source.in_force else lineage.newest(source)


def _later(found: list[FollowUp], lineage: Lineage, law: Lawbook, day: date) -> Iterator[FollowUp]:
    """Everything that comes from a paper that has to follow waits for it."""
    basis = _basis("change-derived", law, day)
    for first in found:
        by_id = {first.document.id: first.document}
        for kin in lineage.descendants(first.document):
            by_id.setdefault(kin.document.id, kin.document)
            if kin.document.is_over_on(day):
                continue
            before = by_id[kin.via]
            what = say(
                "it comes from “{before}”: decide on it once that is decided.", before=before.name
            )
            yield FollowUp(
                kin.document, first.source, what, basis, None, kin.generation + 1, before
            )


def _each_once(found: list[FollowUp]) -> Iterator[FollowUp]:
    """A paper that follows a source itself does not wait for another because of it too."""
    direct = {(one.document.id, one.source.id) for one in found if one.before is None}
    seen: set[tuple[str, str]] = set()
    for one in found:
        key = (one.document.id, one.source.id)
        if one.before is None:
            yield one
        elif key not in direct and key not in seen:
            seen.add(key)
            yield one


def _since(source: KnownDocument) -> date:
    """The first day a source that is over was secret no longer."""
    days = [source.released, None if source.last is None else source.last + _DAY_AFTER]
    return min(day for day in days if day is not None)


def _basis(rule: str, law: Lawbook, day: date) -> str:
    row = law.row(rule, day)
    return "" if row is None else str(row.citation)
