"""What tesseract tells of a picture becomes lines with places, whatever it tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.ocr import PictureLine, read_lines

COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text"
HEAD = COLUMNS.replace(" ", "\t")
A4 = Image.new("RGB", (20, 20), "white")


def program(folder: Path, *rows: str, code: int = 0) -> str:
    """Return a program that tells a table."""
    table = folder / "table"
    table.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    made = folder / "tesseract"
    made.write_text(f"#!/bin/sh\ncat > /dev/null\ncat '{table}'\nexit {code}\n", encoding="utf-8")
    made.chmod(0o700)
    return str(made)


def word(line: int, number: int, left: int, text: str, top: int = 300, block: int = 1) -> str:
    return f"5\t1\t{block}\t1\t{line}\t{number}\t{left}\t{top}\t60\t30\t96.5\t{text}"


def test_words_of_a_line_are_put_together_with_their_places(tmp_path: Path) -> None:
    told = program(
        tmp_path,
        "4\t1\t1\t1\t1\t0\t300\t300\t300\t40\t-1\t",
        word(1, 1, 300, "样例"),
        word(1, 2, 370, "：", top=296),
        word(1, 3, 440, "DINGMI"),
        word(1, 4, 510, "mark"),
        word(2, 1, 300, "  ", top=400),
        word(1, 1, 300, "内容", top=500, block=2),
        word(1, 2, 370, "虚构", top=500, block=2),
    )
    assert read_lines(told, A4, 300, 10) == (
        PictureLine("样例：DINGMI mark", Box(*near(300, 296, 270, 34))),
        PictureLine("内容虚构", Box(*near(300, 500, 130, 30))),
    )


def near(*points: int) -> tuple[float, ...]:
    """Return points at 300 a inch in millimetres."""
    return tuple(point * (25.4 / 300) for point in points)


def test_a_row_that_is_cut_off_is_no_word(tmp_path: Path) -> None:
    assert read_lines(program(tmp_path, "5\t1\t1\t1\t1", "", "样例"), A4, 300, 10) == ()


@pytest.mark.parametrize("code", [1, 139])
def test_a_program_that_fails_has_read_nothing(tmp_path: Path, code: int) -> None:
    assert read_lines(program(tmp_path, word(1, 1, 0, "样例"), code=code), A4, 300, 10) is None
    assert read_lines(str(tmp_path / "不在"), A4, 300, 10) is None
