"""What Word and WPS write anew when a number is typed in and the file is saved: no difference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dingmi_mark.domain.comparison import Comparison, compare
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.comparing import compare_drafts, difference_words
from docx_forgery_kit import (
    APP,
    CORE,
    DOCUMENT,
    FILLED,
    FONTS,
    RELATIONS,
    SETTINGS,
    STYLES,
    TYPES,
    Change,
    Parts,
    body,
    both,
    changed,
    field,
    part,
    related,
    setting,
    swap,
)
from late_kit import LATE, LIBREOFFICE, paper

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MICROSOFT = "http://schemas.microsoft.com/office"
FOOTER, HEADER = "word/footer9.xml", "word/header1.xml"
SIGNATURE = '<w:sig w:usb0="E0002AFF" w:usb1="C0007841"'
APPROVED: tuple[Change, ...] = (
    swap(HEADER, "</w:hdr>", field(" PAGE   \\* MERGEFORMAT ", "1") + "</w:hdr>"),
    body('<w:p><w:bookmarkStart w:id="0" w:name="样例处"/><w:r><w:t>某处</w:t></w:r>'
         '<w:bookmarkEnd w:id="0"/></w:p>'),
)  # fmt: skip
"""The draft as it was approved: with a field and a bookmark, as most drafts have."""


def every(name: str, pattern: str, new: str) -> Change:
    """Replace a pattern wherever it is found in a part."""

    def change(parts: Parts) -> None:
        text, count = re.subn(pattern, new, parts[name].decode())
        assert count, f"{pattern} is not in {name}"
        parts[name] = text.encode()

    return change


def renamed(old: str, new: str) -> Change:
    """Give a part another name."""

    def change(parts: Parts) -> None:
        parts[f"word/{new}"] = parts.pop(f"word/{old}")
        swap(RELATIONS, f'"{old}"', f'"{new}"')(parts)
        swap(TYPES, f"/word/{old}", f"/word/{new}")(parts)

    return change


def dropped(*names: str, entry: tuple[str, str]) -> Change:
    """Leave parts out, and the entry that leads to them."""

    def change(parts: Parts) -> None:
        for name in names:
            del parts[name]
        every(*entry, "")(parts)

    return change


def backwards(parts: Parts) -> None:
    """Write the parts in another order."""
    for name in sorted(parts, reverse=True):
        parts[name] = parts.pop(name)


TYPED = (
    "<w:r><w:t>示密〔2026〕</w:t></w:r>"
    '<w:proofErr w:type="gramStart"/><w:r w:rsidR="00AB12CD"><w:rPr><w:rFonts w:hint="eastAsia"/>'
    '<w:lang w:eastAsia="zh-CN"/></w:rPr><w:t>3</w:t></w:r><w:bookmarkStart w:id="7" '
    'w:name="_GoBack"/><w:bookmarkEnd w:id="7"/><w:proofErr w:type="gramEnd"/>'
    "<w:r><w:t>号</w:t></w:r>"
)
PAGE_NUMBER = (
    '<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:sdt><w:sdtPr>'
    '<w:id w:val="1234"/><w:docPartObj><w:docPartGallery w:val="Page Numbers (Bottom of Page)"/>'
    '<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="a3"/>'
    '<w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
    'PAGE   \\* MERGEFORMAT</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:rPr><w:noProof/></w:rPr><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '</w:p></w:sdtContent></w:sdt><w:p><w:pPr><w:pStyle w:val="a3"/></w:pPr></w:p></w:ftr>'
)
FOOTER_STYLE = (
    '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="footer"/><w:basedOn w:val="Normal"/>'
    '<w:link w:val="a4"/><w:uiPriority w:val="99"/><w:pPr><w:tabs><w:tab w:val="center" '
    'w:pos="4153"/></w:tabs><w:snapToGrid w:val="0"/><w:jc w:val="left"/></w:pPr><w:rPr>'
    '<w:sz w:val="18"/></w:rPr></w:style><w:style w:type="character" w:customStyle="1" '
    'w:styleId="a4"><w:name w:val="页脚 字符"/><w:link w:val="a3"/></w:style></w:styles>'
)
ENDNOTES = (
    '<w:endnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:endnote '
    'w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:separator/>'
    '</w:r></w:p></w:endnote><w:endnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
    "<w:continuationSeparator/></w:r></w:p></w:endnote></w:endnotes>"
)
WPS = (
    f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"><property '
    'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"><vt:lpwstr>'
    '2052-0.0.0.1</vt:lpwstr></property><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" '
    'pid="3" name="ICV"><vt:lpwstr>0A0B</vt:lpwstr></property></Properties>'
)

SAVED: dict[str, Change] = {
    "a typed number in runs of its own": swap(
        DOCUMENT, "<w:r><w:t>示密〔2026〕3号</w:t></w:r>", TYPED
    ),
    "the end of the paragraph that was typed in": every(
        DOCUMENT,
        "<w:p>(?=<w:r><w:t[^>]*>2026年11月26日)",
        '<w:p><w:pPr><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr></w:pPr>',
    ),
    "ids of drawings": every(DOCUMENT, '<wp:docPr id="1"', '<wp:docPr id="8"'),
    "ids of notes": both(
        every(DOCUMENT, '<w:footnoteReference w:id="2"', '<w:footnoteReference w:id="1"'),
        every("word/footnotes.xml", 'w:id="2"', 'w:id="1"'),
    ),
    "ids of bookmarks": both(
        every(DOCUMENT, '<w:bookmarkStart w:id="0"', '<w:bookmarkStart w:id="4"'),
        every(DOCUMENT, '<w:bookmarkEnd w:id="0"', '<w:bookmarkEnd w:id="4"'),
    ),
    "ids of relationships": both(
        every(DOCUMENT, '"rId11"', '"rId91"'), every(RELATIONS, '"rId11"', '"rId91"')
    ),
    "the order of parts": backwards,
    "where pages ended": every(
        DOCUMENT, "<w:r><w:t>样例：关于", "<w:r><w:lastRenderedPageBreak/><w:t>样例：关于"
    ),
    "what a page field shows": swap(HEADER, "<w:t>1</w:t>", "<w:t>12</w:t>"),
    "white space to be kept": every(DOCUMENT, "<w:t>456", '<w:t xml:space="preserve">456'),
    "white space between elements": every(DOCUMENT, "</w:p><w:p>", "</w:p>\n  <w:p>"),
    "newer namespaces": both(
        every(DOCUMENT, 'mc:Ignorable="w14 wp14"', f'xmlns:w15="{MICROSOFT}/word/2012/wordml" '
              'mc:Ignorable="w14 w15 wp14"'),
    ),
    "properties of the file": both(
        swap(CORE, "<cp:lastModifiedBy/>", "<cp:lastModifiedBy>王承办</cp:lastModifiedBy>"),
        swap(CORE, "<cp:revision>1<", "<cp:revision>2<"),
        every(CORE, "(<dcterms:modified[^>]*>)2013", r"\g<1>2026"),
        swap(APP, "<Words>0<", "<Words>37<"),
        swap(APP, "<Pages>1<", "<Pages>2<"),
        swap(APP, "<TotalTime>0<", "<TotalTime>9<"),
        swap(APP, "<AppVersion>14.0000<", "<AppVersion>16.0000<"),
    ),
    "the small picture of page one": dropped(
        "docProps/thumbnail.jpeg", entry=("_rels/.rels", "<Relationship [^>]*thumbnail[^>]*/>")
    ),
    "how it was seen on the screen": every(
        SETTINGS, "<w:zoom[^>]*/>", '<w:zoom w:percent="150"/><w:proofState w:spelling="dirty"/>'
    ),
    "ids of the file": every(SETTINGS, '<w14:docId w14:val="24062061"/>', ""),
    "a switch that newer programs write down": swap(
        SETTINGS,
        "</w:compat>",
        '<w:compatSetting w:name="useWord2013TrackBottomHyphenation" '
        f'w:uri="{MICROSOFT}/word" w:val="0"/></w:compat>',
    ),
    "how fonts are described": both(
        every(FONTS, SIGNATURE, '<w:sig w:usb0="FFFFFFFF" w:usb1="00000000"'),
        swap(FONTS, "</w:fonts>", '<w:font w:name="等线"><w:panose1 w:val="02010600030101010101"/>'
             '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
             "</w:fonts>"),
    ),
    "which styles are offered": both(
        every(STYLES, "<w:lsdException [^>]*/>", ""),
        swap(STYLES, '<w:style w:type="table"', '<w:style w:type="paragraph" w:styleId="af">'
             '<w:name w:val="新"/></w:style><w:style w:type="table"'),
    ),
    "for saving as a web page": every(
        "word/webSettings.xml", "</w:webSettings>", "<w:optimizeForBrowser/></w:webSettings>"
    ),
    "no list of literature": dropped(
        "customXml/item1.xml",
        "customXml/itemProps1.xml",
        "customXml/_rels/item1.xml.rels",
        entry=(RELATIONS, '<Relationship [^>]*"../customXml/item1.xml"/>'),
    ),
    "who writes comments": both(
        related("rId80", f"{MICROSOFT}/2011/relationships/people", "people.xml"),
        part("word/people.xml", "<people>王承办</people>", f"{WORD}.people+xml"),
    ),
    "what saved it (WPS)": both(
        related("rId80", "custom-properties", "docProps/custom.xml", "_rels/.rels"),
        part("docProps/custom.xml", WPS,
             "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
    ),
    "page numbers from the menu": both(
        part(FOOTER, PAGE_NUMBER, f"{WORD}.footer+xml"),
        related("rId81", "footer", "footer9.xml"),
        swap(DOCUMENT, "<w:headerReference", '<w:footerReference w:type="default" r:id="rId81"/>'
             "<w:headerReference"),
        swap(STYLES, "</w:styles>", FOOTER_STYLE),
        related("rId82", "endnotes", "endnotes.xml"),
        part("word/endnotes.xml", ENDNOTES, f"{WORD}.endnotes+xml"),
        setting('<w:endnotePr><w:endnote w:id="-1"/><w:endnote w:id="0"/></w:endnotePr>'),
    ),
    "names of parts": renamed("header1.xml", "header2.xml"),
    "ids of paragraphs": every(
        DOCUMENT, "<w:p(?=[ >/])", '<w:p w14:paraId="1A2B3C4D" w14:textId="77777777"'
    ),
    "sessions of editing": both(
        every(DOCUMENT, "<w:r(?=[ >])", '<w:r w:rsidRPr="00AB12CD"'),
        every(DOCUMENT, "<w:p(?=[ >/])", '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"'),
        every(SETTINGS, "</w:rsids>", '<w:rsid w:val="00AB12CD"/></w:rsids>'),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drafts") / "approved.docx"
    path.write_bytes(changed(paper(), *APPROVED))
    return path


def filled(approved: Path, *changes: Change) -> Path:
    path = approved.parent / "given.docx"
    path.write_bytes(changed(approved.read_bytes(), *FILLED, *changes))
    return path


def assert_only_filled(found: Comparison, *more: str) -> None:
    told = [f"{each.place}: {difference_words(each)}" for each in found.differences]
    assert told == []
    assert [each.value for each in found.fields] == ["文号", "成文日期", *more]


@pytest.mark.parametrize("name", SAVED)
def test_what_saving_changes_is_no_difference(name: str, approved: Path) -> None:
    handler = DocxHandler()
    given = filled(approved, SAVED[name])
    found = compare(handler.content(approved), handler.content(given), LATE)
    assert_only_filled(found, *(["页码"] if name == "page numbers from the menu" else []))


@LIBREOFFICE
def test_all_of_it_at_once_and_laid_out(approved: Path) -> None:
    given = filled(approved, *SAVED.values())
    assert_only_filled(compare_drafts(approved, given, LATE), "页码")
