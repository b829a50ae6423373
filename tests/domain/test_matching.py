"""Records and drafts: the digest says what was approved, a name only leads to the record."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    DraftIdentity,
    Original,
    Person,
    Proposal,
    Secrecy,
)
from dingmi_mark.domain.matching import (
    Ambiguous,
    DigestDiffers,
    DraftFile,
    Match,
    Matched,
    NoRecord,
    WithoutDigest,
    match_records,
    may_be_about,
)
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel

ONE, TWO, THREE = ("sm3:" + digit * 64 for digit in "123")


@dataclass(frozen=True)
class KeptRecord:
    record: ApprovalRecord


def kept(*files: str, digest: str = "") -> KeptRecord:
    secrecy = Secrecy(Marking(SecrecyLevel.SECRET, ForYears(5)))
    draft = DraftIdentity("示例通知", files=files, digest=digest)
    proposal = Proposal(Person("王某"), secrecy)
    return KeptRecord(ApprovalRecord("1", "示例市示范局", draft, Original(), proposal))


def draft(path: str, *digests: str) -> DraftFile:
    return DraftFile(path, frozenset(digests))


def only(match: tuple[tuple[DraftFile, Match[KeptRecord]], ...]) -> Match[KeptRecord]:
    assert len(match) == 1
    return match[0][1]


def test_the_digest_decides_whatever_the_file_is_called_now() -> None:
    record, other = kept("旧名.docx", digest=TWO), kept("新名.docx", digest=ONE)
    found = match_records([draft("新名.docx", TWO, "sha256:" + "0" * 64)], [record, other])
    assert only(found.matches) == Matched(record, by_digest=True)
    assert found.without_draft == (other,)


def test_a_draft_nobody_approved_has_no_record() -> None:
    found = match_records([draft("甲.docx", ONE)], [kept("乙.docx", digest=TWO)])
    assert only(found.matches) == NoRecord()
    assert len(found.without_draft) == 1


def test_a_named_draft_with_other_bytes_is_not_the_approved_one() -> None:
    record = kept("甲.docx", digest=TWO)
    found = match_records([draft("甲.docx", ONE)], [record])
    assert only(found.matches) == DigestDiffers(record)
    assert found.without_draft == ()


def test_a_record_without_digest_counts_only_by_the_offices_policy() -> None:
    record, drafts = kept("甲.docx"), [draft("甲.docx", ONE)]
    strict = match_records(drafts, [record])
    assert only(strict.matches) == WithoutDigest(record)
    assert strict.without_draft == ()
    allowed = match_records(drafts, [record], without_digest_allowed=True)
    assert only(allowed.matches) == Matched(record, by_digest=False)


def test_two_records_for_one_draft_are_ambiguous_by_digest_and_by_name() -> None:
    for digest in (ONE, ""):
        records = [kept("甲.docx", digest=digest), kept("甲.docx", digest=digest)]
        found = match_records([draft("甲.docx", ONE)], records)
        assert only(found.matches) == Ambiguous(tuple(records))
        assert found.without_draft == ()


def test_a_record_without_names_still_competes_for_the_same_bytes() -> None:
    named, nameless = kept("甲.docx", digest=ONE), kept(digest=ONE)
    found = match_records([draft("甲.docx", ONE)], [named, nameless])
    assert only(found.matches) == Ambiguous((named, nameless))


def test_equal_bytes_approved_twice_go_each_to_its_own_name() -> None:
    one, two = kept("甲.docx", digest=ONE), kept("乙.docx", digest=ONE)
    found = match_records([draft("甲.docx", ONE), draft("乙.docx", ONE)], [one, two])
    assert [match for _, match in found.matches] == [Matched(one, True), Matched(two, True)]


def test_a_copy_of_the_approved_draft_is_not_marked_a_second_time() -> None:
    record = kept("甲.docx", digest=ONE)
    found = match_records([draft("甲.docx", ONE), draft("甲 - 副本.docx", ONE)], [record])
    assert [m for _, m in found.matches] == [Matched(record, True), Ambiguous((record,))]


def test_a_repeated_name_must_be_written_as_path() -> None:
    bare, drafts = kept("甲.docx"), [draft("一处/甲.docx", ONE), draft("二处/甲.docx", TWO)]
    found = match_records(drafts, [bare])
    assert [match for _, match in found.matches] == [Ambiguous((bare,)), Ambiguous((bare,))]
    by_path = kept("二处/甲.docx")
    found = match_records(drafts, [by_path])
    assert [match for _, match in found.matches] == [NoRecord(), WithoutDigest(by_path)]


def test_a_repeated_name_with_equal_bytes_is_still_ambiguous() -> None:
    record = kept("甲.docx", digest=ONE)
    drafts = [draft("一处/甲.docx", ONE), draft("二处/甲.docx", ONE)]
    found = match_records(drafts, [record])
    assert [match for _, match in found.matches] == [Ambiguous((record,)), Ambiguous((record,))]


def test_a_repeated_name_whose_bytes_fit_elsewhere_is_another_drafts() -> None:
    record = kept("甲.docx", digest=TWO)
    drafts = [draft("一处/甲.docx", ONE), draft("二处/甲.docx", TWO)]
    found = match_records(drafts, [record])
    assert [match for _, match in found.matches] == [NoRecord(), Matched(record, True)]


def test_a_repeated_name_that_fits_nowhere_differs_everywhere() -> None:
    record = kept("甲.docx", digest=THREE)
    drafts = [draft("一处/甲.docx", ONE), draft("二处/甲.docx", TWO)]
    found = match_records(drafts, [record])
    assert [match for _, match in found.matches] == [DigestDiffers(record)] * 2


def test_the_path_of_the_top_folder_is_the_bare_name() -> None:
    record = kept("甲.docx")
    found = match_records([draft("甲.docx", ONE), draft("二处/甲.docx", TWO)], [record])
    assert [match for _, match in found.matches] == [WithoutDigest(record), NoRecord()]


def test_names_compare_in_nfc_with_any_slash_and_any_case_of_the_suffix() -> None:
    name = "二处/Überblick.docx"
    for written in (
        unicodedata.normalize("NFD", name),
        "二处\\Überblick.DOCX",
        "./二处/Überblick.Docx",
        "Überblick.DOCX",
    ):
        record = kept(written)
        found = match_records([draft(name, ONE)], [record])
        assert only(found.matches) == WithoutDigest(record), written


def test_the_stem_keeps_its_case_and_a_name_may_have_no_suffix() -> None:
    assert only(match_records([draft("a.docx", ONE)], [kept("A.docx")]).matches) == NoRecord()
    record = kept("草稿")
    assert only(match_records([draft("草稿", ONE)], [record]).matches) == WithoutDigest(record)


def test_a_record_that_names_a_draft_twice_is_one_record() -> None:
    record = kept("甲.docx", "二处/甲.docx")
    found = match_records([draft("二处/甲.docx", ONE)], [record])
    assert only(found.matches) == WithoutDigest(record)


def test_a_record_is_about_a_draft_by_its_digest_or_by_a_file_name() -> None:
    one = draft("通知.docx", ONE)
    assert may_be_about(kept("别的.docx", digest=ONE).record, one)
    assert may_be_about(kept("送审/通知.DOCX", digest=TWO).record, one)
    assert may_be_about(kept().record, one)
    assert not may_be_about(kept("别的.docx", digest=TWO).record, one)
    assert not may_be_about(kept("别的.docx").record, one)
    assert not may_be_about(kept(digest=TWO).record, one)
