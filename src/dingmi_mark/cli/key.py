"""`key`: make, confirm, list and revoke the keys with which approvals are signed."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.credentials import (
    ROLES,
    keys_folder,
    keys_option,
    own_key,
    passphrase,
    passphrase_option,
    signer_for,
)
from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, local_time, words
from dingmi_mark.domain.signing import Role
from dingmi_mark.errors import ExitCode, KeyUnusable
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.domain.keys import KeyRegister, SigningKey
    from dingmi_mark.store.office import Office
    from dingmi_mark.store.signatures import Signer


NEW = N_("Make a key for a person and offer it to the office.")
CONFIRM = N_("Confirm, as security officer, that a key is that person's.")


@click.group("key", cls=Family, help=N_("Make, confirm, list and revoke keys for signing."))
def key_command() -> None:
    """Hold the commands of keys."""


@key_command.command(
    "new",
    help=NEW
    + "\n\n"
    + N_(
        "The private key stays in an encrypted file; only the public key goes into the ledger. "
        "The first key of an office is the security officer's (保密员) and counts at once; every "
        "other counts when the security officer has confirmed it (key confirm)."
    ),
)
@click.argument(
    "name", metavar=N_("NAME"), cls=Argument, explained=N_("The person, as records name him.")
)
@click.option(
    "--role",
    required=True,
    type=click.Choice(ROLES),
    cls=Option,
    help=N_("As what the person signs."),
)
@click.option(
    "--algorithm",
    type=click.Choice(["ed25519", "sm2"]),
    default="ed25519",
    show_default=True,
    cls=Option,
    help=N_("Ed25519, or SM2 with SM3 (needs the openssl command)."),
)
@click.option(
    "--expires",
    metavar=N_("DATE"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The key's last day, such as 2028-12-31."),
)
@click.option(
    "--token-key",
    metavar=N_("FILE"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    cls=Option,
    help=N_("The public key (PEM) of the unit's own token, in place of a new key file."),
)
@keys_option()
@passphrase_option()
@click.pass_obj
def new(
    session: Session,
    name: str,
    role: str,
    algorithm: str,
    expires: datetime | None,
    token_key: Path | None,
    keys: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Make and offer a key."""
    from dingmi_mark.pipeline.enrolling import offer_key, refuse_stranger
    from dingmi_mark.store.strict_toml import not_one_line

    if not_one_line(name) is not None:
        raise click.UsageError(words(say("A name is one line of text.")))
    office = session.office()
    refuse_stranger(name, Role(role), office, session.today)
    last = expires.date() if expires else None
    if last is not None and last < session.today:
        raise click.UsageError(words(say("The key's last day is over.")))
    with session.ledger(office) as ledger:
        if token_key is not None:
            signer, file = _token(office, token_key, algorithm), None
            key = offer_key(ledger, signer, name, Role(role), last, session.now())
        else:
            signer, file = _new_file(keys_folder(keys), algorithm, passphrase_file)
            with ExitStack() as undo:
                undo.callback(file.unlink)
                key = offer_key(ledger, signer, name, Role(role), last, session.now())
                undo.pop_all()
            named = file.with_name(f"{key.key_id}.pem")
            file.rename(named)
            file = named
    _tell_new(key, file)


def _new_file(folder: Path, algorithm: str, passphrase_file: Path | None) -> tuple[Signer, Path]:
    from secrets import token_hex

    from dingmi_mark.domain.keys import ED25519, SM2
    from dingmi_mark.store.new_file import writing_to
    from dingmi_mark.store.signatures import make_key_file

    secret = passphrase(passphrase_file, new=True)
    path = folder / f".new-{token_hex(6)}.pem"
    with writing_to(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return make_key_file(path, SM2 if algorithm == "sm2" else ED25519, secret), path


def _token(office: Office, public_key: Path, algorithm: str) -> Signer:
    from dingmi_mark.domain.keys import ED25519, SM2
    from dingmi_mark.store.signatures import TokenCommand

    if not office.token:
        cause = say("office.toml names no command of a token ([signing] token)")
        raise KeyUnusable(cause=cause)
    pem = public_key.read_text(encoding="ascii", errors="replace")
    return TokenCommand(office.token, pem, SM2 if algorithm == "sm2" else ED25519)


def _tell_new(key: SigningKey, file: Path | None) -> None:
    tell(
        say("Key {key} for {name} ({role}).", key=key.key_id, name=key.holder, role=key.role.value)
    )
    if file is not None:
        tell(say("Private key: {file} (keep a copy apart; nobody can restore it)", file=str(file)))
    if key.confirmed_at:
        tell(say("It is the first key of this office and counts at once."))
    else:
        tell(
            say(
                "Read the key's number to the security officer, who confirms it with:\n"
                "  dingmi-mark key confirm {key} --as NAME",
                key=key.key_id,
            )
        )


@key_command.command(
    "confirm",
    help=CONFIRM
    + "\n\n"
    + N_("Have the person read the key's number to you before; from now on the key counts."),
)
@click.argument("key_id", metavar=N_("KEY"), cls=Argument, explained=N_("The key's number."))
@click.option(
    "--as",
    "witness",
    metavar=N_("NAME"),
    required=True,
    cls=Option,
    help=N_("Your own name: a security officer with a key in use."),
)
@keys_option()
@passphrase_option()
@click.pass_obj
def confirm(
    session: Session, key_id: str, witness: str, keys: Path | None, passphrase_file: Path | None
) -> None:
    """Confirm a key."""
    from dingmi_mark.pipeline.enrolling import confirm_key, refuse_stranger
    from dingmi_mark.pipeline.trust import trust_of

    office = session.office()
    with session.ledger(office) as ledger:
        register = trust_of(ledger).register
        offered = _known(register, key_id)
        refuse_stranger(offered.holder, offered.role, office, session.today)
        own = own_key(register, witness, Role.SECURITY)
        signer = signer_for(own, office, keys_folder(keys), passphrase_file)
        confirm_key(ledger, offered, own, signer, session.now())
    tell(
        say(
            "Confirmed: key {key} of {name} ({role}) counts from now on.",
            key=offered.key_id,
            name=offered.holder,
            role=offered.role.value,
        )
    )


@key_command.command("list", help=N_("List all keys of the office and how they stand."))
@json_option()
@click.pass_obj
def list_keys(session: Session, as_json: bool) -> int:
    """List the keys."""
    from dingmi_mark.pipeline.trust import trust_of

    office = session.office()
    with session.ledger(office) as ledger:
        trust = trust_of(ledger)
        shown = [
            (key, trust.doubt(key) if key.confirmed_at else None) for key in trust.register.keys
        ]
    doubted = any(doubt is not None for _, doubt in shown)
    code = ExitCode.KEY_REFUSED if doubted else ExitCode.OK
    if as_json:
        result = {"keys": [_as_json(key, doubt, session.today) for key, doubt in shown]}
        tell_json("failed" if doubted else "ok", code, result=result)
        return code
    for key, doubt in shown:
        standing = words(_standing(key, doubt, session.today))
        tell_line(
            f"{key.key_id}  {harmless(key.holder)}  {key.role.value}  {key.algorithm}  {standing}"
        )
    if not shown:
        tell_note(say("No key is enrolled yet: dingmi-mark key new NAME --role 保密员"))
    return code


@key_command.command(
    "revoke", help=N_("Let a key count no longer: lost, stolen, or its holder has left.")
)
@click.argument("key_id", metavar=N_("KEY"), cls=Argument, explained=N_("The key's number."))
@click.option("--as", "by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Your name."))
@click.option(
    "--reason", metavar=N_("TEXT"), required=True, cls=Option, help=N_("Why; it is kept.")
)
@click.pass_obj
def revoke(session: Session, key_id: str, by: str, reason: str) -> None:
    """Revoke a key."""
    from dingmi_mark.pipeline.enrolling import revoke_key
    from dingmi_mark.pipeline.trust import trust_of

    office = session.office()
    with session.ledger(office) as ledger:
        key = _known(trust_of(ledger).register, key_id)
        revoke_key(ledger, key, by, reason, session.now())
    tell(say("Revoked: key {key} of {name}.", key=key.key_id, name=key.holder))
    tell_note(say("What it signed before counts only if the ledger knows it from before."))


def _known(register: KeyRegister, key_id: str) -> SigningKey:
    key = register.key(key_id.strip().lower())
    if key is None:
        raise KeyUnusable(key_id, cause=say("the office knows no key of this number"))
    return key


def _standing(key: SigningKey, doubt: Message | None, today: date) -> Message:
    if doubt is not None:
        return say("NOT TO BE TRUSTED: {cause}", cause=doubt)
    if key.revoked_at:
        at = local_time(key.revoked_at)
        return say("revoked {at}: {reason}", at=at, reason=key.reason)
    if not key.confirmed_at:
        return say("waits for the security officer's confirmation")
    if key.expired_on(today):
        return say("expired {day}", day=str(key.expires))
    return say("in use since {at}", at=local_time(key.confirmed_at))


def _as_json(key: SigningKey, doubt: Message | None, today: date) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "holder": key.holder,
        "role": key.role.value,
        "algorithm": key.algorithm,
        "confirmed_at": key.confirmed_at,
        "expires": key.expires.isoformat() if key.expires else "",
        "expired": key.expired_on(today),
        "revoked_at": key.revoked_at,
        "reason": key.reason,
        "doubt": words(doubt) if doubt else "",
    }
