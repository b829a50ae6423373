"""Marks that others put into the page headers of workbooks are struck by the header's own code."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.ledger_changes import RemarkDone
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import LegacyMarkUnsure, RemarkNotPossible, RemarkPlaceFull
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.pipeline import remark_file
from dingmi_mark.pipeline.header_marks import header_line
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.verdicts import Agreement
from legacy_kit import NUMBER, confirmed, old_paper, put, struck
from office_files_kit import needs_soffice, soffice_group
from remark_kit import (
    CHANGE,
    Archive,
    applied,
    names,
    notice,
    planned,
    reports_of,
    verified,
    without_processes,
)
from sheets_kit import BOX, MACROS, Book, Page, workbook

pytestmark = [needs_soffice, soffice_group, pytest.mark.usefixtures("in_this_process")]

OLD, NEW = "机密★10年", "秘密★5年"
PARTS = {"左上角": "&amp;L", "首页上部": "&amp;C", "右上角": "&amp;R"}


def headed(header: str, more: str = "", top: float = 1, switch: str = "", **page: Any) -> Page:
    """A sheet with this page header as it is written in the file, 0.5 inch from the edge, and a top
    margin (inches); `more` is what else it prints there.
    """
    margins = (
        f'<pageMargins left="0.7" right="0.7" top="{top}" bottom="0.75" header="0.5" footer="0.3"/>'
    )
    inside = f"<headerFooter{switch}><oddHeader>{header}</oddHeader>{more}</headerFooter>"
    return replace(Page(text=NUMBER, columns=1, margins=margins, header=inside), **page)


def book(*pages: Page, **more: Any) -> bytes:
    return workbook(Book(pages, **more))


def headers_of(file: Path) -> list[str]:
    """The headers of all sheets as they are written."""
    with zipfile.ZipFile(file) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/s"))
        texts = [archive.read(name).decode() for name in sheets]
    found = [re.search(r"<oddHeader>([^<]*)</oddHeader>", text) for text in texts]
    return [one[1].replace("&amp;", "&") for one in found if one]


def altered(file: Path, change: Callable[[str], str]) -> None:
    """Write the sheets of a workbook otherwise."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            is_sheet = name.startswith("xl/worksheets/s")
            archive.writestr(name, change(content.decode()) if is_sheet else content)


@pytest.mark.parametrize("corner", PARTS)
def test_a_mark_in_the_page_headers_is_struck_on_every_page(office: Archive, corner: str) -> None:
    header = f'{PARTS[corner]}&amp;"宋体,Bold"&amp;14{OLD}'
    content = book(headed(header, rows=90), headed(header), headed("&amp;C样例名单"), Page())
    file = put(office, content, "旧表.xlsx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    (one,) = plan.legacy
    assert (one.mark, one.where) == (OLD, f"1 {corner}")
    assert "page header" in one.known_by
    confirmed(office, plan, file)
    verified(office, plan)
    result = applied(office, plan)
    assert [verdict.error for verdict in result.verdicts] == [None]
    said = header.replace("&amp;", "&").replace(OLD, f"&S{OLD}&S　{NEW}\n&9变更 ")
    first, second, third = headers_of(file)
    assert first == second and first.startswith(said) and first.endswith(CHANGE)
    assert third == "&C样例名单"
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == NEW, report
    with office.room.ledger() as ledger:
        ((_, entry),) = ledger.acts(LegacyStruck)
    assert dict(entry.marks) == {f"1 {corner}": OLD}
    after = file.read_bytes()
    assert applied(office, plan).count(RemarkStatus.UNCHANGED) == 1
    assert names(planned(office).unchanged) == ["旧表.xlsx"] and file.read_bytes() == after
    with office.desk() as desk:
        undo_batch(result.batch_id, desk)
    assert file.read_bytes() == content


def test_a_second_change_strikes_the_second_mark_and_a_release_ends_it(office: Archive) -> None:
    header = "&amp;R&amp;14机密 ★ 10年\n&amp;8样例"
    content = book(headed(header, top=1.6), kind=MACROS)
    file = put(office, content, "旧表.xlsm")
    batches = [struck(office, notice(old_paper()))]
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    named = NoticeItem(document_number=NUMBER)
    batches.append(struck(office, notice(named, number="示密变〔2026〕4号", new=new)))
    kind = ChangeKind.RELEASED_EARLY
    batches.append(struck(office, notice(named, number="示密解〔2026〕5号", kind=kind)))
    assert [one.error for batch in batches for one in batch.verdicts] == [None] * 3
    (said,) = headers_of(file)
    marks, rest, *lines = said.split("\n")
    assert marks == f"&R&14&S机密 ★ 10年&S　&S{NEW}&S　&S机密★3年&S　解密" and rest == "&8样例"
    assert [re.sub(r"\d+年\d+月\d+日", "某日", line) for line in lines] == [
        f"&9变更 某日 {CHANGE}",
        "&9变更 某日 示密变〔2026〕4号",
        "&9提前解密 某日 示密解〔2026〕5号",
    ]
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("解密", True), report
    with office.desk() as desk:
        for batch in reversed(batches):
            undo_batch(batch.batch_id, desk)
    assert file.read_bytes() == content


def test_a_changed_scope_leaves_the_mark_and_adds_its_line(office: Archive) -> None:
    file = put(office, book(headed(f"&amp;R&amp;14{OLD}")), "旧表.xlsx")
    kind, new = ChangeKind.SCOPE_CHANGED, NewValues(scope=("样例知悉范围",))
    (verdict,) = struck(office, notice(old_paper(), kind=kind, new=new, runs_from=None)).verdicts
    assert verdict.error is None
    assert headers_of(file)[0].startswith(f"&R&14{OLD}\n&9知悉范围变更 ")
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == OLD, report


def test_where_room_is_scarce_the_lines_are_smaller(office: Archive) -> None:
    """三号 in the margins that spreadsheet programs begin with (0.3 and 0.75 inch)."""
    page = headed(f"&amp;L&amp;16{OLD}")
    low = page.margins.replace('header="0.5"', 'header="0.3"').replace('top="1"', 'top="0.75"')
    file = put(office, book(replace(page, margins=low)), "旧表.xlsx")
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert verdict.error is None
    (said,) = headers_of(file)
    assert said.startswith(f"&L&16&S{OLD}&S　{NEW}\n&8变更 ")


def test_a_scaled_sheet_is_struck_in_its_own_scale(office: Archive) -> None:
    small = '<pageSetup paperSize="9" scale="60"/>'
    file = put(office, book(headed(f"&amp;L&amp;24{OLD}", setup=small)), "旧表.xlsx")
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert verdict.error is None
    assert f"{NEW}\n&15变更" in headers_of(file)[0]


@pytest.mark.parametrize("step", ["struck_anew", "replace_file"])
def test_a_run_that_was_killed_goes_on(
    office: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        """As if the process had been killed: nothing of ours catches it."""

    def killed(*_: object) -> None:
        raise Killed

    content = book(headed(f"&amp;L{OLD}"))
    file = put(office, content, "旧表.xlsx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    confirmed(office, plan, file)
    verified(office, plan)
    with monkeypatch.context() as patched, without_processes(patched):
        patched.setattr(remark_file, step, killed)
        with pytest.raises(Killed):
            applied(office, plan)
    assert file.read_bytes() == content
    assert applied(office, plan).count(RemarkStatus.CHANGED) == 1
    assert NEW in headers_of(file)[0]
    assert [path.name for path in office.out.iterdir()] == ["旧表.xlsx"]
    with office.room.ledger() as ledger:
        assert len(ledger.acts(RemarkDone)) == 1 and ledger.verify() == []


# ── how such a file is seen afterwards ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("&amp;S", "", "is not struck any more"),
        (f"&amp;S　{NEW}", f"　{NEW}&amp;S", "not drawn as they were made"),
        (NEW, "秘密★1年", "The content of the file was changed"),
    ],
    ids=["no strike", "both struck", "retyped"],
)
def test_what_was_altered_at_a_struck_mark_is_told(
    office: Archive, old: str, new: str, told: str
) -> None:
    content = book(headed(f"&amp;L&amp;14{OLD}"), headed(f"&amp;L&amp;14{OLD}"))
    file = put(office, content, "旧表.xlsx")
    struck(office, notice(old_paper()))
    altered(file, lambda sheet: sheet.replace(old, new))
    (report,) = reports_of(office).values()
    lines = [line.says for line in report.lines if line.agreement is Agreement.CONTRADICTS]
    assert not report.agrees and any(told in str(says) for says in lines), report


def test_after_another_program_saved_it_the_content_is_the_same(
    office: Archive, tmp_path: Path
) -> None:
    content = book(headed(f'&amp;C第&amp;P页&amp;R&amp;"宋体,Bold"&amp;14{OLD}', rows=90))
    file = put(office, content, "旧表.xlsx")
    struck(office, notice(old_paper()))
    soffice, saved = find_soffice(), tmp_path / "saved"
    assert soffice is not None
    plain = tmp_path / "book.xlsx"
    plain.write_bytes(file.read_bytes())
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    words = [soffice, home, "--headless", "--convert-to", "xlsx", "--outdir", saved, plain]
    subprocess.run(words, check=True, capture_output=True)
    file.write_bytes((saved / "book.xlsx").read_bytes())
    (report,) = reports_of(office).values()
    lines = [str(line.says) for line in report.lines]
    assert report.mark == NEW and any("its content is the same" in line for line in lines), report
    assert not any("not struck" in line or "not to be seen" in line for line in lines), report


# ── what is left to people ───────────────────────────────────────────────────────────────────

LEFT = f"&amp;L{OLD}"
FIRST = "<firstHeader>&amp;L样例</firstHeader>"


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        pytest.param((headed(LEFT), headed("&amp;L秘密★5年")), "not one mark", id="two"),
        pytest.param((headed(LEFT), headed("&amp;L机密 ★10年")), "not one mark", id="spelling"),
        pytest.param((headed("&amp;L机密&amp;14★10年"),), "cut by codes", id="cut"),
        pytest.param((headed(f"&amp;L&amp;S{OLD}&amp;S"),), "struck or raised", id="struck"),
        pytest.param((headed(f"{LEFT}\n&amp;X样例"),), "struck or raised", id="raised"),
        pytest.param((headed(f"{LEFT}\n&amp;G"),), "beside a picture", id="picture"),
        pytest.param((headed(f"{LEFT}　第&amp;P页"),), "stands in a line", id="page"),
        pytest.param((headed(f"&amp;L000017{OLD}"),), "stands in a line", id="number"),
        pytest.param((headed("&amp;L样例机密"),), "says more than", id="a word"),
        pytest.param((headed(f"{LEFT}&amp;R机密"),), "says more than", id="both corners"),
        pytest.param((headed(f"{LEFT}&amp;R国家秘密样例"),), "says more than", id="a level"),
        pytest.param((headed("&amp;L机密\n10年"),), "in two pieces", id="two lines"),
        pytest.param((headed(f"{LEFT}\n解密"),), "released already", id="released"),
        pytest.param(
            (headed(LEFT, FIRST, switch=' differentFirst="1"'),), "other headers", id="first"
        ),
        pytest.param(
            (headed("", f"<firstHeader>{LEFT}</firstHeader>", switch=' differentFirst="1"'),),
            "other headers",
            id="only first",
        ),
        pytest.param(
            (headed(LEFT, f"<evenHeader>{LEFT}</evenHeader>"),), "not printed", id="unused"
        ),
        pytest.param((headed(LEFT, f"<oddFooter>{LEFT}</oddFooter>"),), "in a footer", id="footer"),
        pytest.param((headed("&amp;L样例"), headed(LEFT)), "head of its first", id="not first"),
        pytest.param((headed(LEFT, text=OLD),), "in a cell or shape", id="cell too"),
        pytest.param((headed("", text=OLD),), "in a cell or shape", id="cell"),
        pytest.param((headed(""),), "no page header and no cell", id="nothing"),
        pytest.param(
            (headed(LEFT), headed("", text="机密", state="hidden")), "sheet 2", id="hidden"
        ),
        pytest.param(
            (headed(LEFT, shapes=BOX.replace("样例：框里的话", OLD)),), "shape", id="shape"
        ),
    ],
)
def test_what_is_not_sure_in_a_header_is_left_to_people(
    tmp_path: Path, pages: tuple[Page, ...], why: str
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book(*pages))
    with pytest.raises(LegacyMarkUnsure) as caught:
        header_line(SheetHandler().heads(path))
    assert why in str(caught.value), caught.value


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        ((headed(LEFT, text="机密"),), "besides the mark"),
        ((headed(LEFT, rows=1), headed("&amp;L样例", text="机密")), "besides the mark"),
        ((headed("&amp;L拟定机密★10年"),), "provisional"),
        ((headed("&amp;L秘密★3年"),), "秘密★3年"),
    ],
    ids=["first page", "later page", "provisional", "another"],
)
def test_what_is_not_sure_on_the_pages_is_left_to_people(
    office: Archive, pages: tuple[Page, ...], why: str
) -> None:
    content = book(*pages)
    put(office, content, "旧表.xlsx")
    digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
    office.sign(notice(old_paper(document_number="", digest=digest)))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧表.xlsx"]
    assert why in plan.person[0].why


@pytest.mark.parametrize(
    ("page", "error", "why"),
    [
        (headed(LEFT, top=0.8), RemarkNotPossible, "reaches into the cells"),
        (headed(f"{LEFT}&amp;R{'&amp;B' * 110}样例"), RemarkNotPossible, "longer than Excel takes"),
        (headed(f"&amp;L&amp;20{OLD}&amp;C{'样例' * 11}"), RemarkPlaceFull, NEW),
    ],
    ids=["tall", "long", "wide"],
)
def test_where_a_header_has_no_room_the_file_stays(
    office: Archive, page: Page, error: type[Exception], why: str
) -> None:
    content = book(page)
    file = put(office, content, "旧表.xlsx")
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert isinstance(verdict.error, error) and why in str(verdict.error), verdict
    assert file.read_bytes() == content and list(office.out.iterdir()) == [file]
