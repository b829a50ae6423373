"""Papers that others marked: what a notice and the ledger say of them, and how they are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.authority import Authority, Organ, OrganKind
from dingmi_mark.domain.change import ChangeKind, ChangeNotice, ChangeRight, in_force
from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.law import Severity
from dingmi_mark.domain.ledger_legacy import LegacyConfirmed, LegacyDescribed, LegacyStruck
from dingmi_mark.domain.ledger_payload import entry_from, payload_of
from dingmi_mark.domain.legacy import (
    LegacyPaper,
    OldMark,
    described,
    legacy_copy_id,
    legacy_ids,
    legacy_record,
    paper_of,
    registered_paper,
    stands_whole,
)
from dingmi_mark.domain.notices import legacy_files_digest
from dingmi_mark.domain.reading import read_mark
from dingmi_mark.domain.remark_plan import LegacyFile, PlannedFile
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.changing import examine_change
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.domain.rules.releasing import part_is_released_by_points
from dingmi_mark.domain.terms import (
    ForYears,
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
)
from dingmi_mark.domain.visible_marks import bare_mark, is_lone_period, is_release
from dingmi_mark.store.lawbook import read_lawbook

NATIONAL = read_lawbook("national")
AT = "2026-11-20T09:00:00+00:00"
OWN = "示例市示范局"
NUMBER = "示密〔2020〕18号"
SECRET = bytes(32)
PAPER = LegacyPaper(
    *legacy_ids(SECRET, NUMBER),
    document_number=NUMBER,
    title="样例",
    organ=OWN,
    level=SecrecyLevel.HIGHLY_SECRET,
    period=ForYears(10),
    issue_day=date(2020, 5, 6),
    digests=("sm3:a",),
    title_digest="t",
)


def test_ids_are_the_same_for_every_notice_and_tell_nothing() -> None:
    assert legacy_ids(SECRET, NUMBER) == legacy_ids(SECRET, NUMBER)
    ids = {*legacy_ids(SECRET, NUMBER), *legacy_ids(SECRET, "另一号"), legacy_copy_id(SECRET, "a")}
    assert len(ids) == 5 and all(len(one) == 32 for one in ids)


def test_ids_are_the_same_in_every_version() -> None:
    assert legacy_ids(SECRET, NUMBER) == (
        "624f0cfc2f1e6bdd4af2d4eb12d7e502",
        "6da1eade1ed01b812f1b70d2ea62ac63",
    )
    assert legacy_copy_id(SECRET, "a") == "3947ec34a2ab489a72f10da4c4a5fd1a"


@pytest.mark.parametrize(
    ("old", "agrees"),
    [
        (OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2020, 5, 6)), True),
        (OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2020, 5, 6), OWN), True),
        (OldMark(SecrecyLevel.SECRET, ForYears(10), date(2020, 5, 6)), False),
        (OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(5), date(2020, 5, 6)), False),
        (OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2020, 5, 7)), False),
        (OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2020, 5, 6), "样例局"), False),
    ],
)
def test_an_old_mark_is_told_the_same_each_time(old: OldMark, agrees: bool) -> None:
    assert PAPER.says(old, OWN) is agrees


@pytest.mark.parametrize(
    ("text", "borne"),
    [
        *(("机密★10年", True), ("机密*10年", True), ("机密", True), ("机密★十年", True)),
        *(("机密★120个月", True), ("机密★5年", False), ("秘密★10年", False), ("绝密", False)),
    ],
)
def test_a_mark_may_leave_its_period_out_and_say_nothing_else(text: str, borne: bool) -> None:
    read = read_mark(text)
    assert read is not None and PAPER.borne_by(read) is borne


@pytest.mark.parametrize(
    ("period", "start", "last"),
    [
        (ForYears(10), date(2020, 5, 6), "2030-05-06"),
        (UntilCondition("会议开始前"), None, ""),
        (LongTerm(), date(2020, 5, 6), ""),
    ],
)
def test_the_ledger_describes_a_paper_and_gives_it_back(
    period: SecrecyPeriod, start: date | None, last: str
) -> None:
    paper = replace(PAPER, period=period, issue_day=start)
    entry = described(paper, "示密变〔2026〕3号", AT)
    assert entry.last_secret_day == last
    assert paper_of(entry, "样例") == paper
    assert entry_from("legacy.described/1", payload_of(entry)) == entry
    assert "样例" not in payload_of(entry).decode()


def test_entries_are_found_by_paper_notice_and_file() -> None:
    entry = described(PAPER, "示密变〔2026〕3号", AT)
    assert isinstance(entry, LegacyDescribed)
    assert (entry.subject, entry.file_digests) == (PAPER.document_id, ("sm3:a",))
    signed = LegacyConfirmed("示密变〔2026〕3号", "sm3:p", ("b",), "赵样例", "k", "s", AT, AT)
    assert (signed.subject, signed.file_digests) == ("示密变〔2026〕3号", ("sm3:b",))
    marks = {"1 左上角": "机密★10年"}
    struck = LegacyStruck("d", "m", "c", "示密变〔2026〕3号", "r", "b", "e", marks, AT)
    assert (struck.subject, struck.file_digests) == ("d", ("sm3:b", "content:e"))
    assert entry_from("legacy.struck/1", payload_of(struck)) == struck


def test_a_registered_paper_is_what_its_registration_says() -> None:
    known = KnownDocument(
        id="s1",
        level=SecrecyLevel.HIGHLY_SECRET,
        period=ForYears(10),
        issue_day=date(2020, 5, 6),
        document_number=NUMBER,
        organ=OWN,
    )
    paper = registered_paper(known, SECRET, None)
    assert paper is not None
    assert (paper.marking.text, paper.issue_day, paper.organ) == ("机密★10年", known.issue_day, OWN)
    assert paper.document_id == legacy_ids(SECRET, "s1")[0]


def test_where_a_registration_states_no_period_the_notice_does() -> None:
    known = KnownDocument(id="s1", level=SecrecyLevel.SECRET, organ=OWN)
    assert registered_paper(known, SECRET, None) is None
    paper = registered_paper(known, SECRET, OldMark(SecrecyLevel.SECRET, ForYears(10)))
    assert paper is not None and paper.marking.text == "秘密★10年"


def test_the_rules_see_the_old_mark_as_a_decision_of_its_day() -> None:
    standing = in_force(legacy_record(PAPER))
    assert standing.last_secret_day == date(2030, 5, 6)
    assert (standing.since, standing.record.decided_by) == (date(2020, 5, 6), OWN)
    assert standing.text == "机密★10年"


def test_no_part_of_a_paper_is_released_whose_points_nobody_told() -> None:
    """R46: a part is released by its points, and of these no record is there."""
    day = date(2026, 6, 1)
    kind, right = ChangeKind.PARTLY_RELEASED, ChangeRight.ORIGINATOR
    notice = ChangeNotice("示密解〔2026〕5号", kind, OWN, right, day, reason="样例", items=("1",))
    authority = Authority((Organ(OWN, OrganKind.PREFECTURE_CITY),))
    case = ChangeCase(in_force(legacy_record(PAPER)), notice, authority, day)
    found = [one for one in examine_change(case, NATIONAL) if one.rule == "release-part"]
    assert [one.severity for one in found] == [Severity.REFUSE]
    (rule,) = (one for one in ALL_RULES if one.name == "release-part")
    assert rule.check is part_is_released_by_points
    assert "变更 where the level drops" in str(found[0].message)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["机密★10年", "示密〔2020〕18 号"], True),
        (["示密〔2020〕", "18号", "正文"], True),
        (["关于示密〔2020〕18号的答复"], False),
        (["示密〔2020〕", "正文", "18号"], False),
        (["示密〔2020〕", "", "18号"], False),
        (["示密〔2020〕"], False),
        ([], False),
    ],
)
def test_a_number_counts_where_it_stands_by_itself(lines: list[str], whole: bool) -> None:
    assert stands_whole(NUMBER, lines) is whole


def test_what_is_signed_names_the_plan_and_every_file_in_one_order() -> None:
    assert legacy_files_digest("sm3:p", ("b", "a")) == legacy_files_digest("sm3:p", ("a", "b"))
    assert legacy_files_digest("sm3:p", ("a",)) != legacy_files_digest("sm3:q", ("a",))


def test_a_confirmed_file_is_re_marked_like_any_other() -> None:
    one = LegacyFile(
        *("甲.pdf", "a", "b", "d", "m", "c", "机密", "1 左上角", "样例", "机密★10年", "秘密★5年")
    )
    planned = ("甲.pdf", "a", "b", "d", "m", "c", "", "机密★10年", "秘密★5年")
    assert one.planned == PlannedFile(*planned)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("000017 机密★10年 特急", "机密★10年"),
        ("机　密★10年", "机密★10年"),
        ("密级：机密", "密级:机密"),
    ],
)
def test_only_a_mark_s_own_words_are_struck(text: str, bare: str) -> None:
    assert bare_mark(text) == bare


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        *(("10年", True), ("保密期限：10年", True), ("期限 六个月", True), ("★长期", True)),
        *(("机密★10年", False), ("10", False), ("二〇二六年", False), ("第10年", False)),
    ],
)
def test_the_second_half_of_a_mark_is_told(line: str, alone: bool) -> None:
    assert is_lone_period(line) is alone


@pytest.mark.parametrize(
    ("line", "release"),
    [
        *(("解密", True), ("（解密）", True), ("已解密", True), ("期满自行解密", True)),
        *(("解 密 2020年1月2日 示密解〔2020〕1号", True), ("解密工作的通知", False)),
        *(("解密条件：会议开始前", False), ("机密★10年", False)),
    ],
)
def test_a_release_that_stands_there_is_told(line: str, release: bool) -> None:
    assert is_release(line) is release
