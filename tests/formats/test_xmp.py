"""The XMP packet: what is written is read back, what others wrote stays."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
RECORD = '{"知悉范围":"某某局 <办公室> & 人事处"}'.encode()
CARRIERS = Carriers("doc", "marking", "copy", RECORD, {"密级": "机密", "保密期限": "10年"})

ACROBAT = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 5.6">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:7" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    pdfaid:part="2" pdfaid:conformance="B" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">关于示例的通知</rdf:li></rdf:Alt></dc:title>
  </rdf:Description>
  <rdf:Description rdf:about="uuid:7"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
     <pdfaSchema:schema>Other</pdfaSchema:schema>
     <pdfaSchema:namespaceURI>urn:other</pdfaSchema:namespaceURI>
     <pdfaSchema:prefix>o</pdfaSchema:prefix>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def schemas(packet: bytes) -> list[str | None]:
    return [uri.text for uri in etree.fromstring(packet).iter(f"{SCHEMA}namespaceURI")]


def test_what_is_written_is_read_back() -> None:
    packet = xmp.merge(None, CARRIERS, pdfa=False)
    assert xmp.read(packet) == (("doc", "marking", "copy"), RECORD)
    assert packet.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert packet.endswith(b'<?xpacket end="w"?>')
    assert "密级：机密" in packet.decode()


@given(st.text().map(lambda text: text.encode("utf-8", "ignore")))
def test_any_record_comes_back_byte_by_byte(record: bytes) -> None:
    packet = xmp.merge(None, Carriers("d", "m", "c", record), pdfa=False)
    found = xmp.read(packet)
    assert found is not None
    assert found.record == record


def test_merging_again_changes_nothing() -> None:
    for existing in (None, ACROBAT):
        once = xmp.merge(existing, CARRIERS, pdfa=True)
        assert xmp.merge(once, CARRIERS, pdfa=True) == once
        assert xmp.merge(existing, CARRIERS, pdfa=True) == once


def test_foreign_metadata_stays() -> None:
    packet = xmp.merge(ACROBAT, CARRIERS, pdfa=False)
    text = packet.decode()
    assert "关于示例的通知" in text
    assert 'pdfaid:part="2"' in text
    assert 'x:xmptk="Adobe XMP Core 5.6"' in text
    assert schemas(packet) == ["urn:other"]


def test_all_descriptions_are_about_the_same() -> None:
    root = etree.fromstring(xmp.merge(ACROBAT, CARRIERS, pdfa=True))
    about = {d.get(f"{RDF}about") for d in root[0].iterchildren(f"{RDF}Description")}
    assert about == {"uuid:7"}


def test_pdfa_describes_our_properties_beside_others() -> None:
    packet = xmp.merge(ACROBAT, CARRIERS, pdfa=True)
    assert schemas(packet) == ["urn:other", xmp.NAMESPACE]
    root = etree.fromstring(packet)
    described = {name.text for name in root.iter("{http://www.aiim.org/pdfa/ns/property#}name")}
    used = {
        str(tag).removeprefix(f"{{{xmp.NAMESPACE}}}")
        for tag in (element.tag for element in root.iter())
        if str(tag).startswith(f"{{{xmp.NAMESPACE}}}")
    }
    assert used == described == {"document", "marking", "copy", "record", "facts"}
    assert schemas(xmp.merge(packet, CARRIERS, pdfa=False)) == ["urn:other"]
    alone = xmp.merge(None, CARRIERS, pdfa=True)
    assert schemas(xmp.merge(alone, CARRIERS, pdfa=False)) == []


def test_pages_carry_the_ids_only() -> None:
    packet = xmp.merge_ids(xmp.merge(ACROBAT, CARRIERS, pdfa=True), CARRIERS)
    assert xmp.read(packet) == (("doc", "marking", "copy"), b"")
    assert "机密" not in packet.decode()


def test_properties_that_a_tool_made_attributes_are_read_and_replaced() -> None:
    packet = xmp.merge(None, Carriers("d", "m", "c", b"{}"), pdfa=False)
    flattened = (
        packet.replace(b' rdf:about="">', b' rdf:about="" dm:marking="m" dm:record="{}">')
        .replace(b"<dm:marking>m</dm:marking>", b"")
        .replace(b"<dm:record>{}</dm:record>", b"")
    )
    assert xmp.read(flattened) == (("d", "m", "c"), b"{}")
    assert xmp.read(xmp.merge(flattened, CARRIERS, pdfa=False)) == (
        ("doc", "marking", "copy"),
        RECORD,
    )


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0\0\0\0",
        b"<x:xmpmeta",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a></b></x:xmpmeta>",
        b"<html/>",
        b'<!DOCTYPE r [<!ENTITY e "x">]><r xmlns="urn:r">&e;</r>',
        ACROBAT.replace(b"<x:xmpmeta", b"<!DOCTYPE x [<!ENTITY e 'b'>]><x:xmpmeta", 1),
        ACROBAT[: len(ACROBAT) // 2],
    ],
)
def test_an_unreadable_packet_is_told_and_replaced(packet: bytes) -> None:
    assert not xmp.is_readable(packet)
    assert xmp.read(packet) is None
    assert xmp.merge(packet, CARRIERS, pdfa=False) == xmp.merge(None, CARRIERS, pdfa=False)


def test_foreign_packets_hold_nothing_of_ours() -> None:
    assert xmp.is_readable(ACROBAT)
    assert xmp.read(ACROBAT) is None
    assert xmp.is_readable(ACROBAT + b"  \n\0\0\0")
    assert xmp.is_readable(ACROBAT.decode("utf-8").lstrip("\ufeff").encode("utf-16"))


def test_facts_with_characters_xml_cannot_hold_do_no_harm() -> None:
    work = Carriers("d", "m", "c", b'{"a":"\x01"}', {"备注": "坏\x01字"})
    found = xmp.read(xmp.merge(None, work, pdfa=False))
    assert found is not None
    assert found.record == b'{"a":"\x01"}'
