"""Every form of `form list` may be the unit's own Word file: filled, read back, or refused."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest

from cli_kit import run
from dingmi_mark.errors import ExitCode, FormFaulty
from dingmi_mark.forms.definition import Form, form_names, read_form
from dingmi_mark.forms.fields import bookmark, record_shape
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.reading import read_filled
from dingmi_mark.forms.values import text_of
from dingmi_mark.pipeline.form_making import blank_form
from forms_kit import changed_part, faults_of, saved_again
from office_kit import Room
from paper_kit import SUBJECTS, made, paper_room

NAMES: Final = form_names()
HINT: Final = "单击此处输入文字"


@dataclass(frozen=True)
class Way:
    """A way to name a cell: what is written into it, by the field's name."""

    name: str
    put: Callable[[Any, str], None]


def braces(cell: Any, name: str) -> None:
    run = cell.paragraphs[0].add_run("{{" + name + "}}")
    run.font.size, run.font.name = 152400, "仿宋"


def with_bookmark(cell: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = cell.paragraphs[0]._p
    number = str(random.Random(name).randrange(10_000, 99_999))
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), number)
        if tag.endswith("Start"):
            mark.set(qn("w:name"), bookmark(*name.split(".")))
        paragraph.append(mark)


def control(name: str, inside: Any) -> Any:
    """Return a content control as Word makes it: with its grey prompt."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val='样例'/><w:tag w:val='{name}'/>"
        f"<w:id w:val='{random.Random(name).randrange(1, 10**8)}'/><w:showingPlcHdr/><w:text/>"
        "</w:sdtPr><w:sdtContent/></w:sdt>"
    )
    made[-1].append(inside)
    return made


def prompt(paragraph: Any) -> Any:
    """Put the grey prompt into a paragraph and return its run."""
    run = paragraph.add_run(HINT)
    run.font.color.rgb = _grey()
    return run._r


def _grey() -> Any:
    from docx.shared import RGBColor

    return RGBColor(0x80, 0x80, 0x80)


def control_in_line(cell: Any, name: str) -> None:
    run = prompt(cell.paragraphs[0])
    place = run.getparent()
    at = place.index(run)
    place.insert(at, control(name, run))


def control_of_paragraph(cell: Any, name: str) -> None:
    prompt(cell.paragraphs[0])
    paragraph = cell.paragraphs[0]._p
    place = paragraph.getparent()
    at = place.index(paragraph)
    place.insert(at, control(name, paragraph))


def control_of_cell(cell: Any, name: str) -> None:
    prompt(cell.paragraphs[0])
    place = cell._tc.getparent()
    at = place.index(cell._tc)
    place.insert(at, control(name, cell._tc))


WAYS: Final = tuple(
    Way(put.__name__, put)
    for put in (braces, with_bookmark, control_in_line, control_of_paragraph, control_of_cell)
)


def fields_of(form: Form) -> Iterator[tuple[str, str]]:
    """Yield every field of a form, `list.column` for those of lists, with its label."""
    for slot in form.slots:
        yield slot.name, slot.label
    for listing in form.listings:
        for column in listing.columns:
            yield f"{listing.rows}.{column.name}", column.name


def units_form(file: Path, form: Form, ways: Sequence[Way], without: str = "") -> Path:
    """Make the unit's own form: its heading, its words, two fields a row, numbered lists below."""
    from docx import Document

    document = Document()
    document.sections[0].header.paragraphs[0].text = "示例市示范局　样例"
    document.add_heading(f"本局用表：{form.title}", level=1)
    document.add_paragraph("填表说明：请用黑色笔填写。")
    slots = [(n, f"{label}：") for n, label in fields_of(form) if "." not in n and n != without]
    pairs = [slots[at : at + 2] for at in range(0, len(slots), 2)]
    table = document.add_table(rows=len(pairs), cols=4, style="Table Grid")
    order = 0
    # A control around a cell takes it out of python-docx's sight: the last cell goes first.
    for row, pair in zip(table.rows, pairs, strict=True):
        cells = row.cells
        for at in range(len(pair) - 1, -1, -1):
            name, label = pair[at]
            cells[2 * at].text = label
            ways[order % len(ways)].put(cells[2 * at + 1], name)
            order += 1
    for listing in form.listings:
        document.add_paragraph(f"附：{listing.title}")
        columns = [c.name for c in listing.columns if f"{listing.rows}.{c.name}" != without]
        table = document.add_table(rows=2, cols=1 + len(columns), style="Table Grid")
        heading, first = table.rows[0].cells, table.rows[1].cells
        heading[0].text, first[0].text = "序号", "1"
        for at in range(len(columns), 0, -1):
            heading[at].text = columns[at - 1]
            ways[order % len(ways)].put(first[at], f"{listing.rows}.{columns[at - 1]}")
            order += 1
    document.add_paragraph("（本局印章）　　　年　　月　　日")
    file.parent.mkdir(exist_ok=True)
    document.save(str(file))
    return file


def stated(form: Form, filled: Filled) -> dict[str, str]:
    """Return what people state of all fields that the office knows nothing of."""
    known = {*filled.values, "包装上的载体编号"}
    blank = [slot for slot in form.slots if slot.name not in known and not slot.mark]
    return {slot.name: _value(slot.name) for slot in blank}


def _value(name: str) -> str:
    if name == "复制种类":
        return "复制"
    if name.endswith(("日期", "日", "截止", "之日", "期限自")):
        return "2026-11-02"
    if "份数" in name or "页数" in name:
        return "2"
    return f"样例（{name}）"


def says(filled: Filled) -> tuple[Mapping[str, str], Mapping[str, list[dict[str, str]]]]:
    """Return all values as text: single ones, and those of lists."""
    values = {name: text_of(value) for name, value in filled.values.items() if text_of(value)}
    rows = {
        name: [{key: text_of(value) for key, value in entry.items() if value} for entry in entries]
        for name, entries in filled.rows.items()
        if entries
    }
    return values, rows


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return paper_room(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_fills_the_units_own_form_and_reads_every_value_back(
    room: Room, name: str
) -> None:
    form = read_form(name)
    usual = made(room, name)
    given = stated(form, usual.filled)
    wanted = says(made(room, name, **given).filled)
    assert set(wanted[0]) == {slot.name for slot in form.slots}, "every field has a value here"
    units_form(room.office.forms / f"{name}.docx", form, WAYS)
    pairs = [word for key, value in given.items() for word in ("--set", f"{key}={value}")]
    told = run(
        "--lang", "zh", "form", "make", name, SUBJECTS[name], *pairs, "--out", "表.docx",
        cwd=room.folder, DINGMI_OFFICE=str(room.office.folder),
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "表格没有这些栏目" not in told.stderr
    read = run("form", "read", name, "表.docx", "--json", cwd=room.folder)
    assert read.returncode == 0, read.stderr
    result = json.loads(read.stdout)["result"]
    assert says(Filled(result["fields"], result["lists"])) == wanted


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("name", NAMES)
def test_a_cell_may_be_named_in_any_way(room: Room, name: str, way: Way) -> None:
    form = read_form(name)
    units_form(room.office.forms / f"{form.title}.docx", form, (way,))
    done = made(room, name)
    assert not done.left_out
    file = room.folder / "表.docx"
    file.write_bytes(done.content)
    assert says(read_filled(file, form)) == says(done.filled)
    shown = words_of(file)
    for value in says(done.filled)[0].values():
        assert value.replace("\n", "") in shown


@pytest.mark.parametrize("name", NAMES)
def test_one_that_lacks_a_field_it_cannot_do_without_is_refused(room: Room, name: str) -> None:
    form = read_form(name)
    assert form.required
    for lacking in form.required:
        units_form(room.office.forms / f"{name}.docx", form, WAYS, lacking)
        for make in (lambda: made(room, name), lambda: blank_form(form, {}, room.office)):
            with pytest.raises(FormFaulty) as caught:
                make()
            assert faults_of(caught) == [f"{lacking}: the form has no cell for this field"]


def test_the_refusal_names_file_and_field_and_nothing_is_written(room: Room) -> None:
    form = read_form("media-label")
    units_form(room.office.forms / "media-label.docx", form, WAYS, "载体标志")
    told = run(
        "--lang", "zh", "form", "make", "media-label", SUBJECTS["media-label"], "--out", "签.docx",
        cwd=room.folder, DINGMI_OFFICE=str(room.office.folder),
    )  # fmt: skip
    assert told.returncode == ExitCode.FORM_FAULTY and not (room.folder / "签.docx").exists()
    assert "载体标志: 表格里没有这一栏" in told.stderr.replace("：", ": ")
    assert "media-label.docx" in told.stderr


def test_the_approval_form_requires_what_a_record_cannot_be_read_without() -> None:
    shape = record_shape()
    always = (
        one for one in shape.fields if not any(one.path[: len(o)] == o for o in shape.optional)
    )
    wanted = {one.name for one in always if one.required}
    assert set(read_form("approval").required) == wanted


def test_saved_again_by_libreoffice_the_units_forms_say_the_same(room: Room) -> None:
    for name in NAMES:
        form = read_form(name)
        file = units_form(room.office.forms / f"{name}.docx", form, WAYS)
        file = room.folder / f"{name}.docx"
        done = made(room, name)
        file.write_bytes(done.content)
        assert says(read_filled(saved_again(file, "docx"), form)) == says(done.filled), name


def test_the_prompt_of_a_control_is_no_value(room: Room) -> None:
    form = read_form("readers")
    own = units_form(room.office.forms / "readers.docx", form, (WAYS[-1], WAYS[-2], WAYS[-3]))
    assert HINT in words_of(own)
    assert says(read_filled(own, form)) == ({}, {}), "printed and read as the unit keeps it"
    made_one = room.folder / "名单.docx"
    made_one.write_bytes(made(room, "readers").content)
    assert HINT not in words_of(made_one), "nor does it stand beside a value"


def test_what_a_control_holds_already_is_said(room: Room) -> None:
    form = read_form("readers")
    own = units_form(room.office.forms / "readers.docx", form, (WAYS[2],))
    changed_part(own, lambda xml: xml.replace("<w:showingPlcHdr/>", ""))
    with pytest.raises(FormFaulty) as caught:
        made(room, "readers")
    assert "标题: its cell is not empty; leave it blank in the unit's own form" in faults_of(caught)


def test_a_value_is_not_undone_by_the_hidden_part_a_control_is_bound_to(room: Room) -> None:
    own = units_form(room.office.forms / "readers.docx", read_form("readers"), (WAYS[2],))
    bound = "<w:showingPlcHdr/><w:dataBinding w:xpath='/a' w:storeItemID='{1}'/>"
    changed_part(own, lambda xml: xml.replace("<w:showingPlcHdr/>", bound))
    with zipfile.ZipFile(BytesIO(made(room, "readers").content)) as parts:
        assert b"dataBinding" not in parts.read("word/document.xml")


def test_a_value_has_the_type_that_the_control_has(room: Room) -> None:
    own = units_form(room.office.forms / "readers.docx", read_form("readers"), (WAYS[2],))
    typed_so = "<w:sdtPr><w:rPr><w:b/><w:sz w:val='36'/></w:rPr>"
    changed_part(own, lambda xml: xml.replace("<w:sdtPr>", typed_so))
    with zipfile.ZipFile(BytesIO(made(room, "readers").content)) as parts:
        xml = parts.read("word/document.xml").decode()
    run = re.search(r"<w:r>((?!</w:r>).)*2026〕1号((?!</w:r>).)*</w:r>", xml)
    assert run is not None and '<w:sz w:val="36"/>' in run[0] and "808080" not in run[0]


def test_numbers_beside_a_list_count_on(room: Room) -> None:
    from docx import Document

    units_form(room.office.forms / "readers.docx", read_form("readers"), WAYS)
    file = room.folder / "名单.docx"
    file.write_bytes(made(room, "readers").content)
    rows = Document(str(file)).tables[1].rows
    numbers = [
        "".join(t.text or "" for t in row._tr.tc_lst[0].iter() if "}t" in t.tag) for row in rows
    ]
    assert numbers == ["序号", "1", "2"]


def words_of(file: Path) -> str:
    from docx import Document

    document = Document(str(file))
    return "".join(node.text or "" for node in document.element.body.iter() if "}t" in node.tag)
