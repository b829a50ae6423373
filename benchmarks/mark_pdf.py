"""Put a mark on every page of a PDF, with the handler alone and as often as asked.

python mark_pdf.py DRAFT TARGET PAGES [TIMES [--modules]]

With --modules it names all modules that were loaded and are not our own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dingmi_mark.engine.shapes import Block, Box, TextRun
from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.store.fonts import OfficeFaces


def main(draft: Path, target: Path, pages: int, faces: OfficeFaces) -> None:
    """Mark and write anew, safe on the disk; an earlier target is replaced for further rounds."""
    target.unlink(missing_ok=True)
    box = Box(28, 47.227, 34, 5.644)
    run = TextRun("机密★10年", box, 52.2, "heiti", 16)
    block = Block("mark", box, (run,))
    carriers = Carriers("d" * 32, "m" * 32, "c" * 32, b'{"sample":true}')
    blocks = {page: (block,) for page in range(pages)}
    PdfHandler().mark(draft, target, MarkJob(blocks, (), carriers), faces)
    opened = os.open(target, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)


if __name__ == "__main__":
    shared = OfficeFaces({})  # as a worker has them: opened once
    for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), shared)
    if "--modules" in sys.argv:
        foreign = {n: m for n, m in sys.modules.items() if not n.startswith(("__", "dingmi_mark"))}
        print(*(name for name, module in foreign.items() if getattr(module, "__spec__", None)))
