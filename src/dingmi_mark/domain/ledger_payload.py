"""The canonical bytes of ledger entries: what is hashed, chained and stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import get_type_hints

from dingmi_mark.domain.ledger import KINDS, Entry, FileDigests, kind_of
from dingmi_mark.domain.ledger_acts import RecordedPath

_FIELDS: Mapping[str, Mapping[str, object]] = {
    name: get_type_hints(kind, include_extras=True) for name, kind in KINDS.items()
}


class UnknownKind(ValueError):
    """An entry of a kind this version does not know: a newer version wrote it."""


def payload_of(entry: Entry) -> bytes:
    r"""Write an entry as canonical JSON: UTF-8, keys sorted by code point, no spaces.

    Bytes of file names that are no UTF-8 stay what they are (`\udcXX` escapes). Raises
    ValueError for what would not read back equal: another type, NUL, a time without zone.
    """
    payload = _canonical(entry)
    if entry_from(kind_of(entry), payload) != entry:
        raise ValueError(f"{type(entry).__name__} does not read back as it was written")
    return payload


def entry_from(kind: str, payload: bytes) -> Entry:
    """Read an entry from its kind and payload, in the canonical form only.

    Raises UnknownKind, and ValueError for a payload that this kind cannot have.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    stored = json.loads(payload)
    hints = _FIELDS[kind]
    if not isinstance(stored, dict) or stored.keys() != hints.keys():
        raise ValueError(f"{kind} does not have these fields")
    make: Callable[..., Entry] = KINDS[kind]
    entry = make(**{name: _READERS[hint](stored[name]) for name, hint in hints.items()})
    if datetime.fromisoformat(entry.at).tzinfo is None:
        raise ValueError("a time without zone")
    if _canonical(entry) != payload:
        raise ValueError(f"{kind} is not in canonical form")
    return entry


def _canonical(entry: Entry) -> bytes:
    stored = {each.name: _plain(getattr(entry, each.name)) for each in fields(entry)}
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    match value:
        case FileDigests(sm3, sha256):
            return {"sm3": sm3, "sha256": sha256}
        case Mapping():
            return dict(value)
        case _:
            return value


def _path(stored: object) -> str:
    if not isinstance(stored, str) or "\0" in stored:
        raise ValueError("text without NUL expected")
    return stored


def _text(stored: object) -> str:
    text = _path(stored)
    text.encode()  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    return text


def _integer(stored: object) -> int:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise ValueError("integer expected")
    return stored


def _truth(stored: object) -> bool:
    if not isinstance(stored, bool):
        raise ValueError("true or false expected")
    return stored


def _texts(stored: object) -> tuple[str, ...]:
    if not isinstance(stored, list):
        raise ValueError("list expected")
    return tuple(_text(each) for each in stored)


def _named_texts(stored: object) -> Mapping[str, str]:
    if not isinstance(stored, dict):
        raise ValueError("mapping expected")
    return MappingProxyType({_text(name): _text(value) for name, value in stored.items()})


def _digests(stored: object) -> FileDigests:
    found = _named_texts(stored)
    if found.keys() != {"sm3", "sha256"}:
        raise ValueError("two digests expected")
    return FileDigests(**found)


_READERS: Mapping[object, Callable[[object], object]] = {
    str: _text,
    RecordedPath: _path,
    int: _integer,
    bool: _truth,
    tuple[str, ...]: _texts,
    Mapping[str, str]: _named_texts,
    FileDigests: _digests,
}
