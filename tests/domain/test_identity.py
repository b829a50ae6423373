"""Ids can be computed again with the secret, and tell nothing without it."""

from __future__ import annotations

from hypothesis import given, strategies as st

from dingmi_mark.domain.identity import copy_identity, opaque_id

SECRET = b"s" * 32


def test_the_same_record_draft_and_copy_give_the_same_ids() -> None:
    first = copy_identity(SECRET, "1号", "sm3:a", "d" * 64, "000001")
    assert first == copy_identity(SECRET, "1号", "sm3:a", "d" * 64, "000001")
    assert all(len(one) == 32 for one in (first.document_id, first.marking_id, first.copy_id))


def test_copies_share_document_and_marking() -> None:
    one = copy_identity(SECRET, "1号", "sm3:a", "d", "000001")
    two = copy_identity(SECRET, "1号", "sm3:a", "d", "000002")
    assert (one.document_id, one.marking_id) == (two.document_id, two.marking_id)
    assert one.copy_id != two.copy_id


def test_an_altered_record_is_another_marking_of_the_same_document() -> None:
    one = copy_identity(SECRET, "1号", "sm3:a", "d", "")
    two = copy_identity(SECRET, "1号", "sm3:b", "d", "")
    assert one.document_id == two.document_id
    assert one.marking_id != two.marking_id


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_no_two_lists_of_parts_give_one_id(one: list[str], two: list[str]) -> None:
    assert (opaque_id(SECRET, *one) == opaque_id(SECRET, *two)) == (one == two)


def test_another_office_has_other_ids() -> None:
    assert opaque_id(b"a" * 32, "x") != opaque_id(b"b" * 32, "x")
