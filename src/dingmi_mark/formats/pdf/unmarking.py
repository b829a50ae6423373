"""Take everything of ours out of a file again: marks, label, ids. What is not ours stays.

The page's content, its resources and what it shows are then those of the file that was never
marked. The caller writes the file whole: an appended revision would still hold what was taken out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf.canonical import collapsed
from dingmi_mark.formats.pdf.carriers import detach, xmp_packet
from dingmi_mark.formats.pdf.content import Contents, content_streams, isolated_form, stream_data
from dingmi_mark.formats.pdf.isolating import copied_stream
from dingmi_mark.formats.pdf.names import ADDED_BOX, NO_FORMS, OUR_KEY
from dingmi_mark.formats.pdf.strips import take_off_strip

if TYPE_CHECKING:
    from pikepdf import Object, Pdf


def unmark_pdf(source: Path, target: Path, access: Access) -> None:
    """Write `target` (which must not exist) as `source` without anything of ours.

    Raises what `opened` does; OSError from writing.
    """
    from dingmi_mark.formats.pdf.opening import opened
    from dingmi_mark.formats.pdf.saving import save_whole

    with opened(source, access) as file:
        take_out(file.pdf)
        save_whole(file.pdf, target)


def bears_ours(pdf: Pdf, contents: Contents) -> bool:
    """Tell whether anything of ours may be in a file; quick, so that drafts cost nothing."""
    return OUR_KEY in pdf.Root or any(
        OUR_KEY in page.obj or any(OUR_KEY in part for part in contents.streams(page.obj))
        for page in pdf.pages
    )


def take_out(pdf: Pdf) -> None:
    """Take all marks, the label and the ids out of a file that is open."""
    contents = Contents(pdf)
    for page in pdf.pages:
        clean_page(pdf, page.obj, contents)
    if OUR_KEY in pdf.Root:
        del pdf.Root[OUR_KEY]
    detach(pdf)
    _clean_metadata(pdf)


def clean_page(pdf: Pdf, page: Object, contents: Contents) -> None:
    """Give a page its own content and resources back."""
    own = _own_streams(pdf, page, contents)
    if own is not None:
        _set_contents(page, own)
    _clean_resources(page)
    take_off_strip(page)
    if ADDED_BOX in page:
        del page[ADDED_BOX]
        del page["/MediaBox"]
    if OUR_KEY in page:
        del page[OUR_KEY]


def _own_streams(pdf: Pdf, page: Object, contents: Contents) -> list[Object] | None:
    """Return the streams of a page that are its own; None where none of ours are among them.

    Tools that join the streams of a page leave no stream of ours to take out: there the content
    is cut between our points.
    """
    form = isolated_form(page)
    if form is not None:
        return [copied_stream(pdf, [form])]
    streams = content_streams(page)
    own = contents.own(page)
    kept = [stream for stream in streams if OUR_KEY not in stream]
    if len(own) == len(contents.of(page).decoded):
        return None
    rest = b"\n".join(stream_data(stream)[0] for stream in kept)
    if collapsed(rest) == collapsed(own):
        return kept
    return [pdf.make_stream(own)]


def _set_contents(page: Object, streams: list[Object]) -> None:
    from pikepdf import Array

    if not streams:
        del page["/Contents"]
    else:
        page["/Contents"] = streams[0] if len(streams) == 1 else Array(streams)


def _clean_resources(page: Object) -> None:
    from pikepdf import Dictionary, Stream

    resources = page.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    if resources is None or not isinstance(named, Dictionary):
        return
    kept = {
        key: item
        for key, item in named.items()
        if not (isinstance(item, Stream) and OUR_KEY in item)
    }
    if len(kept) == len(named.keys()):
        return
    ours = ("/XObject", NO_FORMS)
    clean = Dictionary({key: item for key, item in resources.items() if key not in ours})
    if kept or NO_FORMS in resources:
        clean["/XObject"] = Dictionary(kept)
    page["/Resources"] = clean


def _clean_metadata(pdf: Pdf) -> None:
    from pikepdf import Name

    packet = xmp_packet(pdf)
    if not packet or xmp.read(packet) is None:
        return
    clean = xmp.without(packet)
    if clean is None:
        del pdf.Root["/Metadata"]
    else:
        pdf.Root["/Metadata"] = pdf.make_stream(clean, Type=Name.Metadata, Subtype=Name.XML)
