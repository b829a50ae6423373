"""Paths as the ledger keeps them, and where they lie."""

from __future__ import annotations

import os
from pathlib import Path


def recorded(path: Path, office: Path) -> str:
    """Give a path as the ledger keeps it: below the office relative to it, else absolute.

    A last link stays a link.
    """
    absolute = _absolute(path)
    within = absolute.startswith(f"{office}{os.sep}")
    return os.path.relpath(absolute, office) if within else absolute


def inside(path: Path, folder: Path) -> bool:
    """Tell whether a path lies below a folder, whatever links lead to either."""
    return os.path.realpath(path).startswith(f"{os.path.realpath(folder)}{os.sep}")


def _absolute(path: Path) -> str:
    return os.path.join(os.path.realpath(path.parent), path.name)
