"""LibreOffice is used alone, offline and within a time, and leaves nothing behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymupdf
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx_drafts import edited, letter, saved

from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.formats import office_convert
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.office_convert import find_soffice, to_pdf
from dingmi_mark.formats.office_profile import write_profile
from office_files_kit import FONT, listening, with_font

needs_soffice = pytest.mark.skipif(find_soffice() is None, reason="needs libreoffice-writer-nogui")
soffice_group = pytest.mark.xdist_group("soffice")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path / "-名字 draft.docx", letter)


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, to see what is left in it."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of LibreOffice; tests write what it does."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.touch()
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


@needs_soffice
@soffice_group
def test_a_word_file_becomes_a_pdf(draft: Path, private: Path, tmp_path: Path) -> None:
    made = to_pdf(draft, tmp_path)
    assert made == tmp_path / "-名字 draft.pdf"
    assert "第1段" in _text(made).replace(" ", "")
    assert list(private.iterdir()) == []


@needs_soffice
@soffice_group
@pytest.mark.parametrize("here", ["/proc/self/cwd", "/nonexistent"])
def test_where_libreoffice_works_has_the_same_name_at_every_time(
    here: str, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that show it are compared; where the system has no such name they are made all the
    same.
    """
    monkeypatch.setattr(office_convert, "_HERE", Path(here))
    shown = saved(tmp_path / "a.docx", _with_its_path)
    said = _text(to_pdf(shown, tmp_path)).replace("\n", "")
    assert (f"{here}/draft.docx" in said) is Path(here).exists()
    assert said.count("draft.docx") == 1


@needs_soffice
@soffice_group
def test_pictures_on_other_machines_are_not_fetched(tmp_path: Path) -> None:
    with listening() as (port, asked):
        to_pdf(_with_linked_picture(tmp_path, f"http://127.0.0.1:{port}/spy.png"), tmp_path)
    assert asked == []


@needs_soffice
@soffice_group
def test_nothing_else_that_a_word_file_links_is_fetched(tmp_path: Path) -> None:
    """Its template, a part of it that lies elsewhere, a linked object, a style sheet of a frame."""
    with listening() as (port, asked):
        to_pdf(_with_links(tmp_path, f"http://127.0.0.1:{port}/"), tmp_path)
    assert asked == []


@needs_soffice
@soffice_group
def test_no_draft_lends_its_font_to_the_next(tmp_path: Path) -> None:
    """A LibreOffice that stays shows the next draft in the fonts of the one before."""
    plain = with_font(tmp_path / "plain.odt", carried=False)
    before = _fonts(to_pdf(plain, tmp_path))
    assert FONT in _fonts(to_pdf(with_font(tmp_path / "own.odt", carried=True), tmp_path))
    assert FONT not in before
    assert _fonts(to_pdf(plain, tmp_path)) == before


def test_the_room_is_private(draft: Path, private: Path, fake: Path, tmp_path: Path) -> None:
    fake.write_text(f'#!/bin/sh\nls -ld "$TMPDIR" > {tmp_path}/seen\nexit 3\n')
    with pytest.raises(ConfirmationToolFailed) as error:
        to_pdf(draft, tmp_path)
    assert "status 3" in str(error.value.message)
    assert (tmp_path / "seen").read_text().startswith("drwx------")
    assert list(private.iterdir()) == []


def test_a_conversion_that_makes_nothing_fails(draft: Path, fake: Path, tmp_path: Path) -> None:
    fake.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(ConfirmationToolFailed):
        to_pdf(draft, tmp_path)


def test_a_conversion_that_hangs_is_ended_with_its_children(
    draft: Path, private: Path, fake: Path, tmp_path: Path
) -> None:
    fake.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/child\nwait\n")
    with pytest.raises(ConfirmationToolFailed):
        to_pdf(draft, tmp_path, time_limit_s=1)
    assert _gone(int((tmp_path / "child").read_text()))
    assert list(private.iterdir()) == []


def test_without_libreoffice_there_is_no_view(
    draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_soffice() is None
    with DocxHandler().view(draft) as pages:
        assert pages is None
    with pytest.raises(ConfirmationToolFailed):
        to_pdf(draft, tmp_path)


def test_the_view_is_over_the_converted_file_and_cleaned_up(
    draft: Path, private: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.write_text('#!/bin/sh\nmkdir -p out && printf PDF > "out/draft.pdf"\n')
    monkeypatch.setitem(sys.modules, "dingmi_mark.formats.pdf.view", _fake_view())
    with DocxHandler().view(draft) as pages:
        assert repr(pages) == repr(("b'PDF'", "0o700"))
    assert list(private.iterdir()) == []


def test_no_setting_of_the_profile_is_lost(tmp_path: Path) -> None:
    write_profile(tmp_path / "profile", Path("nowhere", "soffice"))
    written = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text()
    for name in ("BlockUntrustedRefererLinks", "MacroSecurityLevel", "DisableMacrosExecution"):
        assert name in written


@needs_soffice
@soffice_group
def test_libreoffice_starts_once_and_does_not_test_how_it_draws(tmp_path: Path) -> None:
    soffice = find_soffice()
    assert soffice is not None
    saved(tmp_path / "draft.docx", lambda document: document.add_paragraph("样例"))
    ended = []
    for name in ("with", "without"):
        profile = tmp_path / name
        if name == "with":
            write_profile(profile, soffice)
        # The program behind the script: that would start it once more, and tell nobody.
        command = [soffice.resolve().with_name("soffice.bin"), "--headless", "--convert-to", "pdf"]
        run = subprocess.run(
            [*command, f"-env:UserInstallation={profile.as_uri()}", "draft.docx"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        ended.append((run.returncode, (profile / "user" / "GraphicsRenderTests.log").exists()))
    assert ended[0] == (0, False)
    assert ended[0] != ended[1], "LibreOffice no longer needs to be told"


@pytest.mark.parametrize(
    ("product", "version"), [("LibreOffice 7.4", "7.4"), ("Example Office 24.08", "24.08")]
)
def test_the_version_is_what_the_program_says_of_itself(
    tmp_path: Path, product: str, version: str
) -> None:
    program = tmp_path / "program" / "soffice"
    program.parent.mkdir()
    told = f"[Bootstrap]\r\nInstallMode=<installmode>\r\nProductKey={product}\r\n"
    (program.parent / "bootstraprc").write_text(told)
    (program.parent / "versionrc").write_text("[Version]\nbuildid=40(Build:2)\n")
    write_profile(tmp_path / "profile", program)
    written = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text()
    assert f'"ooSetupLastVersion" oor:op="fuse"><value>{version}</value>' in written
    build = tmp_path / "profile" / "user" / "extensions" / "buildid"
    assert build.read_text() == "40(Build:2)"


@pytest.mark.parametrize("said", ["", "[Bootstrap]\nProductKey=样例\n", "\x00\xff"])
def test_without_its_version_the_profile_only_says_less(tmp_path: Path, said: str) -> None:
    program = tmp_path / "program" / "soffice"
    program.parent.mkdir()
    for name in ("bootstraprc", "versionrc"):
        (program.parent / name).write_bytes(said.encode("latin-1", "replace"))
    write_profile(tmp_path / "profile", program)
    written = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text()
    assert "ooSetupLastVersion" not in written and "MacroSecurityLevel" in written
    assert not (tmp_path / "profile" / "user" / "extensions" / "buildid").exists()


def test_a_loop_of_links_only_says_less(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.symlink_to(program)
    write_profile(tmp_path / "profile", program)
    written = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text()
    assert "ooSetupLastVersion" not in written


def _fonts(path: Path) -> set[str]:
    with pymupdf.open(path) as pdf:
        return {font[3].partition("+")[2] for font in pdf[0].get_fonts()}


def _text(path: Path) -> str:
    with pymupdf.open(path) as pages:  # type: ignore[no-untyped-call]
        return str(pages[0].get_text())


def _fake_view() -> types.ModuleType:
    module = types.ModuleType("dingmi_mark.formats.pdf.view")

    @contextmanager
    def open_pdf_view(path: Path) -> Iterator[tuple[str, str]]:
        yield str(path.read_bytes()), oct(stat.S_IMODE(path.parent.stat().st_mode))

    module.open_pdf_view = open_pdf_view  # type: ignore[attr-defined]
    return module


def _gone(process: int) -> bool:
    """Tell whether a process ends soon: it was killed, and the system takes its time when busy.

    One nobody has waited for yet counts as ended.
    """
    status = Path(f"/proc/{process}/stat")
    for _ in range(100):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def _with_its_path(document: Document) -> None:
    field = r'<w:fldSimple %s w:instr="FILENAME \p"><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    document.add_paragraph()._p.append(parse_xml(field % nsdecls("w")))


def _with_linked_picture(folder: Path, address: str) -> Path:
    """Make a draft whose picture is not in the file but at an address."""
    from PIL import Image

    picture, inside, linked = folder / "p.png", folder / "inside.docx", folder / "linked.docx"
    Image.new("RGB", (20, 20), "red").save(picture)
    saved(inside, lambda document: document.add_picture(str(picture)))
    outside = f'Target="{address}" TargetMode="External"'.encode()
    return edited(
        inside,
        linked,
        {
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b'Target="media/image1.png"', outside
            ),
            "word/document.xml": lambda xml: xml.replace(b"r:embed=", b"r:link="),
        },
    )


def _with_links(folder: Path, address: str) -> Path:
    """Make a draft with a template, a sub-document, an alternative part and an object elsewhere."""
    kinds = ("attachedTemplate", "subDocument", "aFChunk", "oleObject", "frame")
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    edges = "".join(
        f'<Relationship Id="rIdL{number}" Type="{related}/{kind}" Target="{address}{kind}.docx" '
        'TargetMode="External"/>'
        for number, kind in enumerate(kinds)
    )
    used = (
        f'<w:subDoc xmlns:r="{related}" r:id="rIdL1"/>'
        f'<w:altChunk xmlns:r="{related}" r:id="rIdL2"/>'
    )
    settings = f'<w:attachedTemplate xmlns:r="{related}" r:id="rIdT"/>'
    template = edges.partition("/>")[0].replace("rIdL0", "rIdT") + "/>"
    end = b"</Relationships>"
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    return edited(
        saved(folder / "inside.docx", letter),
        folder / "linked.docx",
        {
            "word/_rels/document.xml.rels": lambda xml: xml.replace(end, edges.encode() + end),
            "word/_rels/settings.xml.rels": lambda _: (
                f'<Relationships xmlns="{relationships}">{template}</Relationships>'.encode()
            ),
            "word/settings.xml": lambda xml: xml.replace(
                b"</w:settings>", settings.encode() + b"</w:settings>"
            ),
            "word/document.xml": lambda xml: xml.replace(
                b"<w:sectPr", used.encode() + b"<w:sectPr", 1
            ),
        },
    )


@soffice_group
@needs_soffice
@pytest.mark.parametrize("language", ["", "zh_XX.UTF-8", "C", "C.UTF-8"])
def test_a_folder_of_any_name_is_read_whatever_the_language_of_the_machine(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    if language:
        monkeypatch.setenv("LANG", language)
    folder = tmp_path / "样例单位"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    made = to_pdf(saved(folder / "d.docx", letter), folder, time_limit_s=60)
    assert made.read_bytes().startswith(b"%PDF")
