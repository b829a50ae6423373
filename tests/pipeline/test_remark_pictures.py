"""Marks of pictures change too: struck in the pixels, the new ones beside them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.points import BoxAnchor, ClassifiedPoint
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import RemarkNotPossible, RemarkPlaceFull
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.reconcile import reconcile
from dingmi_mark.pipeline.reconcile_words import Standing as Reconciled
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Agreement
from office_kit import picture
from remark_kit import CHANGE, archive, notice, number_of, quiet, remarked, reports_of

pytestmark = pytest.mark.usefixtures("in_this_process")

PICTURES = {
    "扫描.png": picture(),
    "扫描.jpg": picture("JPEG"),
    "扫描.tif": picture("TIFF", pages=2),
}


def head(path: Path) -> Image.Image:
    """The head of the first page, with mark and stamp, in grey."""
    with Image.open(path) as image:
        return image.convert("L").crop((0, 100, image.width, 400))


def ink(image: Image.Image) -> int:
    return sum(image.histogram()[:150])


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_goes_through_two_changes_and_its_release(tmp_path: Path, name: str) -> None:
    papers = archive(tmp_path)
    path = papers.mark(name, PICTURES[name], copies=1)
    inks = [ink(head(path))]
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    kind = ChangeKind.RELEASED_EARLY
    for filed, mark in (
        (notice(number_of(name)), "秘密★5年"),
        (notice(number_of(name), number="示密变〔2026〕4号", new=new), "机密★3年"),
        (notice(number_of(name), number="示密解〔2026〕5号", kind=kind), "解密"),
    ):
        before = head(path)
        result = remarked(papers, filed)
        assert [one.error for one in result.verdicts] == [None]
        report = reports_of(papers)[path.name]
        assert (report.mark, report.agrees) == (mark, True), report
        inks.append(ink(head(path)))
        # Nothing that stood there is gone: what was ink is ink.
        light = [n for n, (a, b) in enumerate(pairs(before, head(path))) if a < 60 and b > 150]
        assert len(light) < 20
    assert inks == sorted(set(inks)), "each change adds ink"
    facts = show_file(path).facts
    assert facts["状态"] == "已解密"
    request = PrintRequest((path,), "王样例")
    (printed,) = preprint_files(request, papers.room.office, on_verdict=quiet)
    assert printed.reason is PrintReason.RELEASED


def pairs(one: Image.Image, other: Image.Image) -> zip[tuple[int, int]]:
    return zip(one.tobytes(), other.tobytes(), strict=True)


def test_outside_of_what_was_added_no_pixel_of_a_png_changes(tmp_path: Path) -> None:
    from PIL import ImageChops

    papers = archive(tmp_path)
    path = papers.mark("扫描.png", PICTURES["扫描.png"], copies=1)
    with Image.open(path) as image:
        before = image.convert("RGB")
    remarked(papers, notice(number_of("扫描.png")))
    with Image.open(path) as image:
        box = ImageChops.difference(before, image.convert("RGB")).getbbox()
    assert box is not None
    millimetres = [edge / 100 * 25.4 for edge in box]
    # Between the left edge of the mark and the right edge of the stamp, in the head of the page.
    assert millimetres[0] > 26 and millimetres[1] > 40
    assert millimetres[2] < 186 and millimetres[3] < 75


def words_of(image: Image.Image) -> PngInfo:
    """The words in a PNG file."""
    image.load()
    words = PngInfo()
    for key, text in image.text.items():  # type: ignore[attr-defined]
        words.add_itxt(key, text)
    return words


def saved_anew(path: Path, *, without_words: bool) -> Path:
    """What another program makes of a PNG: the same pixels, other bytes, its words lost or kept."""
    target = path.with_name(f"另存-{path.name}")
    with Image.open(path) as image:
        words = None if without_words else words_of(image)
        image.save(target, pnginfo=words, compress_level=1, dpi=image.info["dpi"])
    assert target.read_bytes() != path.read_bytes()
    return target


@pytest.mark.parametrize("without_words", [False, True], ids=["words kept", "words lost"])
def test_a_re_marked_picture_that_was_saved_anew_is_known_by_its_pixels(
    tmp_path: Path, without_words: bool
) -> None:
    papers = archive(tmp_path)
    path = papers.mark("扫描.png", PICTURES["扫描.png"], copies=1)
    first = saved_anew(path, without_words=without_words)
    ordinary = reports_of(papers)[first.name]
    batch = remarked(papers, notice(number_of("扫描.png"))).batch_id
    again = saved_anew(path, without_words=without_words)
    report = reports_of(papers)[again.name]
    assert report.mark == "秘密★5年" and report.identified_by is ordinary.identified_by
    told = [(line.agreement, str(line.says)) for line in ordinary.lines]
    now = [(line.agreement, str(line.says)) for line in report.lines if CHANGE not in str(line)]
    assert [agreement for agreement, _ in told] == [agreement for agreement, _ in now]
    assert any("pixel for pixel" in says for _, says in now)
    (compared,) = reconcile([again], papers.room.office, on_compared=quiet)
    wanted = Reconciled.INCOMPLETE if without_words else Reconciled.AGREES
    assert compared.standing is wanted
    with papers.desk() as desk:
        undo_batch(batch, desk)
    report = reports_of(papers)[again.name]
    contradicted = [line for line in report.lines if line.agreement is Agreement.CONTRADICTS]
    assert any(CHANGE in str(line.says) for line in contradicted), report


def test_a_re_marked_picture_whose_pixels_were_changed_is_told(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    path = papers.mark("扫描.png", PICTURES["扫描.png"], copies=1)
    before = path.read_bytes()
    remarked(papers, notice(number_of("扫描.png")))
    again = path.with_name("另存.png")
    with Image.open(path) as image, Image.open(BytesIO(before)) as old:
        old.save(again, pnginfo=words_of(image), dpi=image.info["dpi"])
    # The words of now over the pixels of before: the old mark is not struck there.
    report = reports_of(papers)[again.name]
    assert not report.agrees and report.mark == "秘密★5年"
    assert any("changed after marking" in str(line.says) for line in report.lines)


def test_undo_brings_back_every_byte(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    path = papers.mark("扫描.jpg", PICTURES["扫描.jpg"], copies=1)
    before = path.read_bytes()
    batch = remarked(papers, notice(number_of("扫描.jpg"))).batch_id
    assert path.read_bytes() != before
    with papers.desk() as desk:
        undo_batch(batch, desk)
    assert path.read_bytes() == before


def test_where_no_place_is_free_beside_the_mark_nothing_is_changed(tmp_path: Path) -> None:
    full = Image.open(BytesIO(PICTURES["扫描.png"])).convert("L")
    # Ink everywhere but where the first marks go.
    for left, top, right, bottom in ((230, 140, 450, 400), (100, 215, 450, 400)):
        full.paste(60, (left, top, right, bottom))
    stream = BytesIO()
    full.save(stream, "PNG", dpi=(100, 100))
    papers = archive(tmp_path)
    path = papers.mark("满.png", stream.getvalue(), copies=1)
    before = path.read_bytes()
    (verdict,) = remarked(papers, notice(number_of("满.png"))).verdicts
    assert verdict.status is RemarkStatus.FAILED
    assert isinstance(verdict.error, RemarkPlaceFull)
    assert path.read_bytes() == before


POINTS = tuple(
    ClassifiedPoint(str(n), SecrecyLevel.SECRET, BoxAnchor(1, 80.0, 90.0 + 20 * n, 60.0, 12.0))
    for n in (1, 2)
)


def at_point(path: Path, number: int) -> int:
    """Ink to the left of the box of a point."""
    with Image.open(path) as image:
        top = round((88 + 20 * number) / 25.4 * 100)
        return ink(image.convert("L").crop((0, top, round(80 / 25.4 * 100), top + 40)))


def test_a_released_point_of_a_picture_is_struck_and_says_so(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    path = papers.mark("扫描.png", PICTURES["扫描.png"], copies=1, points=POINTS)
    first = [at_point(path, number) for number in (1, 2)]
    kind = ChangeKind.PARTLY_RELEASED
    result = remarked(papers, notice(number_of("扫描.png"), kind=kind, items=("1",)))
    assert [one.error for one in result.verdicts] == [None]
    second = [at_point(path, number) for number in (1, 2)]
    assert second[0] > 2 * first[0] and second[1] == first[1]
    kind = ChangeKind.RELEASED_EARLY
    whole = notice(number_of("扫描.png"), number="示密解〔2026〕5号", kind=kind)
    assert [one.error for one in remarked(papers, whole).verdicts] == [None]
    third = [at_point(path, number) for number in (1, 2)]
    assert third[0] == second[0] and third[1] > second[1]
    assert reports_of(papers)[path.name].agrees


def test_a_point_that_is_not_where_the_template_puts_it_stops(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    path = papers.mark("扫描.png", PICTURES["扫描.png"], copies=1, points=POINTS)
    stamps = papers.room.office.folder / "stamps"
    bundled = (Path(__file__).parents[2] / "stamps" / "midian.toml").read_text("utf-8")
    lines = ("gap_mm = 9.0" if one.startswith("gap_mm") else one for one in bundled.split("\n"))
    (stamps / "midian.toml").write_text("\n".join(lines), encoding="utf-8")
    before = path.read_bytes()
    kind = ChangeKind.RELEASED_EARLY
    (verdict,) = remarked(papers, notice(number_of("扫描.png"), kind=kind)).verdicts
    assert isinstance(verdict.error, RemarkNotPossible)
    assert path.read_bytes() == before
