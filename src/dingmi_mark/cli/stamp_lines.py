"""Say what a template puts on the paper, in words and millimetres."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.cli.words import harmless, words
from dingmi_mark.engine.template import Slot, Template
from dingmi_mark.messages import Message, say


def template_lines(template: Template) -> Iterator[str]:
    """Return the lines that describe a template."""
    origin = say("bundled") if template.bundled else say("the office's own")
    yield words(say("{name}: {title}", name=template.name, title=template.title))
    for line in (
        say("Kind: {kind} ({origin})", kind=template.kind.value, origin=origin),
        say("Status: {status}", status=template.status),
        say("Source: {source}", source=template.source),
    ):
        yield "  " + words(line)
    yield f"  {harmless(template.digest)}"
    for slot in template.slots:
        yield ""
        yield "  " + words(_place(slot))
        for item in slot.texts:
            line = say(
                "“{text}”  {font}, {size} pt", text=item.text, font=item.font, size=item.size_pt
            )
            yield "    " + words(line)
    if template.points is not None:
        points = template.points
        line = say("Classified points: {font}, {size} pt", font=points.font, size=points.size_pt)
        yield "  " + words(line)


def _place(slot: Slot) -> Message:
    return say(
        "[{id}] {pages}, {anchor}: {dx} mm across, {dy} mm down; {width} × {height} mm",
        id=slot.id,
        pages=slot.pages.value,
        anchor=slot.anchor.value,
        dx=slot.dx_mm,
        dy=slot.dy_mm,
        width=slot.width_mm,
        height=slot.height_mm,
    )
