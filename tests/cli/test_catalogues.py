"""Both catalogues hold everything the program says, and nothing else."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).parent / "dingmi-mark")

PROPER = {"Word", "PDF", "DOCX", "PNG", "JPEG", "TIFF", "TOML", "JSON", "UTF", "XMP", "SM", "SHA"}
"""Names that stay as they are in Chinese text; file names and commands besides."""


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_missing_stale_empty_or_with_other_placeholders(
    messages: ModuleType, language: str
) -> None:
    assert list(messages.faults(language)) == []
    assert len(messages.spoken()) > 300


def test_chinese_sentences_are_chinese(messages: ModuleType) -> None:
    """No sentence was left in English: nearly every one has an ideograph."""
    known = messages.translations("zh_CN")
    bare = [
        texts[0]
        for texts in known.values()
        if not re.search(r"[\u4e00-\u9fff]", texts[0]) and re.search(r"[A-Za-z]{4,}", texts[0])
    ]
    left = [text for text in bare if not re.fullmatch(r"[\W\d]*(\{[^}]*\}|[A-Z]+|[\W\d])*", text)]
    assert left == []


def test_the_compiled_catalogue_is_there_and_speaks() -> None:
    """`make test` and every build compile it: python hatch_build.py."""
    for language, word in (("zh", "给"), ("en", "Put")):
        done = subprocess.run(
            [COMMAND, "--lang", language, "--help"], capture_output=True, text=True, check=True
        )
        assert word in done.stdout, done.stdout
