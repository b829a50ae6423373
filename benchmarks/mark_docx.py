"""Mark a Word file, or load and save it with python-docx, as often as asked.

python mark_docx.py ours|python-docx DRAFT TARGET TIMES
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path


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


def theirs(draft: Path, target: Path) -> Callable[[], object]:
    """Return what loads and saves the file, and changes nothing."""
    from docx import Document

    return lambda: Document(str(draft)).save(str(target))


if __name__ == "__main__":
    _, who, source, made, times = sys.argv
    work = {"ours": ours, "python-docx": theirs}[who](Path(source), Path(made))
    for _ in range(int(times)):
        Path(made).unlink(missing_ok=True)
        work()
