"""An unmarked copy of an approved secret is recognised, however it was saved, and told as such."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from dingmi_mark.domain.approval import Decision
from dingmi_mark.domain.ledger_drafts import DraftRegistered
from dingmi_mark.errors import (
    CheckNotMarked,
    DingmiError,
    DraftBroken,
    UnmarkedProposal,
    UnmarkedReturned,
    UnmarkedSecret,
    UnmarkedSecretLeftOver,
    UnmarkedSecretSavedAnew,
)
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.unmarked import RegisteredPlace, Standing, recognise
from dingmi_mark.pipeline.verdicts import CheckReport, IdentifiedBy, Verdict
from office_kit import Room, approved, docx, new_room, only, pdf, picture


def quiet(_: object) -> None:
    return None


def checked(room: Room, file: Path) -> CheckReport:
    (report,) = check_files([file], room.office, on_report=quiet)
    return report


def mark(crew: People, *drafts: Path) -> Verdict:
    room = crew.room
    request = MarkRequest(drafts or (room.drafts,), (room.office.approvals,), room.out)
    return only(mark_drafts(request, room.office, on_start=quiet, on_verdict=quiet))


def by_qpdf(source: Path, target: Path) -> None:
    subprocess.run(["qpdf", "--object-streams=disable", source, target], check=True)


def by_pikepdf(source: Path, target: Path) -> None:
    import pikepdf

    with pikepdf.open(source) as document:
        document.docinfo["/Producer"] = "样例"
        document.save(target, linearize=True)


def zipped_anew(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))


def picture_anew(source: Path, target: Path) -> None:
    from PIL import Image

    with Image.open(source) as image:
        image.save(target, compress_level=1, dpi=(100, 100))


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


SAVED_ANEW: list[tuple[str, Callable[[], bytes], Callable[[Path, Path], None]]] = [
    ("通知.pdf", pdf, by_qpdf),
    ("通知.pdf", pdf, by_pikepdf),
    ("通知.docx", docx, zipped_anew),
    ("扫描.png", picture, picture_anew),
]


@pytest.mark.parametrize(("name", "content", "saved"), SAVED_ANEW)
def test_a_copy_saved_anew_is_recognised_before_and_after_marking(
    crew: People,
    tmp_path: Path,
    name: str,
    content: Callable[[], bytes],
    saved: Callable[[Path, Path], None],
) -> None:
    draft = put_draft(crew.room, name, content())
    form = "图片" if name.endswith("png") else "公文"
    record = proposal()
    crew.approved(replace(record, draft=replace(record.draft, form=form)), draft)
    copy = tmp_path / f"另存{draft.suffix}"
    saved(draft, copy)
    assert copy.read_bytes() != draft.read_bytes()
    report = checked(crew.room, copy)
    assert isinstance(report.error, UnmarkedSecretSavedAnew)
    assert report.error.params == {"number": NUMBER}
    assert (report.identified_by, report.mark) == (IdentifiedBy.DRAFT_CONTENT, "")
    verdict = mark(crew)
    assert verdict.error is None, verdict.error
    assert isinstance(checked(crew.room, copy).error, UnmarkedSecretLeftOver)
    for made in verdict.copies:
        assert checked(crew.room, made.path).agrees


def test_the_same_bytes_tell_how_to_mark_them_and_marking_them_works(
    crew: People, tmp_path: Path
) -> None:
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    copy = tmp_path / "外带.pdf"
    shutil.copy(draft, copy)
    error = checked(crew.room, copy).error
    assert isinstance(error, UnmarkedSecret) and error.params["file"] == str(copy)
    assert mark(crew, copy).error is None
    assert checked(crew.room, copy).agrees  # by policy it is kept there, and registered
    assert isinstance(checked(crew.room, draft).error, UnmarkedSecretLeftOver)


def test_what_is_not_approved_yet_is_said_as_what_it_is(crew: People, tmp_path: Path) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    assert isinstance(checked(crew.room, draft).error, UnmarkedProposal)
    kept = crew.decide(crew.opine(kept), Decision.RETURNED)
    assert isinstance(checked(crew.room, draft).error, UnmarkedReturned)
    old = tmp_path / "旧稿.pdf"
    shutil.copy(draft, old)
    crew.approved(proposal(), put_draft(crew.room, content=pdf(2)))
    assert isinstance(checked(crew.room, old).error, UnmarkedReturned)
    assert isinstance(checked(crew.room, draft).error, UnmarkedSecret)


def test_registered_originals_at_their_places_are_no_alarm(crew: People) -> None:
    crew.room = crew.room.with_policies('drafts_after = "archive"')
    draft = put_draft(crew.room)
    content = draft.read_bytes()
    kept = crew.approved(proposal(), draft)
    assert kept.draft is not None
    beside = checked(crew.room, kept.draft)
    assert beside.agrees and beside.mark == "" and NUMBER in str(beside.lines[0].says)
    place = mark(crew).originals[0].place
    assert place is not None and checked(crew.room, place).agrees
    draft.write_bytes(content)
    assert isinstance(checked(crew.room, draft).error, UnmarkedSecretLeftOver)


def test_records_outside_the_tree_make_their_drafts_known_by_marking(tmp_path: Path) -> None:
    room = new_room(tmp_path).with_policies('drafts_after = "delete"')
    content = pdf()
    draft = room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(checked(room, draft).error, CheckNotMarked)
    assert only(room.mark()).error is None
    draft.write_bytes(content)
    assert isinstance(checked(room, draft).error, UnmarkedSecretLeftOver)


def test_a_marked_file_whose_labels_are_lost_is_no_unmarked_copy(crew: People) -> None:
    """Its mark is to be seen: what is amiss is the label, and `check` says so."""
    import pikepdf

    crew.approved(proposal(), put_draft(crew.room))
    marked = mark(crew).copies[0].path
    with pikepdf.open(marked) as document:
        if "/Metadata" in document.Root:
            del document.Root.Metadata
        bare = marked.with_name("无标签.pdf")
        document.save(bare)
    report = checked(crew.room, bare)
    assert not report.agrees and not isinstance(
        report.error, UnmarkedSecretLeftOver | UnmarkedSecret
    )


def test_who_is_about_to_print_asks_by_digests_alone(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    room = crew.room
    digests = read_bytes_of(draft, most_mib=10).digests
    with room.ledger() as ledger:
        ((_, act),) = ledger.acts(DraftRegistered, subject=NUMBER)
        found = recognise(room.office, ledger, digests)
        assert found is not None and (found.approval_number, found.standing, found.same_bytes) == (
            NUMBER,
            Standing.APPROVED,
            True,
        )
        other = replace(digests, sm3="0" * 64, sha256="0" * 64)
        assert recognise(room.office, ledger, other) is None
        by_content = recognise(room.office, ledger, other, act.content_digest)
        assert by_content is not None and not by_content.same_bytes
        tree = next((room.office.approvals).rglob("*.pdf"))
        named = recognise(room.office, ledger, digests, file=tree)
        assert named is not None and named.place is RegisteredPlace.APPROVALS


def test_a_draft_that_could_never_be_marked_is_refused_when_it_is_handed_in(crew: People) -> None:
    draft = put_draft(crew.room, content=pdf()[:400])
    with pytest.raises(DraftBroken):
        crew.hand_in(proposal(), draft)
    assert not list(crew.room.office.approvals.iterdir())
    with crew.room.ledger() as ledger:
        assert ledger.acts(DraftRegistered) == []


def test_every_standing_has_its_error() -> None:
    from dingmi_mark.pipeline.unmarked import UnmarkedCopy

    for standing in Standing:
        for same_bytes in (True, False):
            error = UnmarkedCopy(NUMBER, standing, same_bytes).error(Path("样例.pdf"))
            assert isinstance(error, DingmiError) and NUMBER in str(error)
            assert "机密" not in str(error)
