"""The register of keys: what counts follows from the ledger's entries in their order."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import date

from dingmi_mark.domain.keys import (
    ED25519,
    KeyRegister,
    SigningKey,
    confirmation_bytes,
    counts_at,
    may_confirm,
    offer_bytes,
    register_of,
)
from dingmi_mark.domain.ledger_acts import Act, KeyConfirmed, KeyOffered, KeyRevoked
from dingmi_mark.domain.signing import Role

OFFERED, CONFIRMED, REVOKED = (f"2026-11-{day}T09:00:00+08:00" for day in ("02", "03", "20"))


def offer(
    key_id: str, holder: str = "赵样例", role: Role = Role.SECURITY, expires: str = ""
) -> Act:
    return KeyOffered(key_id, holder, role.value, ED25519, "PEM", expires, "proof", OFFERED)


def confirmation(key_id: str, witness: str, at: str = CONFIRMED, signature: str = "s") -> Act:
    return KeyConfirmed(key_id, witness, signature, at)


def revocation(key_id: str, at: str = REVOKED, reason: str = "遗失") -> Act:
    return KeyRevoked(key_id, "赵样例", reason, at)


def register(*acts: Act) -> KeyRegister:
    return register_of(enumerate(acts, start=1))


def only(*acts: Act) -> SigningKey:
    (key,) = register(*acts).keys
    return key


def test_a_key_that_is_only_offered_is_not_in_use() -> None:
    found = register(offer("k1", expires="2027-11-01"))
    (key,) = found.keys
    assert (key.holder, key.role, key.expires) == ("赵样例", Role.SECURITY, date(2027, 11, 1))
    assert not key.is_in_use and not found.is_used
    assert found.of("赵样例", Role.SECURITY) == ()


def test_a_confirmed_key_is_in_use_and_found_by_holder_and_role_newest_first() -> None:
    found = register(
        offer("k1"), confirmation("k1", "k1"), offer("k2"), confirmation("k2", "k1"), offer("k3")
    )
    assert found.is_used
    assert [key.key_id for key in found.of("赵样例", Role.SECURITY)] == ["k2", "k1"]
    assert found.of("赵样例", Role.OFFICER) == found.of("李样例", Role.SECURITY) == ()
    key = found.key("k2")
    assert key is not None
    assert (key.confirmed_by, key.confirmed_seq, key.confirmed_at) == ("k1", 4, CONFIRMED)
    assert key.confirmation == "s"
    assert found.key("k9") is None


def test_a_revoked_key_is_in_use_no_more_and_keeps_its_reason() -> None:
    key = only(offer("k1"), confirmation("k1", "k1"), revocation("k1"))
    assert not key.is_in_use
    assert (key.revoked_at, key.revoked_seq, key.reason) == (REVOKED, 3, "遗失")


def test_the_first_offer_confirmation_and_revocation_count_later_ones_change_nothing() -> None:
    later = "2026-11-25T09:00:00+08:00"
    key = only(
        offer("k1"),
        offer("k1", holder="别人"),
        confirmation("k1", "k1"),
        confirmation("k1", "k2", later, "other"),
        revocation("k1"),
        revocation("k1", later, "又一次"),
    )
    assert (key.holder, key.confirmed_by, key.confirmation) == ("赵样例", "k1", "s")
    assert (key.revoked_at, key.reason) == (REVOKED, "遗失")


def test_a_revoked_key_is_not_confirmed_any_more() -> None:
    key = only(offer("k1"), revocation("k1"), confirmation("k1", "k2"))
    assert not key.confirmed_at


def test_entries_about_unknown_keys_make_no_key() -> None:
    assert register(confirmation("k1", "k1"), revocation("k1")) == KeyRegister()


def test_a_register_goes_to_another_process_and_back() -> None:
    found = register(offer("k1"), confirmation("k1", "k1"))
    again = pickle.loads(pickle.dumps(found))
    assert again == found and again.key("k1") == found.key("k1")


def test_only_a_security_officer_confirms() -> None:
    officer, offered = only(offer("k1", role=Role.OFFICER)), only(offer("k2"))
    assert may_confirm(officer, offered, KeyRegister()) is not None


def test_the_first_key_confirms_itself_and_no_later_one() -> None:
    first = only(offer("k1"))
    used = register(offer("k0"), confirmation("k0", "k0"))
    assert may_confirm(first, first, KeyRegister()) is None
    assert may_confirm(first, first, used) is not None


def test_a_witness_confirms_another_only_with_a_key_in_use() -> None:
    offered, used = only(offer("k2")), register(offer("k1"), confirmation("k1", "k1"))
    (witness,) = used.keys
    assert may_confirm(witness, offered, used) is None
    assert may_confirm(only(offer("k1")), offered, used) is not None
    gone = only(offer("k1"), confirmation("k1", "k1"), revocation("k1"))
    assert may_confirm(gone, offered, used) is not None


def test_a_signature_counts_from_the_confirmation_on() -> None:
    key = only(offer("k1"), confirmation("k1", "k1"))
    assert counts_at(key, CONFIRMED) is None
    assert counts_at(key, "2026-11-03T08:59:59+08:00") is not None
    assert counts_at(key, "2026-11-03T01:00:00+00:00") is None  # the same moment in another zone
    assert counts_at(only(offer("k1")), CONFIRMED) is not None


def test_a_signature_counts_to_the_end_of_the_keys_last_day() -> None:
    key = only(offer("k1", expires="2026-11-10"), confirmation("k1", "k1"))
    assert not key.expired_on(date(2026, 11, 10)) and key.expired_on(date(2026, 11, 11))
    assert counts_at(key, "2026-11-10T23:59:59+08:00") is None
    assert counts_at(key, "2026-11-11T00:00:00+08:00") is not None


def test_what_is_signed_names_office_key_holder_role_and_last_day() -> None:
    key = only(offer("k1", expires="2026-11-10"))
    assert json.loads(offer_bytes("office", key)) == [
        "dingmi-mark/key.offer/1", "office", "k1", "赵样例", "保密员", ED25519, "2026-11-10", "PEM",
    ]  # fmt: skip
    assert json.loads(confirmation_bytes("office", replace(key, expires=None), "k0")) == [
        "dingmi-mark/key.confirm/1", "office", "k1", "赵样例", "保密员", ED25519, "", "PEM", "k0",
    ]  # fmt: skip
    assert "赵样例".encode() in offer_bytes("office", key)
