"""The label stands in the file at three levels and is read back exactly."""

from __future__ import annotations

import posixpath
from pathlib import Path

import docx
import pytest
from docx_drafts import CARRIERS, FACES, RECORD, Edit, edited, job, letter, parts, saved
from hypothesis import given, strategies as st
from lxml import etree

from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.carriers import _parts

HANDLER = DocxHandler()
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="7" name="密级">'
    "<vt:lpwstr>别人写的</vt:lpwstr></property></Properties>"
).encode()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path / "draft.docx", letter)


@pytest.fixture
def marked(draft: Path, tmp_path: Path) -> Path:
    target = tmp_path / "marked.docx"
    HANDLER.mark(draft, target, job(), FACES)
    return target


def test_the_label_is_read_back_from_all_levels(marked: Path) -> None:
    embedded = HANDLER.inspect(marked).embedded
    assert embedded is not None
    assert embedded.records == (RECORD,)
    assert embedded.marking_ids == ("marking-1",)
    assert embedded.levels == {"customxml": True, "properties": True, "drawing": True}


def test_the_properties_show_the_facts_and_fit_into_words_dialogue(marked: Path) -> None:
    shown = properties(marked)
    assert (shown["密级"], shown["保密期限"]) == ("机密", "10年")
    assert shown["dingmi.document"] == "doc-1"
    assert shown["dingmi.marking"] == "marking-1"
    assert shown["dingmi.copy"] == "copy-1"
    assert max(map(len, shown.values())) <= 255


def test_properties_of_others_are_kept(draft: Path, marked: Path, tmp_path: Path) -> None:
    foreign, target = tmp_path / "foreign.docx", tmp_path / "out.docx"
    given_ = {"docProps/custom.xml": PROPERTIES}

    given_["_rels/.rels"] = parts(marked)["_rels/.rels"]
    added = draft_with(draft, foreign, given_)
    HANDLER.mark(added, target, job(), FACES)
    shown = properties(target)
    assert (shown["密级"], shown["dingmi.密级"], shown["保密期限"]) == ("别人写的", "机密", "10年")
    numbers = [entry.get("pid") for entry in etree.fromstring(parts(target)["docProps/custom.xml"])]
    assert len(numbers) == len(set(numbers))


def test_a_label_that_contradicts_another_shows_as_two_records(
    marked: Path, tmp_path: Path
) -> None:
    forged = edited(
        marked,
        tmp_path / "forged.docx",
        {"docProps/custom.xml": lambda xml: xml.replace("知悉".encode(), "扩大".encode(), 1)},
    )
    embedded = HANDLER.inspect(forged).embedded
    assert embedded is not None
    assert embedded.records[0] == RECORD
    assert len(embedded.records) == 2


def test_a_lost_level_is_told(marked: Path, tmp_path: Path) -> None:
    lost = edited(
        marked,
        tmp_path / "lost.docx",
        {
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b"customXml/item2", b"customXml/x"
            )
        },
    )
    embedded = HANDLER.inspect(lost).embedded
    assert embedded is not None
    assert embedded.levels == {"customxml": False, "properties": True, "drawing": True}
    assert embedded.records == (RECORD,)


def test_every_relationship_leads_to_a_part_with_a_type(marked: Path) -> None:
    content = parts(marked)
    types = content["[Content_Types].xml"].decode()
    for name, xml in content.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for edge in etree.fromstring(xml).iter(f"{RELS}Relationship"):
            if edge.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, str(edge.get("Target"))))
                assert target.lstrip("/") in content
                ending = target.rpartition(".")[2]
                assert f'PartName="{target}"' in types or f'Extension="{ending}"' in types


def test_the_facts_are_not_in_the_label_object_as_shown(marked: Path) -> None:
    assert "某局" not in repr(CARRIERS)
    assert docx.Document(str(marked)).core_properties is not None


@given(st.text(alphabet="a密 \u3000★", max_size=1500))
def test_cut_texts_are_whole_again_and_do_not_begin_with_space(text: str) -> None:
    cut = list(_parts(text))
    assert "".join(cut) == text
    assert all(len(part) <= 240 for part in cut)
    if "  " not in text and "\u3000" not in text and text[:1] != " ":
        assert not any(part[0].isspace() for part in cut)


def properties(path: Path) -> dict[str, str]:
    root = etree.fromstring(parts(path)["docProps/custom.xml"])
    return {str(entry.get("name")): "".join(map(str, entry.itertext())) for entry in root}


def draft_with(source: Path, target: Path, replaced: dict[str, bytes]) -> Path:
    return edited(source, target, {name: _always(new) for name, new in replaced.items()})


def _always(content: bytes) -> Edit:
    return lambda _: content
