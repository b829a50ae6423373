"""The hash chain of the ledger, what is wrong with one, and its anchor.

    hash = SM3(prev_hash ‖ seq ‖ length of kind ‖ kind ‖ length of payload ‖ payload)

with a previous hash of 32 bytes (zero for the first entry), and 8-byte big-endian numbers, so
that no two different entries give the same bytes. The signature is over the hash and therefore
outside it. The chain has no key: who can write the whole database can recompute it, which only
an anchor kept elsewhere shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dingmi_mark.domain.ledger import Begun, Entry, kind_of
from dingmi_mark.domain.ledger_payload import UnknownKind, entry_from, payload_of
from dingmi_mark.messages import Message, say

BEFORE_FIRST = bytes(32)
"""The previous hash of the first entry."""

_ANCHOR = "dingmi-anchor-1"


@dataclass(frozen=True)
class Link:
    """One entry as it is stored, with its place in the chain."""

    seq: int
    kind: str
    payload: bytes
    prev_hash: bytes
    hash: bytes
    at: str
    signature: bytes | None = None


def link_hash(seq: int, kind: str, payload: bytes, prev_hash: bytes) -> bytes:
    """Return the SM3 hash that binds an entry to its place and to all before it."""
    name = kind.encode("utf-8", "surrogateescape")
    hashed = hashlib.new("sm3", prev_hash)
    hashed.update(seq.to_bytes(8, "big", signed=True))
    hashed.update(len(name).to_bytes(8, "big") + name)
    hashed.update(len(payload).to_bytes(8, "big") + payload)
    return hashed.digest()


def chained(entries: Iterable[Entry], head: Link | None) -> Iterator[Link]:
    """Link entries behind the head of a chain (None: the chain begins)."""
    seq, previous = (head.seq, head.hash) if head else (0, BEFORE_FIRST)
    for entry in entries:
        seq, kind, payload = seq + 1, kind_of(entry), payload_of(entry)
        own = link_hash(seq, kind, payload, previous)
        yield Link(seq, kind, payload, previous, own, entry.at)
        previous = own


def hash_holds(link: Link) -> bool:
    """Tell whether a link's own hash fits its bytes."""
    return link.hash == link_hash(link.seq, link.kind, link.payload, link.prev_hash)


def entry_of(link: Link) -> Entry:
    """Read the entry of a link whose bytes are what was chained.

    Raises UnknownKind (a newer version wrote it) and ValueError (its bytes were changed).
    """
    if not hash_holds(link):
        raise ValueError(f"the hash of entry {link.seq} does not fit")
    return entry_from(link.kind, link.payload)


def chain_findings(links: Iterable[Link], office_id: str) -> Iterator[Message]:
    """Say everything that is wrong with a chain of this office."""
    previous: Link | None = None
    for link in links:
        yield from link_findings(link, previous, office_id)
        previous = link
    if previous is None:
        yield no_entries()


def link_findings(link: Link, previous: Link | None, office_id: str) -> Iterator[Message]:
    """Say what is wrong with a link behind another (None: it is the first)."""
    yield from _place_findings(link, previous)
    yield from _content_findings(link)
    if previous is None:
        yield from _first_findings(link, office_id)


def no_entries() -> Message:
    """Say that a chain is empty, which none ever is."""
    return say("The ledger has no entries, not even its first one.")


def _place_findings(link: Link, previous: Link | None) -> Iterator[Message]:
    expected = previous.seq + 1 if previous else 1
    if link.seq != expected:
        yield say(
            "Entry {expected} is missing: entry {found} stands in its place.",
            expected=expected,
            found=link.seq,
        )
    if link.prev_hash != (previous.hash if previous else BEFORE_FIRST):
        yield say("Entry {seq} does not follow the entry before it.", seq=link.seq)


def _content_findings(link: Link) -> Iterator[Message]:
    if not hash_holds(link):
        yield say("Entry {seq} was changed: its hash does not fit.", seq=link.seq)
    if link.signature is not None:
        yield say("Entry {seq} bears a signature that cannot be checked here.", seq=link.seq)
    try:
        entry = entry_from(link.kind, link.payload)
    except UnknownKind:
        yield say(
            "Entry {seq} is of a kind this version does not know ({kind}).",
            seq=link.seq,
            kind=link.kind,
        )
    except ValueError:
        yield say("Entry {seq} cannot be read.", seq=link.seq)
    else:
        if entry.at != link.at:
            yield say("The time beside entry {seq} is not the time in it.", seq=link.seq)


def _first_findings(link: Link, office_id: str) -> Iterator[Message]:
    if _bound_office(link) != office_id:
        yield say(
            "The first entry does not bind the ledger to this office ({office}).", office=office_id
        )


def _bound_office(link: Link) -> str | None:
    try:
        entry = entry_from(link.kind, link.payload)
    except ValueError:
        return None
    return entry.office_id if isinstance(entry, Begun) else None


@dataclass(frozen=True)
class Anchor:
    """The head of a chain at one time, short enough to be printed and kept elsewhere."""

    office_id: str
    seq: int
    hash: str
    at: str

    @property
    def text(self) -> str:
        """Lines of `name: value`; the number of entries is the head's number."""
        return (
            f"{_ANCHOR}\noffice: {self.office_id}\nseq: {self.seq}\nentries: {self.seq}\n"
            f"at: {self.at}\nhash: {self.hash}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """Read an anchor back. Raises ValueError."""
        first, *lines = [line.strip() for line in text.strip().splitlines()] or [""]
        pairs = dict(_named(line) for line in lines if line)
        names = {"office", "seq", "entries", "at", "hash"}
        if first != _ANCHOR or pairs.keys() != names or pairs["seq"] != pairs["entries"]:
            raise ValueError("not an anchor")
        own = bytes.fromhex(pairs["hash"]).hex()
        return cls(pairs["office"], int(pairs["seq"]), own, pairs["at"])


def _named(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError("a line without name")
    return name.strip(), value.strip()


def anchor_of(head: Link, office_id: str) -> Anchor:
    """Return the anchor of a chain with this head."""
    return Anchor(office_id, head.seq, head.hash.hex(), head.at)


def anchor_findings(anchor: Anchor, link: Link | None, office_id: str) -> Iterator[Message]:
    """Compare an anchor with the entry under its number (None: there is none)."""
    if anchor.office_id != office_id:
        yield say("The anchor belongs to another office ({office}).", office=anchor.office_id)
    if link is None:
        yield say("The ledger ends before entry {seq} of the anchor.", seq=anchor.seq)
    elif (link.hash.hex(), link.at) != (anchor.hash, anchor.at):
        yield say("Entry {seq} is not the one the anchor was made from.", seq=anchor.seq)
