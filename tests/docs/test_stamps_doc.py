"""docs/stamps.md names every key and field of templates, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from dingmi_mark.engine.template import FIELDS, Anchor, Pages, WhenTaken

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "stamps.md").read_text(encoding="utf-8")
READER = "".join(
    (ROOT / "src/dingmi_mark/store" / name).read_text(encoding="utf-8")
    for name in ("template_file.py", "template_values.py")
)
_ASKED = re.compile(
    r"\b(?:table|top)\.(?:text|number|integer|flag|choice|table|tables|has)\(\s*\"([a-z_0-9]+)\"|"
    r"\b(?:name|offset|length|line|size)\(table, \"([a-z_0-9]+)\""
)


def test_every_key_of_the_reader_is_documented() -> None:
    keys = {one or other for one, other in _ASKED.findall(READER)}
    assert {"width_mm", "size_pt", "occupied", "closing_font", "x1_mm"} <= keys
    documented = set(re.findall(r"(?<=[`\[.])[a-z_0-9]+(?=[`\].])", TEXT))
    assert keys - documented == set()


def test_every_documented_measure_is_a_key_of_the_reader() -> None:
    keys = {one or other for one, other in _ASKED.findall(READER)}
    documented = set(re.findall(r"`([a-z_0-9]+_(?:mm|pt))`", TEXT)) - {"landmark_y_mm"}
    assert documented <= keys


def test_every_field_is_documented() -> None:
    assert set(re.findall(r"^\| `\{([a-z_]+)\}`", TEXT, re.MULTILINE)) == set(FIELDS)


def test_every_word_of_the_choices_is_documented() -> None:
    for choice in (*Anchor, *Pages, *WhenTaken):
        assert f"`{choice.value}`" in TEXT, choice
