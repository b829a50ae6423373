"""One document or several: what a printer and a reader of files could see differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingmi_mark.pipeline.several import holds_several
from office_kit import docx, pdf, picture

UEL = b"\x1b%-12345X"


@pytest.mark.parametrize(
    "content",
    [
        pdf() + pdf(),
        pdf().rstrip() + pdf(),
        picture() + b"\n" + pdf(),
        b"junk before\n" + pdf(),
        UEL + b"@PJL ENTER LANGUAGE=PDF\n" + pdf(),
        pdf() + UEL + b"@PJL\n",
        pdf() + b"\n%!PS-Adobe-3.0\n",
        b"%PDF-1.7\n" + b" " * (1 << 20) + b"\n%PDF-1.4\n",
        b"%PDF-1.7\n" + b" " * ((1 << 20) + 1010) + b"\n%PDF-1.4\n",
    ],
)
def test_another_document_in_a_file_is_seen_wherever_it_lies(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    assert holds_several(file)


@pytest.mark.parametrize("content", [pdf(3), picture(), docx(), b"", "样例".encode()])
def test_one_document_is_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(content)
    assert not holds_several(file)
