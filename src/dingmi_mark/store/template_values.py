"""Take the figures, names and colours of a template, within sane bounds.

A figure that is wrong or missing is NaN after its fault was noted: no comparison with it is true,
so that one fault is told once.
"""

from __future__ import annotations

import re
from math import nan
from typing import Any, Final

from dingmi_mark.engine.shapes import Colour
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import Table

FARTHEST_MM: Final = 2000.0
"""Larger than A0: beyond it a figure is a slip of the pen."""
SMALLEST_MM: Final = 0.5
LINES_MM: Final = (0.05, 5.0)
SIZES_PT: Final = (4.0, 200.0)

_COLOUR = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def offset(table: Table, key: str, default: float | None = nan) -> Any:
    return _measure(table, key, default, -FARTHEST_MM, FARTHEST_MM)


def length(table: Table, key: str, default: float | None = nan) -> Any:
    return _measure(table, key, default, SMALLEST_MM, FARTHEST_MM)


def line(table: Table, key: str, default: float | None = nan) -> Any:
    return _measure(table, key, default, *LINES_MM)


def size(table: Table, key: str) -> Any:
    return _measure(table, key, nan, *SIZES_PT)


def _measure(table: Table, key: str, default: float | None, least: float, most: float) -> Any:
    """Take a figure; NaN where it is wrong, so that no comparison with it finds a second fault."""
    if table.has(key):
        return table.number(key, nan, least=least, most=most)
    if default is None or default == default:
        return table.number(key, default)
    table.number(key)
    return nan


def name(table: Table, key: str) -> str:
    found = table.text(key)
    if found and not _NAME.fullmatch(found):
        table.fault(key, say("a name of small letters, digits and _ is expected"))
    return found


def colour(table: Table, default: Colour | None) -> Any:
    found = table.text("colour", None)
    if found is None:
        return default
    parts = _COLOUR.fullmatch(found)
    if parts is None:
        if found:
            table.fault("colour", say("a colour such as #C00000 is expected"))
        return default
    return Colour(*(int(part, 16) for part in parts.groups()))
