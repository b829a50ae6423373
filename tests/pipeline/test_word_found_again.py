"""`check` reads what a Word file shows: a changed level, a deleted mark, a retyped header."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx_drafts import edited, parts
from lxml import etree

from dingmi_mark.errors import ApprovalMissing, MarkedSavedOtherwise
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.formats.traces import bears_marks
from dingmi_mark.pipeline.check import check_files, checked
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.print_looking import looked_at
from dingmi_mark.pipeline.tasks import Unmatched
from dingmi_mark.pipeline.unmatched import explain_unmatched
from dingmi_mark.pipeline.verdicts import Agreement, CheckReport
from late_kit import saved_anew
from office_kit import NOW, Room, approved, docx, new_room, only

pytestmark = [
    pytest.mark.skipif(find_soffice() is None, reason="needs libreoffice-writer-nogui"),
    pytest.mark.xdist_group("soffice"),
]

MARK, OTHER = "机密★10年", "秘密★10年"
DOCUMENT = "word/document.xml"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """An office that has marked a Word draft of three pages, on all of them."""
    room = new_room(tmp_path_factory.mktemp("word")).with_policies("other_page_marks = true")
    document = Document(BytesIO(docx()))
    for _ in range(2):
        document.add_page_break()
        document.add_paragraph("样例：又一页")
    stream = BytesIO()
    document.save(stream)
    room.put("通知.docx", stream.getvalue(), approved(stream.getvalue(), "通知.docx"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    return room


def check(room: Room, name: str, edit: Callable[[bytes], bytes], folder: Path) -> CheckReport:
    """Change a part of the marked file and check it."""
    (marked,) = room.out.iterdir()
    changed = edited(marked, folder / marked.name, {name: edit})
    (report,) = check_files([changed], room.office, on_report=lambda _: None)
    return report


def lowered(xml: bytes) -> bytes:
    """Change the level in every text that shows it, and nowhere else."""
    for text in ("★10</w:t>", "</w:t>"):
        xml = xml.replace(f">机密{text}".encode(), f">秘密{text}".encode())
    return xml


def told(report: CheckReport, agreement: Agreement) -> str:
    return "\n".join(str(line.says) for line in report.lines if line.agreement is agreement)


def header_part(room: Room) -> str:
    """The header in which the mark of the other pages stands."""
    (marked,) = room.out.iterdir()
    holding = [
        name
        for name, content in parts(marked).items()
        if name.startswith("word/header") and MARK.encode() in content
    ]
    assert holding
    return holding[0]


def test_a_file_that_was_only_saved_anew_agrees(room: Room, tmp_path: Path) -> None:
    report = check(room, DOCUMENT, lambda xml: xml + b"\n", tmp_path)
    assert report.agrees, report


def test_a_changed_level_contradicts(room: Room, tmp_path: Path) -> None:
    report = check(room, DOCUMENT, lowered, tmp_path)
    assert not report.agrees
    assert OTHER in told(report, Agreement.CONTRADICTS)
    assert f"“{MARK}” is not to be seen at its place on page 1" in told(report, Agreement.MISSING)


def test_a_deleted_mark_is_missing(room: Room, tmp_path: Path) -> None:
    def without(xml: bytes) -> bytes:
        root = etree.fromstring(xml)
        for properties in list(root.iter(f"{{{WP}}}docPr")):
            if properties.get("name") == "dingmi:mark":
                run = next(properties.iterancestors(f"{{{W}}}r"))
                run.getparent().remove(run)
        return etree.tostring(root)

    report = check(room, DOCUMENT, without, tmp_path)
    assert not report.agrees
    assert f"“{MARK}” is not to be seen at its place on page 1" in told(report, Agreement.MISSING)


def test_a_retyped_header_contradicts(room: Room, tmp_path: Path) -> None:
    part = header_part(room)
    report = check(room, part, lowered, tmp_path)
    assert not report.agrees
    assert f"The file also shows “{OTHER}”" in told(report, Agreement.CONTRADICTS)
    assert "at its place on page 2" in told(report, Agreement.MISSING)


def test_a_header_without_its_mark_is_missing_it(room: Room, tmp_path: Path) -> None:
    part = header_part(room)
    empty = f'<w:hdr xmlns:w="{W}"><w:p/></w:hdr>'.encode()
    report = check(room, part, lambda _: empty, tmp_path)
    assert not report.agrees
    assert "at its place on page 2" in told(report, Agreement.MISSING)


@pytest.mark.parametrize("kind", ["odt", "doc", "rtf"])
def test_a_marked_file_saved_in_another_format_is_told_as_that(
    room: Room, kind: str, tmp_path: Path
) -> None:
    (marked,) = room.out.iterdir()
    copied = tmp_path / "通知.docx"
    copied.write_bytes(marked.read_bytes())
    other = saved_anew(copied, kind)
    (report,) = check_files([other], room.office, on_report=lambda _: None)
    assert isinstance(report.error, MarkedSavedOtherwise)
    with open_desk(room.office, "test-1") as desk:
        found = looked_at(checked(other, desk), 1, NOW.date())
        with pytest.raises(MarkedSavedOtherwise):
            explain_unmatched(Unmatched(other, ApprovalMissing(), ""), desk)
    assert isinstance(found.cause, MarkedSavedOtherwise)


def test_what_is_damaged_or_of_others_has_no_mark_of_ours(tmp_path: Path) -> None:
    for name, content in (("a.odt", b"PK\x03\x04"), ("b.doc", "样例".encode("utf-16-le"))):
        (tmp_path / name).write_bytes(content)
        assert not bears_marks(tmp_path / name)
    file = tmp_path / "c.odt"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("content.xml", b"<a>dingmi:mark</a>" * 99)
    assert bears_marks(file)
    whole = file.read_bytes()
    at = whole.index(b"content.xml") + len(b"content.xml") + 2
    file.write_bytes(whole[:at] + b"\xff" * 6 + whole[at + 6 :])
    assert not bears_marks(file)
