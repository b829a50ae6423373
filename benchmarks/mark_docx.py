"""Mark a Word file, or load and save it with python-docx, as often as asked.

`whole` looks into the file, marks it, looks into the result and takes everything out again. `bare`
calls the libraries alone: it unpacks, parses, writes and packs the parts that a mark changes, and
copies the rest, without a rule, a mark or a check; no program that uses them goes below that.

Prints the median of the processor's time (s) that a file takes once the process has started and
marked one: other programs on the machine make everything longer, but not that.

python mark_docx.py ours|whole|python-docx|bare DRAFT TARGET TIMES
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median


def ours(draft: Path, target: Path) -> Callable[[], object]:
    """Return what puts a mark and the label into the file."""
    from dingmi_mark.engine.shapes import Block, Box, TextRun
    from dingmi_mark.formats.base import Carriers, MarkJob
    from dingmi_mark.formats.docx import DocxHandler
    from dingmi_mark.store.fonts import OfficeFaces

    box = Box(28, 47.227, 34, 5.644)
    block = Block("mark", box, (TextRun("机密★10年", box, 52.2, "heiti", 16),))
    carriers = Carriers("d" * 32, "m" * 32, "c" * 32, b'{"sample":true}')
    job = MarkJob({0: (block,), 1: (block,)}, (), carriers)
    return lambda: DocxHandler().mark(draft, target, job, OfficeFaces({}))


def whole(draft: Path, target: Path) -> Callable[[], object]:
    """Return all that is done with a file between its approval and its release."""
    from dingmi_mark.formats.docx import DocxHandler

    mark, handler, clean = ours(draft, target), DocxHandler(), target.with_suffix(".clean")

    def work() -> None:
        before = handler.inspect(draft)
        mark()
        assert handler.inspect(target).content_digest == before.content_digest
        clean.unlink(missing_ok=True)
        handler.clean(target, clean)
        assert handler.inspect(clean).embedded is None

    return work


def theirs(draft: Path, target: Path) -> Callable[[], object]:
    """Return what loads and saves the file, and changes nothing."""
    from docx import Document

    return lambda: Document(str(draft)).save(str(target))


def bare(draft: Path, target: Path) -> Callable[[], object]:
    """Return the calls of libraries that no mark can do without."""
    import zlib
    from zipfile import ZipFile

    from lxml import etree

    changed = ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels")

    def work() -> None:
        with ZipFile(draft) as package:
            for name in (*changed, "word/document.xml"):
                root = etree.fromstring(package.read(name))
                written = etree.tostring(root.getroottree(), encoding="UTF-8")
                zlib.crc32(written)
                zlib.compress(written, 1)
        target.write_bytes(draft.read_bytes())

    return work


if __name__ == "__main__":
    _, who, source, made, times = sys.argv
    work = {"ours": ours, "whole": whole, "python-docx": theirs, "bare": bare}[who](
        Path(source), Path(made)
    )
    spent = []
    for _ in range(int(times)):
        Path(made).unlink(missing_ok=True)
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    print(median(spent[1:] or spent))
