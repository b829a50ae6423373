"""Fill in the blanks of an approved Word draft, and change nothing else of the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dingmi_mark.domain.late_filling import Entry, entries
from dingmi_mark.domain.late_values import LateValues
from dingmi_mark.formats.docx.canonical import text_of
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import REL_FOOTER, REL_HEADER, Element, q
from dingmi_mark.formats.docx.obstacles import main_part
from dingmi_mark.formats.docx.package import Package


def fill_in(package: Package, target: Path, late: LateValues) -> None:
    """Write `target` as the package with its blanks filled in; other parts keep their bytes.

    What was filled in is not told here: the file is to be compared. Raises what `inspect` does;
    OSError.
    """
    document = main_part(package)
    editor = Editor(package, document)
    for part in _stories(package, document):
        root = package.tree(part)
        done = [_fill(paragraph, late) for paragraph in root.iter(q("w:p"))]
        if any(done):
            editor.trees[part] = root
    editor.write(target)


def _stories(package: Package, document: str) -> Iterator[str]:
    yield document
    for edge in package.relationships(document):
        part = None if edge.external else package.find(edge.target)
        if edge.type in (REL_HEADER, REL_FOOTER) and part is not None:
            yield part


def _fill(paragraph: Element, late: LateValues) -> bool:
    """Fill in one paragraph; False where nothing was to be filled in."""
    holders = [
        text
        for text in paragraph.iter(q("w:t"))
        if next(text.iterancestors(q("w:p")), None) is paragraph
    ]
    words = [text_of(holder) for holder in holders]
    found = list(entries("".join(words), late))
    for entry in reversed(found):
        _put(entry, words)
    if found:
        for holder, text in zip(holders, words, strict=True):
            holder.text = text
            holder.set(q("xml:space"), "preserve")
    return bool(found)


def _put(entry: Entry, words: list[str]) -> None:
    """Put a value into the first run of its blank, and take the blank out of all of them."""
    at, value = 0, entry.text
    for number, text in enumerate(words):
        start, stop = max(entry.start - at, 0), max(entry.stop - at, 0)
        at += len(text)
        if start < len(text) or (start == len(text) and number == len(words) - 1):
            words[number] = text[:start] + value + text[stop:]
            value = ""
        if at >= entry.stop and not value:
            return
