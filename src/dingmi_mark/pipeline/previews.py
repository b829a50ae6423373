"""Save pictures of the pages of a file: previews for people, never a marked file itself."""

from __future__ import annotations

from pathlib import Path

from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.formats.base import FormatHandler
from dingmi_mark.messages import say
from dingmi_mark.pipeline.replacing import make_folder, output_faults

_DPI = 110
MOST_PAGES = 20
"""More pages than this nobody looks at; the file itself shows them all."""


def save_previews(handler: FormatHandler, file: Path, folder: Path, name: str) -> tuple[Path, ...]:
    """Write `<name>-1.png` … into the folder, replacing earlier previews of the same name.

    Raises ConfirmationToolFailed where nothing can show the file, and the output errors.
    """
    make_folder(folder)
    saved = []
    with handler.view(file) as pages:
        if pages is None:
            raise ConfirmationToolFailed(cause=say("LibreOffice is not installed"))
        for number, size in enumerate(pages.sizes[:MOST_PAGES]):
            picture = pages.picture(number, Box(0, 0, size.width, size.height), _DPI)
            target = folder / f"{name}-{number + 1}.png"
            with output_faults(target):
                picture.save(target, "PNG", dpi=(_DPI, _DPI))
            saved.append(target)
    return tuple(saved)
