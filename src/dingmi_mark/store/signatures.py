"""Make and verify signatures: Ed25519, SM2 with SM3, or by a command that asks a unit's token.

SM2 is done by the OpenSSL 3 command, which is on every machine this program is made for; nothing
here is certified cryptography. A private key never leaves its encrypted file unencrypted: it is
read into memory, or by OpenSSL itself, and the passphrase goes through a pipe.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from dingmi_mark.domain.keys import ED25519, SM2
from dingmi_mark.errors import KeyUnusable, PassphraseWrong
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SM2_ID: Final = "1234567812345678"
"""The signer's identity in GM/T 0009-2012 where none is agreed."""

_SECONDS: Final = 60
_LARGEST_KEY: Final = 64 * 1024


class Signer(Protocol):
    """Whatever signs for a person: a key file with its passphrase, or a token's command."""

    @property
    def algorithm(self) -> str:
        """`ed25519` or `sm2-sm3`."""
        ...

    @property
    def public_key(self) -> str:
        """The public key, PEM."""
        ...

    def sign(self, message: bytes) -> str:
        """Return the signature, base64. Raises KeyUnusable, PassphraseWrong."""
        ...


def key_id_of(public_key: str) -> str:
    """Return the id of a public key: 16 hex digits of SM3 over its DER form.

    Raises KeyUnusable for text that is no PEM public key.
    """
    lines = [line.strip() for line in public_key.strip().splitlines()]
    if lines[:1] != ["-----BEGIN PUBLIC KEY-----"] or lines[-1:] != ["-----END PUBLIC KEY-----"]:
        raise KeyUnusable(cause=say("it is no public key in PEM form"))
    try:
        der = base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError as error:
        raise KeyUnusable(cause=say("it is no public key in PEM form")) from error
    return hashlib.new("sm3", der).hexdigest()[:16]


def verify(algorithm: str, public_key: str, message: bytes, signature: str) -> bool:
    """Tell whether a signature (base64) is good. Raises KeyUnusable for a key that is none."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if algorithm == ED25519:
        return _verify_ed25519(public_key, message, raw)
    if algorithm == SM2:
        return _verify_sm2(public_key, message, raw)
    return False


@dataclass(frozen=True)
class Ed25519File:
    """An Ed25519 key in an encrypted PKCS #8 file."""

    path: Path
    passphrase: str
    algorithm: str = ED25519

    @property
    def public_key(self) -> str:
        """The public key, PEM. Raises KeyUnusable, PassphraseWrong."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = self._key().public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode("ascii")

    def sign(self, message: bytes) -> str:
        """Return the signature. Raises KeyUnusable, PassphraseWrong."""
        return base64.b64encode(self._key().sign(message)).decode("ascii")

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(_read(self.path), self.passphrase.encode("utf-8"))
        except ValueError as error:
            raise PassphraseWrong(str(self.path)) from error
        except TypeError as error:
            raise KeyUnusable(str(self.path), cause=say("it is not encrypted")) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyUnusable(str(self.path), cause=say("it is of another kind"))
        return key


@dataclass(frozen=True)
class Sm2File:
    """An SM2 key in an encrypted PKCS #8 file, used by the OpenSSL command."""

    path: Path
    passphrase: str
    algorithm: str = SM2

    @property
    def public_key(self) -> str:
        """The public key, PEM. Raises KeyUnusable, PassphraseWrong."""
        return self._openssl("pkey", "-in", str(self.path), "-pubout").decode("ascii")

    def sign(self, message: bytes) -> str:
        """Return the signature. Raises KeyUnusable, PassphraseWrong."""
        options = ("-sign", str(self.path), "-sigopt", f"distid:{SM2_ID}")
        made = self._openssl("dgst", "-sm3", *options, message=message)
        return base64.b64encode(made).decode("ascii")

    def _openssl(self, *arguments: str, message: bytes = b"") -> bytes:
        _read(self.path)
        done = openssl(*arguments, passphrase=self.passphrase, message=message)
        if done is None:
            raise PassphraseWrong(str(self.path))
        return done


@dataclass(frozen=True)
class TokenCommand:
    """A unit's own token, asked by a command of the office (`[signing] token`).

    The command is called with the key id, gets the bytes on its standard input and answers with
    the signature in base64. PINs are its own affair.
    """

    command: Sequence[str]
    public_key: str
    algorithm: str

    def sign(self, message: bytes) -> str:
        """Return the signature. Raises KeyUnusable where the command fails."""
        call = [*self.command, key_id_of(self.public_key)]
        try:
            done = subprocess.run(
                call, input=message, stdout=subprocess.PIPE, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise KeyUnusable(self.command[0], cause=say("the token's command failed")) from error
        return done.stdout.decode("ascii", "replace").strip()


def make_key_file(path: Path, algorithm: str, passphrase: str) -> Signer:
    """Make a new key in a new encrypted file 0600. Raises KeyUnusable, OSError."""
    content = _new_sm2(passphrase) if algorithm == SM2 else _new_ed25519(passphrase)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return key_file(path, algorithm, passphrase)


def key_file(path: Path, algorithm: str, passphrase: str) -> Signer:
    """Return the signer of a key file."""
    return Sm2File(path, passphrase) if algorithm == SM2 else Ed25519File(path, passphrase)


def openssl(*arguments: str, passphrase: str = "", message: bytes = b"") -> bytes | None:
    """Run the OpenSSL command; return what it writes, None where it refuses.

    The passphrase goes through a pipe of its own, never on the command line. Raises KeyUnusable
    where there is no OpenSSL command.
    """
    program = shutil.which("openssl")
    if program is None:
        raise KeyUnusable(cause=say("SM2 needs the openssl command (OpenSSL 3)"))
    call = [program, *arguments]
    with ExitStack() as stack:
        passed: tuple[int, ...] = ()
        if passphrase:
            reading, writing = os.pipe()
            stack.callback(os.close, reading)
            with open(writing, "wb") as pipe:
                pipe.write(passphrase.encode("utf-8") + b"\n")
            option = "-passout" if arguments[0] == "pkcs8" else "-passin"
            call += [option, f"fd:{reading}"]
            passed = (reading,)
        done = subprocess.run(
            call, input=message, capture_output=True, pass_fds=passed, timeout=_SECONDS, check=False
        )
    return done.stdout if done.returncode == 0 else None


def _new_ed25519(passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
    )

    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode("utf-8"))
    )


def _new_sm2(passphrase: str) -> bytes:
    plain = openssl("genpkey", "-algorithm", "SM2")
    kept = None
    if plain is not None:
        # OpenSSL's own way of genpkey stretches the passphrase 2,048 times only.
        kept = openssl("pkcs8", "-topk8", "-scrypt", passphrase=passphrase, message=plain)
    if kept is None:
        raise KeyUnusable(cause=say("this openssl command knows no SM2"))
    return kept


def _verify_ed25519(public_key: str, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(public_key.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(cause=say("it is no public key in PEM form")) from error
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _verify_sm2(public_key: str, message: bytes, signature: bytes) -> bool:
    # The command takes key and signature from files only; neither is secret.
    with tempfile.TemporaryDirectory(prefix="dingmi-verify-") as private:
        key, value = Path(private, "key.pem"), Path(private, "signature")
        key.write_text(public_key, encoding="ascii")
        value.write_bytes(signature)
        options = ("-verify", str(key), "-signature", str(value), "-sigopt", f"distid:{SM2_ID}")
        return openssl("dgst", "-sm3", *options, message=message) is not None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_KEY + 1)
    except OSError as error:
        cause = error.strerror or str(error)
        raise KeyUnusable(str(path), cause=cause) from error
    if len(content) > _LARGEST_KEY or b"PRIVATE KEY-----" not in content:
        raise KeyUnusable(str(path), cause=say("it is no private key in PEM form"))
    if b"ENCRYPTED" not in content:
        raise KeyUnusable(str(path), cause=say("it is not encrypted"))
    return content
