"""The office's register of keys: who signs with which key, since when, confirmed by whom.

The register is what the ledger says of keys, in its order. A key counts from the moment a
security officer's key that counts confirmed it; the very first is the security officer's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from dingmi_mark.domain.ledger_acts import Act, KeyConfirmed, KeyOffered, KeyRevoked
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.signing import Role
from dingmi_mark.messages import Message, say

ED25519: Final = "ed25519"
SM2: Final = "sm2-sm3"
ALGORITHMS: Final = (ED25519, SM2)


@dataclass(frozen=True)
class SigningKey:
    """A public key (PEM) and its holder. `expires` is its last day.

    `confirmed_at` is empty for a key that nobody confirmed yet, `revoked_at` for one in use;
    the numbers are those of the ledger's entries. Times are ISO 8601 with a zone. `proof` is the
    key's own signature over the offer, `confirmation` that of the witness (base64).
    """

    key_id: str
    holder: str
    role: Role
    algorithm: str
    public_key: str
    expires: date | None
    offered_at: str
    proof: str
    confirmed_at: str = ""
    confirmed_by: str = ""
    confirmed_seq: int = 0
    confirmation: str = ""
    revoked_at: str = ""
    revoked_seq: int = 0
    reason: str = ""

    @property
    def is_in_use(self) -> bool:
        """Tell whether it is confirmed and not revoked (it may have expired)."""
        return bool(self.confirmed_at) and not self.revoked_at

    def expired_on(self, day: date) -> bool:
        """Tell whether the day is after its last one."""
        return self.expires is not None and day > self.expires


@dataclass(frozen=True)
class KeyRegister:
    """All keys the office ever had, oldest first."""

    keys: tuple[SigningKey, ...] = ()
    _by_id: dict[str, SigningKey] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {key.key_id: key for key in self.keys})

    def __reduce__(self) -> tuple[object, ...]:
        return (KeyRegister, (self.keys,))

    def key(self, key_id: str) -> SigningKey | None:
        """Return the key with this id."""
        return self._by_id.get(key_id)

    @property
    def is_used(self) -> bool:
        """Tell whether any key was ever confirmed: from then on records are signed."""
        return any(key.confirmed_at for key in self.keys)

    def of(self, holder: str, role: Role) -> tuple[SigningKey, ...]:
        """Return the keys in use of a person in a role, newest first."""
        return tuple(
            key
            for key in reversed(self.keys)
            if key.is_in_use and (key.holder, key.role) == (holder, role)
        )


def register_of(entries: Iterable[tuple[int, Act]]) -> KeyRegister:
    """Return the register as the ledger's entries, with their numbers and in order, make it."""
    keys: dict[str, SigningKey] = {}
    for seq, entry in entries:
        match entry:
            case KeyOffered():
                keys.setdefault(entry.key_id, _offered(entry))
            case KeyConfirmed() if entry.key_id in keys:
                key = keys[entry.key_id]
                if not key.confirmed_at and not key.revoked_at:
                    keys[key.key_id] = replace(
                        key,
                        confirmed_at=entry.at,
                        confirmed_by=entry.witness_key_id,
                        confirmed_seq=seq,
                        confirmation=entry.signature,
                    )
            case KeyRevoked() if entry.key_id in keys:
                key = keys[entry.key_id]
                if not key.revoked_at:
                    keys[key.key_id] = replace(
                        key, revoked_at=entry.at, revoked_seq=seq, reason=entry.reason
                    )
            case _:
                pass
    return KeyRegister(tuple(keys.values()))


def may_confirm(witness: SigningKey, offered: SigningKey, earlier: KeyRegister) -> Message | None:
    """Say why a key may not confirm another; None where it may.

    `earlier` is the register before the confirmation. The first key of an office confirms itself;
    it is the security officer's.
    """
    if witness.role is not Role.SECURITY:
        return say("only a security officer (保密员) confirms keys")
    if witness.key_id == offered.key_id and earlier.is_used:
        return say("only the first key of an office confirms itself")
    if witness.key_id != offered.key_id and not witness.is_in_use:
        return say("the key of {name} is not in use", name=witness.holder)
    return None


def counts_at(key: SigningKey, at: str) -> Message | None:
    """Say why a signature of this key made at this moment does not count; None where it does.

    Revocation is judged by the ledger's order and not here.
    """
    moment = datetime.fromisoformat(at)
    if not key.confirmed_at:
        return say("the key {key} of {name} was never confirmed", key=key.key_id, name=key.holder)
    if moment < datetime.fromisoformat(key.confirmed_at):
        return say(
            "the key {key} of {name} was not enrolled at that time ({at})",
            key=key.key_id,
            name=key.holder,
            at=at,
        )
    if key.expired_on(office_day(at)):
        return say(
            "the key {key} of {name} had expired ({day})",
            key=key.key_id,
            name=key.holder,
            day=str(key.expires),
        )
    return None


def offer_bytes(office_id: str, offered: SigningKey) -> bytes:
    """Return what the holder signs with a new key, to show that he holds it."""
    return _canonical("offer", office_id, *_told(offered))


def confirmation_bytes(office_id: str, offered: SigningKey, witness_key_id: str) -> bytes:
    """Return what the security officer signs to confirm a key: whose it is and as what."""
    return _canonical("confirm", office_id, *_told(offered), witness_key_id)


def _told(key: SigningKey) -> tuple[str, ...]:
    expires = key.expires.isoformat() if key.expires else ""
    return (key.key_id, key.holder, key.role.value, key.algorithm, expires, key.public_key)


def _canonical(what: str, *told: str) -> bytes:
    text = json.dumps([f"dingmi-mark/key.{what}/1", *told], ensure_ascii=False)
    return text.encode("utf-8")


def _offered(entry: KeyOffered) -> SigningKey:
    return SigningKey(
        key_id=entry.key_id,
        holder=entry.holder,
        role=Role(entry.role),
        algorithm=entry.algorithm,
        public_key=entry.public_key,
        expires=date.fromisoformat(entry.expires) if entry.expires else None,
        offered_at=entry.at,
        proof=entry.proof,
    )
