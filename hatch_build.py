"""Compile the message catalogues when the package is built, also for an editable install.

Only the readable catalogues (`.po`) are kept in the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> None:
    """Write the `.mo` beside each `.po`."""
    for catalogue in sorted((root / "src").rglob("*.po")):
        with catalogue.open("rb") as source:
            read = read_po(source)
        with catalogue.with_suffix(".mo").open("wb") as target:
            write_mo(target, read)


class CompileCatalogues(BuildHookInterface):
    """Write the `.mo` beside each `.po`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files of the package are collected."""
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).parent)
