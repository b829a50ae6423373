"""Large Word files are copied and digested piece by piece: memory stays flat."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx_drafts import letter, parts, saved

from dingmi_mark.formats.docx.package import found_in

_MIB = 1 << 20
_PICTURES_MIB = 150
_MOST_MIB = 90
"""What the child may hold at most: libraries and fonts take about 35 MiB, a picture would be 75."""

_REST = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_SHOWN = (
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
    '<v:imagedata r:id="large{0}"/></v:shape></w:pict></w:r>'
)
_EDGE = '<Relationship Id="large{0}" Type="' + _REST + '" Target="media/large{0}.png"/>'

_WORK = """
import sys
from pathlib import Path
from dingmi_mark.engine.shapes import Block, Box, TextRun
from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.store.fonts import OfficeFaces

draft, marked, clean = map(Path, sys.argv[1:])
box = Box(28, 47.227, 34, 5.644)
block = Block("mark", box, (TextRun("机密★10年", box, 52.2, "heiti", 16),))
carriers = Carriers("d" * 32, "m" * 32, "c" * 32, b'{"sample":true}')
handler = DocxHandler()
before = handler.inspect(draft)
handler.mark(draft, marked, MarkJob({0: (block,), 1: (block,)}, (), carriers), OfficeFaces({}))
assert handler.inspect(marked).content_digest == before.content_digest
handler.clean(marked, clean)
assert not bears_traces(clean)
print(Path("/proc/self/status").read_text())
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A letter that shows two pictures of 75 MiB, stored as they are."""
    small = saved(tmp_path / "small.docx", letter)
    path = tmp_path / "large.docx"
    numbers = range(2)
    shown = "<w:p>" + "".join(map(_SHOWN.format, numbers)) + "</w:p><w:sectPr"
    edges = "".join(map(_EDGE.format, numbers)) + "</Relationships>"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts(small).items():
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", shown.encode(), 1)
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", edges.encode())
            archive.writestr(name, content)
        for number in numbers:
            with archive.open(f"word/media/large{number}.png", "w") as picture:
                for _ in range(_PICTURES_MIB // 2):
                    picture.write(bytes([number]) * _MIB)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak that Linux keeps")
def test_a_file_of_150_mib_takes_no_more_memory_than_a_small_one(
    large: Path, tmp_path: Path
) -> None:
    targets = [str(tmp_path / name) for name in ("marked.docx", "clean.docx")]
    command = [sys.executable, "-c", _WORK, str(large), *targets]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    peak = re.search(r"VmHWM:\s+(\d+) kB", told)
    assert peak is not None and int(peak[1]) / 1024 < _MOST_MIB, told
    assert (tmp_path / "clean.docx").stat().st_size > _PICTURES_MIB * _MIB


@pytest.mark.parametrize(
    ("chunks", "found"),
    [
        ([b"..dingmi.."], True),
        ([b"..din", b"gmi.."], True),
        ([b"d", b"i", b"n", b"g", b"m", b"i"], True),
        ([b"ding", b"", b"mi"], True),
        ([b"ding", b"x", b"mi"], False),
        ([], False),
    ],
)
def test_a_name_is_found_across_pieces(chunks: list[bytes], found: bool) -> None:
    assert found_in(chunks, b"dingmi") is found
