"""The office's list of public texts: files in its folder `public`, whose words raise no alarm.

Boilerplate, law texts, published papers: whoever keeps the list puts the files there and takes them
away again. What they hold is read anew when a file of the folder changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.store.new_file import new_file, replaced_text
from dingmi_mark.store.office import Office
from dingmi_mark.store.quote_index import QuoteIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER: Final = "public"
"""Folder of the office with public texts."""

_TOLD: Final = "public.json"
_TEXT: Final = (".txt", ".md")


def public_shingles(
    office: Office, index: QuoteIndex
) -> tuple[NDArray[np.uint64], tuple[Message, ...]]:
    """Return the shingles of all public texts, in order, and which files could not be read."""
    import numpy as np

    files = sorted(path for path in (office.folder / FOLDER).rglob("*") if path.is_file())
    if not files:
        return np.zeros(0, dtype=np.uint64), ()
    seen = {str(path): [path.stat().st_size, path.stat().st_mtime_ns] for path in files}
    told = _told(index)
    if told is not None and told["files"] == seen:
        try:
            return np.load(index.folder / told["shingles"]), _remarks(told["unread"])
        except (OSError, ValueError):
            pass
    return _read_anew(office, index, files, seen)


def _told(index: QuoteIndex) -> dict[str, Any] | None:
    try:
        told = json.loads((index.folder / _TOLD).read_text("utf-8"))
        whole = {"key", "files", "shingles", "unread"} <= set(told)
    except (OSError, ValueError, TypeError):
        return None
    return told if whole and told["key"] == index.check else None


def _read_anew(
    office: Office, index: QuoteIndex, files: list[Path], seen: dict[str, list[int]]
) -> tuple[NDArray[np.uint64], tuple[Message, ...]]:
    import numpy as np

    from dingmi_mark.quoting.fingerprints import shingles
    from dingmi_mark.quoting.normal import normal

    found, unread = [np.zeros(0, dtype=np.uint64)], []
    for path in files:
        try:
            found.append(shingles(normal(_text(path, office)).codes, index.key))
        except (DingmiError, OSError, ValueError):
            unread.append(path.name)
    known = np.unique(np.concatenate(found))
    index.folder.mkdir(mode=0o700, exist_ok=True)
    name = f"public-{os.urandom(6).hex()}.npy"
    with new_file(index.folder / name) as stream:
        np.save(stream, known)
    before = _told(index)
    told = {"key": index.check, "files": seen, "shingles": name, "unread": unread}
    replaced_text(index.folder / _TOLD, json.dumps(told))
    if before is not None:
        (index.folder / Path(before["shingles"]).name).unlink(missing_ok=True)
    return known, _remarks(unread)


def _text(path: Path, office: Office) -> str:
    if path.suffix.lower() in _TEXT:
        content = path.read_bytes()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("gb18030")
    with as_markable(path, office.conversion) as made:
        return text_of(made.path, handler_for(made.path), office.limits.seconds / 4).text


def _remarks(unread: list[str]) -> tuple[Message, ...]:
    return tuple(_unreadable(unread))


def _unreadable(unread: list[str]) -> Iterator[Message]:
    if unread:
        yield say("Not readable in the folder public: {files}.", files="、".join(unread))
