"""Find a person's key and ask for its passphrase; nothing of either is shown or kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dingmi_mark.cli.grammar import F, Option
from dingmi_mark.cli.typed import refuse_variable
from dingmi_mark.cli.words import words
from dingmi_mark.domain.signing import Role
from dingmi_mark.errors import KeyUnusable
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.keys import KeyRegister, SigningKey
    from dingmi_mark.store.office import Office
    from dingmi_mark.store.signatures import Signer

ENVIRONMENT: Final = "DINGMI_KEYS"
LEAST_CHARACTERS: Final = 8

ROLES: Final = [role.value for role in Role]


def keys_option() -> Callable[[F], F]:
    """Return the decorator of `--keys`."""
    return click.option(
        "--keys",
        metavar=N_("DIR"),
        type=click.Path(file_okay=False, path_type=Path),
        cls=Option,
        help=N_("The folder of your private keys; else DINGMI_KEYS, else .dingmi-keys at home."),
    )


def passphrase_option() -> Callable[[F], F]:
    """Return the decorator of `--passphrase-file`."""
    return click.option(
        "--passphrase-file",
        metavar=N_("FILE"),
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        cls=Option,
        help=N_("Take the passphrase from the first line of this file; else it is asked for."),
    )


def password_option() -> Callable[[F], F]:
    """Return the decorator of `--password-file`."""
    return click.option(
        "--password-file",
        metavar=N_("FILE"),
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        cls=Option,
        help=N_("The password of protected PDF files is the first line of this file."),
    )


def password_in(file: Path | None) -> str:
    """Return the password of protected files: the file's first line; empty without a file."""
    if file is None:
        return ""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(words(say("The file of the password cannot be read."))) from error
    return lines[0] if lines else ""


def keys_folder(given: Path | None) -> Path:
    """Return the folder of private keys."""
    refuse_variable(ENVIRONMENT)
    named = os.environ.get(ENVIRONMENT)
    return given or (Path(named) if named else Path.home() / ".dingmi-keys")


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """Return the passphrase of a key. Raises KeyUnusable; click.UsageError for a short one."""
    if file is not None:
        given = _first_line(file)
    else:
        given = click.prompt(
            words(say("Passphrase of the key")), hide_input=True, confirmation_prompt=new, err=True
        )
    if new and len(given) < LEAST_CHARACTERS:
        raise click.UsageError(
            words(say("A passphrase has {count} characters or more.", count=LEAST_CHARACTERS))
        )
    return str(given)


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cause = say("the file with its passphrase is no text in UTF-8 that can be read")
        raise KeyUnusable(str(file), cause=cause) from error
    return lines[0] if lines else ""


def signer_for(key: SigningKey, office: Office, folder: Path, file: Path | None) -> Signer:
    """Return what signs with this key: its file, else the office's token. Raises KeyUnusable."""
    from dingmi_mark.store.signatures import TokenCommand, key_file

    path = folder / f"{key.key_id}.pem"
    if path.exists():
        return key_file(path, key.algorithm, passphrase(file))
    if office.token:
        return TokenCommand(office.token, key.public_key, key.algorithm)
    raise KeyUnusable(str(path), cause=say("the file of this key is not there"))


def own_key(register: KeyRegister, holder: str, role: Role) -> SigningKey:
    """Return the newest key of a person in a role. Raises KeyUnusable where there is none."""
    from dingmi_mark.pipeline import clock

    today = clock.today()
    for key in register.of(holder, role):
        if not key.expired_on(today):
            return key
    cause = say("{name} has no key in use as {role}", name=holder, role=role.value)
    raise KeyUnusable(cause=cause)
