"""How commands are built here: help in the chosen language, and options that all commands have.

Texts in the definitions are message identifiers. They are translated when a page is shown, not
when a module is loaded, so that one process can speak both languages.
"""

from __future__ import annotations

import copy
import importlib
import inspect
from collections.abc import Callable, Mapping
from gettext import gettext
from pathlib import Path
from typing import Any, TypeVar

import click

from dingmi_mark.cli.language import CATALOGUES
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.typed import refuse
from dingmi_mark.cli.wide import WideFormatter
from dingmi_mark.messages import N_

F = TypeVar("F", bound=Callable[..., Any])

click.Context.formatter_class = WideFormatter


def _translated(text: str | None) -> str | None:
    # An empty text would give the head of the catalogue.
    line = " ".join(text.split()) if text else text
    return gettext(line) if line else line


_PLACEHOLDERS = ("[OPTIONS]", "COMMAND …")


class Option(click.Option):
    """An option whose help and placeholder are translated; what is typed is seen through."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Raise ArgumentUnusable for what no command can use."""
        refuse(self.opts[0], value, is_path=isinstance(self.type, click.Path))
        return super().type_cast_value(ctx, value)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names and the help in the chosen language."""
        shown = copy.copy(self)
        shown.help, shown.metavar = _translated(self.help), _translated(self.metavar)
        return click.Option.get_help_record(shown, ctx)


class Argument(click.Argument):
    """An argument whose help and placeholder are translated; what is typed is seen through."""

    def __init__(self, *args: Any, explained: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explained = explained

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Raise ArgumentUnusable for what no command can use."""
        where = _translated(self.metavar) or ""
        refuse(where, value, is_path=isinstance(self.type, click.Path))
        return super().type_cast_value(ctx, value)

    def make_metavar(self, *context: Any) -> str:
        """Return the placeholder in the chosen language."""
        name = _translated(self.metavar) or super().make_metavar(*context)
        return f"{name}…" if self.nargs != 1 else name


class _Common(click.Command):
    """What all commands share: the options for everybody, and translated pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", N_("[OPTIONS]"))
        super().__init__(*args, **kwargs)
        self.params += [_office_option(), _lang_option()]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage with its placeholders in the chosen language."""
        pieces = super().collect_usage_pieces(ctx)
        return [gettext(piece) if piece in _PLACEHOLDERS else piece for piece in pieces]

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        return _translated((self.help or "").strip().partition("\n")[0]) or ""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, paragraph by paragraph."""
        text = inspect.cleandoc(self.help or "")
        paragraphs = [_translated(paragraph) or "" for paragraph in text.split("\n\n")]
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n\n".join(paragraphs))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write arguments first, then options."""
        arguments = [
            (param.make_metavar(ctx), _translated(param.explained) or "")
            for param in self.params
            if isinstance(param, Argument)
        ]
        if arguments:
            with formatter.section(gettext("Arguments")):
                formatter.write_dl(arguments)
        super().format_options(ctx, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing: newer versions of click would list the arguments twice."""


class Command(_Common):
    """One command."""


class Family(_Common, click.Group):
    """Commands that belong together (`ledger verify`, `ledger export` …)."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", N_("COMMAND …"))
        super().__init__(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order they were written."""
        return list(self.commands)

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each command with its first sentence."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, command.get_short_help_str()) for name, command in found if command]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each in one line."""
        with formatter.section(gettext("Commands")):
            formatter.write_dl(self.short_helps(ctx))


class LazyFamily(Family):
    """Commands whose modules are loaded when they are called; `--help` only reads a table."""

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of a command."""
        if cmd_name not in self.table:
            return None
        module = importlib.import_module(self.table[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def short_helps(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each command with its sentence of the table."""
        return [(name, gettext(short)) for name, (_module, short) in self.table.items()]


def _keep_office(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Session).named_office = value


def _office_option() -> Option:
    return Option(
        ["--office"],
        metavar=N_("DIR"),
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_keep_office,
        help=N_("The office; else DINGMI_OFFICE, else the nearest folder with office.toml."),
    )


def _lang_option() -> Option:
    return Option(
        ["--lang"],
        type=click.Choice(list(CATALOGUES)),
        expose_value=False,
        help=N_("Language of all texts: zh Chinese, en English."),
    )


def json_option() -> Callable[[F], F]:
    """Return the decorator of `--json`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        cls=Option,
        help=N_("Give the result as JSON, for other programs."),
    )
