"""Files that cannot or must not be marked are refused, each with its own error."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx_drafts import FACES, Edit, edited, job, letter, parts, saved

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftLocked,
    DraftProtected,
    DraftSigned,
    DraftStrict,
    DraftTooCostly,
    DraftUnsupported,
    DraftWrongSuffix,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.names import TYPE_DOCUMENT
from dingmi_mark.formats.docx.package import Limits
from dingmi_mark.formats.handlers import handler_for

HANDLER = DocxHandler()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DOCUMENT = "word/document.xml"
TYPES = "[Content_Types].xml"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path / "draft.docx", letter)


def refused(path: Path, tmp_path: Path, handler: DocxHandler = HANDLER) -> DingmiError:
    """Return the error of inspection; marking must give the same and write nothing."""
    with pytest.raises(DingmiError) as inspected:
        handler.inspect(path)
    target = tmp_path / "never.docx"
    with pytest.raises(type(inspected.value)):
        handler.mark(path, target, job(), FACES)
    assert not target.exists()
    return inspected.value


def changed(draft: Path, name: str, edit: Edit) -> Path:
    return edited(draft, draft.with_name("changed.docx"), {name: edit})


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.docx"
    path.touch()
    assert isinstance(refused(path, tmp_path), DraftEmpty)
    assert not HANDLER.recognises(path)


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04", b"%PDF-1.7\n", b"\0" * 5000])
def test_a_file_that_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.docx"
    path.write_bytes(content)
    assert isinstance(refused(path, tmp_path), DraftBroken)
    assert not HANDLER.recognises(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_off(draft: Path, tmp_path: Path, share: float) -> None:
    whole = draft.read_bytes()
    draft.write_bytes(whole[: int(len(whole) * share)])
    assert HANDLER.recognises(draft)
    assert isinstance(refused(draft, tmp_path), DraftBroken)


def test_a_damaged_part(draft: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(draft) as archive:
        member = archive.getinfo(DOCUMENT)
    content = bytearray(draft.read_bytes())
    start = member.header_offset + 60
    content[start : start + 40] = bytes(40)
    draft.write_bytes(content)
    assert isinstance(refused(draft, tmp_path), DraftBroken)


def test_a_name_before_a_part_that_is_no_text(draft: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(draft) as archive:
        member = archive.getinfo(DOCUMENT)
    content = bytearray(draft.read_bytes())
    listed = content.rindex(DOCUMENT.encode()) - 46
    assert content[listed : listed + 4] == b"PK\x01\x02"
    for flags in (member.header_offset + 7, listed + 9):
        content[flags] |= 0x08  # names are UTF-8
    content[member.header_offset + 32] = 0xFF
    draft.write_bytes(content)
    assert isinstance(refused(draft, tmp_path), DraftBroken)


def test_an_encrypted_package_is_recognised_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.docx"
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert HANDLER.recognises(path)
    assert isinstance(refused(path, tmp_path), DraftProtected)


@pytest.mark.parametrize(
    ("flag", "error"), [(0x01, DraftProtected), (0x20, DraftBroken), (0x40, DraftProtected)]
)
def test_a_part_that_the_zip_says_is_locked_or_patched(
    draft: Path, tmp_path: Path, flag: int, error: type[DingmiError]
) -> None:
    """Flags of the directory (APPNOTE 4.4.4): password, patched data, strong encryption."""
    content = bytearray(draft.read_bytes())
    with zipfile.ZipFile(draft) as archive:
        content[archive.start_dir + 8] |= flag
    draft.write_bytes(content)
    assert isinstance(refused(draft, tmp_path), error)


def test_an_old_word_file_with_a_new_name(tmp_path: Path) -> None:
    path = tmp_path / "old.docx"
    path.write_bytes(OLE + "WordDocument".encode("utf-16-le"))
    assert not HANDLER.recognises(path)
    error = refused(path, tmp_path)
    assert isinstance(error, DraftUnsupported)
    assert "(.doc)" in str(error.message)


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        (b"application/vnd.ms-word.document.macroEnabled.main+xml", ".docm"),
        (
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            ".dotx",
        ),
        (b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml", ".dotm"),
    ],
)
def test_macros_and_templates_under_the_name_of_a_document(
    draft: Path, kind: bytes, suffix: str
) -> None:
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    path = changed(draft, TYPES, lambda xml: xml.replace(main, kind))
    assert not HANDLER.recognises(path)
    with pytest.raises(DraftWrongSuffix) as error:
        handler_for(path)
    assert error.value.params["expected"] == suffix


def test_a_spreadsheet_is_no_word_file(draft: Path, tmp_path: Path) -> None:
    main = b"wordprocessingml.document.main+xml"
    path = changed(draft, TYPES, lambda xml: xml.replace(main, b"spreadsheetml.sheet.main+xml"))
    assert not HANDLER.recognises(path)
    assert isinstance(refused(path, tmp_path), DraftUnsupported)


def test_strict_open_xml(draft: Path, tmp_path: Path) -> None:
    loose = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    error = refused(changed(draft, DOCUMENT, lambda xml: xml.replace(loose, strict)), tmp_path)
    assert isinstance(error, DraftStrict)
    assert "Save As" in str(error.advice)


def test_a_signed_package_names_its_signer(draft: Path, tmp_path: Path) -> None:
    signature = (
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><X509SubjectName>CN=Zhang San'
        b"</X509SubjectName></Signature>"
    )
    path = changed(draft, "_xmlsignatures/sig1.xml", lambda _: signature)
    error = refused(path, tmp_path)
    assert isinstance(error, DraftSigned)
    assert error.params["signer"] == "CN=Zhang San"


@pytest.mark.parametrize(
    ("attributes", "protected"),
    [
        ('w:edit="readOnly" w:enforcement="1"', True),
        ('w:edit="forms" w:enforcement="true"', True),
        ('w:edit="trackedChanges" w:enforcement="1"', False),
        ('w:edit="readOnly" w:enforcement="0"', False),
        ('w:edit="readOnly"', False),
    ],
)
def test_documents_locked_for_editing(
    draft: Path, tmp_path: Path, attributes: str, protected: bool
) -> None:
    lock = f"<w:documentProtection {attributes}/></w:settings>".encode()
    path = changed(draft, "word/settings.xml", lambda xml: xml.replace(b"</w:settings>", lock))
    if protected:
        assert isinstance(refused(path, tmp_path), DraftLocked)
        allowed = replace(HANDLER, access=Access(despite_restrictions=True))
        marked = tmp_path / "marked.docx"
        allowed.mark(path, marked, job(), FACES)
        assert parts(marked)["word/settings.xml"] == parts(path)["word/settings.xml"]
    else:
        assert HANDLER.inspect(path).content_digest == HANDLER.inspect(draft).content_digest


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_dtd(draft: Path, tmp_path: Path, doctype: bytes) -> None:
    path = changed(
        draft, DOCUMENT, lambda xml: xml.replace(b"<w:document", doctype + b"<w:document", 1)
    )
    assert isinstance(refused(path, tmp_path), DraftBroken)


def test_nesting_without_end(draft: Path, tmp_path: Path) -> None:
    deep = b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000 + b"</w:body>"
    path = changed(draft, DOCUMENT, lambda xml: xml.replace(b"</w:body>", deep))
    assert isinstance(refused(path, tmp_path), DraftBroken)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "a/../../b.xml", "C:/x.xml"])
def test_names_that_lead_outside(draft: Path, tmp_path: Path, name: str) -> None:
    assert isinstance(refused(changed(draft, name, lambda _: b"x"), tmp_path), DraftBroken)


def test_a_part_that_is_there_twice(draft: Path, tmp_path: Path) -> None:
    path = changed(draft, "WORD/Document.xml", lambda _: b"<other/>")
    assert isinstance(refused(path, tmp_path), DraftBroken)


def test_parts_that_share_their_packed_bytes(draft: Path, tmp_path: Path) -> None:
    """A few kilobytes referred to many times over unpack to a vast size."""
    content = bytearray(draft.read_bytes())
    with zipfile.ZipFile(draft) as archive:
        first, second = archive.infolist()[:2]
        entry = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    assert struct.unpack_from("<L", content, entry + 42)[0] == second.header_offset
    struct.pack_into("<L", content, entry + 42, first.header_offset)
    draft.write_bytes(content)
    assert isinstance(refused(draft, tmp_path), DraftBroken)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(members=5),
        Limits(file=1000),
        Limits(member=3000),
        Limits(total=10_000),
        Limits(xml=500),
        Limits(ratio=2, ratio_from=1000),
    ],
)
def test_more_than_the_limits_allow(draft: Path, tmp_path: Path, limits: Limits) -> None:
    assert isinstance(refused(draft, tmp_path, DocxHandler(limits)), DraftTooCostly)


def test_a_bomb_is_refused_before_it_is_unpacked(draft: Path, tmp_path: Path) -> None:
    zeros = bytes(64 << 20)
    path = changed(draft, "word/media/bomb.bin", lambda _: zeros)
    assert path.stat().st_size < 200_000
    assert HANDLER.recognises(path)
    assert isinstance(refused(path, tmp_path), DraftTooCostly)


@pytest.mark.parametrize("lost", [TYPES, "_rels/.rels", DOCUMENT])
def test_a_package_without_its_main_parts(draft: Path, tmp_path: Path, lost: str) -> None:
    path = tmp_path / "lacking.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts(draft).items():
            if name != lost:
                archive.writestr(name, content)
    assert isinstance(refused(path, tmp_path), DraftBroken)


def _with_chunk(path: Path, content_type: str, named: str = "rIdChunk") -> Path:
    """A draft that takes its second paragraph from another part."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    edge = f'<Relationship Id="rIdChunk" Type="{kind}" Target="chunk.bin"/></Relationships>'
    type_ = f'<Override PartName="/word/chunk.bin" ContentType="{content_type}"/></Types>'
    chunk = f'<w:altChunk r:id="{named}"/><w:sectPr'
    plain = saved(path.with_suffix(".plain"), letter)
    edits: dict[str, Edit] = {
        "[Content_Types].xml": lambda c: c.replace(b"</Types>", type_.encode()),
        "word/_rels/document.xml.rels": lambda c: c.replace(b"</Relationships>", edge.encode()),
        "word/document.xml": lambda c: c.replace(b"<w:sectPr", chunk.encode(), 1),
    }
    made = edited(plain, path, edits)
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("word/chunk.bin", "<html>样例</html>")
    return made


@pytest.mark.parametrize(
    ("content_type", "named"), [("text/html", "rIdChunk"), (TYPE_DOCUMENT, "rIdNone")]
)
def test_text_that_only_word_fetches_is_refused(
    content_type: str, named: str, tmp_path: Path
) -> None:
    with pytest.raises(DraftUnsupported, match="only Word shows"):
        draft = _with_chunk(tmp_path / "draft.docx", content_type, named)
        DocxHandler().mark(draft, tmp_path / "marked.docx", job(), FACES)
    assert not (tmp_path / "marked.docx").exists()


def test_an_inserted_word_file_is_looked_at_as_it_is_shown(tmp_path: Path) -> None:
    draft, target = _with_chunk(tmp_path / "draft.docx", TYPE_DOCUMENT), tmp_path / "marked.docx"
    DocxHandler().mark(draft, target, job(), FACES)
    assert DocxHandler().inspect(target).embedded is not None


def test_a_master_document_is_refused(tmp_path: Path) -> None:
    def edit(content: bytes) -> bytes:
        return content.replace(b"<w:sectPr", b'<w:p><w:subDoc r:id="x"/></w:p><w:sectPr', 1)

    plain = saved(tmp_path / "plain.docx", letter)
    draft = edited(plain, tmp_path / "draft.docx", {"word/document.xml": edit})
    with pytest.raises(DraftUnsupported, match="master document"):
        DocxHandler().mark(draft, tmp_path / "marked.docx", job(), FACES)


@pytest.mark.parametrize("prefix", [b"wps", b"wpg"])
def test_drawings_named_without_a_prefix_are_refused(prefix: bytes, tmp_path: Path) -> None:
    plain = saved(tmp_path / "plain.docx", letter)
    edits: dict[str, Edit] = {
        "word/document.xml": lambda c: c.replace(b"xmlns:%s=" % prefix, b"xmlns=", 1)
    }
    draft, target = edited(plain, tmp_path / "draft.docx", edits), tmp_path / "marked.docx"
    with pytest.raises(DraftUnsupported, match="without a prefix"):
        DocxHandler().mark(draft, target, job(), FACES)
    assert not target.exists()
