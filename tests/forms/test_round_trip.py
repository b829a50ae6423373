"""One model, four formats: a record goes through all of them and through LibreOffice unchanged."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from dingmi_mark.domain import approval as a
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import ApprovalInvalid, FormCannotHold, FormFaulty
from dingmi_mark.forms.records import Format, read_records, records_bytes
from dingmi_mark.store.approvals import approval_digest, approval_from_mapping
from forms_kit import saved_again, without_bookmarks, written
from record_kit import record, with_draft
from store.test_approvals import RECORD, RECORDS

WHOLE = approval_from_mapping(tomllib.loads(RECORD))
AWKWARD = replace(
    with_draft(
        record(),
        files=("甲；乙.docx", '"引号".pdf', " 前后空格.docx ", "分;号.pdf"),
        receivers=("一处；二处", "三处"),
        title="=不是公式",
        document_number="'0012",
        late_fields=(a.LateField.ISSUE_DAY, a.LateField.PAGE_NUMBERS),
        copies=0,
    ),
    number='"1"',
    review=a.Opinion(a.Person(""), ""),
    security_review=a.Opinion(a.Person("", "保密员"), "  两行\n\n之间空一行\t制表".strip()),
    special_basis=a.SpecialBasis("{{}}", "见{{标题}}、{{密极}}"),
    points=(
        ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("  前后各两格  ")),
        ClassifiedPoint("01", SecrecyLevel.SECRET, QuoteAnchor("标题")),
        ClassifiedPoint("3.0", SecrecyLevel.SECRET, QuoteAnchor("甲   乙\n丙", 2)),
        ClassifiedPoint("{{编号}}", SecrecyLevel.SECRET, QuoteAnchor("{{}}")),
    ),
    explanations=(("说明", "审批编号"), ("months", "标题")),
)


def through(folder: Path, whole: a.ApprovalRecord, *kinds: Format) -> a.ApprovalRecord:
    for number, kind in enumerate(kinds):
        file = folder / f"{number}{kind.suffix}"
        file.write_bytes(records_bytes([whole], kind))
        (kept,) = read_records(file)
        whole = kept.record
    return whole


ALL = (Format.TOML, Format.XLSX, Format.DOCX, Format.JSON)


@pytest.mark.parametrize("whole", [WHOLE, AWKWARD, record()], ids=["whole", "awkward", "usual"])
def test_a_record_goes_through_all_four_formats(tmp_path: Path, whole: a.ApprovalRecord) -> None:
    after = through(tmp_path, whole, *ALL, *reversed(ALL))
    assert after == whole
    assert approval_digest(after) == approval_digest(whole)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS, st.permutations(ALL))
def test_any_record_goes_through_all_four_formats(
    whole: a.ApprovalRecord, kinds: list[Format]
) -> None:
    with TemporaryDirectory() as folder:
        assert through(Path(folder), whole, *kinds) == whole


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\u3164"])
@pytest.mark.parametrize("kind", ALL)
def test_no_format_takes_in_what_a_reader_cannot_see(
    tmp_path: Path, kind: Format, unseen: str
) -> None:
    """What the officer reads on the page is what he signs, letter by letter."""
    opinion = f"第一行\n不{unseen}同意"
    hidden = replace(WHOLE, review=a.Opinion(a.Person("钱审核"), opinion))
    file = written(tmp_path / f"r{kind.suffix}", hidden)
    with pytest.raises((ApprovalInvalid, FormFaulty)) as caught:
        read_records(file)
    (fault,) = caught.value.params["faults"]  # type: ignore[misc]
    assert f"U+{ord(unseen):04X}" in str(fault)
    assert "审核意见" in str(fault) or "review.text" in str(fault)


@pytest.mark.parametrize("kind", [Format.XLSX, Format.DOCX])
def test_the_same_record_gives_the_same_bytes(kind: Format) -> None:
    assert records_bytes([WHOLE], kind) == records_bytes([WHOLE], kind)


@pytest.mark.parametrize("endings", [("docx",), ("odt", "docx"), ("doc", "docx")], ids="-".join)
@pytest.mark.parametrize("whole", [WHOLE, AWKWARD], ids=["whole", "awkward"])
def test_a_form_saved_again_by_libreoffice_says_the_same(
    tmp_path: Path, whole: a.ApprovalRecord, endings: tuple[str, ...]
) -> None:
    file = saved_again(written(tmp_path / "f.docx", whole), *endings)
    (kept,) = read_records(file)
    assert kept.record == whole


@pytest.mark.parametrize("endings", [("xlsx",), ("ods", "xlsx")], ids="-".join)
def test_a_table_saved_again_by_libreoffice_says_the_same(
    tmp_path: Path, endings: tuple[str, ...]
) -> None:
    second = replace(WHOLE, number="2", draft=replace(WHOLE.draft, files=(), digest=""))
    third = AWKWARD
    if "ods" in endings:
        # Calc itself drops tabulators inside cells that it writes as .ods.
        opinion = a.Opinion(a.Person("", "保密员"), "两行\n\n之间空一行")
        third = replace(AWKWARD, security_review=opinion)
    file = saved_again(written(tmp_path / "t.xlsx", WHOLE, second, third), *endings)
    assert [kept.record for kept in read_records(file)] == [WHOLE, second, third]


def test_a_form_that_lost_its_bookmarks_is_read_by_its_labels(tmp_path: Path) -> None:
    for whole in (WHOLE, record()):
        file = without_bookmarks(written(tmp_path / "f.docx", whole))
        assert read_records(file)[0].record == whole


def test_a_value_that_is_the_placeholder_of_its_own_field_is_not_put_into_a_form() -> None:
    """Nobody could tell such a cell from one that was never filled in."""
    titled = with_draft(WHOLE, title="{{ 标题 }}")
    with pytest.raises(FormCannotHold, match="标题: it is the placeholder of the field itself"):
        records_bytes([titled], Format.DOCX)
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("{{密点.原文}}"))
    with pytest.raises(FormCannotHold, match=r"密点\[1\] 原文: it is the placeholder"):
        records_bytes([replace(WHOLE, points=(point,))], Format.DOCX)


def test_what_an_office_file_cannot_hold_is_said_and_not_lost() -> None:
    strange = replace(WHOLE, special_basis=a.SpecialBasis("甲", "前\ufffe后"))
    for kind in (Format.XLSX, Format.DOCX):
        with pytest.raises(FormCannotHold, match="特殊规定理由"):
            records_bytes([strange], kind)
    escape = replace(WHOLE, successor_of="_x0041_")
    for kind in (Format.XLSX, Format.DOCX):
        with pytest.raises(FormCannotHold, match="_x0041_"):
            records_bytes([escape], kind)
    long = replace(WHOLE, special_basis=a.SpecialBasis("甲", "长" * 32_768))
    with pytest.raises(FormCannotHold, match="32767 characters of a cell"):
        records_bytes([long], Format.XLSX)
