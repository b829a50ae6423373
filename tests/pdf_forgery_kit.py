"""What a forger may do to a PDF draft in which, as it seems, only the blanks were filled in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String
from PIL import Image

Change = Callable[[Pdf], None]
JS = Dictionary(S=Name.JavaScript, JS=String("app.alert('sample')"))
RECT = Array([300, 100, 400, 140])


def forged(source: Path, target: Path, *changes: Change) -> Path:
    """Write a file with changes."""
    with pikepdf.open(source) as pdf:
        for change in changes:
            change(pdf)
        pdf.save(target)
    return target


def nothing(pdf: Pdf) -> None:
    """Leave a file as it is."""


def all_of(*changes: Change) -> Change:
    """Do one change after another."""

    def change(pdf: Pdf) -> None:
        for each in changes:
            each(pdf)

    return change


def catalog(key: str, value: object) -> Change:
    """Set an entry of the catalog."""

    def change(pdf: Pdf) -> None:
        pdf.Root[key] = value

    return change


def on_page(key: str, value: object) -> Change:
    """Set an entry of the first page."""

    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj[key] = value

    return change


def drawn(content: bytes, *, before: bytes = b"") -> Change:
    """Draw something after (or before) all that the first page shows."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        page.contents_coalesce()
        own = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(before + b"\n" + own + b"\n" + content)

    return change


def resource(kind: str, name: str, make: Callable[[Pdf], Object]) -> Change:
    """Add a resource to the first page."""

    def change(pdf: Pdf) -> None:
        resources = pdf.pages[0].Resources
        if kind not in resources:
            resources[kind] = Dictionary()
        resources[kind][name] = make(pdf)

    return change


def state(**entries: object) -> Change:
    """Add a graphics state under /GsX."""
    return resource("/ExtGState", "/GsX", lambda pdf: pdf.make_indirect(Dictionary(**entries)))


# ── annotations and fields ───────────────────────────────────────────────────────────────────


def look(pdf: Pdf, grey: float, size: float = 40) -> Object:
    """An appearance: a grey square."""
    content = f"{grey} g 0 0 {size} {size} re f".encode()
    return pdf.make_stream(
        content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, size, size])
    )


def noted(subtype: str, **entries: object) -> Change:
    """Add an annotation."""

    def change(pdf: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=RECT, **entries)
        add_note(pdf, note)

    return change


def add_note(pdf: Pdf, note: Dictionary) -> None:
    """Put an annotation on the first page."""
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", ()), pdf.make_indirect(note)])


def stamped(flags: int) -> Change:
    """Add a black square, shown as the flags say."""

    def change(pdf: Pdf) -> None:
        add_note(
            pdf,
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Stamp,
                Rect=RECT,
                F=flags,
                AP=Dictionary(N=look(pdf, 0)),
            ),
        )

    return change


def box(pdf: Pdf) -> None:
    """Add a form with a check box of two states."""
    states = Dictionary(Yes=look(pdf, 0.2), Off=look(pdf, 1))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            T=String("样例框"),
            F=4,
            V=Name.Off,
            AS=Name.Off,
            Rect=RECT,
            AP=Dictionary(N=states),
        )
    )
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", ()), field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def field_of(pdf: Pdf) -> Object:
    """Return the field that `box` made."""
    return pdf.Root.AcroForm.Fields[0]


def field(key: str, value: object) -> Change:
    """Set an entry of that field."""

    def change(pdf: Pdf) -> None:
        field_of(pdf)[key] = value

    return change


def above(pdf: Pdf) -> None:
    """Let the field run a script by what it stands under, which the form does not list."""
    field_of(pdf)["/Parent"] = pdf.make_indirect(Dictionary(AA=Dictionary(F=JS)))


def pinned(content: bytes) -> Change:
    """Pin a file onto the page."""

    def change(pdf: Pdf) -> None:
        stream = pdf.make_stream(content, Type=Name.EmbeddedFile)
        spec = Dictionary(Type=Name.Filespec, F=String("样例.txt"), EF=Dictionary(F=stream))
        noted("/FileAttachment", FS=spec)(pdf)

    return change


def other_state(pdf: Pdf) -> None:
    """Change the look of the state that is not shown."""
    field_of(pdf).AP.N.Yes = look(pdf, 0.9)


# ── layers ───────────────────────────────────────────────────────────────────────────────────


def layers(pdf: Pdf) -> None:
    """Add two layers with a square each, the second one off."""
    groups = [
        pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("甲", "乙")
    ]
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array(groups), D=Dictionary(Order=Array(groups), OFF=Array(groups[1:]))
    )
    for name, group in zip(("/La", "/Lb"), groups, strict=True):
        resource("/Properties", name, lambda _, group=group: group)(pdf)
    drawn(b"q /OC /La BDC 0 g 300 100 20 20 re f EMC Q q /OC /Lb BDC 0 g 340 100 20 20 re f EMC Q")(
        pdf
    )


def shown_layer(pdf: Pdf) -> None:
    """Show the layer that was off."""
    pdf.Root.OCProperties.D.OFF = Array()


def layer_by_others(pdf: Pdf) -> None:
    """Let what is on a layer depend on another one too."""
    groups = pdf.Root.OCProperties.OCGs
    pdf.pages[0].Resources.Properties.La = Dictionary(
        Type=Name.OCMD, OCGs=Array(list(groups)), P=Name.AnyOn
    )


def printed_layer(pdf: Pdf) -> None:
    """Make the layer that is off be printed."""
    pdf.Root.OCProperties.OCGs[1].Usage = Dictionary(Print=Dictionary(PrintState=Name.ON))


def layer_events(pdf: Pdf) -> None:
    """Let the reader's program switch layers by itself when it prints."""
    groups = pdf.Root.OCProperties.OCGs
    pdf.Root.OCProperties.D.AS = Array(
        [Dictionary(Event=Name.Print, Category=Array([Name.Print]), OCGs=Array(list(groups)))]
    )


def other_configuration(pdf: Pdf) -> None:
    """Add another configuration of the layers."""
    pdf.Root.OCProperties.Configs = Array([Dictionary(Name=String("丙"), BaseState=Name.OFF)])


def moved_between_layers(pdf: Pdf) -> None:
    """Draw the same squares, the hidden one elsewhere on its hidden layer."""
    page = pdf.pages[0]
    content = page.Contents.read_bytes()
    page.Contents = pdf.make_stream(content.replace(b"340 100 20 20 re", b"345 100 20 20 re"))


def layer_of_the_other(pdf: Pdf) -> None:
    """Let a part of the layer that is shown be shown always."""
    page = pdf.pages[0]
    content = page.Contents.read_bytes()
    page.Contents = pdf.make_stream(content.replace(b"/OC /La BDC", b"/Span BMC"))


# ── attachments, bookmarks, labels, facts ────────────────────────────────────────────────────


def attached(content: bytes) -> Change:
    """Attach a file."""

    def change(pdf: Pdf) -> None:
        pdf.attachments["样例.txt"] = content

    return change


def bookmarked(title: str) -> Change:
    """Add a bookmark."""

    def change(pdf: Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(OutlineItem(title, 0))

    return change


def bookmark_acts(pdf: Pdf) -> None:
    """Let the bookmark run a script."""
    item = pdf.Root.Outlines.First
    del item["/Dest"]
    item["/A"] = JS


def labelled(style: str) -> Change:
    """Number the pages in a style."""
    return catalog("/PageLabels", Dictionary(Nums=Array([0, Dictionary(S=Name(style), St=1)])))


def fact(key: str, value: str) -> Change:
    """Set a fact of the file."""

    def change(pdf: Pdf) -> None:
        pdf.docinfo[key] = value

    return change


def xmp_fact(key: str, value: str) -> Change:
    """Set a fact in the metadata."""

    def change(pdf: Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata[key] = value

    return change


def structured(words: str) -> Change:
    """Add a structure that says something in place of what is shown."""

    def change(pdf: Pdf) -> None:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Figure,
                P=root,
                Pg=pdf.pages[0].obj,
                ActualText=String(words),
            )
        )
        pdf.Root.StructTreeRoot = root

    return change


# ── pictures and fonts ───────────────────────────────────────────────────────────────────────


def pictures(pdf: Pdf) -> list[tuple[str, Object]]:
    """Return the pictures of the first page."""
    found = pdf.pages[0].Resources.XObject
    return [(key, each) for key, each in found.items() if each.get("/Subtype") == "/Image"]


def finely_other(pdf: Pdf) -> None:
    """Exchange one point of a picture, which nobody sees."""
    _, image = pictures(pdf)[0]
    picture = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
    picture.putpixel((60, 40), (250, 0, 0))
    image.write(picture.tobytes())
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8


def masked(pdf: Pdf) -> None:
    """Let a picture be seen through a mask that lets all through."""
    _, image = pictures(pdf)[0]
    image.SMask = pdf.make_stream(
        b"\xff",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1,
        Height=1,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )


def printed_otherwise(pdf: Pdf) -> None:
    """Let another picture be printed than is shown."""
    _, image = pictures(pdf)[0]
    other = pdf.make_stream(
        b"\0\0\xff" * 4,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=2,
        Height=2,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    image.Alternates = Array([Dictionary(Image=other, DefaultForPrinting=True)])


def typed(content: bytes) -> Change:
    """Write with a font that is not in the file."""

    def change(pdf: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        resource("/Font", "/Fx", lambda _: font)(pdf)
        drawn(b"BT /Fx 9 Tf " + content + b" ET")(pdf)

    return change


def other_typeface(pdf: Pdf) -> None:
    """Ask for another typeface, which is not in the file either."""
    pdf.pages[0].Resources.Font.Fx.BaseFont = Name.Symbol


def other_encoding(pdf: Pdf) -> None:
    """Give letters of a font that is not in the file another meaning in some programs."""
    pdf.pages[0].Resources.Font.Fx.Encoding = Dictionary(
        Type=Name.Encoding, Differences=Array([1, Name("/six")])
    )


def png(colour: str) -> bytes:
    """A small picture."""
    stream = BytesIO()
    Image.new("RGB", (40, 40), colour).save(stream, "PNG")
    return stream.getvalue()
