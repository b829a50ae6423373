"""The second carrier of pictures, besides XMP: ids and record as plain lines of text."""

from __future__ import annotations

from collections.abc import Iterable

from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.xmp import Found, Ids

KEYWORD = "dingmi-mark"


def lines(carriers: Carriers) -> bytes:
    """Write the three ids, a line each, then the record (UTF-8)."""
    ids = (carriers.document_id, carriers.marking_id, carriers.copy_id)
    return "".join(f"{text}\n" for text in ids).encode() + carriers.record


def found_in(text: bytes) -> Found | None:
    """Read `lines` back; None where the text is none of ours."""
    parts = text.split(b"\n", 3)
    if len(parts) < 4:
        return None
    try:
        document, marking, copy = (part.decode("utf-8") for part in parts[:3])
    except UnicodeDecodeError:
        return None
    return Found(Ids(document, marking, copy), parts[3])


def embedded(levels: Iterable[tuple[str, tuple[Found | None, ...]]]) -> Embedded | None:
    """Sum up what was found at each level, best level first; a level counts when it is complete."""
    levels = tuple(levels)
    found = [one for _, all_found in levels for one in all_found if one is not None]
    if not found:
        return None
    return Embedded(
        marking_ids=tuple(dict.fromkeys(one.ids.marking for one in found if one.ids.marking)),
        records=tuple(dict.fromkeys(one.record for one in found if one.record)),
        levels={name: all(one is not None for one in all_found) for name, all_found in levels},
    )
