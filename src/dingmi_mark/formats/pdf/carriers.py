"""The label in the file: metadata, attachment, catalog, every page and every mark.

Each tool that rewrites a PDF drops some of these, none drops all. PDF/A-1, PDF/A-2 and plain
PDF/A-4 forbid the attachment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dingmi_mark.errors import DraftBroken
from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.pdf.drawing import ids_of
from dingmi_mark.formats.pdf.names import ATTACHMENT, COPY, MARKING, OUR_KEY, RECORD
from dingmi_mark.formats.pdf.pdfa import Claim, claim_in
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from pikepdf import AttachedFileSpec, Object, Pdf

_LARGEST_RECORD = 4 * 1024 * 1024


def xmp_packet(pdf: Pdf) -> bytes | None:
    """Return the document's metadata; None where there is none or it cannot be decoded."""
    import pikepdf

    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return None
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def write_carriers(pdf: Pdf, carriers: Carriers, claim: Claim | None) -> None:
    """Put the label everywhere it may stand; the marks on the pages bear theirs themselves.

    Raises DraftBroken where the file's list of attachments is damaged.
    """
    from pikepdf import Dictionary, Name, String

    packet = xmp.merge(xmp_packet(pdf), carriers, pdfa=claim is not None)
    metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root["/Metadata"] = metadata
    ids = dict(ids_of(carriers))
    pdf.Root[OUR_KEY] = Dictionary({**ids, RECORD: String(carriers.record)})
    if claim is None or claim.allows_attachment:
        _attach(pdf, carriers.record)
    shared = pdf.make_indirect(Dictionary(ids))
    for page in pdf.pages:
        page.obj[OUR_KEY] = shared


def read_embedded(pdf: Pdf, forms: list[Object]) -> Embedded | None:
    """Read back what the file says of its marking; `forms` are our forms on its pages.

    The attachment is no level of a file that may have none.
    """
    packet = xmp_packet(pdf)
    found = xmp.read(packet or b"")
    claim = claim_in(packet)
    catalog = _ours(pdf.Root)
    pages = [_ours(page.obj) for page in pdf.pages]
    marks = [_ours(form) for form in forms]
    attached = list(_attached_records(pdf))
    ids = [found.ids.marking if found else ""]
    ids += [_text(own, MARKING) for own in (catalog, *pages, *marks)]
    copies = [found.ids.copy if found else ""]
    copies += [_text(own, COPY) for own in (catalog, *pages, *marks)]
    records = [found.record if found else b"", *attached, _bytes(catalog, RECORD)]
    expected = attached or claim is None or claim.allows_attachment
    levels = {
        "xmp": found is not None,
        **({"attachment": bool(attached)} if expected else {}),
        "catalog": catalog is not None,
        "page": all(pages),
        "content": bool(marks),
    }
    if not any(levels.values()) and not any(pages):
        return None
    return Embedded(
        marking_ids=tuple(dict.fromkeys(filter(None, ids))),
        records=tuple(dict.fromkeys(filter(None, records))),
        levels=levels,
        copy_ids=tuple(dict.fromkeys(filter(None, copies))),
    )


def count_foreign_attachments(pdf: Pdf) -> int:
    """Count the attached files that are not ours. Marks go on none of them."""
    return sum(not _is_ours(name, spec) for name, spec in _attachments(pdf))


def _attach(pdf: Pdf, record: bytes) -> None:
    import pikepdf

    detach(pdf)
    taken = {name for name, _ in _attachments(pdf)}
    number, name = 1, f"{ATTACHMENT}.json"
    while name in taken:
        number += 1
        name = f"{ATTACHMENT}-{number}.json"
    spec = pikepdf.AttachedFileSpec(
        pdf,
        record,
        filename=name,
        mime_type="application/json",
        description="dingmi-mark",
        relationship=pikepdf.Name.Data,
    )
    spec.obj[OUR_KEY] = True
    _complete_name_tree(pdf)
    try:
        pdf.attachments[name] = spec
    except (RuntimeError, pikepdf.PdfError) as fault:
        raise DraftBroken(cause=say("its list of attached files is damaged")) from fault
    _associate(pdf, spec)


def detach(pdf: Pdf) -> None:
    """Take our attachment out of a file, and the lists that held nothing else."""
    from pikepdf import Array, Dictionary

    ours = [name for name, spec in _attachments(pdf) if _is_ours(name, spec)]
    if not ours:
        return
    for name in ours:
        del pdf.attachments[name]
    associated = pdf.Root.get("/AF")
    if isinstance(associated, Array):
        _keep(pdf.Root, "/AF", Array([item for item in associated if OUR_KEY not in item]))
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and not len(pdf.attachments):
        names = Dictionary({key: it for key, it in names.items() if key != "/EmbeddedFiles"})
        _keep(pdf.Root, "/Names", names)


def _keep(root: Object, key: str, value: Object) -> None:
    """Put a list back, or leave it out where it is empty."""
    if len(value):
        root[key] = value
    else:
        del root[key]


def _complete_name_tree(pdf: Pdf) -> None:
    """Give an empty list of attachments its `/Names`, without which qpdf takes it as damaged."""
    from pikepdf import Array, Dictionary

    names = pdf.Root.get("/Names")
    tree = names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None
    if isinstance(tree, Dictionary) and "/Names" not in tree and "/Kids" not in tree:
        tree["/Names"] = Array()


def _associate(pdf: Pdf, spec: AttachedFileSpec) -> None:
    """Name the attachment in the catalog's /AF, which PDF/A-3 demands; drop our earlier one."""
    from pikepdf import Array

    existing = pdf.Root.get("/AF")
    others = existing if isinstance(existing, Array) else Array()
    kept = [item for item in others if OUR_KEY not in item]
    pdf.Root["/AF"] = Array([*kept, spec.obj])


def _attachments(pdf: Pdf) -> Iterator[tuple[str, AttachedFileSpec]]:
    if pdf.Root.get("/Names") is not None:
        yield from pdf.attachments.items()


def _is_ours(name: str, spec: AttachedFileSpec) -> bool:
    return OUR_KEY in spec.obj and name.startswith(ATTACHMENT)


def _attached_records(pdf: Pdf) -> Iterator[bytes]:
    """Yield our records; tools that write attachments anew keep the name and not the key."""
    import pikepdf

    for name, spec in _attachments(pdf):
        if not name.startswith(ATTACHMENT):
            continue
        try:
            content = spec.get_file().read_bytes()
        except (pikepdf.PdfError, RuntimeError):
            continue
        if len(content) <= _LARGEST_RECORD:
            yield content


def _ours(holder: Object) -> Object | None:
    from pikepdf import Dictionary

    own = holder.get(OUR_KEY)
    return own if isinstance(own, Dictionary) else None


def _text(own: Object | None, key: str) -> str:
    from pikepdf import String

    value = own.get(key) if own is not None else None
    return str(value) if isinstance(value, String) else ""


def _bytes(own: Object | None, key: str) -> bytes:
    from pikepdf import String

    value = own.get(key) if own is not None else None
    return bytes(value) if isinstance(value, String) else b""
