"""The office: made whole or not at all, found, and read strictly and fast."""

from __future__ import annotations

import errno
import os
import pickle
import re
import stat
from datetime import date, datetime
from pathlib import Path

import pytest

from dingmi_mark.domain.approval import Corner, OfficerKind
from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.domain.printing import PaperKind, PrintDecision, PrintReason
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import (
    ConfigurationInvalid,
    ExitCode,
    NamedOfficeNotFound,
    OfficeExists,
    OfficeNotFound,
    OfficeSecretMissing,
    OutputDiskFull,
    OutputNotWritable,
)
from dingmi_mark.store.office import (
    Limits,
    Office,
    Policies,
    RenderDocx,
    TypedMark,
    read_office,
)
from dingmi_mark.store.office_new import FOLDERS, init_office
from dingmi_mark.store.office_place import find_office

NAME = "示例市示范局"
NOW = datetime(2026, 1, 10, 9, 0)
TOP, HIGH, LOW = SecrecyLevel.TOP_SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET


def init(folder: Path, name: str = NAME) -> Office:
    return init_office(folder, name=name, kind=OrganKind.PREFECTURE_CITY, now=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    init(tmp_path / "office")
    return tmp_path / "office"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def enable_samples(file: Path) -> None:
    """Take the # from before every sample line, as the file's comments tell people to do."""
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE), encoding="utf-8")


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        read_office(folder)
    faults = caught.value.params["faults"]
    assert isinstance(faults, tuple)
    return [str(fault) for fault in faults]


# ── making one ───────────────────────────────────────────────────────────────────────────────


def test_a_new_office_is_whole_and_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        office = init(tmp_path / "新" / "office")
    finally:
        os.umask(old)
    entries = {entry.name for entry in office.folder.iterdir()}
    assert entries == {"office.toml", "authority.toml", *FOLDERS}
    for entry in (office.folder, *(office.folder / name for name in FOLDERS)):
        assert stat.S_IMODE(entry.stat().st_mode) == 0o700
    key = office.folder / "secret" / "office.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(office.secret()) == 32
    assert list((office.folder / "ledger").iterdir()) == []
    assert [entry.name for entry in (tmp_path / "新").iterdir()] == ["office"]


def test_a_new_office_has_its_name_and_the_usual_settings(tmp_path: Path) -> None:
    office = init(tmp_path / "office", '示例市"示范\\局" $name ${id}')
    assert office.name == '示例市"示范\\局" $name ${id}'
    assert office.organ.kind is OrganKind.PREFECTURE_CITY
    assert (office.profile, office.beijing) == ("national", False)
    assert (office.policies, office.limits) == (Policies(), Limits())
    assert office.ledger_url == f"sqlite:///{tmp_path}/office/ledger/ledger.sqlite"
    assert office.fonts == {}
    assert set(office.templates.forms) >= {"公文", "信函", "命令", "纪要"}
    assert office.authority.officers == ()
    assert office.authority.organs == (office.organ,)
    assert len(office.id) == 16
    assert "2026-01-10" in (office.folder / "office.toml").read_text(encoding="utf-8")


def test_two_offices_share_neither_id_nor_secret(tmp_path: Path) -> None:
    one, other = init(tmp_path / "甲"), init(tmp_path / "乙")
    assert one.id != other.id
    assert one.secret() != other.secret()


def test_an_office_can_be_made_in_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "旧文件.docx").write_bytes(b"x")
    office = init(tmp_path)
    assert (office.folder / "旧文件.docx").read_bytes() == b"x"
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".dingmi")]


def test_an_office_is_never_made_twice(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(OfficeExists):
        init(folder, "别的单位")
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_names_that_are_taken_are_all_told_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "authority.toml").symlink_to("nowhere")
    with pytest.raises(ConfigurationInvalid) as caught:
        init(tmp_path)
    assert "ledger: there is already something here" in str(caught.value)
    assert "authority.toml: there is already something here" in str(caught.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["authority.toml", "ledger"]


@pytest.mark.parametrize("name", ["", " ", "甲\n乙", "甲\x7f"])
def test_a_name_must_be_a_line_of_text(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="organ.name"):
        init(tmp_path / "office", name)
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, OutputDiskFull), (errno.EACCES, OutputNotWritable)]
)
@pytest.mark.parametrize(
    ("there_before", "at"),
    [*((False, at) for at in range(1, 5)), *((True, at) for at in range(1, 11))],
)
def test_a_failure_at_any_step_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there_before: bool,
    number: int,
    error: type[Exception],
    at: int,
) -> None:
    folder = tmp_path / "office"
    if there_before:
        folder.mkdir()
    step = 0

    def fails_at(real: object, *arguments: object) -> object:
        nonlocal step
        step += 1
        if step == at:
            raise OSError(number, os.strerror(number))
        assert callable(real)
        return real(*arguments)

    rename, fsync = Path.rename, os.fsync
    monkeypatch.setattr(Path, "rename", lambda *args: fails_at(rename, *args))
    monkeypatch.setattr(os, "fsync", lambda *args: fails_at(fsync, *args))
    with pytest.raises(error):
        init(folder)
    assert list(tmp_path.rglob("*")) == ([folder] if there_before else [])


# ── finding it ───────────────────────────────────────────────────────────────────────────────


def test_the_office_named_wins_over_the_environment_and_the_place(
    tmp_path: Path, folder: Path
) -> None:
    other = init(tmp_path / "other").folder
    here = other / "approvals"
    environ = {"DINGMI_OFFICE": str(folder)}
    assert find_office(other, environ, tmp_path) == other
    assert find_office(other / "office.toml", environ, tmp_path) == other
    assert find_office(None, environ, here) == folder
    assert find_office(None, {"DINGMI_OFFICE": ""}, here) == other
    assert find_office(None, {}, other) == other


def test_a_named_place_that_is_no_office_is_not_searched_above(folder: Path) -> None:
    for explicit, environ in (
        (folder / "stamps", {}),
        (None, {"DINGMI_OFFICE": str(folder / "stamps")}),
    ):
        with pytest.raises(NamedOfficeNotFound, match=r"no office\.toml in it") as caught:
            find_office(explicit, environ, folder)
        assert caught.value.code is ExitCode.OFFICE_NOT_FOUND
        assert "--office" not in str(caught.value.advice), "it was given"
    with pytest.raises(NamedOfficeNotFound, match="--office is no office: it is not there"):
        find_office(folder / "没有单位", {}, folder)


def test_no_office_above_is_told_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(OfficeNotFound) as caught:
        find_office(None, {}, tmp_path)
    assert caught.value.where == str(tmp_path)


# ── the secret ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_others_can_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "secret" / "office.key").chmod(mode)
    with pytest.raises(OfficeSecretMissing):
        read_office(folder).secret()


@pytest.mark.parametrize("text", ["", "00" * 31, "00" * 33, "xy" * 32, "密"])
def test_a_secret_that_is_not_whole_is_refused(folder: Path, text: str) -> None:
    (folder / "secret" / "office.key").write_text(text, encoding="utf-8")
    with pytest.raises(OfficeSecretMissing):
        read_office(folder).secret()


def test_a_missing_secret_is_never_made_anew(folder: Path) -> None:
    (folder / "secret" / "office.key").unlink()
    with pytest.raises(OfficeSecretMissing):
        read_office(folder).secret()
    assert not (folder / "secret" / "office.key").exists()


# ── reading it ───────────────────────────────────────────────────────────────────────────────


def test_the_samples_in_the_files_are_valid_as_they_stand(folder: Path) -> None:
    enable_samples(folder / "office.toml")
    enable_samples(folder / "authority.toml")
    office = read_office(folder)
    assert office.fonts == {
        "heiti": folder / "fonts" / "simhei.ttf",
        "fangsong": folder / "fonts" / "simfang.ttf",
    }
    head, deputy = office.authority.officers
    assert (head.name, head.kind, head.organ) == ("张示范", OfficerKind.STATUTORY, NAME)
    assert head.derivative_levels == {TOP, HIGH, LOW}
    assert (deputy.corner, deputy.letter) == (Corner.A, "示定授〔2024〕1号")
    assert deputy.span.last == date(2028, 5, 31)
    (grant,) = office.organ.grants
    assert grant.levels == {HIGH, LOW} and grant.matters == ("示例事项",)
    own, superior, department, bureau = office.authority.organs
    assert own == office.organ
    assert (own.superior, own.competent) == (superior.name, (department.name,))
    assert superior.grants[0].levels == {TOP}
    assert bureau.secrecy_bureau


def test_every_setting_is_read(folder: Path) -> None:
    file = folder / "office.toml"
    edit(file, "beijing = false", "beijing = true")
    edit(file, 'profile = "national"', 'profile = "rules.toml"')
    edit(file, "sqlite:///ledger/ledger.sqlite", "postgresql+psycopg://db/marks?sslmode=require")
    edit(file, "records_without_digest = false", "records_without_digest = true")
    edit(file, 'typed_mark = "adopt"', 'typed_mark = "stop"')
    edit(file, 'render_docx = "when-there"', 'render_docx = "always"')
    edit(file, "seconds = 180", "seconds = 60")
    office = read_office(folder)
    assert office.beijing
    assert office.profile == folder / "rules.toml"
    assert office.ledger_url == "postgresql+psycopg://db/marks?sslmode=require"
    assert office.policies == Policies(
        records_without_digest=True, typed_mark=TypedMark.STOP, render_docx=RenderDocx.ALWAYS
    )
    assert office.limits == Limits(seconds=60)
    assert (office.stamps, office.approvals, office.archive) == tuple(
        folder / name for name in ("stamps", "approvals", "archive")
    )


def test_printers_begin_with_what_holds_for_all_and_say_what_differs(folder: Path) -> None:
    enable_samples(folder / "office.toml")
    printing = read_office(folder).printing
    named, other = printing.printer("公用打印机"), printing.printer("别的")
    assert (named.paper, other.paper) == (PaperKind.ANY, PaperKind.CLASSIFIED)
    assert other.own == {
        PrintReason.INCOMPLETE: PrintDecision.PRINT,
        PrintReason.ALTERED: PrintDecision.HOLD,
        PrintReason.EXPIRED: PrintDecision.REFUSE,
    }
    assert named.own == {
        **other.own,
        PrintReason.NOTIFIED: PrintDecision.PRINT,
        PrintReason.PROVISIONAL: PrintDecision.HOLD,
        PrintReason.FOREIGN: PrintDecision.REFUSE,
    }


def test_what_never_prints_cannot_be_set_and_nothing_is_decided_twice(folder: Path) -> None:
    edit(folder / "office.toml", '#print = ["incomplete"]', 'print = ["unmarked_secret"]')
    edit(folder / "office.toml", '#hold = ["altered"]', 'hold = ["expired"]')
    edit(folder / "office.toml", '#refuse = ["expired"]', 'refuse = ["expired"]')
    first, second = faults_of(folder)
    assert first.startswith("printing.print[1]: one of marked、provisional")
    assert second == "printing.refuse: expired stands here twice"


def test_a_printer_is_named_once(folder: Path) -> None:
    with (folder / "office.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[[printer]]\nname = "公用"\n[[printer]]\nname = "公用"\n')
    (fault,) = faults_of(folder)
    assert fault == "printer[2].name: 公用 stands here twice"


def test_settings_that_are_left_out_are_as_usual(folder: Path) -> None:
    file = folder / "office.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[fonts]")], encoding="utf-8")
    office = read_office(folder)
    assert (office.policies, office.limits) == (Policies(), Limits())


def test_all_faults_of_both_files_are_told_at_once(folder: Path) -> None:
    edit(folder / "office.toml", "stamp = true", 'stamp = "yes"')
    edit(folder / "office.toml", "seconds = 180", "secnds = 180")
    edit(folder / "office.toml", 'kind = "设区的市级"', 'kind = "市级"')
    edit(folder / "authority.toml", "schema = 1", "schema = 2")
    found = faults_of(folder)
    assert found[0].startswith("organ.kind: one of 中央、省级、设区的市级")
    assert found[1:] == [
        "policies.stamp: true or false is expected",
        "limits.secnds: there is no such key; did you mean seconds?",
        "authority.toml: schema: a number from 1 to 1 is expected",
    ]


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://x/y", "ledger.sqlite"]
)
def test_a_ledger_that_would_be_lost_is_refused(folder: Path, url: str) -> None:
    edit(folder / "office.toml", "sqlite:///ledger/ledger.sqlite", url)
    (fault,) = faults_of(folder)
    assert fault.startswith("ledger.url: ")


def test_an_absolute_ledger_stays_where_it_is_and_a_question_mark_is_refused(
    folder: Path,
) -> None:
    edit(folder / "office.toml", "sqlite:///ledger/ledger.sqlite", "sqlite:////srv/marks.sqlite")
    assert read_office(folder).ledger_url == "sqlite:////srv/marks.sqlite"
    edit(folder / "office.toml", "sqlite:////srv/marks.sqlite", "sqlite:////srv/a?b.sqlite")
    assert faults_of(folder) == [
        "ledger.url: the path of the ledger must not contain a question mark"
    ]


def test_a_broken_file_is_told_by_line_and_a_missing_one_too(folder: Path) -> None:
    (folder / "office.toml").write_text("schema = 1\n[organ\n", encoding="utf-8")
    (folder / "authority.toml").unlink()
    assert faults_of(folder) == [
        "line 2, column 7 is not valid TOML",
        "authority.toml: there is no such file",
    ]


OFFICER = """
[[officer]]
name = "张示范"
post = "局长"
kind = "法定"
from = {first}
until = {last}
original = ["秘密"]
derivative = ["秘密"]
"""


def test_an_officer_has_one_term_at_a_time(folder: Path) -> None:
    file = folder / "authority.toml"
    first = OFFICER.format(first="2020-01-01", last="2022-12-31")
    for start, faults in (
        ("2023-01-01", []),
        ("2022-12-31", ["authority.toml: officer[2].from: 张示范 stands twice for the same days"]),
    ):
        second = OFFICER.format(first=start, last="2026-12-31")
        file.write_text("schema = 1\n" + first + second, encoding="utf-8")
        if faults:
            assert faults_of(folder) == faults
        else:
            assert len(read_office(folder).authority.officers) == 2


def test_organs_and_officers_fit_together(folder: Path) -> None:
    (folder / "authority.toml").write_text(
        "schema = 1\n"
        + OFFICER.format(first="2026-01-02", last="2026-01-01")
        + 'organ = "无此机关"\n'
        + f'[[organ]]\nname = "{NAME}"\nkind = "县级"\n'
        + '[[grant]]\nletter = "x"\ngranted_by = "y"\nlevels = []\nfrom = 2026-01-01\nuntill = 1\n',
        encoding="utf-8",
    )
    assert faults_of(folder) == [
        "authority.toml: officer[1].until: a day not before from is expected",
        f"authority.toml: organ[1].name: “{NAME}” is already known",
        "authority.toml: officer[1].organ: no [[organ]] has the name “无此机关”",
        "authority.toml: grant[1].untill: there is no such key; did you mean until?",
    ]


def test_an_office_can_be_sent_to_a_worker_process(folder: Path) -> None:
    office = read_office(folder)
    assert pickle.loads(pickle.dumps(office)) == office
