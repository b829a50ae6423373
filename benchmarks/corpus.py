"""What the benchmark marks, made on the spot: plain pages, a scan, a stamp, many small files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

_PICTURE_MB = 100


def write_pdf(path: Path, pages: int, name: str = "Sample") -> None:
    """Write a plain PDF with thirty lines of text a page."""
    import pymupdf

    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=595.276, height=841.89)
        lines = [f"{name} page {number + 1}, line {line + 1}" for line in range(30)]
        page.insert_text((80, 250), lines, lineheight=1.6)
    document.save(path, deflate=True)


def write_scan(path: Path, megabytes: int) -> None:
    """Write a PDF of pictures of so many megabytes that nothing can compress further."""
    import pymupdf

    document = pymupdf.open()
    for picture in _pictures(megabytes):
        page = document.new_page(width=595.276, height=841.89)
        page.insert_image(pymupdf.Rect(60, 260, 540, 800), stream=picture)
    document.save(path)


def write_docx(path: Path, paragraphs: int, megabytes: int = 0) -> None:
    """Write a Word file of so many paragraphs, nine to a page, and pictures of a megabyte each."""
    from docx import Document

    document = Document()
    for picture in _pictures(megabytes):
        document.add_picture(BytesIO(picture), width=3_600_000)
    for number in range(paragraphs):
        document.add_paragraph(f"样例第{number + 1}段：示例江堤防洪演练的安排，内容全部虚构。" * 4)
    document.save(str(path))


def write_short_docx(path: Path) -> None:
    """Write a Word file of a page with no more styles than a word processor needs.

    The template of python-docx has thirty times as many, and python-docx packs them anew each time.
    """
    from docx import Document
    from docx.oxml.ns import qn

    document = Document()
    for _ in range(9):
        document.add_paragraph("样例：示例江堤防洪演练的安排，内容全部虚构。" * 4)
    styles = document.styles.element
    for style in list(styles.iterchildren(qn("w:style"))):
        if style.get(qn("w:default")) != "1":
            styles.remove(style)
    for name, edge in list(document.part.rels.items()):
        if edge.reltype.endswith("/stylesWithEffects"):
            document.part.rels.pop(name)
    document.save(str(path))


def write_large_docx(path: Path, megabytes: int) -> None:
    """Write a Word file that shows so many megabytes of pictures, stored as they are.

    No reader of pictures would like them: it is their bytes that have to be copied and digested.
    """
    plain = path.with_suffix(".plain")
    write_docx(plain, 9)
    sizes = [min(_PICTURE_MB, megabytes - start) for start in range(0, megabytes, _PICTURE_MB)]
    chunk = random.Random(1).randbytes(1 << 20)
    with ZipFile(plain) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", _shown(len(sizes)) + b"<w:sectPr", 1)
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", _related(len(sizes)))
            target.writestr(ZipInfo(name), content)
        for number, size in enumerate(sizes):
            with target.open(ZipInfo(f"word/media/large{number}.png"), "w") as member:
                for _ in range(size):
                    member.write(chunk)
    plain.unlink()


def _shown(count: int) -> bytes:
    space = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    shapes = (f'<v:imagedata r:id="large{one}"/>' for one in range(count))
    runs = "".join(
        f"<w:r><w:pict><v:shape {space}>{one}</v:shape></w:pict></w:r>" for one in shapes
    )
    return f"<w:p>{runs}</w:p>".encode()


def _related(count: int) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    edges = "".join(
        f'<Relationship Id="large{one}" Type="{kind}" Target="media/large{one}.png"/>'
        for one in range(count)
    )
    return f"{edges}</Relationships>".encode()


def write_stamp(path: Path) -> None:
    """Write the one page that the peers lay over every page."""
    import pymupdf

    document = pymupdf.open()
    page = document.new_page(width=595.276, height=841.89)
    page.insert_text((80, 148), "SECRET 10", fontsize=16)
    document.save(path, deflate=True)


def _pictures(megabytes: int) -> Iterator[bytes]:
    """Yield JPEG pictures of noise, each of about a megabyte."""
    from PIL import Image

    chance = random.Random(1)
    for _ in range(megabytes):
        stream = BytesIO()
        noise = Image.frombytes("L", (1240, 1500), chance.randbytes(1240 * 1500))
        noise.save(stream, "JPEG", quality=75)
        yield stream.getvalue()
