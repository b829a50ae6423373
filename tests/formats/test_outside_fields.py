"""A text file that draws in other files of the machine is told, however its letters are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingmi_mark.formats.outside_fields import draws_in_other_files

DRAWING = [
    rb'{\rtf1 {\field{\*\fldinst INCLUDEPICTURE "/tmp/a.png" \\d}{\fldrslt y}} x}',
    rb'{\rtf1 {\field{\*\fldinst includetext "/tmp/a.txt"}{\fldrslt y}}}',
    rb'{\rtf1 {\field{\*\fldinst INCLU{\b DE}\par PICTURE "/tmp/a.png"}{\fldrslt y}}}',
    rb"{\rtf1 {\field{\*\fldinst \'49NCLUDE\'50ICTURE a}}}",
    rb"{\rtf1 {\field{\*\fldinst \u73 ?NCLUDE\u80?ICTURE a}}}",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "\x13INCLUDEPICTURE a".encode("utf-16-le"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x13 IncludePicture a",
]


@pytest.mark.parametrize("content", DRAWING)
def test_what_draws_in_other_files_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "通知"
    file.write_bytes(content)
    assert draws_in_other_files(file)


def test_ordinary_fields_and_pictures_are_not(tmp_path: Path) -> None:
    file = tmp_path / "通知.rtf"
    file.write_bytes(rb"{\rtf1 {\field{\*\fldinst PAGE}{\fldrslt 1}}{\pict\pngblip 89504e47} x}")
    assert not draws_in_other_files(file)
