"""谱系: which document was derived from which, and what follows when a source changes (R44).

A graph over what the ledger knows; ids are those of registrations and markings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.terms import plain


@dataclass(frozen=True)
class Kin:
    """A document of the tree, `generation` steps from where it begins, reached through `via`.

    `again`: it stands in the tree already, so that what is beyond it is not repeated.
    """

    document: KnownDocument
    generation: int
    via: str = ""
    again: bool = False


@dataclass(frozen=True)
class Lineage:
    """The graph of all documents: sources of each, and what was derived from each."""

    known: Known

    @cached_property
    def _children(self) -> Mapping[str, tuple[KnownDocument, ...]]:
        found: dict[str, list[KnownDocument]] = {}
        for one in self.known.documents:
            for source in one.sources:
                found.setdefault(source, []).append(one)
        return {source: tuple(derived) for source, derived in found.items()}

    @cached_property
    def _markings(self) -> Mapping[str, tuple[KnownDocument, ...]]:
        found: dict[str, list[KnownDocument]] = {}
        for one in self.known.documents:
            if one.is_own:
                found.setdefault(one.document_id, []).append(one)
        return {document: tuple(markings) for document, markings in found.items()}

    def sources_of(self, one: KnownDocument) -> tuple[KnownDocument, ...]:
        """Return the documents it was derived from, as far as the ledger knows them."""
        found = (self.known.document(id_) for id_ in one.sources)
        return tuple(source for source in found if source is not None)

    def derived_from(self, one: KnownDocument) -> tuple[KnownDocument, ...]:
        """Return what was derived from it, also from its earlier markings, and is in force."""
        markings = self._markings[one.document_id] if one.is_own else (one,)
        found = {each.id: each for mark in markings for each in self._children.get(mark.id, ())}
        return tuple(derived for derived in found.values() if derived.in_force)

    def newest(self, one: KnownDocument) -> KnownDocument:
        """Return the marking in force of one of our own documents, itself where there is none."""
        markings = self._markings.get(one.document_id, ())
        return next((other for other in markings if other.in_force), one)

    def ancestors(self, one: KnownDocument) -> tuple[Kin, ...]:
        """Return all it comes from, in the order of a tree that is drawn."""
        return tuple(self._walk(one, 1, {one.id}, up=True))

    def descendants(self, one: KnownDocument) -> tuple[Kin, ...]:
        """Return all that comes from it, in the order of a tree that is drawn."""
        return tuple(self._walk(one, 1, {one.id}, up=False))

    def _walk(
        self, one: KnownDocument, generation: int, seen: set[str], *, up: bool
    ) -> Iterator[Kin]:
        # A loop and not recursion: a chain may be longer than Python's stack.
        step = self.sources_of if up else self.derived_from
        waiting = [(other, generation, one.id) for other in reversed(step(one))]
        while waiting:
            other, depth, via = waiting.pop()
            again = other.id in seen
            yield Kin(other, depth, via, again)
            if not again:
                seen.add(other.id)
                waiting += ((next_, depth + 1, other.id) for next_ in reversed(step(other)))


@dataclass(frozen=True)
class Cycle:
    """The paper that must not stand among its own ancestors: by number, 文号 and draft."""

    approval_number: str
    document_number: str
    draft_digest: str

    def is_paper(self, one: KnownDocument) -> bool:
        """Tell whether a document is this paper, or an earlier version of it."""
        number = plain(self.document_number)
        return (
            (one.is_own and one.approval_number == self.approval_number)
            or (bool(number) and plain(one.document_number) == number)
            or self.draft_digest in one.digests
        )


def cycle_through(known: Known, source: KnownDocument, cycle: Cycle) -> tuple[KnownDocument, ...]:
    """Return the way from a source back to the paper itself; empty where there is none."""
    lineage = Lineage(known)
    came: dict[str, KnownDocument | None] = {source.id: None}
    waiting = [source]
    while waiting:
        one = waiting.pop()
        if cycle.is_paper(one):
            return tuple(_way(one, came))
        for next_ in lineage.sources_of(one):
            if next_.id not in came:
                came[next_.id] = one
                waiting.append(next_)
    return ()


def _way(end: KnownDocument, came: Mapping[str, KnownDocument | None]) -> Iterable[KnownDocument]:
    one: KnownDocument | None = end
    while one is not None:
        yield one
        one = came[one.id]
