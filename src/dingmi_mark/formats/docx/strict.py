"""Word files in strict form (ISO/IEC 29500-1), written in the transitional form (29500-4).

The two forms differ in the names of their vocabularies; what else strict files may hold, such as
measures in points, readers of the transitional form take too. Every word and picture stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from dingmi_mark.errors import DingmiError, DraftStrict
from dingmi_mark.formats.docx.names import REL_DOCUMENT_STRICT
from dingmi_mark.formats.docx.obstacles import main_part
from dingmi_mark.formats.docx.package import Limits, Package, opened

_TAG: Final = re.compile(rb"<[^<]*?>")
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)")
_CONFORMANCE: Final = re.compile(rb"""\s(?:\w+:)?conformance=["']strict["']""")
_RENAMED: Final = {
    b"extendedProperties": b"extended-properties",
    b"customProperties": b"custom-properties",
}
_XML: Final = (".xml", ".rels")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_FAST: Final = 1


def is_strict(path: Path) -> bool:
    """Tell whether a file is a Word file in strict form; what cannot be read is told elsewhere."""
    try:
        with opened(path, Limits()) as package:
            return any(edge.type == REL_DOCUMENT_STRICT for edge in package.relationships())
    except DingmiError:
        return False


def write_transitional(source: Path, target: Path, limits: Limits) -> None:
    """Write `target` as `source` in the transitional form; same input, same bytes.

    Raises what stands against marking a Word file (`main_part`), DraftStrict for parts that are
    not in UTF-8, DraftNotComparable for a zip that reads in two ways; OSError from writing.
    """
    with opened(source, limits) as package:
        package.refuse_second_reading()
        main_part(package)
        with ZipFile(target, "x", ZIP_DEFLATED, compresslevel=_FAST) as archive:
            for name in package.archive.namelist():
                # Under its bare name a member gets the day 1980-01-01 and the archive's packing.
                with archive.open(name, "w") as member:
                    for chunk in _loosened_member(package, name):
                        member.write(chunk)


def _loosened_member(package: Package, name: str) -> Iterator[bytes]:
    """Yield a member in the transitional form: XML whole, all else piece by piece."""
    if not name.lower().endswith(_XML):
        yield from package.chunks(name)
        return
    content = package.read(name)
    if content.startswith(_UTF_16):
        raise DraftStrict(package.where)
    yield _TAG.sub(_loosened, content)


def _loosened(tag: re.Match[bytes]) -> bytes:
    """Return a tag with the transitional names: what looks like one in the text is left alone."""
    return _STRICT.sub(_loose_name, _CONFORMANCE.sub(b"", tag[0]))


def _loose_name(found: re.Match[bytes]) -> bytes:
    folder, slash, last = found[2].rpartition(b"/")
    rest = folder + slash + _RENAMED.get(last, last)
    return b"http://schemas.openxmlformats.org/%s/2006/%s" % (found[1], rest)
