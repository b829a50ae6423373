"""Approval records as people write them: every fault at once, and nothing lost on the way."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from dingmi_mark.domain import approval as a
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.errors import (
    ApprovalInvalid,
    ApprovalUnreadable,
    ExitCode,
    FileNotReadable,
    NotAStateSecret,
)
from dingmi_mark.store.approvals import (
    approval_digest,
    approval_from_mapping,
    approval_schema,
    approval_to_mapping,
    canonical_bytes,
    read_approval,
    write_json,
    write_toml,
)
from dingmi_mark.store.toml_text import MAX_BYTES

RECORD = """
schema = 1
number = "示定审〔２０２６〕３号"
organ = " 示例市示范局 "
kind = "派生定密"
status = "已审批"
points_complete = true
joint_organs = ["示例市样例局"]
successor_of = "示例市旧局"

[draft]
title = "关于示例工作的通知"
document_number = "示密〔2026〕3号"
files = ["通知.docx"]
digest = "SM3:66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0"
form = "信函"
urgency = "特急"
issue_date = 2026-01-10
notice_date = "2026年1月11日"
copies = 3
receivers = ["示例县示范局"]
landmark_y_mm = 60
late_fields = ["文号", "页码"]
recall_date = 2026-06-30
despite = ["限制修改"]

[[basis]]
catalogue = "示例工作国家秘密范围的规定"
item = "第三条第二项"
note = "全文"

[[source]]
title = "示例文件"
document_number = "源密〔2020〕1号"
level = "机密级"
period = { years = 10 }
issue_date = 2020-03-15
marking_id = "m-1"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
points_used = ["秘密", "机密"]
consent = "源密函〔2025〕7号"

[proposal]
by = { name = "王承办", post = "科员" }
level = "机密"
period = { until = 2030-03-15 }
period_defaulted = true
months_confirmed = true
scope = ["局领导", "示例科"]
opinion = \"\"\"第一行
第二行\"\"\"
date = 2026-01-08

[review]
by = { name = "钱审核" }
text = "同意"
date = 2026-01-09

[security_review]
by = { name = "周保密" }

[officer]
name = "张示范"
post = "局长"
kind = "法定"
corner = "B"
stands_in_for = "李样例"
reason = "出差"
certificate = "示定资〔2024〕001号"
letter = "示定授〔2024〕1号"

[decision]
decision = "纠正"
date = 2026-01-10
opinion = "改为秘密"
[decision.corrected]
level = "秘密"
period = { months = 18 }
scope = ["局领导"]
months_confirmed = true

[[point]]
id = "1"
level = "机密"
quote = "示例 原文，逐字　相同"
occurrence = 2
[[point]]
id = "2"
level = "秘密"
style = "文字指明"
page = 2
box_mm = [10, 20.5, 30, 40]
period = { condition = "会议开始前" }
source = "源密〔2020〕1号"
[[point]]
id = "3"
level = "秘密"
paragraph = 3
begins = "一、"
table = 1
row = 2
column = 3

[deciding_organ]
name = "示例省示范厅"
reply_number = "示省密复〔2026〕1号"
date = 2026-01-10

[special_basis]
provision = "示例规定第九条"
reason = "示例"

[[explanation]]
rule = "months"
text = "周期为十八个月"

[[history]]
date = 2026-01-08
by = "王承办"
step = "拟办"
note = "初稿"

[[signature]]
step = "审批"
signer = "张示范"
key_id = "k1"
algorithm = "ed25519"
at = "2026-11-02T09:00:00+00:00"
value = "AAAA"
"""

SMALL: dict[str, Any] = {
    "schema": 1,
    "number": "1",
    "organ": "示例市示范局",
    "kind": "原始定密",
    "draft": {"title": "示例通知"},
    "proposal": {"level": "机密", "period": {"years": 10}},
}


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the small record with one value set (`draft.title`)."""
    tables = deepcopy(SMALL)
    owner = tables
    *owners, key = path.split(".")
    for name in owners:
        owner = owner.setdefault(name, {})
    owner[key] = value
    return tables


def faults_of(tables: dict[str, Any]) -> list[str]:
    with pytest.raises(ApprovalInvalid) as caught:
        approval_from_mapping(tables, "记录.toml")
    faults = caught.value.params["faults"]
    assert isinstance(faults, tuple)
    assert caught.value.params["count"] == len(faults)
    assert caught.value.where == "记录.toml"
    return [str(fault) for fault in faults]


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def test_every_field_is_read_and_tolerated_spellings_are_made_strict(tmp_path: Path) -> None:
    file = tmp_path / "记录.toml"
    file.write_text(RECORD, encoding="utf-8-sig")
    stored = read_approval(file)
    record = stored.record
    assert stored.path == file
    assert record.number == "示定审〔2026〕3号"
    assert record.organ == "示例市示范局"
    assert record.draft == a.DraftIdentity(
        title="关于示例工作的通知",
        document_number="示密〔2026〕3号",
        files=("通知.docx",),
        digest="sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        form="信函",
        urgency=a.Urgency.EXTRA_URGENT,
        issue_day=date(2026, 1, 10),
        notice_day=date(2026, 1, 11),
        copies=3,
        receivers=("示例县示范局",),
        landmark_y_mm=60.0,
        late_fields=(a.LateField.DOCUMENT_NUMBER, a.LateField.PAGE_NUMBERS),
        recall_day=date(2026, 6, 30),
        despite=(a.Restriction.CHANGES,),
    )
    assert isinstance(record.classification, a.Derivative)
    (source,) = record.classification.sources
    assert source.level is SecrecyLevel.HIGHLY_SECRET
    assert source.points_used == (SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET)
    assert record.classification.bases == (
        a.Basis("示例工作国家秘密范围的规定", "第三条第二项", "全文"),
    )
    assert record.proposal.opinion == "第一行\n第二行"
    assert record.secrecy.marking == Marking(SecrecyLevel.SECRET, ForMonths(18))
    assert record.secrecy.months_confirmed and not record.secrecy.period_defaulted
    quote, box, cell = record.points
    assert quote.anchor == QuoteAnchor("示例 原文，逐字　相同", 2)
    assert box.anchor == BoxAnchor(2, 10.0, 20.5, 30.0, 40.0)
    assert box.style is PointStyle.IN_WORDS
    assert cell.anchor == ParagraphAnchor(3, "一、", 1, 2, 3)
    assert record.officer is not None and record.officer.corner is a.Corner.B
    assert record.status is a.RecordStatus.DECIDED
    assert record.explanation("months") == "周期为十八个月"


def test_the_whole_record_survives_toml_and_json(tmp_path: Path) -> None:
    record = approval_from_mapping(tomllib.loads(RECORD))
    for name, text in (("r.toml", write_toml(record)), ("r.JSON", write_json(record))):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        stored = read_approval(file)
        assert stored.record == record
        assert stored.digest == approval_digest(record)


def test_agreed_values_equal_to_the_proposal_may_be_repeated() -> None:
    tables = changed("decision", {"decision": "同意", "date": date(2026, 1, 10)})
    tables["proposal"] |= {"period_defaulted": True, "scope": ["局领导"]}
    tables["decision"]["corrected"] = {
        "level": "机密",
        "period": {"years": 10},
        "scope": ["局领导"],
    }
    record = approval_from_mapping(tables)
    assert record.decision is not None
    assert record.decision.corrected == record.proposal.secrecy


def test_a_new_period_does_not_inherit_what_was_said_of_the_old_one() -> None:
    tables = changed("decision", {"decision": "纠正", "date": date(2026, 1, 10)})
    tables["proposal"]["period_defaulted"] = True
    tables["decision"]["corrected"] = {"level": "机密", "period": {"years": 5}}
    assert not approval_from_mapping(tables).secrecy.period_defaulted


def test_what_the_law_requires_may_be_missing_here() -> None:
    record = approval_from_mapping(SMALL)
    assert record.officer is None and record.decision is None
    assert record.proposal.by == a.Person("")
    assert record.classification == a.Original()


# ── the digest ───────────────────────────────────────────────────────────────────────────────


def test_the_digest_is_of_what_was_decided_and_not_of_how_it_was_written(tmp_path: Path) -> None:
    record = approval_from_mapping(SMALL)
    assert approval_digest(record).startswith("sm3:") and len(approval_digest(record)) == 68
    marked = replace(
        record,
        status=a.RecordStatus.MARKED,
        history=(a.HistoryLine(date(2026, 1, 10), "王某", "标志"),),
        signatures=(
            a.RecordSignature(
                a.SigningStep.DECIDED, "张某", "k1", "ed25519", "2026-11-02T09:00:00+00:00", "AAAA"
            ),
        ),
    )
    assert approval_digest(marked) == approval_digest(record)
    other = replace(record, points_complete=True)
    assert approval_digest(other) != approval_digest(record)


def test_the_canonical_bytes_never_change_between_versions() -> None:
    assert canonical_bytes(approval_from_mapping(SMALL)).decode() == (
        '{"draft":{"title":"示例通知"},"kind":"原始定密","number":"1","organ":"示例市示范局",'
        '"proposal":{"by":{"name":""},"level":"机密","period":{"years":10},"scope":[]},"schema":1}'
    )


# ── faults ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("schema", 2, "schema: 1 is expected"),
        ("number", "", "number: a text that is not empty is expected"),
        ("number", 3, "number: a text in quotation marks is expected"),
        (
            "organ",
            "甲\u202e乙",
            "organ: one line of text without invisible characters is expected, not U+202E",
        ),
        ("kind", "原始", "kind: one of 原始定密、派生定密 is expected"),
        ("kind", ["原始定密"], "kind: one of 原始定密、派生定密 is expected"),
        ("kindd", 1, "kindd: there is no such key; did you mean kind?"),
        ("points_complete", 1, "points_complete: true or false is expected"),
        ("draft", [], "draft: a table is expected"),
        ("draft.titel", "x", "draft.titel: there is no such key; did you mean title?"),
        ("draft.files", "a.docx", "draft.files: a list in [ ] is expected"),
        ("draft.files", ["a", ""], "draft.files[2]: a text that is not empty is expected"),
        (
            "draft.files",
            ["a\x00b"],
            "draft.files[1]: text without invisible characters is expected, not U+0000",
        ),
        (
            "draft.digest",
            "66c7",
            "draft.digest: sm3: or sha256: and 64 hexadecimal digits are expected",
        ),
        ("draft.copies", 1.0, "draft.copies: a whole number without quotation marks is expected"),
        ("draft.copies", 1.5, "draft.copies: a whole number without quotation marks is expected"),
        ("draft.copies", "三", "draft.copies: a whole number without quotation marks is expected"),
        ("draft.copies", True, "draft.copies: a whole number without quotation marks is expected"),
        ("draft.copies", -1, "draft.copies: a number from 0 on is expected"),
        ("draft.copies", 10**6, "draft.copies: a number up to 999999 is expected"),
        (
            "draft.landmark_y_mm",
            "6",
            "draft.landmark_y_mm: a number without quotation marks is expected",
        ),
        (
            "draft.landmark_y_mm",
            float("nan"),
            "draft.landmark_y_mm: a number without quotation marks is expected",
        ),
        (
            "draft.issue_date",
            "2026-02-30",
            "draft.issue_date: a date such as 2026-01-10 is expected",
        ),
        ("draft.issue_date", "明天", "draft.issue_date: a date such as 2026-01-10 is expected"),
        ("draft.issue_date", 20260110, "draft.issue_date: a date such as 2026-01-10 is expected"),
        (
            "draft.issue_date",
            date(1026, 1, 10),
            "draft.issue_date: a date from 1949-10-01 to 2999-12-31 is expected",
        ),
        ("draft.urgency", "很急", "draft.urgency: one of 特急、加急、特提、平急 is expected"),
        ("proposal.level", "密", "proposal.level: one of 绝密、机密、秘密 is expected"),
        ("proposal.level", "", "proposal.level: one of 绝密、机密、秘密 is expected"),
        ("proposal.level", 3, "proposal.level: one of 绝密、机密、秘密 is expected"),
        ("proposal.period", "10年", "proposal.period: a table is expected"),
        (
            "proposal.period",
            {},
            "proposal.period: one of years、months、days、until、condition、long_term is expected",
        ),
        ("proposal.period", {"years": 0}, "proposal.period.years: a number from 1 on is expected"),
        (
            "proposal.period",
            {"years": 101},
            "proposal.period.years: a number up to 100 is expected",
        ),
        (
            "proposal.period",
            {"condition": " "},
            "proposal.period.condition: a text that is not empty is expected",
        ),
        (
            "proposal.period",
            {"long_term": False},
            "proposal.period.long_term: true is expected, or leave it out",
        ),
        ("special_basis", {"provision": "x"}, "special_basis.reason: this key is missing"),
        (
            "special_basis",
            {"provision": "x", "reason": " "},
            "special_basis.reason: a text that is not empty is expected",
        ),
        ("explanation", [{"rule": "months"}], "explanation[1].text: this key is missing"),
        ("explanation", [1], "explanation[1]: a table is expected"),
        (
            "source",
            [{"title": "x"}],
            "kind: no [[source]] beside 原始定密: a document with sources is 派生定密",
        ),
        (
            "decision",
            {"decision": "退回", "corrected": {"level": "机密", "period": {"years": 1}}},
            "decision.corrected: no corrected values beside 退回",
        ),
        ("坏\n键", 1, "'\\u574f\\n\\u952e': there is no such key; known are"),
    ],
)
def test_one_fault_with_its_place_and_what_is_expected(
    path: str, value: object, fault: str
) -> None:
    (found,) = faults_of(changed(path, value))
    assert found.startswith(fault)


def test_a_missing_period_is_a_fault_and_never_guessed() -> None:
    tables = deepcopy(SMALL)
    del tables["proposal"]["period"]
    assert faults_of(tables) == ["proposal.period: this key is missing"]


def test_two_kinds_of_period_are_named_with_the_article() -> None:
    (fault,) = faults_of(changed("proposal.period", {"years": 5, "condition": "会议开始前"}))
    assert fault == (
        "proposal.period: one kind of period only, here are years（年）、condition（解密条件）"
        " (保守国家秘密法(2024)第二十条第三款)"
    )


def test_the_period_is_checked_wherever_one_stands() -> None:
    two = {"years": 5, "months": 6}
    tables = changed("kind", "派生定密")
    tables["source"] = [{"title": "甲"}, {"title": "乙", "period": two}]
    tables["point"] = [{"id": "1", "level": "机密", "quote": "甲", "period": two}]
    tables["decision"] = {"decision": "纠正", "corrected": {"level": "机密", "period": two}}
    places = [fault.partition(":")[0] for fault in faults_of(tables)]
    assert places == ["decision.corrected.period", "source[2].period", "point[1].period"]


@pytest.mark.parametrize(
    ("point", "faults"),
    [
        ({}, ["point[1]: one place is expected: quote, or page and box_mm, or paragraph"]),
        (
            {"quote": "甲", "paragraph": 1},
            ["point[1]: one place is expected: quote, or page and box_mm, or paragraph"],
        ),
        ({"occurrence": 2}, ["point[1].quote: this key is missing"]),
        ({"page": 1}, ["point[1].box_mm: this key is missing"]),
        ({"box_mm": [1, 2, 3, 4]}, ["point[1].page: this key is missing"]),
        ({"begins": "一"}, ["point[1].paragraph: this key is missing"]),
        (
            {"paragraph": 1, "row": 2},
            ["point[1].column: this key is missing", "point[1].table: this key is missing"],
        ),
        ({"page": 1, "box_mm": [1, 2, 3]}, ["point[1].box_mm: at least 4 entries are expected"]),
        ({"page": 1, "box_mm": [1] * 5}, ["point[1].box_mm: at most 4 entries are expected"]),
        (
            {"page": 1, "box_mm": [1, 2, 0, 4]},
            ["point[1].box_mm: width and height above 0 are expected"],
        ),
        ({"quote": "甲", "occurrence": 0}, ["point[1].occurrence: a number from 1 on is expected"]),
    ],
)
def test_a_point_has_one_place_and_a_whole_one(point: dict[str, Any], faults: list[str]) -> None:
    assert faults_of(changed("point", [{"id": "1", "level": "机密", **point}])) == faults


def test_points_and_sources_are_told_apart() -> None:
    tables = changed("kind", "派生定密")
    one = {"id": "1", "level": "机密", "quote": "甲"}
    tables["point"] = [one, one | {"id": " 1 "}, {"level": "机密", "quote": "乙"}]
    tables["source"] = [{"level": "机密"}]
    assert faults_of(tables) == [
        "point[3].id: this key is missing",
        "point[2].id: another point has the same id",
        "source[1]: title, document_number, marking_id or digest is needed",
    ]


def test_all_faults_are_told_at_once() -> None:
    found = faults_of(
        {
            "schema": 1,
            "kind": "原始定密",
            "draft": {"copies": "三"},
            "proposal": {"level": "密", "period": {"years": 1, "days": 2}},
            "point": [{"id": "1", "level": "机密", "qoute": "甲"}],
        }
    )
    places = [fault.partition(":")[0] for fault in found]
    assert places == [
        "number",
        "organ",
        "draft.copies",
        "proposal.level",
        "point[1].qoute",
        "proposal.period",
        "point[1]",
    ]


def test_no_wording_of_the_library_ever_shows() -> None:
    """Whatever stands in a field, the fault is one of our own wordings."""
    odd = [None, 1, -1, 1.5, float("inf"), True, "x", "", [], [1], {}, {"a": 1}, date.max, b"x"]
    for path in (
        "draft",
        "draft.copies",
        "draft.files",
        "basis",
        "point",
        "proposal.period",
        "status",
    ):
        for value in odd:
            try:
                approval_from_mapping(changed(path, value))
            except ApprovalInvalid as error:
                assert "Input should" not in str(error) and "misread" not in str(error)
                assert "of the wrong kind" not in str(error), (path, value)


# ── what is no state secret (保守国家秘密法(2024)第二十二条第三款) ───────────────────────────


@pytest.mark.parametrize(
    "level",
    ["内部", "工作秘密", "商业秘密", "敏感", "非密", "公开", "内部级", " 内 部 ", "工作秘密★5年"],
)
@pytest.mark.parametrize("path", ["proposal", "point", "source"])
def test_what_is_no_state_secret_is_never_marked(level: str, path: str) -> None:
    tables = changed("kind", "派生定密")
    if path == "proposal":
        tables["proposal"]["level"] = level
    else:
        tables[path] = [{"id": "1", "level": level}]
    with pytest.raises(NotAStateSecret) as caught:
        approval_from_mapping(tables, "记录.toml")
    assert caught.value.citation == "保守国家秘密法(2024)第二十二条第三款"
    assert caught.value.code is ExitCode.NOT_A_STATE_SECRET
    assert caught.value.where == "记录.toml"


# ── files that cannot be read ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("r.toml", b"schema = 1\nnumber = \n", "line 2, column 10 is not valid TOML"),
        ("r.toml", b"schema = 1\nschema = 2\n", "line 2, column 11 is not valid TOML"),
        ("r.toml", b'a = "', "the file ends too early or is no TOML"),
        ("r.toml", b"[a]\nb = '\xc4\xda\xb2\xbf'\n", "line 2 is not UTF-8 text"),
        ("r.toml", "a = 1".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("r.toml", b"a = " + b"[" * 5000, "tables are nested too deeply"),
        ("r.toml", b"a = " + b"1" * 5000, "the file ends too early or is no TOML"),
        ("r.toml", b"#" * (MAX_BYTES + 1), f"the file is larger than {MAX_BYTES} bytes"),
        ("r.json", b'{"a": 1,\n "b": }', "line 2, column 7 is not valid JSON"),
        ("r.json", b'{"a": 1, "a": 2}', "the key a stands twice"),
        ("r.json", b'{"a": NaN}', "NaN is no JSON number"),
        ("r.json", b"[1]", "one JSON object in braces is expected"),
        ("r.json", b'{"a": ' + b"1" * 5000 + b"}", "a number has too many digits"),
        ("r.json", b'{"a": ' + b"[" * 100_000, "tables are nested too deeply"),
    ],
)
def test_an_unreadable_record_tells_where(
    tmp_path: Path, name: str, content: bytes, cause: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ApprovalUnreadable) as caught:
        read_approval(file)
    assert str(caught.value.params["cause"]) == cause
    assert caught.value.where == str(file)
    assert file.read_bytes() == content


def test_a_record_that_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "r.toml")
    causes = {
        tmp_path / "r.toml": "it is no ordinary file",
        tmp_path / "nothing.toml": "there is no such file",
        tmp_path: "it is a folder; a file is expected",
    }
    for file, cause in causes.items():
        with pytest.raises(FileNotReadable) as caught:
            read_approval(file)
        assert str(caught.value.params["cause"]) == cause


def test_a_file_with_faults_names_itself(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text('{"schema": 1, "\\ud800": "\\udfff", "number": "\\ud800"}')
    with pytest.raises(ApprovalInvalid) as caught:
        read_approval(file)
    assert caught.value.where == str(file)
    str(caught.value).encode("utf-8")


# ── round trip ───────────────────────────────────────────────────────────────────────────────

LINES = st.text(st.sampled_from("示例密甲乙丙abcXYZ019〔〕()★'\"\\#=[]{}$ "), max_size=12).map(
    str.strip
)
FILLED = LINES.filter(bool)
PROSE = st.text(st.sampled_from("示例密甲乙ab\n\t'\"\\"), max_size=12).map(str.strip)
DAYS = st.dates(date(1949, 10, 1), date(2999, 12, 31))
LEVELS = st.sampled_from(SecrecyLevel)
PERIODS: st.SearchStrategy[SecrecyPeriod] = st.one_of(
    st.integers(1, 100).map(ForYears),
    st.integers(1, 1200).map(ForMonths),
    st.integers(1, 36600).map(ForDays),
    DAYS.map(UntilDate),
    FILLED.map(UntilCondition),
    st.just(LongTerm()),
)
DIGESTS = st.sampled_from(["", "sm3:" + "0" * 64, "sha256:" + "af" * 32])
MILLIMETRES = st.floats(0, 2000, allow_nan=False).map(lambda value: round(value, 3))


def lists(entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(entries, max_size=3).map(tuple)


SECRECY = st.builds(
    a.Secrecy, st.builds(Marking, LEVELS, PERIODS), lists(FILLED), st.booleans(), st.booleans()
)
PERSON = st.builds(a.Person, LINES, LINES)
OPINION = st.none() | st.builds(a.Opinion, PERSON, PROSE, st.none() | DAYS)
BASES = lists(st.builds(a.Basis, FILLED, FILLED, PROSE))
SOURCES = lists(
    st.builds(
        a.Source,
        FILLED,
        LINES,
        st.none() | LEVELS,
        st.none() | PERIODS,
        st.none() | DAYS,
        LINES,
        DIGESTS,
        lists(LEVELS),
        LINES,
    )
)
NUMBERS = st.integers(1, 999)
ANCHORS = st.one_of(
    st.builds(QuoteAnchor, FILLED, st.none() | NUMBERS),
    st.builds(
        BoxAnchor,
        NUMBERS,
        MILLIMETRES,
        MILLIMETRES,
        MILLIMETRES.filter(bool),
        MILLIMETRES.filter(bool),
    ),
    st.builds(ParagraphAnchor, NUMBERS, LINES),
    st.builds(ParagraphAnchor, NUMBERS, LINES, NUMBERS, NUMBERS, NUMBERS),
)
POINT = st.builds(
    ClassifiedPoint,
    FILLED,
    LEVELS,
    ANCHORS,
    st.sampled_from(PointStyle),
    st.none() | PERIODS,
    LINES,
)
DRAFT = st.builds(
    a.DraftIdentity,
    LINES,
    LINES,
    lists(FILLED),
    DIGESTS,
    FILLED,
    st.none() | st.sampled_from(a.Urgency),
    st.none() | DAYS,
    st.none() | DAYS,
    st.integers(0, 999_999),
    lists(FILLED),
    st.none() | MILLIMETRES,
)
OFFICER = st.none() | st.builds(
    a.ClassificationOfficer,
    FILLED,
    LINES,
    st.none() | st.sampled_from(a.OfficerKind),
    st.none() | st.sampled_from(a.Corner),
    LINES,
    PROSE,
    LINES,
    LINES,
)
DECISION = st.none() | st.one_of(
    st.builds(
        a.OfficerDecision,
        st.sampled_from([a.Decision.AGREED, a.Decision.CORRECTED]),
        st.none() | DAYS,
        PROSE,
        st.none() | SECRECY,
    ),
    st.builds(a.OfficerDecision, st.just(a.Decision.RETURNED), st.none() | DAYS, PROSE),
)
RECORDS = st.builds(
    a.ApprovalRecord,
    number=FILLED,
    organ=FILLED,
    draft=DRAFT,
    classification=st.one_of(st.builds(a.Original, BASES), st.builds(a.Derivative, SOURCES, BASES)),
    proposal=st.builds(a.Proposal, PERSON, SECRECY, PROSE, st.none() | DAYS),
    officer=OFFICER,
    decision=DECISION,
    review=OPINION,
    security_review=OPINION,
    points=st.lists(POINT, max_size=3, unique_by=lambda point: point.id).map(tuple),
    points_complete=st.booleans(),
    deciding_organ=st.none() | st.builds(a.DecidingOrgan, FILLED, FILLED, DAYS),
    joint_organs=lists(FILLED),
    successor_of=LINES,
    special_basis=st.none() | st.builds(a.SpecialBasis, FILLED, FILLED),
    explanations=lists(st.tuples(FILLED, FILLED)),
    status=st.sampled_from(a.RecordStatus),
    history=lists(st.builds(a.HistoryLine, DAYS, FILLED, FILLED, PROSE)),
    signatures=lists(
        st.builds(
            a.RecordSignature,
            st.sampled_from(a.SigningStep),
            FILLED,
            FILLED,
            FILLED,
            FILLED,
            FILLED,
        )
    ),
)


@settings(deadline=None)
@given(RECORDS)
def test_any_record_survives_mapping_toml_and_json(record: a.ApprovalRecord) -> None:
    assert approval_from_mapping(approval_to_mapping(record)) == record
    assert approval_from_mapping(tomllib.loads(write_toml(record))) == record
    assert approval_from_mapping(json.loads(write_json(record))) == record


# ── the schema for editors ───────────────────────────────────────────────────────────────────


def test_every_field_of_the_schema_has_a_chinese_title() -> None:
    schema = approval_schema()
    for part in (schema, *schema["$defs"].values()):
        for name, field in part["properties"].items():
            assert any("\u4e00" <= character <= "\u9fff" for character in field["title"]), name
        assert any("\u4e00" <= character <= "\u9fff" for character in part["description"])


def test_only_who_reads_a_record_loads_the_schema_library() -> None:
    code = "import sys, dingmi_mark.store.approvals; sys.exit('pydantic' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
