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
    "poi/60293.docx": "e3f74c7eb13cb4321808e1b5525e7109edb99f45f8e8e8b536f6afb225c12fc9",
    # sizes behind the bytes, with and without extra fields
    "poi/60329.docx": "8e3e79af1d7c0e375f6abb682f07d929310821cab7b4960466b6f5dee164895c",
    "poi/EmbeddedDocument.docx": "4afd9d9196cfcca180c19d1a9cf7ab4b004595352a662b15ecc85b3c6263f3ca",
    # several headers
    "poi/59378.docx": "c2414f5626003f30a70f4c29eb4659887561082355fae8ec3a9554cc448be63c",
    "poi/headerFooter.docx": "8e544238abb40d437493e5851e3b3176c14d83d72145b8f3ec6bd14691f2e14d",
    # packed under Unix; without settings
    "python-docx/tbl-props.docx": (
        "b9637c14f69e541afffc0c66007a879192441741e02758a54cbfcc0936b056ee"
    ),
    "python-docx/set-no-settings-part.docx": (
        "0aa15e47cb1574b8457febeb321bd219bad5e9b8edb75b48396dd371efe08397"
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
