"""Failures injected by replacing one step: nothing half-written, and the ledger knows."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.terms import ForMonths, SecrecyLevel, UntilCondition
from dingmi_mark.errors import (
    ConfigurationInvalid,
    CopyInWork,
    DingmiError,
    DraftChanged,
    GlyphMissing,
    MarkNotConfirmed,
    OutputDiskFull,
    OutputNotWritable,
    PeriodOver,
    PlaceTaken,
    TemplateInvalid,
    TextDoesNotFit,
)
from dingmi_mark.formats.base import Faces, MarkJob, Placed
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.pipeline.desk import Desk, open_desk
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.store.approvals import read_approval
from office_kit import Room, approved, new_room, only, pdf
from record_kit import with_draft


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


@pytest.fixture
def desk(room: Room) -> Iterator[Desk]:
    with open_desk(room.office, "test-1") as desk:
        yield desk


@pytest.fixture
def task(room: Room) -> MarkTask:
    content = pdf()
    draft = room.put("通知.pdf", content, approved(content, "通知.pdf"))
    kept = read_approval(room.approvals / "通知.pdf.toml")
    return MarkTask(draft, kept, room.out / "通知.pdf", by_digest=True)


def states(desk: Desk) -> list[str]:
    return [link.kind.split("/")[0] for link in desk.ledger.entries()]


def nothing_is_left(room: Room) -> bool:
    return not room.out.exists() or not list(room.out.iterdir())


class FailingHandler(PdfHandler):
    """Writes half of the file, then fails as told."""

    error: Exception

    def mark(self, source: Path, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
        target.write_bytes(b"%PDF-half")
        raise self.error


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left"), OutputDiskFull),
        (OSError(errno.EIO, "Input/output error"), OutputNotWritable),
        (MarkNotConfirmed(cause="covered"), MarkNotConfirmed),
    ],
)
def test_a_failure_while_writing_leaves_nothing(
    room: Room,
    desk: Desk,
    task: MarkTask,
    monkeypatch: pytest.MonkeyPatch,
    cause: Exception,
    expected: type[DingmiError],
) -> None:
    monkeypatch.setattr(PdfHandler, "mark", FailingHandler.mark)
    monkeypatch.setattr(PdfHandler, "error", cause, raising=False)
    verdict = mark_draft(task, desk)
    assert verdict.status is Status.FAILED
    assert isinstance(verdict.error, expected)
    assert nothing_is_left(room)
    assert states(desk)[-2:] == ["mark.intended", "mark.voided"]
    monkeypatch.undo()
    assert mark_draft(task, desk).status is Status.MARKED


def test_a_draft_that_changes_meanwhile(
    room: Room, desk: Desk, task: MarkTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = PdfHandler.mark

    def slow(self: PdfHandler, source: Path, target: Path, job: MarkJob, faces: Faces):  # type: ignore[no-untyped-def]
        placed = real(self, source, target, job, faces)
        source.write_bytes(pdf(2))
        return placed

    monkeypatch.setattr(PdfHandler, "mark", slow)
    assert isinstance(mark_draft(task, desk).error, DraftChanged)
    assert nothing_is_left(room)


def test_a_mark_that_is_not_to_be_seen_is_a_failure(
    room: Room, desk: Desk, task: MarkTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Own goal: no silent miss. The handler claims all is well, and painted the stamp only."""
    real = PdfHandler.mark

    def lazy(self: PdfHandler, source: Path, target: Path, job: MarkJob, faces: Faces):  # type: ignore[no-untyped-def]
        stamp = tuple(block for block in job.blocks[0] if block.name == "stamp")
        real(self, source, target, replace(job, blocks={0: stamp}), faces)
        return tuple(Placed(page, one) for page, blocks in job.blocks.items() for one in blocks)

    monkeypatch.setattr(PdfHandler, "mark", lazy)
    error = mark_draft(task, desk).error
    assert isinstance(error, MarkNotConfirmed)
    assert "missing or covered" in str(error)
    assert nothing_is_left(room)


def with_annotation(kind: str, **more: object) -> bytes:
    """A PDF with an annotation over the mark's place; readers differ in what they show of it."""
    from io import BytesIO

    import pikepdf
    from pikepdf import Array, Dictionary, Name

    with pikepdf.open(BytesIO(pdf())) as document:
        picture = document.make_stream(
            b"1 1 1 rg 0 0 270 110 re f",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 270, 110]),
        )
        annotation = Dictionary(
            Type=Name.Annot,
            Subtype=Name(f"/{kind}"),
            Rect=Array([60, 640, 330, 750]),
            AP=Dictionary(N=picture),
            **more,
        )
        document.pages[0].obj.Annots = Array([document.make_indirect(annotation)])
        stream = BytesIO()
        document.save(stream, static_id=True)
        return stream.getvalue()


@pytest.mark.parametrize("kind", ["FreeText", "Square", "Stamp", "Widget"])
def test_a_place_under_an_annotation_is_taken(room: Room, kind: str) -> None:
    content = with_annotation(kind, F=4)
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    error = only(room.mark()).error
    assert isinstance(error, PlaceTaken)
    assert nothing_is_left(room)


def test_a_hidden_annotation_covers_nothing(room: Room) -> None:
    content = with_annotation("Square", F=2)
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert only(room.mark()).status is Status.MARKED


def test_a_mark_that_gets_covered_is_seen_when_confirmed(
    room: Room, desk: Desk, task: MarkTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the handler claims: the page is looked at."""
    import pikepdf

    real = PdfHandler.mark

    def covering(self: PdfHandler, source: Path, target: Path, job: MarkJob, faces: Faces):  # type: ignore[no-untyped-def]
        placed = real(self, source, target, job, faces)
        with pikepdf.open(target, allow_overwriting_input=True) as document:
            page = document.pages[0]
            marks = page.obj.Resources.XObject
            for name in list(marks.keys()):
                marks[name].write(b"")
            document.save(target)
        return placed

    monkeypatch.setattr(PdfHandler, "mark", covering)
    error = mark_draft(task, desk).error
    assert isinstance(error, MarkNotConfirmed)
    assert "missing or covered" in str(error)
    assert nothing_is_left(room)


def test_a_real_full_disk(room: Room, tmp_path: Path) -> None:
    """Where the system lets us mount one."""
    import subprocess

    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    try:
        content = pdf()
        room.put("通知.pdf", content, approved(content, "通知.pdf"))
        full = Room(room.folder, room.office)
        from dingmi_mark.pipeline.batch import mark_drafts
        from dingmi_mark.pipeline.request import MarkRequest

        request = MarkRequest((full.drafts,), (full.approvals,), small)
        result = mark_drafts(
            request, full.office, on_start=lambda _: None, on_verdict=lambda _: None
        )
        assert isinstance(only(result).error, OutputDiskFull)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_another_run_at_the_same_copy(room: Room, task: MarkTask) -> None:
    """Two runs at once: the second does not touch what the first has begun."""
    from dingmi_mark.pipeline.copies import mark_copy
    from dingmi_mark.pipeline.work import laid_out
    from dingmi_mark.pipeline.worker import guarded
    from dingmi_mark.store.office import Limits

    with open_desk(room.office, "run-1") as first, open_desk(room.office, "run-2") as second:
        real = first.ledger.append

        def meanwhile(*entries):  # type: ignore[no-untyped-def]
            links = real(*entries)
            if links and links[0].kind.startswith("mark.intended"):
                found = guarded(Limits(), mark_draft, task, second)
                assert isinstance(found, Verdict) and isinstance(found.error, CopyInWork)
            return links

        first.ledger.append = meanwhile  # type: ignore[method-assign]
        with laid_out(task, first) as work:
            assert mark_copy(work, "000001").path.is_file()


def test_glyphs_the_font_lacks(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf", period=UntilCondition("\U0002a700开始前"))
    room.put("通知.pdf", content, record)
    assert isinstance(only(room.mark()).error, GlyphMissing)


def test_text_that_does_not_fit(room: Room) -> None:
    content = pdf()
    long = UntilCondition("示例江堤防洪演练的第一次全体准备会议在示例地点正式召开之前")
    record = approved(content, "通知.pdf", period=long)
    room.put(
        "通知.pdf", content, replace(record, explanations=(("condition-length", "会议名称如此"),))
    )
    assert isinstance(only(room.mark()).error, TextDoesNotFit)


def test_a_period_that_is_over(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf", level=SecrecyLevel.SECRET, period=ForMonths(1))
    day = date(2025, 1, 2)
    assert record.decision is not None
    record = replace(
        with_draft(record, issue_day=day),
        decision=replace(record.decision, day=day),
        proposal=replace(record.proposal, day=day),
        review=replace(record.review, day=day) if record.review else None,
        security_review=replace(record.security_review, day=day)
        if record.security_review
        else None,
    )
    room.put("通知.pdf", content, record)
    assert isinstance(only(room.mark()).error, PeriodOver)


def test_a_template_of_the_unit_with_unknown_keys(room: Room) -> None:
    (room.office.stamps / "gongwen.toml").write_text("schema = 1\nkleur = 'red'\n")
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(only(room.mark()).error, TemplateInvalid)


def test_a_signature_picture_by_policy(room: Room) -> None:
    """Off by default; where the policy asks for it and it is not there, nothing is marked."""
    from io import BytesIO

    from PIL import Image

    asking = room.with_policies("signature_picture = true")
    content = pdf()
    asking.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(only(asking.mark()).error, ConfigurationInvalid)
    picture = BytesIO()
    Image.new("RGBA", (60, 24), (0, 0, 160, 255)).save(picture, "PNG")
    folder = room.office.folder / "signatures"
    folder.mkdir()
    (folder / "张示范.png").write_bytes(picture.getvalue())
    verdict = only(asking.mark())
    assert verdict.error is None, verdict.error


def test_an_output_folder_without_rights(room: Room) -> None:
    if os.geteuid() == 0:
        room.out.write_text("a file where the folder should be")
    else:
        room.out.mkdir(mode=0o500)
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(only(room.mark()).error, OutputNotWritable)
