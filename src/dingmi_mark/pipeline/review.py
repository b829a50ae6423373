"""Put together what an officer sees of a record: facts, points, opinions, findings, first page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Derivative,
    DraftIdentity,
    Secrecy,
    SigningStep,
    Source,
)
from dingmi_mark.domain.authoring import AuthoredPoint
from dingmi_mark.domain.authoring_agreement import side_by_side
from dingmi_mark.domain.course import unsigned_lines
from dingmi_mark.domain.law import Finding
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.points import BoxAnchor, ClassifiedPoint, ParagraphAnchor, QuoteAnchor
from dingmi_mark.domain.rules import refusals
from dingmi_mark.domain.terms import Marking, last_secret_day, period_text
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.authored import authored_in
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.reports.review_page import PointRow, ReviewPage
from dingmi_mark.store.approval_tree import KeptRecord
from dingmi_mark.store.office import Conversion, Office

_DPI = 96


def first_page_png(draft: Path, conversion: Conversion) -> bytes:
    """Return the first page as PNG, empty where nothing can show it. For a worker process."""
    with as_markable(draft, conversion) as made:
        handler = handler_with(made.path, Access(despite_restrictions=True))
        handler.inspect(made.path)
        with handler.view(made.path) as pages:
            if pages is None:
                return b""
            size = pages.sizes[0]
            picture = pages.picture(0, Box(0, 0, size.width, size.height), _DPI)
    stream = BytesIO()
    picture.convert("L").save(stream, "PNG", optimize=True)
    return stream.getvalue()


def page_of(
    kept: KeptRecord,
    findings: tuple[Finding, ...],
    office: Office,
    worded: Callable[[Message], str],
    known: Sequence[ApprovalSigned] = (),
) -> ReviewPage:
    """Return the page of a record; a draft that cannot be shown is told on it.

    `known` are the signatures the ledger knows under its number.
    """
    record = kept.record
    picture, note = _picture(kept.draft, office)
    stops = refusals(findings)
    told = [
        (f in stops, f"{worded(f.message)}（{f.citation.law}{f.citation.provision}）")
        for f in findings
    ]
    return ReviewPage(
        title=record.draft.title or record.draft.document_number,
        mark=record.wording,
        values=tuple(_values(record)),
        facts=tuple(_facts(record)),
        points=tuple(_points(record.points, _authored(kept.draft, office))),
        opinions=tuple(_opinions(record)),
        unsigned=tuple(_unsigned(record, known)),
        findings=told,
        digest=record.draft.digest,
        picture=picture,
        picture_note=worded(note),
    )


def _picture(draft: Path | None, office: Office) -> tuple[bytes, Message]:
    if draft is None:
        return b"", say("The draft is not there.")
    found = run_one(first_page_png, (draft, office.conversion), office.limits)
    if isinstance(found, DingmiError):
        return b"", say("The draft cannot be shown: {cause}", cause=found.message)
    if not found:
        return b"", say("LibreOffice is not installed: open the draft itself.")
    return found, say("First page of the draft that is decided on.")


def _values(record: ApprovalRecord) -> Iterator[tuple[str, str, str]]:
    """Yield what is decided: as proposed, and as the officer corrected it."""
    proposed = dict(_secrecy(record.proposal.secrecy, record.draft.period_start))
    decision = record.decision
    own: dict[str, str] = {}
    if decision is not None and decision.corrected is not None:
        own = dict(_secrecy(decision.corrected, record.draft.period_start))
    for name, value in proposed.items():
        yield name, value, own.get(name, "") if own.get(name) != value else ""


def _secrecy(secrecy: Secrecy, start: date | None) -> Iterator[tuple[str, str]]:
    marking = secrecy.marking
    yield "密级", marking.level.value
    yield "保密期限", period_text(marking.period)
    last = last_secret_day(marking.period, start) if start else None
    yield "最后保密日", str(last) if last else "（按制发日或者解密条件）"
    yield "知悉范围", "、".join(secrecy.scope) or "（没有写）"


def _facts(record: ApprovalRecord) -> Iterator[tuple[str, str]]:
    draft = record.draft
    yield "审批编号", record.number
    yield "定密机关", "、".join((record.organ, *record.joint_organs))
    yield "文稿", "\n".join((*filter(None, (draft.title, draft.document_number)), *draft.files))
    yield "定密类型", record.kind.value
    for basis in record.classification.bases:
        yield "定密依据", "\n".join(filter(None, (basis.catalogue, basis.item, basis.note)))
    if isinstance(record.classification, Derivative):
        for source in record.classification.sources:
            yield "来源", _source(source)
    if record.special_basis is not None:
        yield "特殊规定", f"{record.special_basis.provision}\n{record.special_basis.reason}"
    for rule, text in record.explanations:
        yield "说明", f"{rule}：{text}"
    if record.deciding_organ is not None:
        reply = record.deciding_organ
        yield "批复机关", f"{reply.name}\n{reply.reply_number} {reply.day}"
    yield from _paper(draft)


def _paper(draft: DraftIdentity) -> Iterator[tuple[str, str]]:
    words = [draft.form, draft.urgency.value if draft.urgency else ""]
    words += [f"{draft.copies}份" if draft.copies else "", "、".join(draft.receivers)]
    yield "文件要素", " ".join(filter(None, words))
    if draft.issue_day is not None:
        yield "制发日", str(draft.issue_day)
    if draft.notice_day is not None:
        yield "通知日", str(draft.notice_day)
    if draft.recall_day is not None:
        yield "清退期限", str(draft.recall_day)
    if draft.despite:
        yield "准予处理的限制", "、".join(each.value for each in draft.despite)
    if draft.late_fields:
        late = "、".join(field.value for field in draft.late_fields)
        yield "审批后填写", f"{late}（批准后填写的值没有签名，标志时与文稿核对）"


def _source(source: Source) -> str:
    mark = source.level.value if source.level else "密级未查明"
    if source.level is not None and source.period is not None:
        mark = Marking(source.level, source.period).text
    lines = (source.title, source.document_number, mark, source.consent)
    return "\n".join(line for line in lines if line)


def _authored(draft: Path | None, office: Office) -> tuple[AuthoredPoint, ...]:
    """Return the points named in the draft; none where it is no Word file or cannot be read."""
    if draft is None:
        return ()
    try:
        return authored_in(draft, office).points
    except DingmiError:
        return ()  # the picture says why the draft cannot be read


def _points(
    points: Sequence[ClassifiedPoint], authored: Sequence[AuthoredPoint]
) -> Iterator[PointRow]:
    for row in side_by_side(points, authored):
        named = [_named(one) for one in row.authored]
        yield PointRow(
            _point(row.point) if row.point else ("", ""),
            ("\n".join(head for head, _ in named), "\n".join(words for _, words in named)),
            bool(authored) and not row.agrees,
        )


def _named(one: AuthoredPoint) -> tuple[str, str]:
    notation = one.notation
    period = f"★{period_text(notation.period)}" if notation.period else ""
    cell = "" if one.place.cell is None else "表{}行{}列{} ".format(*one.place.cell)
    where = f"{one.place.part} {cell}第{one.place.number}段"
    head = f"{notation.level.value}{period}　{one.way.value}　{where}　{notation.source}".rstrip()
    return head, one.passage


def _point(point: ClassifiedPoint) -> tuple[str, str]:
    period = f"★{period_text(point.period)}" if point.period else ""
    head = f"{point.id}　{point.level.value}{period}　{point.style.value}　{point.source}"
    match point.anchor:
        case QuoteAnchor(quote, occurrence):
            return head, quote + (f"（第{occurrence}处）" if occurrence else "")
        case ParagraphAnchor(number, begins, table, row, column):
            cell = f"表{table}行{row}列{column} " if table is not None else ""
            return head, f"{cell}第{number}段 {begins}"
        case BoxAnchor(page, x, y, width, height):
            return head, f"第{page}页 左{x} 上{y} 宽{width} 高{height} 毫米"


def _opinions(record: ApprovalRecord) -> Iterator[tuple[str, str]]:
    proposal, signed = record.proposal, {s.step: s.key_id for s in record.signatures}
    steps = SigningStep
    said = _said(proposal.by.name, proposal.by.post, proposal.opinion, proposal.day)
    yield "承办人", said + _signature(signed, steps.PROPOSED)
    for name, opinion, step in (
        ("保密员", record.security_review, steps.SECURITY_REVIEWED),
        ("审核", record.review, steps.REVIEWED),
    ):
        if opinion is not None:
            said = _said(opinion.by.name, opinion.by.post, opinion.text, opinion.day)
            yield name, said + _signature(signed, step)
    decision, officer = record.decision, record.officer
    if decision is not None and officer is not None:
        words = f"{decision.decision.value} {decision.opinion}"
        said = _said(officer.name, officer.post, words, decision.day)
        yield "定密责任人", said + _signature(signed, steps.DECIDED)
    if steps.REPLY in signed:
        yield "登记批复", _signature(signed, steps.REPLY).strip()


def _signature(signed: Mapping[SigningStep, str], step: SigningStep) -> str:
    if step in signed:
        return f"\n已签名（密钥 {signed[step]}）"
    # Of a record that nobody signed, the office keeps no keys: there is nothing to miss.
    return "\n没有签名" if signed else ""


def _unsigned(record: ApprovalRecord, known: Sequence[ApprovalSigned]) -> Iterator[tuple[str, str]]:
    for line in unsigned_lines(record, known):
        yield line.step, _said(line.by, "", line.note, line.day)


def _said(name: str, post: str, text: str, day: object) -> str:
    head = " ".join(part for part in (name, post, str(day or "")) if part)
    return f"{head}\n{text}" if text else head
