"""One job of a guarded queue: the decision on a marked PDF, and what it cannot do without.

python print_job.py make FOLDER     an office with a marked PDF of 10 pages, and a printer
python print_job.py job FOLDER      the backend as the print server calls it
python print_job.py peer FOLDER     import what the decision needs, and render the pages
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

PAGES = 10
_REFUSED = 5
_SINK = "#!/bin/sh\nexit 0\n"


def make(folder: Path) -> None:
    """Make all that a job needs."""
    import whole_job

    from dingmi_mark.printhook.settings import GuardedQueue, settings_in, write_queues
    from dingmi_mark.store.office import read_office
    from office_kit import Room

    whole_job.PAGES = PAGES
    whole_job.make(folder, 1)
    room = Room(folder / "room", read_office(folder / "room" / "office"))
    (verdict,) = room.mark().verdicts
    (copy,) = verdict.copies
    (folder / "marked.pdf").symlink_to(copy.path)
    (folder / "etc").mkdir()
    write_queues(settings_in(folder / "etc"), [GuardedQueue("样例", room.office.folder)])
    sink = folder / "bin" / "backend" / "sink"
    sink.parent.mkdir(parents=True)
    sink.write_text(_SINK, encoding="utf-8")
    sink.chmod(0o755)


def job(folder: Path) -> None:
    """Let the backend decide on the job, and refuse it at the very end, for its layout.

    Such a job costs all that a decision does, and can be asked for again and again.
    """
    environment = {
        **os.environ,
        "PRINTER": "样例",
        "DEVICE_URI": "dingmi:sink:样例",
        "CUPS_SERVERROOT": str(folder / "etc"),
        "CUPS_SERVERBIN": str(folder / "bin"),
    }
    arguments = ["1", "样例", "样例", "1", "number-up=2", str((folder / "marked.pdf").resolve())]
    command = [sys.executable, "-I", "-m", "dingmi_mark.cli.cups_backend", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode != _REFUSED or "打印选项".encode() not in done.stderr:
        raise SystemExit(f"not decided: {done.returncode} {done.stderr.decode()}")


def peer(folder: Path) -> None:
    """Import what looks at a job, and render the pages as the check sees them."""
    import pymupdf

    import dingmi_mark.cli.cups_backend
    import dingmi_mark.cli.cups_decide
    import dingmi_mark.formats.pdf.handler
    import dingmi_mark.pipeline.check
    import dingmi_mark.store.ledger  # noqa: F401

    with pymupdf.open(folder / "marked.pdf") as document:
        for page in document:
            page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)


if __name__ == "__main__":
    _, what, where = sys.argv
    {"make": make, "job": job, "peer": peer}[what](Path(where).absolute())
