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
    "poi/60293.docx": "f4fe114084257adb3cd1dd799096bf3c9ce01dd748dc935730ce0df8a4669a45",
    # sizes behind the bytes, with and without extra fields
    "poi/60329.docx": "b4245d2579a8e1640aa03badcd83b964f6b0889fec68a281f25511ac7f9d9269",
    "poi/EmbeddedDocument.docx": "9d3edfb43c6d210fcd35f64b55680a3f10583467f14ec51bd3848aa6b3045137",
    # several headers
    "poi/59378.docx": "d094a0dd91900c04fa7c0a61bf4257aba9bfdfe254d9858571c902b24bb31106",
    "poi/headerFooter.docx": "a37bdd4bdb1227bcbb540543224199763e1511fa2367804239974e1565f08bd5",
    # packed under Unix; without settings
    "python-docx/tbl-props.docx": (
        "87b6d221b496da9cc25457d52b68d58cf105a771bb9f178fd5aeafb9952a34ae"
    ),
    "python-docx/set-no-settings-part.docx": (
        "615eaf6cba32c5dc84152393111952eb3183a62e808902b0bdda5f16fe225e81"
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
