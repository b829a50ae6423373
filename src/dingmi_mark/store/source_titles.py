"""The titles of registered sources: they lie in the office's folder, as no title is in the ledger.

One file for each, `sources/<id>.toml`; the ledger holds its keyed digest, so that another title is
not taken for the one that was registered.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from dingmi_mark.store.new_file import replaced_text, writing_to

FOLDER: Final = "sources"


def write_title(office: Path, source_id: str, title: str) -> None:
    """Keep a title, 0600. Raises OutputDiskFull, OutputNotWritable."""
    import tomli_w

    folder = office / FOLDER
    with writing_to(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    replaced_text(_file(office, source_id), tomli_w.dumps({"title": title}))


def read_title(office: Path, source_id: str) -> str:
    """Return a title, empty where none is kept or it cannot be read."""
    try:
        kept = tomllib.loads(_file(office, source_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    title = kept.get("title", "")
    return title if isinstance(title, str) else ""


def _file(office: Path, source_id: str) -> Path:
    return office / FOLDER / f"{source_id}.toml"
