"""Enrol keys: offered by their holder, confirmed by the security officer, revoked when lost.

All of it stands in the ledger; private keys never come near it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dingmi_mark.domain.keys import SigningKey, confirmation_bytes, may_confirm, offer_bytes
from dingmi_mark.domain.ledger_acts import KeyConfirmed, KeyOffered, KeyRevoked
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.signing import Role
from dingmi_mark.errors import KeyRefused
from dingmi_mark.messages import say
from dingmi_mark.pipeline.trust import refuse_if_clock_set_back, trust_of
from dingmi_mark.store.signatures import Signer, key_id_of

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office


def refuse_stranger(holder: str, role: Role, office: Office, today: date) -> None:
    """Raise KeyRefused for an officer whom authority.toml does not name on this day."""
    officer = office.authority.officer(holder, office.name, today)
    if role is Role.OFFICER and officer is None:
        cause = say("authority.toml names no classification officer {name} today", name=holder)
        raise KeyRefused(cause=cause)


def offer_key(
    ledger: Ledger, signer: Signer, holder: str, role: Role, expires: date | None, now: str
) -> SigningKey:
    """Put a new key into the ledger and return it; the office's first one counts at once.

    Only a security officer's key can be the first. Raises KeyRefused for a key that is known.
    """
    refuse_if_clock_set_back(ledger, now)
    trust = trust_of(ledger)
    public = signer.public_key
    key = SigningKey(
        key_id=key_id_of(public),
        holder=holder,
        role=role,
        algorithm=signer.algorithm,
        public_key=public,
        expires=expires,
        offered_at=now,
        proof="",
    )
    if trust.register.key(key.key_id) is not None:
        raise KeyRefused(cause=say("it is enrolled already ({key})", key=key.key_id))
    first = not trust.register.is_used
    if first and role is not Role.SECURITY:
        cause = say("the first key of an office is the security officer's (保密员)")
        raise KeyRefused(cause=cause)
    key = replace(key, proof=signer.sign(offer_bytes(ledger.office_id, key)))
    offered = KeyOffered(
        key_id=key.key_id,
        holder=holder,
        role=role.value,
        algorithm=key.algorithm,
        public_key=public,
        expires=expires.isoformat() if expires else "",
        proof=key.proof,
        at=now,
    )
    if not first:
        ledger.append(offered)
        return key
    message = confirmation_bytes(ledger.office_id, key, key.key_id)
    confirmed = KeyConfirmed(key.key_id, key.key_id, signer.sign(message), now)
    ledger.append(offered, confirmed)
    return replace(key, confirmed_at=now, confirmed_by=key.key_id)


def confirm_key(
    ledger: Ledger, offered: SigningKey, witness: SigningKey, signer: Signer, now: str
) -> None:
    """Let a key count from now on. Raises KeyRefused, KeyUnusable, PassphraseWrong."""
    refuse_if_clock_set_back(ledger, now)
    trust = trust_of(ledger)
    if offered.confirmed_at or offered.revoked_at:
        cause = say("it is confirmed or revoked already ({key})", key=offered.key_id)
        raise KeyRefused(cause=cause)
    expired = witness.expired_on(office_day(now))
    against = may_confirm(witness, offered, trust.register) or trust.doubt(witness)
    if against is None and expired:
        against = say("the key of {name} has expired", name=witness.holder)
    if against is not None:
        raise KeyRefused(cause=against)
    message = confirmation_bytes(ledger.office_id, offered, witness.key_id)
    ledger.append(KeyConfirmed(offered.key_id, witness.key_id, signer.sign(message), now))


def revoke_key(ledger: Ledger, key: SigningKey, by: str, reason: str, now: str) -> None:
    """Let a key count no longer. It needs no signature: a lost key cannot give one."""
    if key.revoked_at:
        raise KeyRefused(cause=say("it is revoked already ({key})", key=key.key_id))
    ledger.append(KeyRevoked(key.key_id, by, reason, now))
