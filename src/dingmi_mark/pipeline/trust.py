"""Which keys count: proven by their holder, confirmed by a security officer, in the ledger's order.

The ledger is a file that many can write; that somebody put a key into it proves nothing. What
proves is the chain of signatures from the office's first key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.keys import (
    KeyRegister,
    SigningKey,
    confirmation_bytes,
    may_confirm,
    offer_bytes,
    register_of,
)
from dingmi_mark.domain.ledger_acts import Act, KeyConfirmed, KeyOffered, KeyRevoked
from dingmi_mark.errors import ClockSetBack
from dingmi_mark.messages import Message, say
from dingmi_mark.store.signatures import verify

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""How far the clocks of two machines with one ledger may be apart."""


class Trust:
    """The register of keys of one office, each looked at when it is first asked for."""

    def __init__(self, office_id: str, entries: Sequence[tuple[int, Act]]) -> None:
        self.office_id = office_id
        self.register = register_of(entries)
        self._entries = entries
        self._doubts: dict[str, Message | None] = {}

    def doubt(self, key: SigningKey) -> Message | None:
        """Say why a key must not be relied on though the ledger names it; None where it may."""
        if key.key_id not in self._doubts:
            self._doubts[key.key_id] = say("keys confirm each other in a ring")
            self._doubts[key.key_id] = self._doubt(key)
        return self._doubts[key.key_id]

    def _doubt(self, key: SigningKey) -> Message | None:
        if not verify(key.algorithm, key.public_key, offer_bytes(self.office_id, key), key.proof):
            return say("the key {key} is not proven by its holder", key=key.key_id)
        if not key.confirmed_at:
            return say(
                "the key {key} of {name} was never confirmed", key=key.key_id, name=key.holder
            )
        earlier = register_of((s, e) for s, e in self._entries if s < key.confirmed_seq)
        root = key.confirmed_by == key.key_id
        witness = key if root else earlier.key(key.confirmed_by)
        if witness is None or may_confirm(witness, key, earlier) is not None:
            return say("the key {key} was confirmed by nobody who may", key=key.key_id)
        message = confirmation_bytes(self.office_id, key, witness.key_id)
        if not verify(witness.algorithm, witness.public_key, message, key.confirmation):
            return say("the confirmation of the key {key} is forged", key=key.key_id)
        known = self.register.key(witness.key_id)
        return None if root or known is None else self.doubt(known)


def trust_of(ledger: Ledger) -> Trust:
    """Return what the ledger says of keys, to be asked one by one."""
    return Trust(ledger.office_id, ledger.acts(KeyOffered, KeyConfirmed, KeyRevoked))


def trusted_register(trust: Trust) -> KeyRegister:
    """Return the register with the keys alone that may be relied on."""
    return KeyRegister(tuple(k for k in trust.register.keys if trust.doubt(k) is None))


def refuse_if_clock_set_back(ledger: Ledger, now: str) -> None:
    """Raise ClockSetBack where the ledger holds an entry of a later moment."""
    last = ledger.head().at
    if datetime.fromisoformat(now) + CLOCKS_DIFFER < datetime.fromisoformat(last):
        raise ClockSetBack(now=now, last=last)
