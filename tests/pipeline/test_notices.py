"""A notice names its documents so that no other is meant, and is signed before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind, ChangeRight, NewValues
from dingmi_mark.domain.ledger_changes import NoticeRegistered
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.terms import ForYears, SecrecyLevel, UntilCondition
from dingmi_mark.errors import (
    ChangeRefused,
    NoticeAltered,
    NoticeExists,
    NoticeInvalid,
    NoticeItemsUnclear,
    NoticeUnknown,
)
from dingmi_mark.pipeline.notices import check_notice, registered_notice
from dingmi_mark.store.notices import (
    kept_notice,
    notice_digest,
    read_notice,
    write_notice,
)
from office_kit import pdf
from remark_kit import CHANGE, Archive, archive, notice, number_of


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = archive(tmp_path_factory.mktemp("office"))
    made.mark("1号.pdf")
    made.mark("2号.pdf", pdf(2))
    return made


@pytest.mark.parametrize("name", ["通知.toml", "通知.json", "通知.xlsx"])
def test_a_notice_is_read_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    old = OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2025, 5, 6), "示例市样例局")
    until = OldMark(SecrecyLevel.SECRET, UntilCondition("会议开始前"))
    of_others = (
        NoticeItem(document_number="示密〔2025〕18号", old=old),
        NoticeItem(title="样例：旧事项", old=until),
    )
    filed = notice(number_of("1号.pdf"), number_of("2号.pdf"), *of_others)
    write_notice(filed, tmp_path / name)
    read = read_notice(tmp_path / name)
    assert read == filed
    assert notice_digest(read) == notice_digest(filed)


def test_a_table_has_one_row_a_document_and_says_the_rest_once(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "通知.xlsx"
    write_notice(notice(number_of("1号.pdf"), number_of("2号.pdf")), file)
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None and sheet.max_row == 3
    kind = next(cell.column for cell in sheet[1] if cell.value == "种类")
    sheet.cell(3, kind, "提前解密")
    book.save(file)
    with pytest.raises(NoticeInvalid) as refused:
        read_notice(file)
    (fault,) = refused.value.params["faults"]  # type: ignore[misc]
    assert fault.place.endswith("3（种类）")


_OLD = '[[item]]\ntitle = "样例"\nold_level = "机密"\nold_period = {'


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('kind = "改密"', "kind"),
        ('level = "内部"', "level"),
        ("[[item]]\n", "item[1]"),
        ("[new]\nperiod = {years = 5, months = 1}\n", "new.period"),
        ('[[item]]\ntitle = "样例"\nold_level = "机密"\n', "item[1].old_period"),
        (f"{_OLD}years = 5}}\n", "item[1].issue_day"),
        (f"{_OLD}years = 5, months = 1}}\n", "item[1].old_period"),
        ('[[item]]\ntitle = "样例"\norgan = "示例市样例局"\n', "item[1].organ"),
        ('[[item]]\nid = "12345678"\nold_level = "机密"\n', "item[1].old_level"),
    ],
)
def test_every_fault_of_a_notice_is_told_with_its_place(
    tmp_path: Path, line: str, place: str
) -> None:
    file = tmp_path / "通知.toml"
    file.write_text(f"schema = 1\n{line}\n", encoding="utf-8")
    with pytest.raises(NoticeInvalid) as refused:
        read_notice(file)
    places = [fault.place for fault in refused.value.params["faults"]]  # type: ignore[union-attr]
    assert place in places and "number" in places


def test_a_period_of_an_old_mark_that_cannot_be_read_is_told_by_its_cell(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "通知.xlsx"
    old = OldMark(SecrecyLevel.SECRET, ForYears(10), date(2025, 5, 6))
    write_notice(notice(NoticeItem(document_number="示密〔2025〕18号", old=old)), file)
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None
    column = next(cell.column for cell in sheet[1] if cell.value == "原保密期限")
    sheet.cell(2, column, "很久")
    book.save(file)
    with pytest.raises(NoticeInvalid) as refused:
        read_notice(file)
    places = [fault.place for fault in refused.value.params["faults"]]  # type: ignore[union-attr]
    assert any(place.endswith("2（原保密期限）") for place in places)


def test_what_we_marked_needs_no_old_mark(papers: Archive) -> None:
    old = OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), date(2026, 11, 2))
    with papers.desk() as desk:
        (one,) = check_notice(notice(replace(number_of("1号.pdf"), old=old)), desk).items
    assert one.trouble is not None and "old_level" in str(one.trouble)


def _by_digest(papers: Archive) -> NoticeItem:
    from approval_kit import sm3

    return NoticeItem(digest=sm3(next(papers.out.glob("1号*")).read_bytes()))


def _by_id(papers: Archive) -> NoticeItem:
    with papers.desk() as desk:
        found = desk.known.named("示密〔2026〕1号.pdf")[0]
    return NoticeItem(document_id=found.document_id[:12])


@pytest.mark.parametrize(
    "item",
    [
        lambda _: number_of("1号.pdf"),
        lambda _: NoticeItem(title="样例：1号.pdf"),
        _by_digest,
        _by_id,
    ],
)
def test_a_document_is_named_by_number_title_digest_or_id(
    papers: Archive, item: Callable[[Archive], NoticeItem]
) -> None:
    with papers.desk() as desk:
        (one,) = check_notice(notice(item(papers)), desk).items
    assert one.trouble is None and one.standing is not None
    assert (one.standing.text, one.holds) == ("机密★10年", True)
    assert one.record is not None and one.record.draft.title == "样例：1号.pdf"


@pytest.mark.parametrize(
    "items",
    [
        (NoticeItem(document_number="示密〔2026〕9号"),),
        (NoticeItem(document_number="示密〔2026〕1号.pdf", title="样例：2号.pdf"),),
        (number_of("1号.pdf"), NoticeItem(title="样例：1号.pdf")),
    ],
)
def test_what_is_not_clear_is_never_guessed(papers: Archive, items: tuple[NoticeItem, ...]) -> None:
    with pytest.raises(NoticeItemsUnclear):
        papers.sign(notice(*items))
    assert not kept_notice(papers.room.office.folder, CHANGE).exists()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"decided_by": "示例市其他局", "right": ChangeRight.OTHER}, "change-organ"),
        ({"reason": ""}, "change-reason"),
        ({"new": NewValues()}, "change-content"),
        ({"kind": ChangeKind.EXPIRED}, "release-expired"),
        ({"kind": ChangeKind.EXTENDED, "new": NewValues(None, ForYears(12))}, "extension-whole"),
    ],
)
def test_the_rules_speak_before_anything_is_signed(
    papers: Archive, changes: dict[str, object], rule: str
) -> None:
    filed = notice(number_of("1号.pdf"), **changes)  # type: ignore[arg-type]
    with papers.desk() as desk:
        (one,) = check_notice(filed, desk).items
    assert rule in {finding.rule for finding in one.findings}
    assert not one.holds


def test_a_refused_change_is_not_registered(papers: Archive) -> None:
    with pytest.raises(ChangeRefused):
        papers.sign(notice(number_of("1号.pdf"), reason=""))
    with papers.desk() as desk, pytest.raises(NoticeUnknown):
        registered_notice(CHANGE, desk)


def test_a_signed_notice_is_kept_registered_and_cannot_be_altered(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    papers.mark("1号.pdf")
    filed = notice(number_of("1号.pdf"))
    papers.sign(filed)
    kept = kept_notice(papers.room.office.folder, CHANGE)
    assert kept.stat().st_mode & 0o777 == 0o600
    with papers.desk() as desk:
        found = registered_notice(CHANGE, desk)
        ((_, entry),) = desk.ledger.acts(NoticeRegistered, subject=CHANGE)
    assert found.filed.notice == filed.notice
    assert entry.documents == (found.items[0].document.document_id,)  # type: ignore[union-attr]
    with pytest.raises(NoticeExists):
        papers.sign(replace_reason(filed))
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("情况已经变化", "别的理由"), encoding="utf-8")
    with papers.desk() as desk, pytest.raises(NoticeAltered):
        registered_notice(CHANGE, desk)
    kept.write_text(text.replace(entry.key_ids[0], "0" * 16), encoding="utf-8")
    with papers.desk() as desk, pytest.raises(NoticeAltered):
        registered_notice(CHANGE, desk)


def replace_reason(filed: FiledNotice) -> FiledNotice:
    return replace(filed, notice=replace(filed.notice, reason="样例：另一个理由"))
