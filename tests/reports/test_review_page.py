"""The page an officer decides on, as a browser prints it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pymupdf
import pytest

from approval_kit import People, people, proposal, put_draft
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel
from dingmi_mark.domain.unseen import is_unseen
from dingmi_mark.pipeline.review import page_of
from dingmi_mark.reports.review_page import PointRow, ReviewPage, review_html
from dingmi_mark.store.approval_tree import KeptRecord
from office_kit import QUOTE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> People:
    return people(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def kept(crew: People) -> KeptRecord:
    """A record whose period the officer corrected."""
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    record = replace(proposal(), points=(point,))
    before = crew.opine(crew.hand_in(record, put_draft(crew.room)))
    own = a.Secrecy(Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(5)), record.proposal.secrecy.scope)
    return crew.decide(before, a.Decision.CORRECTED, own)


def page(crew: People, kept: KeptRecord) -> ReviewPage:
    with crew.desk() as desk:
        return page_of(kept, desk.findings(kept.record), desk.office, str)


def test_nothing_on_a_page_can_hide_or_turn_the_line_around(crew: People, kept: KeptRecord) -> None:
    shown = replace(page(crew, kept), points=(PointRow(("1", "不\u202e同意\u200b\n第二行")),))
    html = review_html(shown)
    assert "不⟨U+202E⟩同意⟨U+200B⟩\n第二行" in html
    assert not any(is_unseen(character) for character in html if character != "\n")


def test_the_page_shows_what_is_decided_and_by_whom(crew: People, kept: KeptRecord) -> None:
    shown = page(crew, kept)
    assert shown.mark == "机密★5年"
    assert ("保密期限", "10年", "5年") in shown.values
    day = kept.record.draft.issue_day
    assert day is not None
    assert ("最后保密日", str(_later(day, 10)), str(_later(day, 5))) in shown.values
    assert [name for name, _ in shown.opinions] == ["承办人", "保密员", "定密责任人"]
    assert all("已签名（密钥 " in said for _, said in shown.opinions)
    assert [row.record[1] for row in shown.points] == [QUOTE]
    assert shown.picture.startswith(b"\x89PNG")
    assert shown.digest == kept.record.draft.digest


def test_what_nobody_signed_is_told_apart(crew: People, kept: KeptRecord) -> None:
    assert page(crew, kept).unsigned == ()
    forged = a.HistoryLine(date(2026, 11, 2), "李样例", "审核", "同意")
    record = replace(kept.record, history=(*kept.record.history, forged))
    shown = page(crew, replace(kept, record=record))
    assert shown.unsigned == (("审核", "李样例 2026-11-02\n同意"),)
    assert "没有签名的经过" in review_html(shown)
    opinion = a.Opinion(a.Person("李样例"), "同意", date(2026, 11, 2))
    added = page(crew, replace(kept, record=replace(kept.record, review=opinion)))
    assert dict(added.opinions)["审核"].endswith("没有签名")


def test_a_value_the_officer_left_as_it_was_stands_once(crew: People, kept: KeptRecord) -> None:
    assert ("密级", "机密", "") in page(crew, kept).values


def test_words_of_a_record_are_words_on_the_page(crew: People, kept: KeptRecord) -> None:
    hostile = '<script>alert("样例")</script>'
    html = review_html(replace(page(crew, kept), title=hostile, facts=[(hostile, hostile)]))
    assert "<script" not in html and html.count("&lt;script&gt;") == 4


def test_the_page_asks_the_network_for_nothing(crew: People, kept: KeptRecord) -> None:
    html = review_html(page(crew, kept))
    assert "http" not in html and "url(" not in html and "src=" in html


@pytest.fixture
def printed(crew: People, kept: KeptRecord, tmp_path: Path) -> Iterator[pymupdf.Document]:
    """The page printed by a browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no browser is installed: the printed page was not looked at")
    source, target = tmp_path / "review.html", tmp_path / "review.pdf"
    source.write_text(review_html(page(crew, kept)), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    call = [browser, *options, profile, f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    with pymupdf.open(target) as document:
        yield document


def test_an_ordinary_record_prints_on_one_sheet(printed: pymupdf.Document) -> None:
    assert len(printed) == 1
    sheet = printed[0]
    assert (round(sheet.rect.width), round(sheet.rect.height)) in {(595, 842), (596, 842)}
    text = sheet.get_text()
    assert "机密★5年" in text and QUOTE in text.replace("\n", "") and "非官方样式" in text
    for block in sheet.get_text("blocks"):
        assert sheet.rect.contains(pymupdf.Rect(block[:4])), block[4]
    (picture,) = sheet.get_image_info()
    shape = pymupdf.Rect(picture["bbox"])
    assert shape.width > 180 and shape.height > 250 and sheet.rect.contains(shape)


def _later(day: date, years: int) -> date:
    """The same day years later; 29 February ends with the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
