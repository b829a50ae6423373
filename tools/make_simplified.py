"""Write `quoting/simplified.py`: which simplified character a traditional one is, by OpenCC.

OpenCC (Apache-2.0) is a tool of development only; the program carries the table.
"""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).parents[1] / "src/dingmi_mark/quoting/simplified.py"
RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))
WIDTH = 40

HEAD = '''"""繁体 to 简体, character by character. Made by tools/make_simplified.py.

The pairs are those of OpenCC (Apache-2.0, github.com/BYVoid/OpenCC).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

'''


def pairs() -> list[tuple[str, str]]:
    """Return every traditional character with the simplified one, where there is one."""
    convert = OpenCC("t2s").convert
    every = (chr(code) for first, last in RANGES for code in range(first, last))
    found = ((each, convert(each)) for each in every)
    return [(each, simple) for each, simple in found if simple != each and len(simple) == 1]


def source() -> str:
    """Return the module."""
    found = pairs()
    columns = ("".join(column) for column in zip(*found, strict=True))
    lines = [HEAD]
    for name, text in zip(("_TRADITIONAL", "_SIMPLIFIED"), columns, strict=True):
        cut = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
        rows = "\n".join(f'    "{row}"' for row in cut)
        lines.append(f"{name}: Final = (\n{rows}\n)\n")
    lines.append(
        "\nSIMPLIFIED: Final[Mapping[str, str]] = MappingProxyType(\n"
        "    dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))\n)\n"
        '"""The simplified character of each traditional one that has another form."""\n'
    )
    return "".join(lines)


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")
