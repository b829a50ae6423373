"""Set text in columns of a terminal, where a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import click

_NOT_AT_START = frozenset("，。；：、？！）》”’】…,.;:?!)]}")
_NOT_AT_END = frozenset("（《“‘【([{")


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def padded(text: str, width: int) -> str:
    """Fill a text up with spaces to a number of columns."""
    return text + " " * max(0, width - width_of(text))


def columns(rows: Iterable[Sequence[str]], gap: int = 2) -> Iterator[str]:
    """Set rows of cells below each other."""
    table = [tuple(row) for row in rows]
    widths = [max(width_of(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        cells = (padded(cell, width) for cell, width in zip(row, widths, strict=True))
        yield (" " * gap).join(cells).rstrip()


def folded(text: str, width: int) -> list[str]:
    """Break a paragraph into lines, between words or beside Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(" ".join(text.split())):
        if line and width_of(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


class WideFormatter(click.HelpFormatter):
    """click's help pages, set by columns instead of characters."""

    def write_text(self, text: str) -> None:
        """Write paragraphs; one whose lines begin with a bar (`\\b`) keeps its lines."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            kept = paragraph.startswith("\b\n")
            lines = paragraph.splitlines()[1:] if kept else self._folded(paragraph)
            for line in lines:
                self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms with their explanation beside them."""
        table = list(rows)
        first = min(max((width_of(term) for term, _ in table), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in table:
            lines = folded(text, max(self.width - first - self.current_indent, 20)) or [""]
            head = padded(term, first)
            if width_of(term) > first - col_spacing:
                self.write(f"{indent}{term}\n")
                head = " " * first
            self.write(f"{indent}{head}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * first}{line}\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage in one line: folded, it is not understood better."""
        head = click.HelpFormatter() if prefix is None else None
        if head is not None:
            head.write_usage(prog, args)
            self.write(" ".join(head.getvalue().split()) + "\n")
        else:
            self.write(f"{prefix}{prog} {args}".rstrip() + "\n")

    def _folded(self, paragraph: str) -> list[str]:
        return folded(paragraph, self.width - self.current_indent)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where a line may end."""
    piece = ""
    for character in text:
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    return before == " " or _columns(before) == 2 or _columns(after) == 2
