"""Sources from outside: read from label and page, typed for a scan, never from both at odds."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.approval import Derivative, Source
from dingmi_mark.domain.known import KnownPoint
from dingmi_mark.domain.ledger_sources import DocumentDescribed, SourceRegistered
from dingmi_mark.domain.source_values import From, SourceValues
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel, UntilDate
from dingmi_mark.domain.uses import SourceUse, UseLimit
from dingmi_mark.errors import (
    DraftIsSource,
    DraftOfAnotherRecord,
    LawViolated,
    RecordDecided,
    RecordNotEditable,
    SourceAmbiguous,
    SourceChangeUseless,
    SourceDiffers,
    SourceMarksContradict,
    SourceNotFromOutside,
    SourceOnlyProposed,
    SourceUnknown,
    SourceValueMissing,
    UnmarkedSecretLeftOver,
)
from dingmi_mark.pipeline.deriving import DerivingDesk, Named, Request, proposal_for
from dingmi_mark.pipeline.known import known_documents, registered_sources, the_document, titled
from dingmi_mark.pipeline.lineage import family_of, following_of
from dingmi_mark.pipeline.source_adding import Added, Register, Status, add_source
from dingmi_mark.pipeline.source_changing import SourceNotice, change_source
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.open_record import open_record
from dingmi_mark.store.source_titles import read_title, write_title
from office_kit import Room, approved, docx, new_room, only, pdf, picture

TODAY, DAY = date(2026, 11, 29), date(2026, 3, 15)
NOW = "2026-11-29T01:00:00+00:00"
H, S = SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
TYPED = SourceValues(
    issue_day=DAY,
    title="样例：关于示例的通知",
    document_number="示省密〔2026〕1号",
    scope=("示例市示范局办公室",),
)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def desk(room: Room, ledger: Ledger) -> Register:
    return Register(room.office, ledger, read_lawbook(room.office.profile), TODAY, NOW)


def add(room: Room, file: Path, typed: SourceValues = TYPED, reason: str = "") -> Added:
    with room.ledger() as ledger:
        return add_source(file, typed, reason, desk(room, ledger))


def put(room: Room, name: str, content: bytes) -> Path:
    path = room.folder / name
    path.write_bytes(content)
    return path


# ── reading and registering ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", [(79.4, 148.0), (400.0, 110.0)], ids=["top left", "top right"])
def test_the_mark_of_a_foreign_pdf_is_read(room: Room, at: tuple[float, float]) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年", at=at)))
    assert added.status is Status.REGISTERED
    assert (added.document.level, added.document.period) == (H, ForYears(10))
    assert added.document.last == date(2036, 3, 15)
    assert (added.origin["level"], added.origin["issue_day"]) == (From.MARK, From.TYPED)
    assert added.document.title == TYPED.title


def test_the_mark_of_a_foreign_word_file_is_read_in_another_spelling(room: Room) -> None:
    added = add(room, put(room, "来文.docx", docx("秘密 五年")))
    assert (added.document.level, added.document.period) == (S, ForYears(5))
    assert any("not spelled as the rules say" in str(remark) for remark in added.remarks)


def test_a_scan_is_typed_and_nothing_else_is(room: Room) -> None:
    scan = put(room, "扫描.png", picture())
    with pytest.raises(SourceValueMissing) as missing:
        add(room, scan, SourceValues(document_number="示省密〔2026〕1号"))
    assert "--level 密级" in str(missing.value.params["options"])
    typed = replace(TYPED, level=H, points=(KnownPoint("1", H),), limits=(UseLimit.NO_COMPILING,))
    added = add(room, scan, typed)
    assert added.document.points == (KnownPoint("1", H),)
    assert added.document.limits == (UseLimit.NO_COMPILING,)
    assert any("has no text (a scan)" in str(remark) for remark in added.remarks)


def test_a_period_that_is_not_stated_is_the_longest_of_the_law(room: Room) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★")))
    assert added.document.period is None
    assert added.document.defaulted == ("period",)
    assert added.document.last == date(2046, 3, 15)
    assert added.term.default is not None


def test_the_day_of_issue_is_asked_for_by_its_option(room: Room) -> None:
    with pytest.raises(SourceValueMissing) as missing:
        add(room, put(room, "来文.pdf", pdf(typed="机密★10年")), replace(TYPED, issue_day=None))
    assert missing.value.params["options"] == "--issue-date 日期"
    dated = put(room, "二.pdf", pdf(typed="机密★2030年3月15日"))
    assert add(room, dated, replace(TYPED, issue_day=None)).document.last == date(2030, 3, 15)


def test_two_marks_that_contradict_are_refused_with_both(room: Room) -> None:
    import pymupdf

    document = pymupdf.open(stream=pdf(typed="机密★10年"))
    other = pymupdf.open(stream=pdf(typed="秘密★5年", at=(400.0, 110.0)))
    document[0].show_pdf_page(document[0].rect, other, 0)
    file = put(room, "来文.pdf", document.tobytes())
    with pytest.raises(SourceMarksContradict) as both:
        add(room, file)
    assert {"机密★10年", "秘密★5年"} == {both.value.params["one"], both.value.params["other"]}
    settled = replace(TYPED, level=H, period=ForYears(10))
    assert add(room, file, settled, "已向原定密机关核实").status is Status.REGISTERED


def test_a_provisional_mark_is_no_source(room: Room) -> None:
    with pytest.raises(SourceOnlyProposed):
        add(room, put(room, "来文.pdf", pdf(typed="拟定 机密 10年")))


def test_the_same_file_again_is_known_and_nothing_is_written(room: Room) -> None:
    file = put(room, "来文.pdf", pdf(typed="机密★10年"))
    first = add(room, file)
    with room.ledger() as ledger:
        before = ledger.head().seq
    again = add(room, file, SourceValues())
    assert (again.status, again.document.id) == (Status.KNOWN, first.document.id)
    assert again.document.title == TYPED.title
    with room.ledger() as ledger:
        assert ledger.head().seq == before


def test_other_values_need_a_reason_which_the_ledger_keeps(room: Room) -> None:
    file = put(room, "来文.pdf", pdf(typed="机密★10年"))
    with pytest.raises(SourceDiffers):
        add(room, file, replace(TYPED, level=S))
    add(room, file)
    with pytest.raises(SourceDiffers) as differs:
        add(room, file, SourceValues(issue_day=TODAY))
    assert "2026-03-15 ≠ 2026-11-29" in str(differs.value)
    corrected = add(room, file, SourceValues(issue_day=TODAY), "制发日看错了")
    assert corrected.status is Status.CORRECTED
    assert corrected.document.last == date(2036, 11, 29)
    with room.ledger() as ledger:
        entries = [act for _, act in ledger.acts(SourceRegistered)]
        assert [entry.reason for entry in entries] == ["", "制发日看错了"]
        assert len(registered_sources(ledger)) == 1


def test_no_title_and_no_text_is_in_the_ledger(room: Room) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    with room.ledger() as ledger:
        written = b"".join(link.payload for link in ledger.entries()).decode()
        assert ledger.verify() == []
    assert "关于示例的通知" not in written
    kept = room.office.folder / "sources" / f"{added.document.id}.toml"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert read_title(room.office.folder, added.document.id) == TYPED.title


def test_a_title_that_was_altered_is_not_taken_for_the_registered_one(room: Room) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    write_title(room.office.folder, added.document.id, "别的名称")
    with room.ledger() as ledger:
        found = the_document(known_documents(ledger), added.document.id)
    assert titled(found, room.office).title == ""
    (room.office.folder / "sources" / f"{added.document.id}.toml").write_text("title = 1")
    assert read_title(room.office.folder, added.document.id) == ""


# ── documents marked by this program ─────────────────────────────────────────────────────────


def test_our_own_marked_file_is_known_without_registration(room: Room) -> None:
    room.put("通知.pdf", pdf(), approved(pdf(), "通知.pdf"))
    copy = only(room.mark()).copies[0]
    added = add(room, copy.path, SourceValues())
    assert (added.status, added.document.id) == (Status.OWN, copy.marking_id)
    assert added.document.document_number == "示密〔2026〕3号"
    assert added.document.issue_day == date(2026, 11, 2)
    with pytest.raises(UnmarkedSecretLeftOver):
        add(room, room.drafts / "通知.pdf", SourceValues())


def test_the_label_of_another_offices_file_tells_everything(room: Room, tmp_path: Path) -> None:
    other = new_room(tmp_path / "别的单位")
    other.put("通知.docx", docx(), approved(docx(), "通知.docx"))
    copy = only(other.mark()).copies[0]
    added = add(room, copy.path, SourceValues())
    assert added.status is Status.REGISTERED
    assert set(added.origin.values()) == {From.LABEL}
    assert added.document.scope == ("示例市示范局办公室",)
    assert added.document.last == date(2036, 11, 2)


# ── changes ──────────────────────────────────────────────────────────────────────────────────


def test_a_notice_of_the_originator_changes_what_is_known(room: Room) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    notice = SourceNotice("示省密〔2027〕5号", TODAY, level=S, period=ForYears(5))
    with room.ledger() as ledger:
        after = change_source("示省密〔2026〕1号", notice, desk(room, ledger))
        assert (after.level, after.last, after.title) == (S, date(2031, 3, 15), TYPED.title)
        with pytest.raises(SourceChangeUseless):
            change_source(added.document.id, notice, desk(room, ledger))
        with pytest.raises(SourceUnknown):
            change_source("别的〔2026〕1号", notice, desk(room, ledger))


def test_a_period_that_begins_to_count_needs_its_day(room: Room) -> None:
    dated = put(room, "二.pdf", pdf(typed="机密★2030年3月15日"))
    added = add(room, dated, replace(TYPED, issue_day=None))
    with room.ledger() as ledger, pytest.raises(SourceValueMissing):
        notice = SourceNotice("示省密〔2027〕5号", TODAY, period=ForYears(5))
        change_source(added.document.id, notice, desk(room, ledger))


def test_what_this_office_marked_is_not_changed_here(room: Room) -> None:
    room.put("通知.pdf", pdf(), approved(pdf(), "通知.pdf"))
    copy = only(room.mark()).copies[0]
    with room.ledger() as ledger, pytest.raises(SourceNotFromOutside):
        notice = SourceNotice("示密〔2027〕5号", TODAY, level=S)
        change_source(copy.marking_id, notice, desk(room, ledger))


# ── deriving, marking, lineage ───────────────────────────────────────────────────────────────


def deriving(room: Room, ledger: Ledger) -> DerivingDesk:
    return DerivingDesk(room.office, ledger, read_lawbook(room.office.profile), TODAY)


def record_file(room: Room, draft: Path, **more: object) -> Path:
    digest = "sm3:" + __import__("hashlib").new("sm3", draft.read_bytes()).hexdigest()
    tables = {
        "schema": 1,
        "number": "示密审〔2026〕9号",
        "draft": {"title": "样例：方案", "digest": digest, "issue_date": "2026-11-29", "copies": 2},
        "proposal": {"level": "", "opinion": "拟派生", "by": {"name": "王承办"}},
        "basis": [{"catalogue": "", "item": ""}],
        **more,
    }
    path = room.folder / "记录.json"
    path.write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_proposal_is_written_and_all_else_stays(room: Room) -> None:
    add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    draft = put(room, "方案.docx", docx())
    path = record_file(room, draft)
    request = Request(draft, (Named("示省密〔2026〕1号", use=SourceUse.QUOTED),))
    record = open_record(path)
    with room.ledger() as ledger:
        found = proposal_for(request, record, deriving(room, ledger))
    assert found.stands
    assert found.derived.marking == Marking(H, UntilDate(date(2036, 3, 16)))
    from dingmi_mark.domain.approval import Secrecy

    record.save(
        record.written(Secrecy(found.derived.marking, found.derived.scope), found.sources, ())
    )
    tables = json.loads(path.read_text(encoding="utf-8"))
    assert tables["kind"] == "派生定密"
    assert tables["proposal"]["opinion"] == "拟派生"
    assert tables["proposal"]["by"] == {"name": "王承办"}
    assert tables["draft"]["copies"] == 2
    assert "basis" not in tables
    (source,) = tables["source"]
    assert source["title"] == TYPED.title
    assert (source["level"], source["period"], source["use"]) == ("机密", {"years": 10}, "引用")
    # A second time the same source is not counted twice.
    with room.ledger() as ledger:
        again = proposal_for(request, open_record(path), deriving(room, ledger))
    assert len(again.sources) == 1


def test_comments_at_the_head_stay_and_others_are_told(room: Room) -> None:
    path = room.folder / "记录.toml"
    path.write_text('# 开头\n\nschema = 1\n# 中间\nnumber = "1"\n', encoding="utf-8")
    path.chmod(0o640)
    record = open_record(path)
    (remark,) = record.save(dict(record.tables))
    assert "not kept" in str(remark)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# 开头\n\n")
    assert tomllib.loads(text) == {"schema": 1, "number": "1"}
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "more",
    [
        {"status": "已审批"},
        {"decision": {"decision": "同意"}},
        {"signature": [{"step": "拟办"}]},
        {"deciding_organ": {"name": "示例省示范厅"}},
    ],
)
def test_a_decided_record_is_not_written_into(room: Room, more: dict[str, object]) -> None:
    draft = put(room, "方案.docx", docx())
    with pytest.raises(RecordDecided):
        open_record(record_file(room, draft, **more))


def test_forms_and_other_drafts_are_refused(room: Room) -> None:
    with pytest.raises(RecordNotEditable):
        open_record(room.folder / "审批表.docx")
    source = put(room, "来文.pdf", pdf(typed="机密★10年"))
    add(room, source)
    draft, other = put(room, "方案.docx", docx()), put(room, "别的.docx", docx("样例"))
    record = open_record(record_file(room, draft))
    with room.ledger() as ledger:
        with pytest.raises(DraftOfAnotherRecord):
            proposal_for(Request(other, (Named(str(source)),)), record, deriving(room, ledger))
        with pytest.raises(DraftIsSource):
            proposal_for(Request(source, ()), record, deriving(room, ledger))
        with pytest.raises(SourceUnknown):
            proposal_for(Request(draft, (Named(str(other)),)), None, deriving(room, ledger))


def test_a_number_of_two_documents_is_refused(room: Room) -> None:
    add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    second = add(room, put(room, "来文二.pdf", pdf(typed="机密★10年", pages=2)))
    assert any("is registered as" in str(remark) for remark in second.remarks)
    with room.ledger() as ledger, pytest.raises(SourceAmbiguous):
        the_document(known_documents(ledger), "示省密〔2026〕1号")


def derived_record(room: Room, content: bytes, name: str, source: Source, level: SecrecyLevel = H):  # type: ignore[no-untyped-def]
    whole = approved(content, name)
    secrecy = replace(whole.proposal.secrecy, marking=Marking(level, UntilDate(date(2036, 3, 16))))
    return replace(
        whole,
        classification=Derivative((source,)),
        proposal=replace(whole.proposal, secrecy=secrecy),
    )


def test_a_record_that_names_its_source_by_id_is_marked_by_what_the_ledger_knows(
    room: Room,
) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    by_id = Source("", marking_id=added.document.id)
    room.put("方案.pdf", pdf(), derived_record(room, pdf(), "方案.pdf", by_id))
    copy = only(room.mark()).copies[0]
    with room.ledger() as ledger:
        (told,) = (act for _, act in ledger.acts(DocumentDescribed))
        assert told.sources == (added.document.id,)
        family = family_of(str(copy.path), room.office, ledger)
    assert [kin.document.id for kin in family.ancestors] == [added.document.id]
    from dingmi_mark.pipeline.show import read_shown

    assert (
        "派生自样例：关于示例的通知，示省密〔2026〕1号，机密，10年"
        in (read_shown(copy.path).facts["定密依据"])
    )


def test_a_lower_level_than_the_ledger_knows_gets_no_mark(room: Room) -> None:
    add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    stated = Source(
        "", document_number="示省密〔2026〕1号", level=S, period=ForYears(10), issue_day=DAY
    )
    room.put("方案.pdf", pdf(), derived_record(room, pdf(), "方案.pdf", stated, S))
    verdict = only(room.mark())
    assert isinstance(verdict.error, LawViolated)
    assert "The record says 秘密 of the source" in str(verdict.error)


def test_a_released_source_leaves_every_descendant_to_be_released(room: Room) -> None:
    added = add(room, put(room, "来文.pdf", pdf(typed="机密★10年")))
    by_id = Source("", marking_id=added.document.id)
    room.put("方案.pdf", pdf(), derived_record(room, pdf(), "方案.pdf", by_id))
    assert only(room.mark()).copies
    with room.ledger() as ledger:
        law = read_lawbook(room.office.profile)
        assert following_of(None, room.office, ledger, law, TODAY) == ()
        notice = SourceNotice("示省密〔2026〕9号", TODAY, released=TODAY)
        change_source(added.document.id, notice, desk(room, ledger))
        (follow,) = following_of(added.document.id, room.office, ledger, law, TODAY)
        assert "release it by a record" in str(follow.what)
        draft = put(room, "再派生.docx", docx())
        request = Request(draft, (Named(follow.document.id),))
        proposed = proposal_for(request, None, deriving(room, ledger))
    assert "has itself to follow" in str(proposed.derived.steps[-1].says)
