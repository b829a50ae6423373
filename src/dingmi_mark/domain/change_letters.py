"""书面通知 of a change: who is told of which documents, and what becomes of the copies he has.

保守国家秘密法(2024)第二十三条 asks that a change be told in writing to those in the scope; who
holds a paper is taken from its record and from the register of copies (R39-R41).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dingmi_mark.domain.approval import DraftIdentity
from dingmi_mark.domain.change import (
    RELEASES,
    ChangeKind,
    ChangeNotice,
    MarkingInForce,
    RunsFrom,
    after,
    is_counted,
    new_start,
)
from dingmi_mark.domain.copies import RegisteredCopy, receiver_of
from dingmi_mark.domain.reading import period_words

_STRIKE: Final = (
    "在原国家秘密标志上划一道横线（仍要看得清），在原标志附近写上变更后的国家秘密标志、依据文号和日期；"
    "不得涂盖、挖补、另换首页。"
)
_RELEASE: Final = (
    "在原国家秘密标志上划一道横线（仍要看得清），在原标志附近写上“解密”、依据文号和日期；"
    "能否公开，另行审查。"
)
_PART: Final = (
    "只在解除的密点的标志上划一道横线，附近写上“解密”和依据文号；文件的国家秘密标志不变。"
)
_SCOPE: Final = (
    "国家秘密标志不变；在文件上注明变更后的知悉范围和依据文号，以后按变更后的知悉范围管理。"
)


@dataclass(frozen=True)
class ToldDocument:
    """A document that a notice changes: as it stood before, and who has which of its copies.

    `holders` maps every known receiver to the 份号 that he holds and that are not back; none where
    it is not known which are his. `title` is empty where no record of the office has it.
    """

    document_id: str
    document_number: str
    title: str
    before: MarkingInForce
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeLetter:
    """What one receiver is told: the documents with the 份号 that he holds."""

    receiver: str
    documents: tuple[tuple[ToldDocument, tuple[str, ...]], ...]


def holders_of(
    draft: DraftIdentity, copies: Iterable[RegisteredCopy]
) -> Mapping[str, tuple[str, ...]]:
    """Return every receiver of a paper with the copies he holds; of one alone all are his."""
    held: dict[str, tuple[str, ...]] = dict.fromkeys(draft.receivers, ())
    for copy in copies:
        if copy.provisional is not None or not copy.is_out or not copy.name:
            continue
        receiver = receiver_of(draft, copy.name)
        if receiver in held:
            held[receiver] = (*held[receiver], copy.name)
    return held


def letters_of(documents: Sequence[ToldDocument]) -> tuple[ChangeLetter, ...]:
    """Return one letter for each receiver, in the order in which the records name them."""
    receivers = dict.fromkeys(name for document in documents for name in document.holders)
    return tuple(
        ChangeLetter(
            receiver,
            tuple((one, one.holders[receiver]) for one in documents if receiver in one.holders),
        )
        for receiver in receivers
    )


def without_receiver(documents: Iterable[ToldDocument]) -> tuple[ToldDocument, ...]:
    """Return the documents of which nobody is known to have one: people must find out."""
    return tuple(document for document in documents if not document.holders)


def mark_told(prior: MarkingInForce, notice: ChangeNotice) -> str:
    """Return what the mark says from now on: `秘密★5年`, `解密`, or that points are released."""
    then = after(prior, notice)
    if then.release is not None:
        return "解密"
    mark = then.secrecy.marking.text
    return f"{mark}（密点解密）" if notice.kind is ChangeKind.PARTLY_RELEASED else mark


def start_told(prior: MarkingInForce, notice: ChangeNotice) -> str:
    """Return from which day the period runs, or it is secret no longer; empty where none is."""
    then = after(prior, notice)
    if then.release is not None:
        return f"{day_text(then.release.day)}起解密"
    start = new_start(prior, notice)
    if start is None or not is_counted(then.secrecy.marking.period):
        return ""
    decided = notice.runs_from is RunsFrom.DECISION and is_counted(notice.new.period)
    what = "决定日" if decided else "制发日"
    return f"{day_text(start)}（{what}）起"


def last_day_told(prior: MarkingInForce, notice: ChangeNotice) -> str:
    """Return the last secret day; empty where there is none or none can be computed."""
    then = after(prior, notice)
    last = then.last_secret_day
    return "" if then.release is not None or last is None else day_text(last)


def what_to_do(kind: ChangeKind) -> str:
    """Return what holders do with the paper: strike the mark, write the new one near it.

    标志的规定(1990)第七条, 暂行规定(2014)第三十四条第二款: neither is in force, nothing newer read.
    """
    if kind in RELEASES:
        return _RELEASE
    return {ChangeKind.PARTLY_RELEASED: _PART, ChangeKind.SCOPE_CHANGED: _SCOPE}.get(kind, _STRIKE)


def new_values_told(notice: ChangeNotice) -> str:
    """Return what a notice asks for in one line: `变更：密级 秘密；保密期限 5年`."""
    new = notice.new
    told = (
        f"密级 {new.level.value}" if new.level else "",
        f"保密期限 {period_words(new.period)}" if new.period else "",
        f"知悉范围 {'、'.join(new.scope)}" if new.scope else "",
        f"解除的密点 {'、'.join(notice.items)}" if notice.items else "",
    )
    values = "；".join(filter(None, told))
    return f"{notice.kind.value}：{values}" if values else notice.kind.value


def day_text(day: date) -> str:
    """Return `2026年11月2日`."""
    return f"{day.year}年{day.month}月{day.day}日"
