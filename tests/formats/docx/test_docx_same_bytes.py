"""What is written for a real file is the same from one version of the program to the next."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
from pathlib import Path

import pytest
from docx_drafts import FACES, job

from dingmi_mark.formats.docx import DocxHandler

CORPUS = os.environ.get("DINGMI_CORPUS")
WRITTEN = {
    # extra fields
    "poi/60293.docx": "65d35e226ad5a5077b21acd8dacfdc9092adbedab4b22abcceb388f74390d6f0",
    # sizes behind the bytes, with and without extra fields
    "poi/60329.docx": "b8404762b8146bb5931592f98a585a3f0f4d9edae52633ec6793bb5572020bc2",
    "poi/EmbeddedDocument.docx": "c697da2512246eef0f1f46eb1855e612862fd3f1146ac07393a8588dcc64716e",
    # several headers
    "poi/59378.docx": "243dcf7d723191b50dde41f661a6f5f8c98f8fcce2adebe983acc0da38c31e3f",
    "poi/headerFooter.docx": "a4964450b6a4e89d0937cfcabd01066153775a7906f866fd2dd1b614ccb6f2f9",
    # packed under Unix; without settings
    "python-docx/tbl-props.docx": (
        "9ef33666ec79bfd02ac3402ed86ff9ee8feaa6b843095db6084bcab4a72757ba"
    ),
    "python-docx/set-no-settings-part.docx": (
        "3e1ab03f51a5db75b29dddc12e988d885ebeaa6ee886a13d8c9024e6c150c317"
    ),
}
"""Digests of what is written, by file."""

pytestmark = pytest.mark.skipif(not CORPUS, reason="needs DINGMI_CORPUS")


def _members(path: Path) -> dict[str, tuple[zipfile.ZipInfo, bytes, bytes]]:
    """Return each member's entry, the header before it and its packed bytes."""
    whole = path.read_bytes()
    found = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            start = member.header_offset
            name, extra = struct.unpack_from("<2H", whole, start + 26)
            begin = start + 30 + name + extra
            packed = whole[begin : begin + member.compress_size]
            found[member.filename] = (member, whole[start:begin], packed)
    return found


def _digest(path: Path) -> str:
    """Digest a zip, save the bytes that depend on the library that packs."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(path) as archive:
        digest.update(archive.comment)
        for member, head, _ in _members(path).values():
            # The header's size of the packed bytes is left out.
            digest.update(head[:18] + head[22:])
            said = (
                member.create_system, member.create_version, member.extract_version,
                member.flag_bits, member.compress_type, member.date_time, member.CRC,
                member.file_size, member.internal_attr, member.external_attr, member.extra,
                member.comment,
            )  # fmt: skip
            digest.update(repr(said).encode())
            digest.update(archive.read(member))
    return digest.hexdigest()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_real_file_is_written_as_ever(name: str, tmp_path: Path) -> None:
    source, target = Path(CORPUS or "", "docx", name), tmp_path / "marked.docx"
    DocxHandler().mark(source, target, job(closing_words="完。"), FACES)
    assert _digest(target) == WRITTEN[name]


@pytest.mark.parametrize("name", WRITTEN)
def test_what_no_mark_changes_keeps_its_packed_bytes_and_its_place(
    name: str, tmp_path: Path
) -> None:
    source, target = Path(CORPUS or "", "docx", name), tmp_path / "marked.docx"
    DocxHandler().mark(source, target, job(), FACES)
    before, after = _members(source), _members(target)
    assert list(after)[: len(before)] == list(before)
    same = [key for key in before if before[key][0].CRC == after[key][0].CRC]
    assert len(same) >= len(before) / 2
    assert all(before[key][2] == after[key][2] for key in same)
