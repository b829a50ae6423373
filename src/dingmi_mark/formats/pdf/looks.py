"""The ways in which one file may be shown: on a screen, on paper, with each layer on and off.

Layers and annotations may be for screens or for printers only, and a reader's program may show any
layer. What is the same in all of these ways shows nothing else anywhere.
Source: ISO 32000-1, 8.11 (optional content), 12.5.3 (flags of annotations).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.errors import DraftNotComparable
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf.objects import layer_name, layers_of
from dingmi_mark.formats.pdf.opening import opened
from dingmi_mark.formats.pdf.view import (
    PdfView,
    open_pdf_view,
    open_pdf_view_of,
    open_printed_view,
)
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from pikepdf import Pdf

MOST_LAYERS: Final = 16
"""A file with more layers is no office paper (own choice): each is one more round of looking."""


_OPEN = Access()


@dataclass(frozen=True)
class Look:
    """One way of showing a file: `without` is the number of a layer, from 1; 0: all are shown.

    None stands for the layers as the file says.
    """

    name: Message
    printed: bool = False
    without: int | None = None

    @contextmanager
    def of(self, path: Path, access: Access = _OPEN) -> Iterator[PdfView]:
        """Show a file this way. Raises DraftBroken, DraftProtected."""
        if self.without is not None:
            with opened(path, access) as file:
                shown = _with_layers(file.pdf, self.without)
            with open_pdf_view_of(shown, access.password) as view:
                yield view
        elif self.printed:
            with open_printed_view(path, access.password) as view:
                yield view
        else:
            with open_pdf_view(path, access.password) as view:
                yield view


SCREEN: Final = Look(say("on the screen"))
PRINTED: Final = Look(say("in print"), printed=True)
WHOLE: Final = Look(say("with all layers"), without=0)


def chief_looks(path: Path, access: Access = _OPEN) -> tuple[Look, ...]:
    """Return the ways that show most of what the screen hides. Raises what `inspect` does."""
    with opened(path, access) as file:
        return (PRINTED, WHOLE) if layers_of(file.pdf) else (PRINTED,)


def other_looks(path: Path) -> tuple[Look, ...]:
    """Return in which ways besides the screen's a file may be shown.

    Raises DraftNotComparable where there are too many, and what `inspect` does.
    """
    with opened(path) as file:
        names = [layer_name(layer) for _, layer in layers_of(file.pdf)]
    if len(names) > MOST_LAYERS:
        cause = say(
            "it has {count} layers, more than {most} cannot be compared",
            count=len(names),
            most=MOST_LAYERS,
        )
        raise DraftNotComparable(str(path), cause=cause)
    if not names:
        return (PRINTED,)
    return (
        PRINTED,
        WHOLE,
        *(
            Look(say("without the layer {name}", name=name), without=number)
            for number, name in enumerate(names, start=1)
        ),
    )


@contextmanager
def with_all_layers(path: Path, pdf: Pdf, password: str = "") -> Iterator[PdfView]:
    """Show a file that is open already, with all its layers. Raises DraftBroken."""
    if not layers_of(pdf):
        with open_pdf_view(path, password) as view:
            yield view
    else:
        with WHOLE.of(path) as view:
            yield view


def _with_layers(pdf: Pdf, without: int) -> bytes:
    """Write a file in which all layers are on but one."""
    from pikepdf import Array, Dictionary, Name

    layers = layers_of(pdf)
    for _, layer in layers:
        for key in ("/Usage", "/Intent"):
            if key in layer:
                del layer[key]
    off = [layer for number, layer in layers if number == without]
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([layer for _, layer in layers]),
        D=Dictionary(BaseState=Name.ON, OFF=Array(off)),
    )
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()
