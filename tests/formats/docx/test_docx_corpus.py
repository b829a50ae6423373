"""Real files from elsewhere: each is marked, or refused with its cause."""

from __future__ import annotations

import os
from pathlib import Path

import docx
import pytest
from docx_drafts import FACES, RECORD, job

from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.docx import DocxHandler

CORPUS = os.environ.get("DINGMI_CORPUS")
FILES = sorted(Path(CORPUS).glob("docx/**/*.docx")) if CORPUS else []
HANDLER = DocxHandler()

pytestmark = pytest.mark.skipif(not CORPUS, reason="needs DINGMI_CORPUS")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_is_marked_or_refused(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "marked.docx"
    try:
        before = HANDLER.inspect(path)
        HANDLER.mark(path, target, job(closing_words="完。"), FACES)
    except DingmiError:
        assert not target.exists()
        return
    after = HANDLER.inspect(target)
    assert after.content_digest == before.content_digest
    assert after.embedded is not None
    assert after.embedded.records[0] == RECORD
    assert docx.Document(str(target)) is not None


def test_most_of_the_corpus_is_marked() -> None:
    refused = 0
    for path in FILES:
        try:
            HANDLER.inspect(path)
        except DingmiError:
            refused += 1
    assert refused < len(FILES) / 5
