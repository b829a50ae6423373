"""The parts that every Open XML package has, as few bytes as hold."""

from __future__ import annotations

from collections.abc import Mapping


def content_types(types: Mapping[str, str]) -> bytes:
    """The content types of parts by their names."""
    told = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types.items()
    )
    return xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def rels(*edges: tuple[str, str]) -> bytes:
    """Relationships (kind, target), numbered from `rId1`."""
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(edges, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return xml(f'<Relationships xmlns="{space}">{told}</Relationships>')


def xml(text: str) -> bytes:
    """A part with its declaration."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
