"""Take what names points out of a Word draft: comments, styles, brackets; all else stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dingmi_mark.domain.authoring import BRACKET, names_a_point, read_notation
from dingmi_mark.formats.docx.authoring import comments_on_points
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import (
    REL_COMMENTS,
    REL_ENDNOTES,
    REL_FOOTNOTES,
    REL_STYLES,
    Element,
    child,
    elements,
    q,
    value,
)
from dingmi_mark.formats.docx.obstacles import main_part
from dingmi_mark.formats.docx.package import Package

_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_ANCHORS: Final = tuple(
    q(f"w:{name}") for name in ("commentRangeStart", "commentRangeEnd", "commentReference")
)
_OWN_STYLE: Final = (("w:rPr", "w:rStyle"), ("w:pPr", "w:pStyle"))
_ABOUT_COMMENTS: Final = ("/commentsextended", "/commentsids", "/commentsextensible")
_LONGEST_CHAIN: Final = 20


def remove_authoring(package: Package, target: Path) -> bool:
    """Write `target` without what names points; False, and nothing written, where there is none.

    Raises the obstacles of `main_part`; OSError.
    """
    document = main_part(package)
    editor = Editor(package, document)
    comments = comments_on_points(package, document)
    heirs = _point_styles(package, document)
    for part in _stories(package, document):
        root = package.tree(part)
        done = _without_anchors(root, comments), _without_styles(root, heirs)
        if any((*done, _without_brackets(root))):
            editor.trees[part] = root
    if not editor.trees and not comments:
        return False
    _without_comments(editor, comments)
    _without_definitions(editor, heirs)
    editor.write(target)
    return True


def _stories(package: Package, document: str) -> Iterator[str]:
    yield document
    for kind in (REL_FOOTNOTES, REL_ENDNOTES):
        part = package.related(document, kind)
        if part is not None:
            yield part


# ── comments ─────────────────────────────────────────────────────────────────────────────────


def _without_anchors(root: Element, comments: Mapping[str, str]) -> bool:
    """Take out where comments hang; a run that held nothing else goes too."""
    found = [one for one in root.iter(*_ANCHORS) if value(one, "w:id") in comments]
    for anchor in found:
        holder = anchor.getparent()
        assert holder is not None, "an anchor is no root"
        holder.remove(anchor)
        run_only = holder.tag == q("w:r") and all(e.tag == q("w:rPr") for e in elements(holder))
        above = holder.getparent()
        if run_only and above is not None:
            above.remove(holder)
    return bool(found)


def _without_comments(editor: Editor, comments: Mapping[str, str]) -> None:
    """Take out the comments themselves, and what newer parts say of them by their paragraphs."""
    part = editor.package.related(editor.document, REL_COMMENTS)
    if part is None or not comments:
        return
    root, gone = editor.open(part), set[str]()
    for comment in list(root.iter(q("w:comment"))):
        if value(comment, "w:id") in comments:
            gone |= {value(one, "w14:paraId") or "" for one in comment.iter(q("w:p"))} - {""}
            root.remove(comment)
    for edge in editor.package.relationships(editor.document):
        name = editor.package.find(edge.target) if not edge.external else None
        if name is not None and edge.type.lower().endswith(_ABOUT_COMMENTS):
            _without_paragraphs(editor, name, gone)


def _without_paragraphs(editor: Editor, part: str, gone: set[str]) -> None:
    root = editor.package.tree(part)
    found = [one for one in elements(root) if gone.intersection(map(str, one.attrib.values()))]
    for entry in found:
        root.remove(entry)
    if found:
        editor.trees[part] = root


# ── styles ───────────────────────────────────────────────────────────────────────────────────


def _point_styles(package: Package, document: str) -> dict[str, str]:
    """Return the styles that name a point, each with the style in its place; empty: none."""
    part = package.related(document, REL_STYLES)
    if part is None:
        return {}
    based = {}
    for style in package.tree(part).iter(q("w:style")):
        name = (value(child(style, "w:name")) or "").removesuffix(" Char").removesuffix(" 字符")
        if names_a_point(name) and read_notation(name) is not None:
            based[value(style, "w:styleId") or ""] = value(child(style, "w:basedOn")) or ""
    return {style: _instead(style, based) for style in based}


def _instead(style: str, based: Mapping[str, str]) -> str:
    for _ in range(_LONGEST_CHAIN):
        if style not in based:
            return style
        style = based[style]
    return ""


def _without_styles(root: Element, instead: Mapping[str, str]) -> bool:
    """Give words and paragraphs the style in place of one that names a point."""
    done = False
    for properties, name in _OWN_STYLE:
        for holder in root.iter(q(properties)):
            style = child(holder, name)
            if style is not None and value(style) in instead:
                _set_style(style, instead)
                done = True
    return done


def _set_style(style: Element, instead: Mapping[str, str]) -> None:
    other, holder = instead[value(style) or ""], style.getparent()
    if other:
        style.set(q("w:val"), other)
    elif holder is not None:
        holder.remove(style)


def _without_definitions(editor: Editor, instead: Mapping[str, str]) -> None:
    """Take out the styles; what is based on them, or goes with them, is given the others."""
    part = editor.package.related(editor.document, REL_STYLES)
    if part is None or not instead:
        return
    root = editor.open(part)
    for style in list(root.iter(q("w:style"))):
        if value(style, "w:styleId") in instead:
            root.remove(style)
            continue
        for name in ("w:basedOn", "w:next", "w:link"):
            named = child(style, name)
            if named is not None and value(named) in instead:
                _set_style(named, instead)


# ── brackets ─────────────────────────────────────────────────────────────────────────────────


def _without_brackets(root: Element) -> bool:
    """Take out the brackets, over as many runs as they stretch."""
    return any([_in_paragraph(paragraph) for paragraph in root.iter(q("w:p"))])


def _in_paragraph(paragraph: Element) -> bool:
    texts = [
        text
        for text in paragraph.iter(q("w:t"))
        if next(text.iterancestors(q("w:p")), None) is paragraph
    ]
    whole = "".join(one.text or "" for one in texts)
    found = list(BRACKET.finditer(whole))
    for bracket in reversed(found):
        _cut(texts, bracket.start(), bracket.end())
    return bool(found)


def _cut(texts: list[Element], start: int, end: int) -> None:
    at = 0
    for one in texts:
        words = one.text or ""
        left, right = max(start - at, 0), min(end - at, len(words))
        at += len(words)
        if left < right:
            one.text = words[:left] + words[right:]
            one.set(_XML_SPACE, "preserve")
