"""Entries have one canonical form, and the chain shows every change of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.ledger import (
    KINDS,
    Begun,
    Done,
    Entry,
    EntryOutOfOrder,
    FileDigests,
    Intended,
    MarkingState,
    Prepared,
    Settled,
    Step,
    Voided,
    kind_of,
    state_after,
)
from dingmi_mark.domain.ledger_chain import (
    BEFORE_FIRST,
    Anchor,
    Link,
    anchor_findings,
    anchor_of,
    chain_findings,
    chained,
    entry_of,
    link_hash,
)
from dingmi_mark.domain.ledger_payload import UnknownKind, entry_from, payload_of
from dingmi_mark.domain.ledger_settling import (
    FilesFound,
    Finish,
    NeedsPerson,
    Void,
    VoidReason,
    settlement,
)

AT = "2026-03-02T09:00:00+08:00"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
paths = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.integers(0xDC80, 0xDCFF).map(chr),
    max_size=20,
)
times = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
mappings = st.dictionaries(texts, texts, max_size=3).map(MappingProxyType)


def entries_of(kind: type[Entry]) -> st.SearchStrategy[Entry]:
    special: dict[str, st.SearchStrategy[object]] = {
        "at": times,
        "target": paths,
        "temporary": paths,
    }
    given_fields = {
        name: strategy for name, strategy in special.items() if name in kind.__dataclass_fields__
    }
    if kind is Intended:
        given_fields["template_hashes"] = mappings
        given_fields["source_marking_ids"] = st.lists(texts, max_size=3).map(tuple)
    return st.builds(kind, **given_fields)


st.register_type_strategy(str, texts)
entries = st.one_of([entries_of(kind) for kind in KINDS.values()])


def test_every_kind_of_the_union_has_one_name() -> None:
    assert set(KINDS.values()) == set(get_args(Entry))
    assert all(name.isascii() and name.rpartition("/")[2].isdigit() for name in KINDS)


@given(entries)
def test_entries_read_back_as_they_were_written(entry: Entry) -> None:
    payload = payload_of(entry)
    assert entry_from(kind_of(entry), payload) == entry
    assert payload_of(entry_from(kind_of(entry), payload)) == payload


def test_the_canonical_form_is_sorted_bare_and_utf8() -> None:
    entry = Voided("乙", "甲", "原因", AT)
    assert payload_of(entry) == (
        f'{{"at":"{AT}","copy_id":"甲","marking_id":"乙","reason":"原因"}}'.encode()
    )


def test_the_hash_is_what_it_always_was() -> None:
    """Stored ledgers depend on it: this value may never change."""
    [link] = chained([Begun("office", AT)], None)
    assert link.hash.hex() == "fbaf439cddf263e9b3e3d0ad563d9dd82939c41a586a070a6f68c561af864cbd"


@pytest.mark.parametrize(
    "payload",
    [
        b'{"at":"2026-03-02T09:00:00+08:00", "office_id":"a"}',
        b'{"office_id":"a","at":"2026-03-02T09:00:00+08:00"}',
        b'{"at":"2026-03-02T09:00:00+08:00","at":"2026-03-02T09:00:00+08:00","office_id":"a"}',
        b'{"at":"2026-03-02T09:00:00","office_id":"a"}',
        b'{"at":"yesterday","office_id":"a"}',
        b'{"at":"2026-03-02T09:00:00+08:00","office_id":1}',
        b'{"at":"2026-03-02T09:00:00+08:00","office_id":"\\u0000"}',
        b'{"at":"2026-03-02T09:00:00+08:00","office_id":"\\udcff"}',
        b'{"at":"2026-03-02T09:00:00+08:00"}',
        b'{"at":"2026-03-02T09:00:00+08:00","more":"","office_id":"a"}',
        b"[]",
        b"\xff",
        b"",
    ],
)
def test_only_the_canonical_form_is_read(payload: bytes) -> None:
    with pytest.raises(ValueError):
        entry_from("ledger.begun/1", payload)


@pytest.mark.parametrize(
    "entry",
    [
        Begun("office", "2026-03-02T09:00:00"),
        Begun("of\0fice", AT),
        Begun("\ud800", AT),
        Begun(7, AT),  # type: ignore[arg-type]
        Prepared("m", "c", FileDigests("a", None), "", "rendered", AT),  # type: ignore[arg-type]
    ],
)
def test_what_would_not_read_back_is_not_written(entry: Entry) -> None:
    with pytest.raises(ValueError):
        payload_of(entry)


def test_kinds_of_later_versions_are_told_apart() -> None:
    with pytest.raises(UnknownKind):
        entry_from("mark.intended/2", b"{}")


@given(st.lists(entries, min_size=1, max_size=5), st.data())
def test_no_change_of_a_chain_goes_unseen(more: list[Entry], data: st.DataObject) -> None:
    links = list(chained([Begun("office", AT), *more], None))
    assert list(chain_findings(links, "office")) == []
    assert [entry_of(link) for link in links[1:]] == more
    at = data.draw(st.integers(0, len(links) - 1))
    altered = [*links[:at], data.draw(alterations(links[at])), *links[at + 1 :]]
    assert list(chain_findings(altered, "office")) != []


@st.composite
def alterations(draw: st.DrawFn, link: Link) -> Link:
    field = draw(
        st.sampled_from(["seq", "kind", "payload", "prev_hash", "hash", "at", "signature"])
    )
    value = getattr(link, field)
    if field == "seq":
        return replace(link, seq=draw(st.integers(0, 99).filter(lambda n: n != value)))
    if field == "signature":
        return replace(link, signature=draw(st.binary(max_size=3)))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[draw(st.integers(0, len(raw) - 1))] ^= 1 << draw(st.integers(0, 7))
    changed = bytes(raw)
    is_text = isinstance(value, str)
    return replace(
        link, **{field: changed.decode("utf-8", "surrogateescape") if is_text else changed}
    )


@given(st.lists(entries, min_size=2, max_size=5), st.data())
def test_missing_swapped_and_repeated_entries_are_seen(
    more: list[Entry], data: st.DataObject
) -> None:
    links = list(chained([Begun("office", AT), *more], None))
    at = data.draw(st.integers(0, len(links) - 2))
    for altered in (
        links[:at] + links[at + 1 :],
        [*links[:at], links[at + 1], links[at], *links[at + 2 :]],
        [*links[: at + 1], links[at], *links[at + 1 :]],
    ):
        assert list(chain_findings(altered, "office")) != []


def test_a_chain_of_another_office_and_an_empty_one() -> None:
    links = list(chained([Begun("office", AT)], None))
    assert [str(finding) for finding in chain_findings(links, "other")] == [
        "The first entry does not bind the ledger to this office (other)."
    ]
    assert [str(finding) for finding in chain_findings([], "office")] == [
        "The ledger has no entries, not even its first one."
    ]


ambiguous = st.text("a\0", max_size=3)


@given(ambiguous, ambiguous.map(str.encode), ambiguous, ambiguous.map(str.encode))
def test_kind_and_payload_are_framed(kind: str, payload: bytes, other: str, another: bytes) -> None:
    same = link_hash(2, kind, payload, BEFORE_FIRST) == link_hash(2, other, another, BEFORE_FIRST)
    assert same == ((kind, payload) == (other, another))


def test_an_anchor_reads_back() -> None:
    [head] = chained([Begun("office", AT)], None)
    anchor = anchor_of(head, "office")
    assert Anchor.parse(anchor.text) == anchor
    assert Anchor.parse(f"  {anchor.text.replace(anchor.hash, anchor.hash.upper())}\n\n") == anchor


@pytest.mark.parametrize("cut", range(6))
def test_an_anchor_needs_all_its_lines(cut: int) -> None:
    [head] = chained([Begun("office", AT)], None)
    lines = anchor_of(head, "office").text.splitlines()
    del lines[cut]
    with pytest.raises(ValueError):
        Anchor.parse("\n".join(lines))
    with pytest.raises(ValueError):
        Anchor.parse("")


def settled(decision: str) -> Settled:
    return Settled("m", "c", decision, "", "", "", "", AT)


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        (MarkingState.PREPARED, settled("finish"), MarkingState.PREPARED),
        (MarkingState.RENAMED, settled("finish"), MarkingState.RENAMED),
        (MarkingState.PREPARED, settled("void"), MarkingState.VOIDING),
        (MarkingState.VOIDING, Voided("m", "c", "crash", AT), MarkingState.VOIDED),
        (MarkingState.PREPARED, Done("m", "c", AT), MarkingState.DONE),
    ],
)
def test_steps_lead_on(state: MarkingState, step: Step, after: MarkingState) -> None:
    assert state_after(state, step) is after


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (None, Done("m", "c", AT)),
        (MarkingState.INTENDED, Done("m", "c", AT)),
        (MarkingState.RENAMED, settled("void")),
        (MarkingState.INTENDED, settled("finish")),
        (MarkingState.PREPARED, settled("something")),
        (MarkingState.DONE, Voided("m", "c", "crash", AT)),
    ],
)
def test_steps_that_may_not_follow(state: MarkingState | None, step: Step) -> None:
    with pytest.raises(EntryOutOfOrder):
        state_after(state, step)


MARKED, OTHER = FileDigests("marked", "marked"), FileDigests("other", "other")


@pytest.mark.parametrize(
    ("state", "temporary", "target", "expected"),
    [
        ("intended", None, None, Void(VoidReason.INTERRUPTED_BEFORE_PREPARED)),
        ("intended", OTHER, None, Void(VoidReason.INTERRUPTED_BEFORE_PREPARED)),
        ("intended", OTHER, OTHER, Void(VoidReason.INTERRUPTED_BEFORE_PREPARED)),
        ("voiding", None, None, Void(VoidReason.INTERRUPTED_WHILE_VOIDING)),
        ("prepared", None, MARKED, Finish()),
        ("prepared", MARKED, MARKED, Finish()),
        ("prepared", MARKED, None, Void(VoidReason.INTERRUPTED_BEFORE_RENAMED)),
        ("prepared", OTHER, None, Void(VoidReason.INTERRUPTED_BEFORE_RENAMED)),
        ("prepared", None, OTHER, NeedsPerson),
        ("prepared", MARKED, OTHER, NeedsPerson),
        ("prepared", None, None, NeedsPerson),
        ("renamed", None, MARKED, Finish()),
        ("renamed", None, OTHER, NeedsPerson),
        ("renamed", None, None, NeedsPerson),
        ("renamed", MARKED, None, NeedsPerson),
    ],
)
def test_what_a_crash_left_is_settled_by_the_files(
    state: str, temporary: FileDigests | None, target: FileDigests | None, expected: object
) -> None:
    decided = settlement(MarkingState(state), MARKED, FilesFound(temporary, target))
    assert decided == expected or type(decided) is expected


@pytest.mark.parametrize("state", ["done", "voided"])
def test_closed_markings_are_not_settled(state: str) -> None:
    with pytest.raises(ValueError, match="not open"):
        settlement(MarkingState(state), MARKED, FilesFound(None, None))


def test_an_entry_with_altered_bytes_is_not_read() -> None:
    [link] = chained([Begun("office", AT)], None)
    assert entry_of(link) == Begun("office", AT)
    with pytest.raises(ValueError, match="does not fit"):
        entry_of(replace(link, payload=link.payload.replace(b"office", b"0ffice")))


def test_an_anchor_line_needs_a_name() -> None:
    [head] = chained([Begun("office", AT)], None)
    with pytest.raises(ValueError):
        Anchor.parse(anchor_of(head, "office").text + "\nmore")


def test_an_anchor_is_compared_with_the_entry_of_its_number() -> None:
    """What an anchor outside the office shows: nothing before it was exchanged."""
    [head] = chained([Begun("office", AT)], None)
    anchor = anchor_of(head, "office")
    assert list(anchor_findings(anchor, head, "office")) == []
    assert [str(f) for f in anchor_findings(anchor, head, "other")] == [
        "The anchor belongs to another office (office)."
    ]
    assert [str(f) for f in anchor_findings(anchor, None, "office")] == [
        "The ledger ends before entry 1 of the anchor."
    ]
    [other] = chained([Begun("office", AT.replace("09", "10"))], None)
    assert [str(f) for f in anchor_findings(anchor, other, "office")] == [
        "Entry 1 is not the one the anchor was made from."
    ]
