"""电子标签: what a marked file says of its own marking (R51), as one canonical JSON record.

保守国家秘密法(2024)第二十二条第二款 demands the mark on electronic files; which fields it has is
practice. The record travels in every carrier a format has; `facts_of` are the same facts in
Chinese for property panes and for `show`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dingmi_mark.domain.identity import CopyIdentity
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import SecrecyLevel

SCHEMA: Final = "dingmi-mark/label/1"
APPROVAL_NUMBER: Final = "审批编号"
"""The name of the approval's number among the facts."""

LEVEL_CODES: Final[Mapping[SecrecyLevel, str]] = {
    SecrecyLevel.SECRET: "MM",
    SecrecyLevel.HIGHLY_SECRET: "JM",
    SecrecyLevel.TOP_SECRET: "UM",
}
"""Codes of GB/T 7156 as software uses them (practice; the standard itself was not read)."""


@dataclass(frozen=True)
class ShownMark:
    """A mark as it was put on a page: what it says, and where (mm, 0-based page)."""

    slot: str
    page: int
    text: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    adopted: bool = False


@dataclass(frozen=True)
class LabelFacts:
    """What the label holds besides the approval record.

    `until` is the last day (ISO) of a provisional mark, empty for a formal one.
    """

    identity: CopyIdentity
    copy_number: str
    approval_digest: str
    draft_sm3: str
    content_digest: str
    by_digest: bool
    templates: Mapping[str, str]
    marks: tuple[ShownMark, ...]
    program_version: str
    standing: Standing = Standing.FORMAL
    until: str = ""


class LabelUnreadable(ValueError):
    """The bytes are no label of this program, or one of a newer version."""


def facts_of(label: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the facts of a label under their Chinese names, empty ones left out."""
    marking, approval = label["marking"], label["approval"]
    officer = approval["officer"]
    facts = {
        _name_of_mark(label): marking["text"],
        "变更": "；".join(_change(change) for change in label.get("changes", ())),
        "拟定标志有效至": label.get("until", ""),
        "密级": marking["level"],
        "密级代码": marking["level_code"],
        "保密期限": marking["period"]["text"],
        "制发日": marking["issue_day"] or marking["notice_day"],
        "最后保密日": marking["last_secret_day"],
        "解密日": marking["released_from"],
        "知悉范围": "、".join(marking["scope"]),
        "定密类型": label["classification"]["kind"],
        "定密依据": "；".join(_told(label["classification"])),
        "定密单位": approval["decided_by"],
        "承办人": approval["proposed_by"],
        "定密责任人": " ".join(filter(None, (officer.get("name"), officer.get("post")))),
        "定密日期": approval["decision_day"],
        APPROVAL_NUMBER: approval["number"],
        "标题": label["document"]["title"],
        "文号": label["document"]["number"],
        "份号": marking["copy_number"],
        "紧急程度": label["document"]["urgency"],
        "密点": "、".join(f"{point['id']}（{point['level']}）" for point in points_left(label)),
        "状态": label["status"],
    }
    return {name: text for name, text in facts.items() if text}


def points_left(label: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the points that were not released."""
    return [point for point in label["points"] if not point.get("released")]


def changed_by(label: Mapping[str, Any]) -> str:
    """Return the number of the last notice whose change the file bears; empty for none."""
    changes = label.get("changes", ())
    return str(changes[-1]["notice"]) if changes else ""


def _name_of_mark(label: Mapping[str, Any]) -> str:
    if is_provisional(label):
        return "拟定标志"
    released = any(change["released"] for change in label.get("changes", ()))
    return "解密标志" if released else "国家秘密标志"


def _change(change: Mapping[str, Any]) -> str:
    return " ".join((change["kind"], change["day"], change["notice"]))


def is_provisional(label: Mapping[str, Any]) -> bool:
    """Tell whether a label is that of a provisional mark (拟定), which is no 国家秘密标志."""
    return bool(label["status"] == Standing.PROVISIONAL.value)


def read_label(record: bytes) -> Mapping[str, Any]:
    """Return a label's tables. Raises LabelUnreadable."""
    try:
        label = json.loads(record.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LabelUnreadable("no JSON") from error
    if not isinstance(label, dict) or label.get("schema") != SCHEMA:
        raise LabelUnreadable("unknown schema")
    try:
        facts_of(label)
        marks_of(label)
    except (KeyError, TypeError, AttributeError) as error:
        raise LabelUnreadable("fields are missing") from error
    return label


def marks_of(label: Mapping[str, Any]) -> tuple[ShownMark, ...]:
    """Return the marks a label says stand on the pages."""
    return tuple(_mark(mark) for mark in label["marks"])


def _mark(mark: Mapping[str, Any]) -> ShownMark:
    x, y, width, height = (float(length) for length in mark["box_mm"])
    place = (str(mark["slot"]), int(mark["page"]), str(mark["text"]), x, y, width, height)
    return ShownMark(*place, adopted=bool(mark["adopted"]))


def _told(classification: Mapping[str, Any]) -> list[str]:
    bases = [f"{basis['catalogue']} {basis['item']}".strip() for basis in classification["bases"]]
    sources = [
        "派生自" + "，".join(filter(None, (s["title"], s["number"], s["level"], s["period"])))
        for s in classification["sources"]
    ]
    return [*sources, *bases]
