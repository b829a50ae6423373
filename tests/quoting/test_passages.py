"""What is a quotation, and what is not: by its length, its changes, and by what is public."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from dingmi_mark.quoting import match
from dingmi_mark.quoting.fingerprints import fingerprints, shingles
from dingmi_mark.quoting.match import common_runs, query
from dingmi_mark.quoting.normal import normal
from dingmi_mark.quoting.passages import Lengths, Passage, passages, public_codes
from dingmi_mark.quoting.shelf import shelved

KEY = bytes(range(16))


def words(seed: int, count: int) -> str:
    """Return characters that nothing else here has in this order."""
    rng = random.Random(seed)
    return "".join(chr(rng.randrange(0x5000, 0x5E00)) for _ in range(count))


def found(
    draft: str, *texts: str, public: str = "", lengths: Lengths | None = None
) -> list[Passage]:
    shelf = shelved([fingerprints(normal(text).codes, KEY) for text in texts])
    laid = normal(draft)
    hashes = shingles(laid.codes, KEY)
    known = np.unique(shingles(normal(public).codes, KEY))
    flags = public_codes(hashes, known, len(laid))
    runs = common_runs(query(hashes), shelf)
    return list(passages(runs, laid, flags, lengths or Lengths()))


SECRET = words(1, 400)


@settings(max_examples=60)
@given(st.integers(0, 370), st.integers(30, 200), st.integers(0, 50))
def test_what_is_quoted_as_it_stands_is_found_from_thirty_characters_on(
    at: int, length: int, before: int
) -> None:
    quote = SECRET[at : at + length]
    if len(quote) < 30:
        return
    draft = words(2, before) + quote + words(3, 50)
    (passage,) = found(draft, words(4, 300), SECRET)
    assert passage.document == 1
    assert passage.exact
    # What stands around may go on like the source by chance, or seem to in the sketch's 8 bits.
    assert 0 <= before - passage.start <= 2 and 0 <= passage.end - before - len(quote) <= 2
    assert 0 <= at - passage.text_start <= 2 and 0 <= passage.text_end - at - len(quote) <= 2


def test_twenty_nine_characters_are_none() -> None:
    assert not found(words(2, 50) + SECRET[100:129] + words(3, 50), SECRET)


def test_the_punctuation_at_its_ends_counts_with_a_quotation() -> None:
    text = f"{SECRET[:50]}。“{SECRET[50:76]}。”{SECRET[76:]}"
    assert found(f"{words(2, 9)}。“{SECRET[50:76]}。”{words(3, 9)}", text)


def test_an_edited_passage_is_found_with_what_was_changed() -> None:
    quote = list(SECRET[100:170])
    for at in (8, 21, 35, 50):
        quote[at] = "样"
    del quote[60]
    quote.insert(28, "例")
    (passage,) = found(words(2, 40) + "".join(quote) + words(3, 40), SECRET)
    assert not passage.exact
    assert passage.start <= 49 and passage.end >= 108
    assert len(passage.matched) > 3


def test_a_passage_is_found_though_all_its_numbers_were_replaced() -> None:
    clauses = [SECRET[at : at + 14] for at in range(100, 170, 14)]
    source, other = (figure.join(clauses) for figure in ("三百二十", "1,450"))
    (passage,) = found(words(2, 40) + other + words(3, 40), SECRET[:90] + source + SECRET[180:])
    assert not passage.exact
    assert len(passage.matched) == len(clauses)
    assert passage.text_start <= 92 and passage.text_end >= 90 + 5 * 14


def test_clauses_that_changed_places_are_one_passage() -> None:
    turned = SECRET[130:160] + SECRET[100:130]
    (passage,) = found(words(2, 40) + turned + words(3, 40), SECRET)
    assert (passage.text_start, passage.text_end) == (100, 160)
    assert not passage.exact


def test_pieces_that_only_add_up_over_the_whole_draft_are_none() -> None:
    draft = "".join(SECRET[at : at + 20] + words(at, 60) for at in range(0, 200, 40))
    assert not found(draft, SECRET)


def test_pieces_with_too_much_between_them_are_none() -> None:
    draft = "".join(SECRET[at : at + 14] + words(at, 12) for at in range(0, 70, 14))
    assert not found(draft, SECRET)


def test_pieces_of_one_passage_that_stand_far_apart_are_none() -> None:
    assert not found(SECRET[10:26] + words(2, 30) + SECRET[56:72], SECRET)


def test_two_passages_from_two_places_are_two() -> None:
    both = found(words(2, 20) + SECRET[10:60] + SECRET[300:350] + words(3, 20), SECRET)
    assert [(each.text_start, each.text_end) for each in both] == [(10, 60), (300, 350)]


def test_a_passage_is_followed_no_further_than_a_window_beyond_what_is_posted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(match, "_REACH", 1)
    (passage,) = found(words(2, 20) + SECRET[10:80] + words(3, 20), SECRET)
    assert 60 <= passage.characters <= 70


def test_a_long_passage_may_have_more_changes_than_a_short_one() -> None:
    draft = "".join(SECRET[at : at + 14] + words(at, 8) for at in range(0, 308, 22))
    assert found(draft, SECRET)


def test_the_same_words_over_and_over_are_counted_once() -> None:
    piece = SECRET[10:26]
    draft = "".join(piece + words(at, 5) for at in range(6))
    assert not found(draft, SECRET)


def test_rows_of_the_same_few_figures_are_no_words() -> None:
    assert not found("0" * 90 + words(2, 9), "0" * 200 + SECRET)


def test_every_text_that_has_the_passage_is_named() -> None:
    near = SECRET[:200] + words(9, 20) + SECRET[200:]
    draft = words(2, 20) + SECRET[50:120] + words(3, 20)
    assert [each.document for each in found(draft, SECRET, near)] == [0, 1]


def test_public_words_raise_no_alarm_and_hide_none_beside_them() -> None:
    public = words(7, 120)
    text = SECRET[:200] + public + SECRET[200:]
    draft = words(2, 40) + public + words(3, 40)
    assert found(draft, text)
    assert not found(draft, text, public=public)
    both = words(2, 40) + SECRET[160:200] + public + words(3, 40)
    assert found(both, text, public=public)
    edited = public[:40] + "样例" + public[45:]
    assert not found(words(2, 40) + edited + words(3, 40), text, public=public)


def test_a_few_letters_that_a_public_text_happens_to_have_hide_nothing() -> None:
    assert found(SECRET[:40], SECRET, public=words(7, 30) + SECRET[10:18] + words(8, 30))


def test_foreign_letters_weigh_less_than_characters() -> None:
    rng = random.Random(3)
    latin = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(60))
    edited = latin[:20] + "样" + latin[21:41] + "例" + latin[42:]
    assert not found(words(2, 20) + edited + words(3, 20), latin + SECRET)
    assert found(words(2, 20) + latin[:40] + words(3, 20), latin + SECRET)


def test_an_office_may_choose_other_lengths() -> None:
    draft = words(2, 50) + SECRET[100:145] + words(3, 50)
    assert found(draft, SECRET)
    assert not found(draft, SECRET, lengths=Lengths(verbatim=60, edited=60))


def test_a_form_of_words_of_hundreds_of_texts_still_leads_to_them() -> None:
    form = words(11, 40)
    texts = [words(20 + number, 30) + form for number in range(80)]
    assert len(found(words(2, 30) + form, *texts)) == 80


def test_nothing_is_found_in_nothing() -> None:
    assert not found("", SECRET)
    assert not found("样例", SECRET)
    assert not found(words(2, 100), SECRET)
    assert not found(words(2, 100), "样例")
