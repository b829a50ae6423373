"""Look into a classified document from anywhere: what its label says, what its first page shows.

For a worker process: nobody vouches for a foreign file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dingmi_mark.domain.label import is_provisional
from dingmi_mark.domain.visible_marks import SeenLine, SeenMark, marks_in
from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.base import Access, TextLine
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.evidence import label_in
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import Office


@dataclass(frozen=True)
class SeenSource:
    """What a file shows and says of itself.

    `label` is empty where it has none of this program's; `provisional` where the label is one of a
    mark before the decision. `has_text` is False for scans and pictures.
    """

    content_digest: str
    label: Mapping[str, Any]
    provisional: bool
    marks: tuple[SeenMark, ...]
    has_text: bool


def look_into(file: Path, office: Office, password: str = "") -> SeenSource:
    """Look into a file in a worker process. Raises the errors of drafts and of conversion."""
    found = run_one(_seen, (file, office, password), office.limits)
    if isinstance(found, DingmiError):
        raise found
    return found


def _seen(file: Path, office: Office, password: str) -> SeenSource:
    from dingmi_mark.formats.handlers import handler_for, opening_with

    access = Access(password, despite_restrictions=True, sealed=True)
    with as_markable(file, office.conversion) as made:
        handler = opening_with(handler_for(made.path), access)
        draft = handler.inspect(made.path)
        with handler.view(made.path) as view:
            shown = view.lines(0) if view is not None else draft.head_lines
            width = view.sizes[0].width if view is not None else None
            lines = tuple(_lines(shown, width))
    label = dict(label_in(draft) or {})
    return SeenSource(
        content_digest="" if made.conversion is not None else draft.content_digest,
        label=label,
        provisional=bool(label) and is_provisional(label),
        marks=marks_in(lines),
        has_text=any(line.text.strip() for line in lines),
    )


def _lines(shown: tuple[TextLine, ...], width: float | None) -> Iterator[SeenLine]:
    for line in joined(shown):
        if not line.upright:
            continue
        if line.box is None or not width:
            yield SeenLine(line.text)
        else:
            middle = (line.box.x + line.box.right) / 2 / width
            yield SeenLine(line.text, middle, line.box.bottom)
