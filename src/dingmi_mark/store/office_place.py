"""Where the office is: as it was named, or the folder above that is one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dingmi_mark.errors import NamedOfficeNotFound, OfficeNotFound
from dingmi_mark.messages import say
from dingmi_mark.store.office import OFFICE_FILE

ENVIRONMENT: Final = "DINGMI_OFFICE"


def find_office(explicit: Path | None, environ: Mapping[str, str], start: Path) -> Path:
    """Return the office folder: the one named, else of DINGMI_OFFICE, else the nearest above.

    A name given may be the folder or its office.toml. Raises OfficeNotFound, NamedOfficeNotFound.
    """
    if explicit is not None:
        return _named(explicit, "--office")
    if environ.get(ENVIRONMENT):
        return _named(Path(environ[ENVIRONMENT]), ENVIRONMENT)
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / OFFICE_FILE).is_file():
            return folder
    raise OfficeNotFound(str(start))


def _named(path: Path, by: str) -> Path:
    folder = path.parent if path.name == OFFICE_FILE else path
    if (folder / OFFICE_FILE).is_file():
        return folder.resolve()
    cause = say("there is no office.toml in it") if folder.is_dir() else say("it is not there")
    raise NamedOfficeNotFound(str(path), named=by, cause=cause)
