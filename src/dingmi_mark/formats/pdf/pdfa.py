"""What a file's claim to be PDF/A asks of the marks: it must stay true by construction.

Colours are then given in CalRGB, which needs no output intent (ISO 19005-1, 6.2.3.3); the claim
itself is only read, never checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dingmi_mark.engine.shapes import Colour

if TYPE_CHECKING:
    from pikepdf import Object

_NAMESPACE = "http://www.aiim.org/pdfa/ns/id/"
_LARGEST_PACKET = 16 * 1024 * 1024
_SRGB_MATRIX = (0.41239, 0.21264, 0.01933, 0.35758, 0.71517, 0.11919, 0.18045, 0.07218, 0.95053)
_D65 = (0.9505, 1, 1.089)
_SPACE_NAME = "/DmRGB"


@dataclass(frozen=True)
class Claim:
    """The part (1 to 4) and level (`A`, `B`, `U`, `E`, `F` or none) of a PDF/A claim."""

    part: int
    level: str

    @property
    def allows_attachment(self) -> bool:
        """Tell whether a file of any kind may be attached (PDF/A-3, PDF/A-4f, PDF/A-4e)."""
        return self.part == 3 or (self.part >= 4 and self.level in ("F", "E"))


@dataclass(frozen=True)
class Inks:
    """How colours are given: plainly, or as a PDF/A file must give them."""

    calibrated: bool = False
    without_transparency: bool = False

    def fill(self, colour: Colour) -> bytes:
        """Operators that set the colour of areas and text."""
        return self._set(colour, b"g", b"rg", b"cs", b"sc")

    def stroke(self, colour: Colour) -> bytes:
        """Operators that set the colour of lines."""
        return self._set(colour, b"G", b"RG", b"CS", b"SC")

    def space(self) -> Object:
        """The colour space of pictures."""
        from pikepdf import Array, Dictionary, Name

        if not self.calibrated:
            return Name.DeviceRGB
        gamma = Array([2.2, 2.2, 2.2])
        calibration = Dictionary(WhitePoint=Array(_D65), Gamma=gamma, Matrix=Array(_SRGB_MATRIX))
        return Array([Name.CalRGB, calibration])

    def resources(self) -> dict[str, Object]:
        """Colour spaces that the operators name."""
        return {_SPACE_NAME: self.space()} if self.calibrated else {}

    def _set(self, colour: Colour, grey: bytes, rgb: bytes, space: bytes, value: bytes) -> bytes:
        parts = (colour.red, colour.green, colour.blue)
        values = b" ".join(b"%.4g" % (part / 255) for part in parts)
        if self.calibrated:
            return b"%s %s %s %s\n" % (_SPACE_NAME.encode(), space, values, value)
        if colour.is_black:
            return b"0 %s\n" % grey
        return b"%s %s\n" % (values, rgb)


def inks_for(claim: Claim | None) -> Inks:
    """Return how colours must be given under a claim."""
    if claim is None:
        return Inks()
    return Inks(calibrated=True, without_transparency=claim.part == 1)


def claim_in(packet: bytes | None) -> Claim | None:
    """Read a claim from an XMP packet; a packet that is not well-formed claims nothing."""
    from lxml import etree

    if not packet or len(packet) > _LARGEST_PACKET or b"pdfaid" not in packet.replace(b"\0", b""):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    utf16 = b"\0" in packet[:4]
    try:
        root = etree.fromstring(packet if utf16 else packet.rstrip(b"\0"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    values: dict[str, str] = {}
    for element in root.iter(etree.Element):
        for name, value in [*element.attrib.items(), (element.tag, element.text or "")]:
            if str(name).startswith(f"{{{_NAMESPACE}}}"):
                values[str(name).rpartition("}")[2]] = str(value).strip()
    part = values.get("part", "")
    return (
        Claim(int(part), values.get("conformance", "").upper())
        if re.fullmatch("[1-4]", part)
        else None
    )
