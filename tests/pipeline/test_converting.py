"""Drafts of old and foreign formats are converted first, then marked; the ledger knows both."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import pymupdf
import pytest

from approval_kit import people, proposal, sm3
from dingmi_mark.domain.ledger_drafts import DraftConverted
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import (
    CheckNotMarked,
    ConversionFailed,
    ConversionRefused,
    ConversionTimedOut,
    ConversionToolMissing,
    DingmiError,
    DraftBroken,
    DraftNotComparable,
    DraftProtected,
    DraftSigned,
    DraftTooCostly,
    DraftUnsupported,
    DraftWrongSuffix,
    ExitCode,
    TwoDraftsOneName,
    UnmarkedSecretLeftOver,
)
from dingmi_mark.formats import office_convert, office_profile
from dingmi_mark.formats.handlers import to_convert
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.comparing import compare_drafts
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.doctor import Patient, _libreoffice
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Status
from dingmi_mark.store.office import Conversion, ConvertTo
from late_kit import LATE
from office_files_kit import hostile_odt, listening, needs_soffice, odt_with, old, soffice_group
from office_kit import NOW, QUOTE, Room, approved, docx, new_room, only, pdf

pytestmark = [needs_soffice, soffice_group]

PDF = Conversion(ConvertTo.PDF)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def put(room: Room, suffix: str, content: bytes | None = None) -> Path:
    content = old(suffix) if content is None else content
    return room.put(f"通知{suffix}", content, approved(content, f"通知{suffix}"))


def with_conversion(room: Room, **choices: str) -> Room:
    """Return the room after [conversion] in office.toml was set."""
    return room.with_policies(*(f'{key} = "{choice}"' for key, choice in choices.items()))


# ── the whole way ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("suffix", "made"),
    [
        (".doc", ".docx"),
        (".wps", ".docx"),
        (".odt", ".docx"),
        (".rtf", ".docx"),
        (".xls", ".pdf"),
        (".et", ".pdf"),
        (".xlsx", ".pdf"),
        (".ods", ".pdf"),
        (".ppt", ".pdf"),
        (".dps", ".pdf"),
        (".pptx", ".pdf"),
        (".odp", ".pdf"),
    ],
)
def test_an_old_format_is_converted_marked_and_found_again(
    room: Room, suffix: str, made: str
) -> None:
    draft = put(room, suffix)
    before = draft.read_bytes()
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert draft.read_bytes() == before
    (copy,) = verdict.copies
    assert copy.path.name == f"通知-000001{made}"
    assert any("converted the draft" in str(remark) for remark in verdict.remarks)
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert any("Converted before marking" in str(line.says) for line in report.lines)
    shown = show_file(copy.path, room.office)
    assert sm3(before) in "".join(map(str, shown.originals))


def test_what_openoffice_leaves_empty_is_no_damage(room: Room, tmp_path: Path) -> None:
    name, manifest = "Configurations2/accelerator/current.xml", "META-INF/manifest.xml"
    with zipfile.ZipFile(BytesIO(old(".odt"))) as plain:
        listed = plain.read(manifest)
    entry = f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type=""/>'.encode()
    end = b"</manifest:manifest>"
    assert end in listed
    draft = repacked(tmp_path, manifest, listed.replace(end, entry + end))
    with zipfile.ZipFile(draft, "a") as package:
        package.writestr(name, b"")
    content = draft.read_bytes()
    room.put("通知.odt", content, approved(content, "通知.odt", copies=1))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error


def test_a_part_that_only_says_it_is_empty_is_looked_at(tmp_path: Path) -> None:
    name = "settings.xml"
    draft = repacked(tmp_path, name, b"")
    with zipfile.ZipFile(draft, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("extra.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    whole = bytearray(draft.read_bytes())
    entry = whole.rindex(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = bytes(4)
    draft.write_bytes(whole)
    with zipfile.ZipFile(draft) as package:
        assert package.getinfo("extra.xml").file_size == 0
    with pytest.raises(DraftBroken), as_markable(draft, Conversion()):
        pass


def test_a_file_that_draws_in_other_files_is_refused(room: Room, tmp_path: Path) -> None:
    field = rb'{\rtf1 {\field{\*\fldinst INCLUDEPICTURE "%s" \\d}{\fldrslt y}} x}'
    put(room, ".rtf", field % str(tmp_path / "图.png").encode())
    error = only(room.mark()).error
    assert isinstance(error, DraftUnsupported) and "INCLUDEPICTURE" in str(error)


@pytest.mark.parametrize(("suffix", "told"), [(".xlsx", True), (".odp", True), (".doc", False)])
def test_that_hidden_things_are_not_in_a_pdf_is_told(
    tmp_path: Path, suffix: str, told: bool
) -> None:
    file = tmp_path / f"文{suffix}"
    file.write_bytes(old(suffix))
    with as_markable(file, Conversion()) as made:
        assert any("does not print" in str(remark) for remark in made.remarks) is told


def test_the_ledger_keeps_both_digests_and_the_label_the_originals(room: Room) -> None:
    draft = put(room, ".doc")
    (copy,) = only(room.mark()).copies
    with room.ledger() as ledger:
        ((_, act),) = ledger.acts(DraftConverted)
        assert ledger.acts(DraftConverted, file_digest=f"sm3:{act.made_sm3}")
    assert f"sm3:{act.draft_sm3}" == sm3(draft.read_bytes())
    assert (act.source_format, act.result_format) == ("DOC", "DOCX")
    assert len(act.made_sha256) == 64 and act.made_sm3 != act.draft_sm3
    assert f'"draft_sm3":"{act.draft_sm3}"' in show_file(copy.path).record.decode()


def test_marking_again_does_nothing_twice_and_converts_nothing(room: Room) -> None:
    put(room, ".doc")
    first = only(room.mark())
    again = only(room.mark())
    with room.ledger() as ledger:
        assert len(ledger.acts(DraftConverted)) == 1
    assert again.status is Status.UNCHANGED
    assert [copy.path for copy in again.copies] == [copy.path for copy in first.copies]


def test_the_policy_decides_what_a_text_becomes(room: Room) -> None:
    put(room, ".doc")
    verdict = only(with_conversion(room, text="pdf").mark())
    assert verdict.copies[0].path.suffix == ".pdf"


@pytest.mark.parametrize(
    ("suffix", "key"), [(".odt", "text"), (".et", "sheets"), (".pptx", "slides")]
)
def test_an_office_may_refuse_such_drafts(room: Room, suffix: str, key: str) -> None:
    put(room, suffix)
    verdict = only(with_conversion(room, **{key: "refuse"}).mark())
    assert isinstance(verdict.error, ConversionRefused)
    assert f"conversion.{key}" in str(verdict.error.advice)
    assert not room.out.exists()


@pytest.mark.parametrize("with_record", [True, False])
def test_what_cannot_be_marked_hears_of_all_that_can(room: Room, with_record: bool) -> None:
    """Also of what is converted first; of nothing that the office refuses."""
    content = b"sample"
    room.put("文.txt", content, approved(content, "文.txt") if with_record else None)
    asking = with_conversion(room, sheets="refuse")
    error = only(asking.mark()).error
    assert isinstance(error, DraftUnsupported)
    told = str(error.advice)
    assert ".doc, .wps, .odt, .ott, .rtf, .ppt, .dps, .odp" in told and "DOCX" in told
    assert ".xls" not in told and "XLSX" not in told


def test_a_dry_run_says_it_and_writes_nothing(room: Room) -> None:
    put(room, ".doc")
    verdict = only(room.mark(dry_run=True))
    assert verdict.status is Status.PLANNED
    assert any("converted" in str(remark) for remark in verdict.remarks)
    assert not room.out.exists()
    with room.ledger() as ledger:
        assert not ledger.acts(DraftConverted)


def test_two_drafts_that_become_one_name_are_refused(room: Room) -> None:
    put(room, ".doc")
    word = docx()
    room.put("通知.docx", word, approved(word, "通知.docx"))
    result = room.mark()
    assert [type(verdict.error) for verdict in result.verdicts] == [TwoDraftsOneName] * 2
    assert "通知.docx" in str(result.verdicts[0].error), "the other one is named"
    assert result.without_draft == (), "the drafts of both records are there"


def test_nothing_is_left_in_the_offices_working_folder(room: Room) -> None:
    put(room, ".doc")
    room.mark()
    assert not list((room.office.folder / "work").glob("*/*"))


def test_the_unmarked_original_is_recognised(room: Room, tmp_path: Path) -> None:
    draft = put(room, ".doc")
    room.mark()
    copied = tmp_path / "elsewhere.doc"
    copied.write_bytes(draft.read_bytes())
    (report,) = check_files([copied], room.office, on_report=lambda _: None)
    assert isinstance(report.error, UnmarkedSecretLeftOver)


def test_an_unknown_file_of_such_a_format_bears_no_mark(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "other.odt"
    file.write_bytes(old(".odt"))
    (report,) = check_files([file], room.office, on_report=lambda _: None)
    assert isinstance(report.error, CheckNotMarked)


def test_without_a_record_it_is_not_marked(room: Room) -> None:
    room.put("通知.doc", old(".doc"))
    verdict = only(room.mark())
    assert verdict.error is not None and verdict.error.code is ExitCode.APPROVAL_MISSING


def test_a_provisional_mark_too(tmp_path: Path) -> None:
    who = people(tmp_path)
    draft = who.room.put("通知.doc", old(".doc"))
    who.hand_in(proposal(), draft)
    office = who.room.office
    request = MarkRequest(
        (draft,), (office.approvals,), who.room.out, standing=Standing.PROVISIONAL
    )
    run = mark_drafts(request, office, on_start=lambda _: None, on_verdict=lambda _: None)
    (copy,) = only(run).copies
    assert copy.path.name == "通知-拟定-000001.docx"
    (report,) = check_files([copy.path], office, on_report=lambda _: None)
    assert report.agrees, report
    assert any("Converted before marking" in str(line.says) for line in report.lines)


# ── recognised by content, refused with cause ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "kind", "found", "expected"),
    [
        ("通知.docx", ".doc", "DOC", ".doc"),
        ("通知.pdf", ".doc", "DOC", ".doc"),
        ("通知.doc", ".rtf", "RTF", ".rtf"),
        ("通知.doc", ".xls", "XLS", ".xls"),
        ("通知.odt", ".ods", "ODS", ".ods"),
        ("通知.docx", ".xlsx", "XLSX", ".xlsx"),
    ],
)
def test_a_file_under_a_wrong_name_is_told_its_right_one(
    room: Room, name: str, kind: str, found: str, expected: str
) -> None:
    room.put(name, old(kind), approved(old(kind), name))
    error = only(room.mark()).error
    assert isinstance(error, DraftWrongSuffix)
    assert (error.params["found"], error.params["expected"]) == (found, expected)


@pytest.mark.parametrize(("content", "found"), [(docx(), "DOCX"), (pdf(), "PDF")])
def test_a_file_that_needs_no_conversion_is_told_its_right_name(
    tmp_path: Path, content: bytes, found: str
) -> None:
    file = tmp_path / "通知.doc"
    file.write_bytes(content)
    with pytest.raises(DraftWrongSuffix, match=found):
        to_convert(file)


@pytest.mark.parametrize("suffix", [".doc", ".odt", ".rtf", ".xlsx"])
def test_something_else_under_such_a_name_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"通知{suffix}"
    file.write_bytes(b"\x00\x01 something")
    with pytest.raises(DraftBroken):
        to_convert(file)


def test_a_damaged_old_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "通知.doc"
    file.write_bytes(old(".doc")[:700])
    with pytest.raises(DraftBroken):
        to_convert(file)


def test_an_encrypted_open_document_is_refused(tmp_path: Path) -> None:
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        b"</manifest:file-entry></manifest:manifest>"
    )
    file = repacked(tmp_path, "META-INF/manifest.xml", manifest)
    with pytest.raises(DraftProtected):
        to_convert(file)


def test_a_signed_open_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DraftSigned):
        to_convert(repacked(tmp_path, "META-INF/documentsignatures.xml", b"<x/>"))


def test_an_entity_bomb_in_an_open_document_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'
    with pytest.raises(DraftBroken, match="DTD"):
        to_convert(repacked(tmp_path, "content.xml", bomb))


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/x.xml", "C:/x.xml", "a\\..\\..\\b.xml"])
def test_a_part_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DraftBroken, match="forbidden name"):
        to_convert(repacked(tmp_path, name, b"<x/>"))


def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = repacked(tmp_path, "CONTENT.xml", b"<x/>")
    with pytest.raises(DraftBroken, match="twice"):
        to_convert(file)


@pytest.mark.parametrize("suffix", [".odt", ".xlsx", ".pptx"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"文{suffix}"
    file.write_bytes(old(suffix))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("media/bomb.bin", bytes(64 << 20))
    assert file.stat().st_size < 300_000
    with pytest.raises(DraftTooCostly):
        to_convert(file)


@pytest.mark.parametrize("suffix", [".odt", ".xlsx"])
def test_a_cut_off_package_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"文{suffix}"
    file.write_bytes(old(suffix)[:-40])
    with pytest.raises(DraftBroken):
        to_convert(file)


def test_mutated_drafts_are_converted_or_refused_and_nothing_else(tmp_path: Path) -> None:
    """Damage in directories, names and packed bytes: never a bug, always a verdict."""
    dice = Random(5)
    for _ in range(400):
        suffix = dice.choice((".doc", ".xls", ".ppt", ".odt", ".xlsx"))
        content = bytearray(old(suffix))
        start = dice.choice((0, max(0, len(content) - 6000)))
        for _ in range(dice.choice((1, 3, 20))):
            content[dice.randrange(start, min(len(content), start + 6000))] = dice.randrange(256)
        file = tmp_path / f"文{suffix}"
        file.write_bytes(bytes(content[: dice.choice((len(content), len(content) // 2))]))
        with suppress(DingmiError):
            assert to_convert(file) is not None


def test_a_signed_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(old(".xlsx"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<x/>")
    with pytest.raises(DraftSigned):
        to_convert(file)


def test_nesting_without_end_costs_one_verdict(tmp_path: Path) -> None:
    """LibreOffice reads it, in its own process: a result or a clear refusal, within its time."""
    deep = b"<text:section>" * 50_000 + b"</text:section>" * 50_000
    head = (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    )
    text = b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    body = b"<office:body><office:text>" + deep + b"</office:text></office:body>"
    file = repacked(tmp_path, "content.xml", head + text + body + b"</office:document-content>")
    try:
        with as_markable(file, PDF) as made:
            assert made.path.read_bytes().startswith(b"%PDF")
    except DingmiError as error:
        assert isinstance(error, ConversionFailed | ConversionTimedOut)


def test_an_old_word_file_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(old(".doc"))
    at = content.index(b"\xec\xa5")  # where the file information block begins
    content[at + 0x0B] |= 0x01  # fEncrypted
    file = tmp_path / "通知.doc"
    file.write_bytes(bytes(content))
    with pytest.raises(DraftProtected):
        to_convert(file)


@pytest.mark.parametrize("suffix", [".xlsx", ".doc", ".pptx"])
def test_an_encrypted_package_is_refused_under_every_name(tmp_path: Path, suffix: str) -> None:
    content = old(".doc").replace(
        "WordDocument".encode("utf-16-le"), "EncryptedPck".encode("utf-16-le")
    )
    file = tmp_path / f"通知{suffix}"
    file.write_bytes(_renamed_entry(content))
    with pytest.raises(DraftProtected):
        to_convert(file)


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(old(".xls"))
    at = content.index(b"\x09\x08\x10\x00\x00\x06")  # BOF, 16 bytes
    content[at + 20 : at + 22] = b"\x2f\x00"  # the next record is FILEPASS
    file = tmp_path / "表.xls"
    file.write_bytes(bytes(content))
    with pytest.raises(DraftProtected):
        to_convert(file)


def test_old_slides_with_a_password_are_refused(tmp_path: Path) -> None:
    open_token, locked = 0xE391C05F.to_bytes(4, "little"), 0xF3D1C4DF.to_bytes(4, "little")
    assert open_token in old(".ppt")
    file = tmp_path / "演示.ppt"
    file.write_bytes(old(".ppt").replace(open_token, locked))
    with pytest.raises(DraftProtected):
        to_convert(file)


def _renamed_entry(content: bytes) -> bytes:
    """Give the directory entry the whole name EncryptedPackage (its length stands behind it)."""
    data = bytearray(content)
    at = data.index("EncryptedPck".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[at : at + 64] = name.ljust(64, b"\x00")
    data[at + 64 : at + 66] = (len(name) + 2).to_bytes(2, "little")
    return bytes(data)


def repacked(folder: Path, member: str, data: bytes) -> Path:
    """Write the ODT draft with one member replaced or added."""
    target = folder / "通知.odt"
    with (
        zipfile.ZipFile(BytesIO(old(".odt"))) as source,
        zipfile.ZipFile(target, "w") as made,
    ):
        for name in source.namelist():
            if name != member:
                made.writestr(name, source.read(name))
        made.writestr(member, data)
    return target


# ── LibreOffice: missing, slow, failing ──────────────────────────────────────────────────────


def test_without_libreoffice_it_is_said_what_to_install(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draft = put(room, ".doc")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConversionToolMissing) as error, as_markable(draft, Conversion()):
        pass
    assert error.value.code is ExitCode.CONVERSION_TOOL_MISSING
    for package in ("libreoffice-writer", "libreoffice-calc", "libreoffice-impress"):
        assert package in str(error.value.advice)


@pytest.mark.parametrize(("text", "told"), [("docx", True), ("refuse", False)])
def test_doctor_tells_that_libreoffice_is_missing_where_the_policy_needs_it(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, told: bool
) -> None:
    room = with_conversion(room, text=text, sheets="refuse", slides="refuse")
    monkeypatch.setenv("PATH", str(tmp_path))
    patient = Patient(room.office, date(2026, 11, 2), NOW.isoformat(), "0")
    lines = [str(line.says) for line in _libreoffice(patient)]
    assert any(".doc, .wps" in line for line in lines) is told


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of LibreOffice; tests write what it does."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.touch()
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


def test_a_conversion_that_does_not_end_is_ended(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.write_text("#!/bin/sh\nsleep 600\n")
    file = tmp_path / "通知.doc"
    file.write_bytes(old_before(fake))
    with pytest.raises(ConversionTimedOut) as error:
        office_convert.converted(file, tmp_path, ".doc", "pdf", time_limit_s=0.5)
    assert error.value.code is ExitCode.CONVERSION_TIMED_OUT


def test_a_conversion_that_makes_nothing_is_told(tmp_path: Path, fake: Path) -> None:
    fake.write_text("#!/bin/sh\nexit 0\n")
    file = tmp_path / "通知.doc"
    file.write_bytes(old_before(fake))
    with pytest.raises(ConversionFailed), as_markable(file, Conversion()):
        pass


def old_before(fake: Path) -> bytes:
    """Return the sample, made by the real LibreOffice that stands behind the fake one."""
    path = os.environ["PATH"]
    os.environ["PATH"] = path.partition(os.pathsep)[2]
    try:
        return old(".doc")
    finally:
        os.environ["PATH"] = path


# ── the rest of the program ──────────────────────────────────────────────────────────────────


def test_handing_in_takes_such_drafts_and_the_page_shows_them(tmp_path: Path) -> None:
    from dingmi_mark.pipeline.review import page_of

    who = people(tmp_path)
    draft = who.room.put("通知.doc", old(".doc"))
    kept = who.hand_in(proposal(), draft)
    assert kept.record.draft.digest == sm3(old(".doc"))
    with who.desk() as desk:
        page = page_of(kept, desk.findings(kept.record), desk.office, str)
    assert page.picture.startswith(b"\x89PNG")


def test_blanks_cannot_be_filled_in_after_the_approval(tmp_path: Path) -> None:
    file = tmp_path / "通知.doc"
    file.write_bytes(old(".doc"))
    with pytest.raises(DraftNotComparable, match="docx"):
        compare_drafts(file, file, LATE)


# ── hostile drafts ───────────────────────────────────────────────────────────────────────────


def test_nothing_is_fetched_no_macro_runs_and_no_other_file_is_read(tmp_path: Path) -> None:
    with listening() as (port, asked):
        text = _text_of(_hostile(tmp_path, port), tmp_path)
    assert asked == []
    assert not (tmp_path / "ran").exists()
    assert "样例正文" in text and QUOTE not in text


def test_the_same_file_would_ask_the_network_under_other_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_door = tuple(
        (path, name, "false" if name == "BlockUntrustedRefererLinks" else value)
        for path, name, value in office_profile._SETTINGS
        if "Inet" not in path
    )
    monkeypatch.setattr(office_profile, "_SETTINGS", open_door)
    with listening() as (port, asked):
        _text_of(_hostile(tmp_path, port), tmp_path)
    assert asked


def test_that_a_draft_holds_macros_is_told(tmp_path: Path) -> None:
    with as_markable(_hostile(tmp_path, 9), PDF) as made:
        assert made.conversion is not None
        assert any("macros" in str(remark) for remark in made.conversion.remarks)


def test_a_draft_of_which_words_are_lost_as_word_file_is_refused(room: Room) -> None:
    """LibreOffice leaves conditional texts out where it writes Word files."""
    shown = '<text:conditional-text text:condition="ooow:1==1" text:string-value-if-true="看得见"'
    content = odt_with(f'<text:p>样例{shown} text:string-value-if-false=""/></text:p>')
    put(room, ".odt", content)
    error = only(room.mark()).error
    assert isinstance(error, ConversionFailed), error
    assert "3 letters that it shows are missing" in str(error)
    assert not room.out.exists()
    as_pdf = with_conversion(room, text="pdf")
    assert only(as_pdf.mark()).status is Status.MARKED


_FIELD = rb"{\rtf1 {\field{\*\fldinst %s}{\fldrslt y}} x}"


@pytest.mark.parametrize("field", [b"FILENAME", rb"FILENAME \\p"])
def test_a_page_that_would_show_a_name_of_ours_is_refused(tmp_path: Path, field: bytes) -> None:
    draft = tmp_path / "通知.rtf"
    draft.write_bytes(_FIELD % field)
    with pytest.raises(ConversionFailed, match="the name of its file"), as_markable(draft, PDF):
        pytest.fail("it would be marked")


@pytest.mark.parametrize("language", ["C", "zh_CN.UTF-8"])
def test_a_chinese_name_is_converted_whatever_language_the_machine_has(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    draft = tmp_path / "通知.odt"
    draft.write_bytes(old(".odt"))
    with as_markable(draft, PDF) as made:
        assert made.path.name == "通知.pdf"


def _hostile(folder: Path, port: int) -> Path:
    """Return a text with a linked picture, a linked file and a macro that runs when opened."""
    other = folder / "secret.odt"
    other.write_bytes(old(".odt"))
    return hostile_odt(
        folder / "hostile.odt",
        picture=f"http://127.0.0.1:{port}/p.png",
        section=other.as_uri(),
        writes=folder / "ran",
    )


def _text_of(draft: Path, folder: Path) -> str:
    made = office_convert.converted(draft, folder, ".odt", "pdf:writer_pdf_Export")
    with pymupdf.open(made) as pages:
        return str(pages[0].get_text())
