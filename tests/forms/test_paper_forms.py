"""Every paper form is one labelled A4 page, blank or filled, and is read back as it was made."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from dingmi_mark.domain.law import Certainty
from dingmi_mark.errors import (
    FormFaulty,
    FormNotForIt,
    FormSubjectUnknown,
    FormValueRefused,
    LawViolated,
    MatterUnclear,
    PeriodOver,
    SignatureMissing,
)
from dingmi_mark.forms.definition import Form, form_names, read_form
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.reading import is_form, read_filled
from dingmi_mark.forms.values import text_of
from dingmi_mark.pipeline.form_making import MadeForm, blank_form, filled_form
from dingmi_mark.store.approval_tree import begin
from forms_kit import faults_of, places_of, saved_again, typed
from office_kit import Room
from paper_kit import (
    APPROVED,
    SUBJECTS,
    TOP,
    UNCLEAR,
    approved,
    desk_of,
    made,
    paper_room,
    proposed,
)
from record_kit import with_draft

NAMES = form_names()
NEW = tuple(name for name in NAMES if name != "approval")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return paper_room(tmp_path_factory.mktemp("paper"))


def put(folder: Path, name: str, form: MadeForm) -> Path:
    file = folder / f"{name}.docx"
    file.write_bytes(form.content)
    return file


def read(folder: Path, name: str, form: MadeForm) -> Filled:
    return read_filled(put(folder, name, form), read_form(name))


def said(filled: Filled) -> dict[str, str]:
    return {name: str(value) for name, value in filled.values.items() if value}


def words_of(file: Path) -> str:
    with zipfile.ZipFile(file) as parts:
        texts = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    return re.sub("<[^>]*>", "", "".join(texts))


def pages_of(files: list[Path], folder: Path) -> dict[str, tuple[int, str]]:
    """Return how many pages each file has on paper, and what stands on them."""
    import pymupdf

    from dingmi_mark.formats.office_convert import find_soffice

    program = find_soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(program), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], capture_output=True, timeout=300, check=True)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    found = {}
    for file in files:
        with pymupdf.open(folder / f"{file.stem}.pdf") as pages:
            found[file.stem] = (len(pages), "".join(page.get_text() for page in pages))
    return found


def test_every_form_has_data_of_its_own_in_these_tests() -> None:
    assert set(NAMES) == set(SUBJECTS)
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NEW)
def test_a_form_names_its_provisions_and_how_sure_they_are(name: str) -> None:
    form = read_form(name)
    assert form.purpose and len(form.bases) > 1
    assert form.bases[-1].certainty is Certainty.OWN_CHOICE
    for basis in form.bases:
        told = f"{basis.law}{basis.provision}（{basis.certainty.value}）"
        assert told in form.basis_line
    labels = [slot.label for slot in form.slots]
    assert len(set(labels)) == len(labels), "lost bookmarks are found by their labels"


def test_every_form_blank_and_filled_is_one_labelled_page(tmp_path: Path, room: Room) -> None:
    files = []
    for name in NAMES:
        files.append(put(tmp_path, f"blank-{name}", blank_form(read_form(name), {}, None)))
        files.append(put(tmp_path, f"filled-{name}", made(room, name)))
    for stem, (count, text) in pages_of(files, tmp_path).items():
        form = read_form(stem.partition("-")[2])
        shown = "".join(text.split())
        assert count == 1, stem
        assert "非官方样式" in shown and "只能在涉密信息系统" in shown, stem
        assert form.title in shown and "不是官方样式" in shown, stem
        assert "".join(form.basis_line.split()) in shown, stem
        for slot in form.slots:
            if slot.name in shown:
                assert slot.label in shown


@pytest.mark.parametrize("name", NEW)
def test_a_blank_form_is_read_back_blank(tmp_path: Path, name: str) -> None:
    form = read_form(name)
    filled = read(tmp_path, name, blank_form(form, {}, None))
    assert set(filled.values) == {slot.name for slot in form.slots}
    assert not said(filled) and not any(filled.rows.values())


@pytest.mark.parametrize("name", NEW)
def test_a_filled_form_is_read_back_as_it_was_made(tmp_path: Path, room: Room, name: str) -> None:
    form = made(room, name)
    filled = read(tmp_path, name, form)
    blank = {slot.name for slot in read_form(name).slots} - set(said(filled))
    wanted = {each: text_of(value) for each, value in form.filled.values.items()}
    assert said(filled) == wanted and wanted
    for rows, entries in form.filled.rows.items():
        told_rows = [{key: text_of(value) for key, value in entry.items()} for entry in entries]
        assert list(filled.rows[rows]) == told_rows
    by_hand = {slot.name for slot in read_form(name).slots if slot.by_hand}
    told = {each for each in form.blank if "." not in each} - set(filled.rows)
    assert told == blank - by_hand, "what stays blank is told, all of it and nothing else"


def test_all_forms_saved_again_by_libreoffice_say_the_same(tmp_path: Path, room: Room) -> None:
    for name in NEW:
        file = put(tmp_path, name, made(room, name))
        before = read_filled(file, read_form(name))
        after = read_filled(saved_again(file, "docx"), read_form(name))
        assert (said(after), after.rows) == (said(before), before.rows), name


def test_a_form_filled_in_by_people_is_read(tmp_path: Path) -> None:
    file = put(tmp_path, "f", blank_form(read_form("copy-approval"), {}, None))
    typed(file, 用途="样例：会议使用", 申请份数="3", 保密员意见="同意")
    found = said(read_filled(file, read_form("copy-approval")))
    assert found == {"用途": "样例：会议使用", "申请份数": "3", "保密员意见": "同意"}


def test_a_form_is_never_taken_for_another(tmp_path: Path, room: Room) -> None:
    file = put(tmp_path, "f", made(room, "readers"))
    assert not is_form(file, read_form("approval"))
    with pytest.raises(FormFaulty, match="this is “知悉国家秘密人员名单”, not “国家秘密书面通知”"):
        read_filled(file, read_form("written-notice"))


def test_the_units_own_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    from docx import Document

    own = paper_room(tmp_path)
    document = Document()
    document.add_paragraph("示例市示范局涉密载体标签")
    table = document.add_table(rows=2, cols=4)
    rows = (("标志", "{{载体标志}}", "载体", "{{载体名称}}"), ("编号", "{{载体编号}}", "单位", ""))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    own.office.forms.mkdir()
    document.save(str(own.office.forms / "media-label.docx"))
    form = made(own, "media-label", 载体名称="光盘", 载体编号="盘001")
    assert "包装标志" in form.left_out
    assert said(read(tmp_path, "media-label", form)) == {
        "载体标志": "机密★10年",
        "载体名称": "光盘",
        "载体编号": "盘001",
    }


# ── powers: from authority.toml ──────────────────────────────────────────────────────────────


def test_the_letters_of_authority_say_what_the_table_says(tmp_path: Path, room: Room) -> None:
    grant = said(read(tmp_path, "grant-letter", made(room, "grant-letter")))
    assert grant["授权机关"] == "示例省示范厅" and grant["被授权的机关、单位"] == "示例市示范局"
    assert (grant["授予的密级"], grant["事项范围"]) == ("机密、秘密", "示例事项")
    assert (grant["有效期自"], grant["有效期至"]) == ("2024年6月1日", "2029年5月31日")
    letter = said(read(tmp_path, "officer-letter", made(room, "officer-letter")))
    assert (letter["姓名"], letter["指定人"], letter["AB角"]) == ("李样例", "张示范", "B")
    assert (letter["原始定密的密级"], letter["派生定密的密级"]) == ("秘密", "机密、秘密")


def test_the_application_asks_for_nothing_by_itself(tmp_path: Path, room: Room) -> None:
    filled = read(tmp_path, "grant-application", made(room, "grant-application"))
    assert filled.values["申请的密级"] == "" and filled.values["申请的期限"] == ""
    assert [row["授权书文号"] for row in filled.rows["现有定密授权"]] == ["示省密授〔2024〕8号"]
    assert [row["姓名"] for row in filled.rows["定密责任人"]] == ["张示范", "李样例"]


def test_candidates_are_the_designated_officers(tmp_path: Path, room: Room) -> None:
    filled = read(tmp_path, "officer-candidates", made(room, "officer-candidates"))
    assert filled.values["法定定密责任人"] == "张示范"
    assert [row["姓名"] for row in filled.rows["拟定人选"]] == ["李样例"]


def test_who_is_not_in_the_table_gets_no_letter(room: Room) -> None:
    with pytest.raises(FormSubjectUnknown, match="张示范、李样例"):
        made(room, "officer-letter", "无此人")
    with pytest.raises(FormSubjectUnknown, match="示省密授〔2024〕8号"):
        made(room, "grant-letter", "示省密授〔2024〕9号")
    with pytest.raises(FormNotForIt, match="officer by his post"):
        made(room, "officer-letter", "张示范")


# ── one matter: from its record ──────────────────────────────────────────────────────────────


def test_without_authority_the_report_goes_to_whom_the_law_says(tmp_path: Path, room: Room) -> None:
    form = made(room, "no-authority-report")
    found = said(read(tmp_path, "no-authority-report", form))
    assert found["报请的机关、单位"] == "示例省示范厅（上级机关、单位）"
    assert found["报请期限"] == "立即" and "第十七条" in found["报请依据"]
    assert (found["拟办密级"], found["保密员意见"]) == ("绝密", "同意")
    assert "呈报意见" not in found, "nobody has written it yet"
    assert not form.notes
    notes = [note.msgid for note in made(room, "no-authority-report", APPROVED).notes]
    assert notes == ["By authority.toml the unit may decide {level} itself."]


def test_the_heads_words_are_those_of_the_report_upwards(tmp_path: Path) -> None:
    own = paper_room(tmp_path)
    found = said(read(tmp_path, "no-authority-report", made(own, "no-authority-report", APPROVED)))
    assert found["呈报意见"] == "同意" and "定密责任人审核意见" not in found


def test_an_unclear_matter_goes_its_own_way_with_its_own_day(tmp_path: Path, room: Room) -> None:
    found = said(read(tmp_path, "unclear-report", made(room, "unclear-report")))
    assert found["报请的机关"] == "示例省国家保密局（省、自治区、直辖市保密行政管理部门）"
    assert found["报请的最后一日"] == "2026年11月16日"
    assert found["主张的密级"] == "机密、秘密" and "第二十五条" in found["报请依据"]
    with pytest.raises(FormNotForIt, match="unclear-report"):
        made(room, "no-authority-report", UNCLEAR)
    with pytest.raises(FormNotForIt, match="does not say that the matter is unclear"):
        made(room, "unclear-report", APPROVED)


def test_a_notice_says_what_the_mark_would_and_what_it_lacks(tmp_path: Path, room: Room) -> None:
    form = made(room, "written-notice")
    assert {found.rule for found in form.findings} == {"notice-content"}
    assert {"通知编号", "通知日期", "载体名称"} <= set(form.blank)
    whole = made(room, "written-notice", 通知编号="示密通〔2026〕1号", 通知日期="2026-11-02")
    assert not whole.findings
    filled = read(tmp_path, "written-notice", whole)
    assert filled.values["国家秘密标志"] == "机密★10年"
    assert filled.values["最后保密日"] == "2036年11月2日"
    assert filled.values["通知日期"] == "2026年11月2日"
    column = "受通知的机关、单位和人员"
    assert [row[column] for row in filled.rows["受通知者"]] == [
        "示例市示范局办公室",
        "示例市样例局",
    ]


def test_who_is_not_told_is_named(tmp_path: Path) -> None:
    own = paper_room(tmp_path)
    begin(
        own.office.approvals,
        replace(with_draft(approved(), receivers=("示例市样例局",)), number="9"),
        None,
    )
    findings = made(own, "written-notice", "9", 通知编号="1").findings
    assert [found.rule for found in findings] == ["notice-receivers"]


@pytest.mark.parametrize("name", ["written-notice", "media-label"])
def test_what_bears_the_mark_needs_all_that_the_mark_needs(tmp_path: Path, name: str) -> None:
    own = paper_room(tmp_path)
    begin(own.office.approvals, replace(proposed(), number="10"), None)
    with pytest.raises(LawViolated):
        made(own, name, "10")
    with pytest.raises(MatterUnclear):
        made(own, name, UNCLEAR)
    old = replace(desk_of(own), today=approved().draft.issue_day.replace(year=2050))  # type: ignore[union-attr]
    with pytest.raises(PeriodOver):
        filled_form(read_form(name), APPROVED, {}, old)
    with pytest.raises(SignatureMissing):
        made(own.with_policies('signed_records = "always"'), name)


def test_a_label_bears_the_mark_twice_on_thing_and_box(tmp_path: Path, room: Room) -> None:
    form = made(room, "media-label", 载体名称="光盘", 载体编号="盘001")
    found = said(read(tmp_path, "media-label", form))
    assert found["载体标志"] == found["包装标志"] == "机密★10年"
    assert found["包装上的载体编号"] == "盘001" and not form.findings


def test_a_change_form_tells_the_prior_marking_and_leaves_the_new_blank(
    tmp_path: Path, room: Room
) -> None:
    form = made(room, "change-approval")
    found = said(read(tmp_path, "change-approval", form))
    assert (found["原标志"], found["原最后保密日"]) == ("机密★10年", "2036年11月2日")
    assert not [name for name in found if name.startswith("新")] and not form.notes
    with pytest.raises(FormNotForIt, match="is not approved"):
        made(room, "change-approval", TOP)
    late = replace(desk_of(room), today=approved().draft.issue_day.replace(year=2050))  # type: ignore[union-attr]
    notes = filled_form(read_form("change-approval"), APPROVED, {}, late).notes
    assert [str(note) for note in notes] == [
        "By its period it has been no state secret since 2036-11-03."
    ]


def test_a_request_for_copies_is_looked_at_by_the_rules_of_copies(room: Room) -> None:
    assert [found.rule for found in made(room, "copy-approval").findings] == ["copy-approval"]
    given = {"申请份数": "3", "批准份数": "2", "批准人": "张示范"}
    assert [found.rule for found in made(room, "copy-approval", **given).findings] == ["copy-count"]
    assert not made(room, "copy-approval", **{**given, "申请份数": "2"}).findings
    with pytest.raises(FormNotForIt, match="is not approved"):
        made(room, "copy-approval", TOP)


def test_readers_stand_beside_their_copies(tmp_path: Path, room: Room) -> None:
    filled = read(tmp_path, "readers", made(room, "readers"))
    assert [tuple(row.values()) for row in filled.rows["知悉人员"]] == [
        ("000001", "示例市示范局办公室"),
        ("000002", "示例市样例局"),
    ]


def test_who_has_which_copy_is_not_guessed(tmp_path: Path) -> None:
    own = paper_room(tmp_path)
    begin(own.office.approvals, replace(with_draft(approved(), copies=5), number="11"), None)
    form = made(own, "readers", "11")
    rows = read(tmp_path, "readers", form).rows["知悉人员"]
    assert [set(row) for row in rows] == [{"领受的机关、单位和人员"}] * 2
    assert "知悉人员.份号" in form.blank and len(form.notes) == 1


# ── what people state ────────────────────────────────────────────────────────────────────────


def refused(form: Form, **given: str) -> list[str]:
    with pytest.raises(FormValueRefused) as caught:
        blank_form(form, given, None)
    assert faults_of(caught)
    return list(places_of(caught))


def test_no_mark_is_stated_by_hand() -> None:
    label = read_form("media-label")
    assert refused(label, 载体标志="机密 10年", 载体名称="机密★10年") == ["载体标志", "载体名称"]


def test_what_the_record_says_is_not_stated_otherwise(tmp_path: Path, room: Room) -> None:
    with pytest.raises(FormValueRefused) as caught:
        made(room, "written-notice", 知悉范围="全市", 无此栏="1", 通知日期="明天")
    assert sorted(places_of(caught)) == ["无此栏", "知悉范围", "通知日期"]
    with pytest.raises(FormValueRefused, match="one of 复制、翻印、汇编"):
        made(room, "copy-approval", 复制种类="抄写", 申请份数="许多")
    assert made(room, "written-notice", 制发日="2026-11-02").content


def test_the_same_data_give_the_same_bytes(room: Room) -> None:
    assert made(room, "readers").content == made(room, "readers").content


def test_dates_stand_as_people_write_them(room: Room) -> None:
    assert text_of(approved().draft.issue_day) == "2026年11月2日"
