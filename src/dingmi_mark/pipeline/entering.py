"""Begin approval records, and take filled-in ones over: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from dingmi_mark.domain.approval import RecordStatus
from dingmi_mark.domain.matching import DraftFile, Matched, NoRecord, match_records
from dingmi_mark.errors import (
    DingmiError,
    FormFaulty,
    NoRecordForDraft,
    OutputExists,
)
from dingmi_mark.forms.records import Format, records_bytes
from dingmi_mark.messages import Fault, say
from dingmi_mark.pipeline.draft_file import name_for_record, read_bytes_of
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.pipeline.records import gather_records, read_file
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.new_file import new_file, writing_to
from dingmi_mark.store.office import Conversion, Limits, Office
from dingmi_mark.store.record_names import name_of

Tables: TypeAlias = dict[str, Any]

TABLE_NAME: Final = "审批记录"
_KINDS: Final = (
    "(决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|方案|办法)"
)
_TITLE: Final = re.compile(f"(样例：)?(关于|转发|印发)[^。；]{{2,80}}{_KINDS}")
_BELOW_NUMBER: Final = re.compile(f"[^。；]{{4,80}}的{_KINDS}")
_NUMBER_LINE: Final = re.compile(r".{1,20}〔\d{4}〕\d+号")
_TITLE_LINES: Final = 3


@dataclass(frozen=True)
class Taken:
    """What an import wrote, and what it could not read."""

    written: tuple[Path, ...]
    records: int
    errors: tuple[DingmiError, ...]


# ── new records ──────────────────────────────────────────────────────────────────────────────


def new_records(
    drafts: Sequence[Path], office: Office, numbers: Iterator[str]
) -> tuple[Tables, ...]:
    """Return what is known of new records: one for each draft, or one with no draft.

    Raises the errors of a draft that cannot be read. Level and period are never filled in.
    """
    return tuple(_new_record(draft, office, numbers) for draft in drafts or (None,))


def title_in(lines: Iterable[str]) -> str:
    """Return the title if one stands plainly in the lines of a first page, else an empty text."""
    texts = ["".join(line.split()) for line in lines]
    texts = [text for text in texts if text]
    found = []
    for start in range(len(texts)):
        for count in range(1, _TITLE_LINES + 1):
            text = "".join(texts[start : start + count])
            below = start > 0 and _NUMBER_LINE.fullmatch(texts[start - 1])
            if _TITLE.fullmatch(text) or (below and _BELOW_NUMBER.fullmatch(text)):
                found.append(text)
                break
    return found[0] if len(set(found)) == 1 else ""


def _new_record(draft: Path | None, office: Office, numbers: Iterator[str]) -> Tables:
    identity: Tables = {}
    if draft is not None:
        content = read_bytes_of(draft, most_mib=office.limits.file_mb)
        identity = {"files": [name_for_record(draft)], "digest": f"sm3:{content.digests.sm3}"}
        title = run_one(_title_of, (draft, office.conversion), office.limits)
        if isinstance(title, DingmiError):
            raise title
        if title:
            identity = {"title": title, **identity}
    number = next(numbers)
    return {
        "schema": 1,
        **({"number": number} if number else {}),
        "organ": office.name,
        "status": RecordStatus.PROPOSED.value,
        "draft": identity,
    }


def _title_of(draft: Path, conversion: Conversion) -> str:
    """Look into a draft; for a worker process, because nobody vouches for the file."""
    from dingmi_mark.formats.handlers import handler_for
    from dingmi_mark.pipeline.converting import as_markable

    with as_markable(draft, conversion) as made:
        handler = handler_for(made.path)
        if handler.flows:
            return title_in(line.text for line in handler.inspect(made.path).head_lines)
        with handler.view(made.path) as view:
            lines = joined(view.lines(0)) if view is not None else ()
    placed = sorted(lines, key=lambda line: line.box.y if line.box else 0.0)
    return title_in(line.text for line in placed)


def new_bytes(
    tables: Sequence[Mapping[str, Any]], kind: Format, office: Office, *, whole: bool = False
) -> bytes:
    """Write new records; all but a table hold one. Raises FormUnreadable, FormFaulty (own form).

    `whole`: the paper form with the parts that are seldom needed (不明确, 批复 …).
    """
    from dingmi_mark.forms.filled import filled_tables

    if kind is Format.XLSX:
        from dingmi_mark.forms.table_writing import table_bytes

        return table_bytes([filled_tables(each) for each in tables])
    (one,) = tables
    if kind is Format.DOCX:
        from dingmi_mark.forms.definition import read_form
        from dingmi_mark.forms.records import APPROVAL
        from dingmi_mark.pipeline.printing import made_form

        return made_form(read_form(APPROVAL), filled_tables(one), office, whole=whole).content
    return _to_complete(one, kind).encode("utf-8")


_HEAD: Final = (
    '# 定密审核审批记录（拟议）。空着的 "" 和 [] 要填写；怎样写见 docs/approval-record.md。\n'
    "# kind 写“原始定密”或“派生定密”；level 写“绝密”“机密”“秘密”；"
    "period 写一种，如 years = 10。\n"
    "# 原始定密写 [[basis]]，派生定密写 [[source]]。填好后检查：dingmi-mark approval check 文件\n"
)


def _to_complete(tables: Mapping[str, Any], kind: Format) -> str:
    """Return a record with its empty places to be filled in with an editor."""
    import json

    import tomli_w

    asked: Tables = {
        "schema": 1,
        "number": "",
        "organ": "",
        "kind": "",
        **{key: value for key, value in tables.items() if key != "draft"},
        "draft": {"title": "", "document_number": "", "copies": 1, **tables["draft"]},
        "proposal": {
            "level": "",
            "scope": [],
            "opinion": "",
            "by": {"name": "", "post": ""},
            "period": {},
        },
        "basis": [{"catalogue": "", "item": ""}],
    }
    if kind is Format.JSON:
        return json.dumps(asked, ensure_ascii=False, indent=2) + "\n"
    return _HEAD + tomli_w.dumps(asked)


# ── taking over ──────────────────────────────────────────────────────────────────────────────


def import_records(files: Sequence[Path], into: Path, kind: Format, limits: Limits) -> Taken:
    """Read records in any format and write them anew: one file a record, or one table.

    Nothing is written when anything is wrong: every file's error is in the result. Raises
    FormFaulty for numbers that stand in two files, OutputExists, OutputDiskFull,
    OutputNotWritable, FormCannotHold.
    """
    gathered = gather_records(files, limits)
    stored = gathered.records
    _refuse_same_names(stored, into)
    if gathered.unreadable:
        return Taken((), len(stored), tuple(error for _, error in gathered.unreadable))
    records = [kept.record for kept in stored]
    if kind is Format.XLSX:
        contents = {into / f"{TABLE_NAME}{kind.suffix}": records_bytes(records, kind)}
    else:
        contents = {
            into / f"{name_of(record.number)}{kind.suffix}": records_bytes([record], kind)
            for record in records
        }
    _write_all(contents, into)
    return Taken(tuple(contents), len(records), ())


def _refuse_same_names(stored: Sequence[StoredApproval], into: Path) -> None:
    seen: dict[str, StoredApproval] = {}
    faults = []
    for kept in stored:
        name = name_of(kept.record.number).lower()
        if name in seen:
            number, place = kept.record.number, seen[name].where
            what = say("the number {number} stands in {place} already", number=number, place=place)
            faults.append(Fault(kept.where, what))
        seen.setdefault(name, kept)
    if faults:
        raise FormFaulty(str(into), count=len(faults), faults=tuple(faults))


def _write_all(contents: Mapping[Path, bytes], into: Path) -> None:
    """Write all files or none of them."""
    taken = [path for path in contents if path.exists()]
    if taken:
        raise OutputExists("、".join(str(path) for path in taken))
    with writing_to(into):
        into.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        for path, content in contents.items():
            with new_file(path) as stream:
                stream.write(content)
            undo.callback(path.unlink, missing_ok=True)
        undo.pop_all()


def record_for(file: Path, draft: Path, office: Office) -> StoredApproval:
    """Return the record in a file that is for a draft: its only one, or the one that names it.

    Raises what reading raises; NoRecordForDraft, ApprovalAmbiguous, ApprovalDigestDiffers.
    """
    from dingmi_mark.pipeline.unmatched import refusal_of

    stored = read_file(file, office.limits)
    if len(stored) == 1:
        return stored[0]
    content = read_bytes_of(draft, most_mib=office.limits.file_mb)
    found = match_records(
        (DraftFile(draft.name, content.names),), stored, without_digest_allowed=True
    )
    match = found.matches[0][1]
    match match:
        case Matched():
            return match.kept
        case NoRecord():
            raise NoRecordForDraft(str(draft), count=len(stored), file=str(file))
        case _:
            error = refusal_of(match)
            error.where = str(draft)
            raise error
