"""An office with keys, marked papers, and notices that change them, for whole-way tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from approval_kit import REVIEWER, SECURITY, People, people
from dingmi_mark.domain.approval import ApprovalRecord, ClassificationOfficer, Person
from dingmi_mark.domain.change import ChangeKind, ChangeNotice, ChangeRight, NewValues, RunsFrom
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.remark_plan import RemarkPlan
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.pipeline import (
    batch,
    check,
    clock,
    preprint,
    remark_applying,
    remark_cleaning,
    remark_file,
    remark_looking,
    remark_planning,
)
from dingmi_mark.pipeline.desk import Desk, open_desk
from dingmi_mark.pipeline.notices import (
    CheckedNotice,
    NoticeDesk,
    registered_notice,
    sign_notice,
)
from dingmi_mark.pipeline.remark_applying import RemarkResult, apply_plan
from dingmi_mark.pipeline.remark_planning import make_plan
from dingmi_mark.pipeline.remark_verifying import newest_key, verify_plan
from dingmi_mark.pipeline.worker import guarded
from dingmi_mark.store.office import Limits, Office
from dingmi_mark.store.remark_plans import plan_digest
from office_kit import Room, approved, pdf
from record_kit import OFFICER, ORGAN

CHANGE = "示密变〔2026〕3号"
DRAFTER = "王样例"


@dataclass
class Archive:
    """The office's people, and the records of the papers that were marked."""

    crew: People
    records: dict[str, ApprovalRecord]

    @property
    def room(self) -> Room:
        return self.crew.room

    @property
    def out(self) -> Path:
        return self.room.out

    @contextmanager
    def desk(self) -> Iterator[NoticeDesk]:
        """Open what notices are checked with."""
        with self.room.ledger() as ledger:
            yield NoticeDesk(self.room.office, ledger, self.records)

    def mark(
        self,
        name: str,
        content: bytes | None = None,
        receivers: tuple[str, ...] | None = None,
        **more: Any,
    ) -> Path:
        """Mark a paper (its 文号 is its own) and return the marked file."""
        self.put(name, content, receivers, **more)
        (verdict,) = [v for v in self.room.mark().verdicts if v.draft.name == Path(name).name]
        assert verdict.error is None, verdict.error
        return verdict.copies[0].path

    def put(
        self,
        name: str,
        content: bytes | None = None,
        receivers: tuple[str, ...] | None = None,
        **more: Any,
    ) -> None:
        """Put a paper with its record, to be marked with others."""
        content = pdf() if content is None else content
        record = approved(content, name, **more)
        draft = replace(record.draft, document_number=f"示密〔2026〕{name}", title=f"样例：{name}")
        if receivers is not None:
            draft = replace(draft, receivers=receivers)
        record = replace(record, draft=draft)
        self.room.put(name, content, record)
        self.records[record.number] = record

    def sign(self, filed: FiledNotice) -> CheckedNotice:
        """Let the officer sign a notice."""
        hand = self.crew.hands[OFFICER]
        key, signer = hand.key, hand.signer
        assert key is not None and signer is not None
        with self.desk() as desk:
            known = desk.trust.register.key(key.key_id)
            assert known is not None
            return sign_notice(filed, known, lambda: signer, desk)[0]


def archive(folder: Path) -> Archive:
    """Make an office whose papers may be marked without going through every step."""
    crew = people(folder)
    room = crew.room.with_policies('signed_records = "never"')
    return Archive(People(room, crew.hands), {})


def number_of(name: str) -> NoticeItem:
    """Name a paper by its 文号."""
    return NoticeItem(document_number=f"示密〔2026〕{name}")


def notice(
    *items: NoticeItem,
    number: str = CHANGE,
    kind: ChangeKind = ChangeKind.CHANGED,
    day: date | None = None,
    **more: Any,
) -> FiledNotice:
    """Return a notice of this office: 机密★10年 becomes 秘密★5年."""
    if kind is ChangeKind.CHANGED:
        more.setdefault("new", NewValues(SecrecyLevel.SECRET, ForYears(5)))
        more.setdefault("runs_from", RunsFrom.ISSUE)
    more.setdefault("reason", "样例：情况已经变化")
    made = ChangeNotice(
        number=number,
        kind=kind,
        decided_by=more.pop("decided_by", ORGAN),
        right=more.pop("right", ChangeRight.ORIGINATOR),
        day=day or clock.today(),
        proposed_by=Person(DRAFTER),
        officer=ClassificationOfficer(OFFICER, "局长"),
        **more,
    )
    return FiledNotice(made, items)


def planned(papers: Archive, *folders: Path, name: str = CHANGE, **more: Any) -> RemarkPlan:
    """Make the plan of a signed notice."""
    with papers.desk() as desk:
        checked = registered_notice(name, desk)
        return make_plan(checked, folders or (papers.out,), desk, told=str, workers=2, **more)


def verified(papers: Archive, plan: RemarkPlan, *names: str) -> None:
    """Let people sign a plan."""
    for name in names or (SECURITY, REVIEWER):
        signer = papers.crew.hands[name].signer
        assert signer is not None
        with papers.desk() as desk:
            key = newest_key(desk.trust, name)
            verify_plan(plan, plan_digest(plan), key, lambda: signer, desk)  # noqa: B023


def applied(papers: Archive, plan: RemarkPlan) -> RemarkResult:
    """Do what a plan says."""
    with papers.desk() as desk:
        told = {"on_start": _ignore, "on_verdict": _ignore}
        return apply_plan(plan, plan_digest(plan), desk, workers=2, **told)


def remarked(papers: Archive, filed: FiledNotice) -> RemarkResult:
    """Go the whole way: signed, planned, verified, done."""
    papers.sign(filed)
    plan = planned(papers, name=filed.notice.number)
    verified(papers, plan)
    return applied(papers, plan)


def _ignore(_: object) -> None:
    return None


@contextmanager
def without_processes(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Do the work of worker processes here: starting them takes longer than most tests.

    One test of a whole run keeps them.
    """
    with ExitStack() as room:
        desks: dict[str, Desk] = {}

        def desk_of(office: Office, batch_id: str) -> Desk:
            if batch_id not in desks:
                desks[batch_id] = room.enter_context(open_desk(office, batch_id))
            return desks[batch_id]

        def run_jobs(jobs: Any, limits: Limits, _: int, on_result: Any) -> bool:
            for number, job in enumerate(jobs):
                on_result(number, guarded(limits, job.work, *job.args))
            return True

        for module in (remark_looking, remark_file, remark_cleaning, check, preprint, batch):
            patch.setattr(module, "desk_of", desk_of)
        runs = (remark_planning, remark_applying, remark_cleaning, check, preprint, batch)
        for module in runs:
            patch.setattr(module, "run_jobs", run_jobs)
        yield


def bytes_below(folder: Path) -> dict[str, bytes]:
    """The files people see; what lies under a temporary name is none of them."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: path.read_bytes() for path in files if not path.name.startswith(".")}


def names(files: Any) -> list[str]:
    """The names of files in a plan, sorted."""
    return sorted(Path(one.path).name for one in files)


def quiet(_: object) -> None:
    """Hear of nothing."""


def reports_of(papers: Archive) -> dict[str, Any]:
    """What a check says of every marked file, by name."""
    found = check.check_files([papers.out], papers.room.office, on_report=quiet)
    return {report.file.name: report for report in found}
