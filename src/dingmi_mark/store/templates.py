"""Find the templates of marks and stamps: the unit's own come before the bundled ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dingmi_mark.engine.template import Template, TemplateKind
from dingmi_mark.errors import FileNotReadable, TemplateInvalid, TemplateUnknown
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.template_file import template_from
from dingmi_mark.store.toml_text import Faulty, Unopened, parse_toml, read_raw, utf8_text

SUFFIX: Final = ".toml"


def bundled_stamps() -> Path:
    """Return the folder of the bundled templates: in the wheel, else in the checkout."""
    packed = Path(__file__).parents[1] / "stamps"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "stamps"


def known_templates(stamps_dir: Path | None) -> Mapping[str, Path]:
    """Return the file of every template by name, sorted; the unit's win over bundled ones.

    Nothing is read, so that a broken file hides no other. Raises TemplateInvalid where the unit's
    folder cannot be listed: a bundled template must not silently stand in for the unit's own.
    """
    found = {file.stem: file for file in _files(bundled_stamps())}
    if stamps_dir is not None:
        found.update((file.stem, file) for file in _files(stamps_dir))
    return MappingProxyType(dict(sorted(found.items())))


def find_template(name: str, stamps_dir: Path | None, kind: TemplateKind | None = None) -> Template:
    """Read the template of this name; with `kind`, one of another kind is a fault.

    Raises TemplateUnknown, TemplateInvalid.
    """
    known = known_templates(stamps_dir)
    if name not in known:
        raise TemplateUnknown(name=name, known="、".join(known))
    template = read_template(known[name])
    if kind is not None and template.kind is not kind:
        expected = say("“{kind}” is expected for this use", kind=kind.value)
        raise _invalid(known[name], (Fault("kind", expected),))
    return template


def read_template(path: Path) -> Template:
    """Read one template file; its name is the file's, without the ending.

    Raises FileNotReadable; TemplateInvalid with every fault of the file, each with its place
    (`slot[2].size_pt`).
    """
    try:
        raw = read_raw(path)
        return template_from(
            parse_toml(utf8_text(raw)),
            name=path.stem,
            digest=f"sm3:{hashlib.new('sm3', raw).hexdigest()}",
            bundled=path.resolve().parent == bundled_stamps().resolve(),
        )
    except Unopened as error:
        raise FileNotReadable(str(path), cause=error.faults[0].expected) from error
    except Faulty as error:
        raise _invalid(path, error.faults) from error


def _files(folder: Path) -> Iterator[Path]:
    try:
        files = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        cause = error.strerror or type(error).__name__
        fault = Fault("", say("the folder cannot be read: {cause}", cause=cause))
        raise _invalid(folder, (fault,)) from error
    for file in files:
        if file.suffix == SUFFIX and not file.name.startswith("."):
            yield file


def _invalid(where: Path, faults: tuple[Fault, ...]) -> TemplateInvalid:
    return TemplateInvalid(str(where), count=len(faults), faults=faults)
