"""A Word file as a package: its trees, each read once, and how its parts name each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_drafts import letter, saved
from lxml import etree

from dingmi_mark.formats.docx.package import Limits, opened, relative, resolved


def test_a_tree_to_be_changed_is_none_that_others_look_at(tmp_path: Path) -> None:
    with opened(saved(tmp_path / "draft.docx", letter), Limits()) as package:
        fresh = etree.tostring(package.tree("word/settings.xml"))
        looked_at = package.looked_at("word/settings.xml")
        first, second = package.tree("word/settings.xml"), package.tree("word/settings.xml")
        first.clear()
        assert first is not second
        assert etree.tostring(second) == etree.tostring(looked_at) == fresh


def test_what_parts_are_related_to_is_told_after_a_change_as_before(tmp_path: Path) -> None:
    with opened(saved(tmp_path / "draft.docx", letter), Limits()) as package:
        before = package.relationships("word/document.xml")
        package.tree("word/_rels/document.xml.rels").clear()
        package.tree("[Content_Types].xml").clear()
        assert package.relationships("word/document.xml") == before
        assert package.content_type("word/document.xml").endswith("document.main+xml")


@pytest.mark.parametrize(
    ("target", "part", "address"),
    [
        ("word/document.xml", "", "word/document.xml"),
        ("word/header1.xml", "word/document.xml", "header1.xml"),
        ("word/media/dingmi-1.png", "word/document.xml", "media/dingmi-1.png"),
        ("customXml/item1.xml", "word/document.xml", "../customXml/item1.xml"),
        ("customXml/itemProps1.xml", "customXml/item1.xml", "itemProps1.xml"),
        ("wording/a.xml", "word/document.xml", "../wording/a.xml"),
        ("文档/页眉 1.xml", "文档/正文.xml", "页眉 1.xml"),
        ("ppt/media/a.png", "ppt/slides/slide1.xml", "../media/a.png"),
    ],
)
def test_a_part_is_named_from_where_it_is_named(target: str, part: str, address: str) -> None:
    assert relative(target, part) == address
    assert resolved(address, part) == target
