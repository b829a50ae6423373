"""An office with marked papers whose marks change, for the tests of re-marking."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dingmi_mark.store.office import read_office
from office_kit import pdf
from remark_kit import Archive, People, archive, notice, number_of, without_processes


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An office with three marked papers, to be copied."""
    made = archive(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        made.mark("1号.pdf")
        made.mark("2号.pdf", pdf(2), copies=2)
        made.mark("3号.pdf", pdf(3))
    return made


@pytest.fixture
def office(tmp_path: Path) -> Archive:
    """An office that has marked nothing yet."""
    made = archive(tmp_path)
    made.out.mkdir()
    return made


@pytest.fixture
def in_this_process(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Work in this process, but where a test says otherwise."""
    if "in_processes" in request.node.name:
        yield
        return
    with without_processes(monkeypatch):
        yield


@pytest.fixture
def papers(original: Archive, tmp_path: Path) -> Archive:
    """The same office in a folder of its own."""
    here = tmp_path / "here"
    shutil.copytree(original.room.folder, here)
    room = replace(original.room, folder=here, office=read_office(here / "office"))
    return Archive(People(room, original.crew.hands), dict(original.records))


@pytest.fixture
def signed(papers: Archive) -> Archive:
    """A notice about the first two papers is signed."""
    papers.sign(notice(number_of("1号.pdf"), number_of("2号.pdf")))
    return papers
