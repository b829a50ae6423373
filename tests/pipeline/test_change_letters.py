"""Letters of a notice: to those who hold copies, and to the organ that alone may decide."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from approval_kit import sm3
from dingmi_mark.domain.change import ChangeKind, ChangeRight
from dingmi_mark.domain.ledger_changes import NoticeRegistered, NoticeTold
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.errors import (
    NobodyToTell,
    NoticeUnknown,
    OutputExists,
    SuggestionNotFitting,
)
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.reading import read_filled
from dingmi_mark.pipeline.change_letters import (
    LETTERS,
    Suggestion,
    Told,
    make_suggestion,
    write_letters,
)
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.store.approval_tree import begin
from office_kit import pdf
from record_kit import ORGAN
from remark_kit import CHANGE, Archive, People, archive, notice, number_of, without_processes
from secrets_kit import outside

FIRST, SECOND = "示例市样例局", "示例市示范局办公室"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = archive(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        made.mark("1号.pdf", receivers=())
        made.mark("2号.pdf", pdf(2), receivers=(FIRST, SECOND), copies=2)
        made.mark("3号.pdf", pdf(3), receivers=(FIRST,))
    return made


@pytest.fixture
def papers(original: Archive, tmp_path: Path) -> Archive:
    from dingmi_mark.store.office import read_office

    here = tmp_path / "here"
    shutil.copytree(original.room.folder, here)
    room = replace(original.room, folder=here, office=read_office(here / "office"))
    return Archive(People(room, original.crew.hands), dict(original.records))


def letters(papers: Archive, folder: Path, number: str = CHANGE) -> Told:
    with papers.desk() as desk:
        return write_letters(registered_notice(number, desk), folder, desk)


def read(file: Path, name: str = "change-letter") -> Filled:
    return read_filled(file, read_form(name, LETTERS))


def suggested(papers: Archive, *items: NoticeItem, **more: object) -> Suggestion:
    usual = {"right": ChangeRight.OTHER, "decided_by": FIRST, "number": "示样建〔2026〕1号"}
    with papers.desk() as desk:
        return make_suggestion(notice(*items, **{**usual, **more}), desk)  # type: ignore[arg-type]


def causes(caught: pytest.ExceptionInfo[SuggestionNotFitting]) -> Iterator[str]:
    faults = caught.value.params["faults"]
    assert isinstance(faults, tuple)
    yield from (fault.expected.msgid for fault in faults)


def test_every_receiver_gets_a_letter_with_the_copies_he_holds(
    papers: Archive, tmp_path: Path
) -> None:
    papers.sign(notice(number_of("2号.pdf"), number_of("3号.pdf")))
    told = letters(papers, tmp_path / "通知")
    assert [one.receiver for one in told.letters] == [FIRST, SECOND]
    assert [one.file.name for one in told.letters] == [f"01-{FIRST}.docx", f"02-{SECOND}.docx"]
    first, second = (read(one.file) for one in told.letters)
    assert first.values["受通知者"] == FIRST and first.values["依据文号"] == CHANGE
    assert first.values["通知依据"] == "保守国家秘密法(2024)第二十三条（法律）"
    assert first.values["决定的机关、单位"] == ORGAN
    assert "划一道横线" in str(first.values["原件怎样办"])
    held = [(row["文号"], row["所持份号"]) for row in first.rows["有关文件"]]
    assert held == [("示密〔2026〕2号.pdf", "000001"), ("示密〔2026〕3号.pdf", "000001")]
    (row,) = second.rows["有关文件"]
    assert (row["所持份号"], row["原标志"], row["现标志"]) == ("000002", "机密★10年", "秘密★5年")
    assert "制发日" in str(row["自何日起"])


def test_the_ledger_holds_how_many_and_their_digests_and_no_title(
    papers: Archive, tmp_path: Path
) -> None:
    papers.sign(notice(number_of("1号.pdf"), number_of("3号.pdf")))
    told = letters(papers, tmp_path / "通知")
    assert told.untold == ("示密〔2026〕1号.pdf",), "nobody is known to have it: it is told"
    with papers.desk() as desk:
        ((_, entry),) = desk.ledger.acts(NoticeTold, subject=CHANGE)
        ((_, registered),) = desk.ledger.acts(NoticeRegistered, subject=CHANGE)
    assert entry.receivers == 1 and entry.notice_digest == registered.notice_digest
    assert entry.letters == (sm3(told.letters[0].file.read_bytes()),)
    assert entry.untold == registered.documents[:1]
    assert "样例：" not in repr(entry)


def test_the_title_stands_only_where_the_offices_tree_has_the_record(
    papers: Archive, tmp_path: Path
) -> None:
    papers.sign(notice(number_of("2号.pdf"), number_of("3号.pdf")))
    third = next(r for r in papers.records.values() if r.draft.title == "样例：3号.pdf")
    begin(papers.room.office.approvals, third, None)
    told = letters(papers, tmp_path / "通知")
    titles = [row.get("标题", "") for row in read(told.letters[0].file).rows["有关文件"]]
    assert titles == ["", "样例：3号.pdf"]


def test_nothing_is_overwritten_and_then_nothing_is_written(
    papers: Archive, tmp_path: Path
) -> None:
    papers.sign(notice(number_of("2号.pdf")))
    taken = tmp_path / "通知" / f"02-{SECOND}.docx"
    taken.parent.mkdir()
    taken.write_bytes(b"kept")
    with pytest.raises(OutputExists):
        letters(papers, taken.parent)
    assert [file.name for file in taken.parent.iterdir()] == [taken.name]
    assert taken.read_bytes() == b"kept"
    with papers.desk() as desk:
        assert not desk.ledger.acts(NoticeTold)


def test_letters_without_their_entry_in_the_ledger_do_not_stay(
    papers: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.sign(notice(number_of("2号.pdf")))

    def full(*_: object) -> None:
        raise OSError("full")

    with papers.desk() as desk:
        checked = registered_notice(CHANGE, desk)
        monkeypatch.setattr(desk.ledger, "append", full)
        with pytest.raises(OSError, match="full"):
            write_letters(checked, tmp_path / "通知", desk)
    assert not list((tmp_path / "通知").iterdir())


def test_an_unregistered_notice_and_one_that_reaches_nobody_write_nothing(
    papers: Archive, tmp_path: Path
) -> None:
    with pytest.raises(NoticeUnknown):
        letters(papers, tmp_path / "通知")
    papers.sign(notice(number_of("1号.pdf")))
    with pytest.raises(NobodyToTell):
        letters(papers, tmp_path / "通知")
    assert not (tmp_path / "通知").exists()


def test_a_release_tells_since_when_and_by_which_provision(papers: Archive, tmp_path: Path) -> None:
    papers.sign(notice(number_of("3号.pdf"), kind=ChangeKind.RELEASED_EARLY))
    (one,) = letters(papers, tmp_path / "通知").letters
    filled = read(one.file)
    (row,) = filled.rows["有关文件"]
    assert row["现标志"] == "解密" and str(row["自何日起"]).endswith("起解密")
    assert "未核实" in str(filled.values["通知依据"]), "the provision of 2025 was not read"
    assert "写上“解密”" in str(filled.values["原件怎样办"])


def test_who_has_no_right_asks_the_organ_that_decided_at_first(
    papers: Archive, tmp_path: Path
) -> None:
    made = suggested(papers, number_of("2号.pdf"), kind=ChangeKind.RELEASED_EARLY)
    assert made.originator == ORGAN
    (tmp_path / "建议.docx").write_bytes(made.content)
    filled = read(tmp_path / "建议.docx", "suggestion-letter")
    assert filled.values["原定密机关、单位"] == ORGAN
    assert filled.values["建议的机关、单位"] == FIRST
    assert filled.values["建议的内容"] == "提前解密"
    assert filled.values["理由"] == "样例：情况已经变化"
    assert "第二十二条" in str(filled.values["建议的依据"])
    assert "（法律）" in str(filled.values["建议的依据"])
    (row,) = filled.rows["有关文件"]
    assert (row["文号"], row["现有标志"]) == ("示密〔2026〕2号.pdf", "机密★10年")
    with papers.desk() as desk:
        assert not desk.ledger.acts(NoticeRegistered), "nothing is registered by it"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"right": ChangeRight.ORIGINATOR, "decided_by": ORGAN}, "it says that the right is"),
        ({"decided_by": ORGAN}, "decided it at first and changes it itself"),
        ({"reason": ""}, "a suggestion gives its reason"),
        ({"kind": ChangeKind.EXPIRED}, "The period runs until"),
    ],
)
def test_what_is_no_case_for_a_suggestion_gets_none(
    papers: Archive, more: dict[str, object], said: str
) -> None:
    with pytest.raises(SuggestionNotFitting) as caught:
        suggested(papers, number_of("2号.pdf"), **more)
    assert any(said in cause for cause in causes(caught))


def test_papers_from_outside_go_to_the_organ_that_sent_them(papers: Archive) -> None:
    papers_from = {"a1": "示例省示范厅", "b2": "示例省样例厅", "c3": "", "d4": FIRST}
    with papers.desk() as desk:
        for name, organ in papers_from.items():
            files = {"sm3": name * 32, "sha256": name * 32, "title_digest": ""}
            desk.ledger.append(outside(name, "2026-01-10", organ=organ, **files))
        released = outside("e5", "2026-01-10", released="2026-02-01", sm3="e5" * 32)
        desk.ledger.append(released)

    def number(name: str) -> NoticeItem:
        return NoticeItem(document_number=f"外密〔2026〕{name}号")

    assert suggested(papers, number("a1")).originator == "示例省示范厅"
    for items, said in (
        (("a1", "b2"), "several organs decided: {names}"),
        (("c3",), "the ledger does not know which organ decided it"),
        (("d4",), "“{organ}” decided it at first and changes it itself"),
        (("e5",), "by the ledger it is no state secret any more"),
    ):
        with pytest.raises(SuggestionNotFitting) as caught:
            suggested(papers, *map(number, items))
        assert list(causes(caught)) == [said]


def test_a_suggestion_about_an_unknown_document_is_refused(papers: Archive) -> None:
    with pytest.raises(SuggestionNotFitting) as caught:
        suggested(papers, NoticeItem(document_number="示密〔2026〕99号"))
    assert list(causes(caught)) == ["the ledger knows no document “{name}”"]
