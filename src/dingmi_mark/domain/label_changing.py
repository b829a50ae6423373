"""The label of a marked file after its secret was changed or released: the new facts, all told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.label import LEVEL_CODES, ShownMark
from dingmi_mark.domain.label_writing import period_shown, shown_mark
from dingmi_mark.domain.ledger_changes import MarkingChanged

CHANGED: Final = "已变更"
RELEASED: Final = "已解密"


def changed_label(
    label: Mapping[str, Any],
    standing: MarkingInForce,
    changes: Sequence[MarkingChanged],
    marks: Iterable[ShownMark],
) -> bytes:
    """Return the label with what holds now in place of what held, and the changes beside it.

    Canonical JSON: sorted keys, no spaces, UTF-8. What the file was marked from stays.
    """
    marking, last = standing.secrecy.marking, standing.last_secret_day
    over = standing.is_over_on
    released = {point for change in changes for point in change.items}
    changed = {
        **label,
        "status": RELEASED if standing.release else CHANGED,
        "marking": {
            **label["marking"],
            "text": standing.text,
            "level": marking.level.value,
            "level_code": LEVEL_CODES[marking.level],
            "period": period_shown(marking.period),
            "period_defaulted": standing.secrecy.period_defaulted,
            "scope": list(standing.secrecy.scope),
            "last_secret_day": last.isoformat() if last else "",
            "released_from": over.isoformat() if over else "",
        },
        "points": [
            {**point, "released": True} if point["id"] in released or standing.release else point
            for point in label["points"]
        ],
        "marks": [shown_mark(mark) for mark in marks],
        "changes": [_change(change) for change in changes],
    }
    return _canonical(changed)


def with_copy(label: Mapping[str, Any], name: str, copy_id: str) -> Mapping[str, Any]:
    """Return a label as that of another copy of the same marking."""
    return {**label, "marking": {**label["marking"], "copy_number": name, "copy_id": copy_id}}


def label_showing(label: Mapping[str, Any], marks: Iterable[ShownMark]) -> bytes:
    """Return the bytes of a label whose file shows these marks; all else stays."""
    return _canonical({**label, "marks": [shown_mark(mark) for mark in marks]})


def _canonical(label: Mapping[str, Any]) -> bytes:
    return json.dumps(label, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _change(change: MarkingChanged) -> dict[str, str]:
    return {
        "notice": change.notice_number,
        "kind": change.kind,
        "day": change.day,
        "released": change.released,
        "from": f"{change.old_level}★{change.old_period}",
    }
