"""Fingerprints tell nothing without the key, and leave no gap in which a quotation could hide."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dingmi_mark.quoting.fingerprints import SHINGLE, WINDOW, fingerprints, shingles, winnowed
from dingmi_mark.quoting.normal import normal
from dingmi_mark.quoting.shelf import merged, shelved
from dingmi_mark.quoting.siphash import siphash

KEY = bytes(range(16))


def halves(message: bytes) -> tuple[np.ndarray, np.ndarray]:
    words = np.frombuffer(message, dtype="<u8").astype(np.uint64)
    return words[:1], words[1:]


def test_siphash_gives_the_value_its_authors_publish() -> None:
    found = siphash(*halves(bytes(range(16))), KEY)
    assert int(found[0]).to_bytes(8, "little").hex() == "db9bc2577fcc2a3f"


def test_siphash_takes_a_key_of_its_length_only() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        siphash(*halves(bytes(16)), b"short")


def test_another_key_gives_other_fingerprints() -> None:
    codes = normal("示例江堤防洪演练的安排，内容全部虚构。").codes
    assert not set(shingles(codes, KEY)) & set(shingles(codes, bytes(16)))


def test_the_same_six_letters_are_the_same_shingle_wherever_they_stand() -> None:
    one, other = normal("甲乙丙丁戊己庚").codes, normal("前甲乙丙丁戊己后").codes
    assert shingles(one, KEY)[0] == shingles(other, KEY)[1]


def test_a_text_shorter_than_a_shingle_has_none() -> None:
    found = fingerprints(normal("样例").codes, KEY)
    assert (len(found.posted), len(found.sketch)) == (0, SHINGLE)


@given(st.lists(st.integers(0, 9), max_size=60))
def test_of_every_window_one_shingle_is_posted(values: list[int]) -> None:
    posted = set(winnowed(np.array(values, dtype=np.uint32)).tolist())
    for at in range(len(values) - WINDOW + 1):
        assert posted & set(range(at, at + WINDOW))
    assert bool(posted) == bool(values)


def test_posted_shingles_overlap_so_that_nothing_between_them_can_differ() -> None:
    assert WINDOW <= SHINGLE


def test_shelves_that_are_merged_are_the_shelf_of_all_texts() -> None:
    rng = random.Random(5)
    texts = ["".join(chr(rng.randrange(0x4E00, 0x5000)) for _ in range(40)) for _ in range(5)]
    prints = [fingerprints(normal(text).codes, KEY) for text in texts]
    whole, parts = shelved(prints), merged([shelved(prints[:2]), shelved(prints[2:])])
    for name in ("posted", "at", "sketch", "starts"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))
    assert len(whole) == 5


def test_a_shelf_refuses_more_than_its_places_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    from dingmi_mark.quoting import shelf

    monkeypatch.setattr(shelf, "LONGEST", 10)
    with pytest.raises(ValueError, match="more characters"):
        shelved([fingerprints(normal("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳").codes, KEY)])
