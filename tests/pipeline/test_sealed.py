"""Signed files: refused with the advice to mark first; on request notified, never marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

pytest.importorskip("pyhanko")

from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.errors import CheckNotMarked, DraftSigned, OutputExists
from dingmi_mark.formats import xmp
from dingmi_mark.formats.pdf.sealing import signature_states, with_label
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Status
from office_kit import Room, approved, new_room, only, pdf
from pdf_kit import CARRIERS

SIGNER = "样例签章"


def signer(folder: Path) -> object:
    """A key and a certificate of its own, for one test."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        pkcs12,
    )
    from pyhanko.sign.signers import SimpleSigner

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SIGNER)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, *[False] * 7)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(b"sample")
    file = folder / "signer.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"s", key, certificate, None, lock))
    return SimpleSigner.load_pkcs12(str(file), passphrase=b"sample")


def signed(content: bytes, folder: Path, *, certified: bool = False) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf
    from pyhanko.sign.fields import MDPPerm

    writer = IncrementalPdfFileWriter(BytesIO(content))
    metadata = PdfSignatureMetadata(
        field_name="Seal", certify=certified, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    return bytes(sign_pdf(writer, metadata, signer=signer(folder)).getvalue())


def with_tables(content: bytes) -> bytes:
    """The same file with its objects listed in a table, not in a stream."""
    stream = BytesIO()
    with pikepdf.open(BytesIO(content)) as file:
        file.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return stream.getvalue()


def described(content: bytes) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(content)) as file:
        with file.open_metadata() as metadata:
            metadata["dc:title"] = "样例"
        file.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


@pytest.mark.parametrize("certified", [False, True])
@pytest.mark.parametrize("kind", [pdf, lambda: with_tables(pdf()), lambda: described(pdf())])
def test_a_label_leaves_every_signature_valid(
    kind: object, certified: bool, tmp_path: Path
) -> None:
    content = signed(kind(), tmp_path, certified=certified)  # type: ignore[operator]
    path = tmp_path / "sealed.pdf"
    path.write_bytes(content)
    after = with_label(content, path, CARRIERS)
    assert after.startswith(content)
    assert [state.holds for state in signature_states(after)] == [True]
    assert SIGNER in signature_states(after)[0].signer
    with pikepdf.open(BytesIO(after)) as file:
        assert file.get_warnings() == []
        packet = file.Root.Metadata.read_bytes()
        assert kind is pdf or b"pikepdf" in packet or b"dm:record" in packet
    found = xmp.read(packet)
    assert found is not None and found.record == CARRIERS.record


def test_what_changes_a_page_makes_the_signature_fail(tmp_path: Path) -> None:
    """The check can fail: an annotation appended after sealing is seen."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signed(pdf(), tmp_path)))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)
    stream = BytesIO()
    writer.write(stream)
    assert [state.holds for state in signature_states(stream.getvalue())] == [False]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def put(room: Room, tmp_path: Path) -> bytes:
    content = signed(pdf(), tmp_path)
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=2))
    return content


def test_by_default_a_signed_file_is_refused_with_its_signer(room: Room, tmp_path: Path) -> None:
    put(room, tmp_path)
    error = only(room.mark()).error
    assert isinstance(error, DraftSigned)
    assert error.params["signer"] == SIGNER
    assert not room.out.exists()


def test_on_request_its_readers_are_notified_and_the_seal_stays(room: Room, tmp_path: Path) -> None:
    content = put(room, tmp_path)
    verdict = only(room.mark(sealed=True))
    assert verdict.status is Status.NOTIFIED, verdict.error
    names = sorted(path.name for path in room.out.iterdir())
    covers = ["通知-封面-000001.pdf", "通知-封面-000002.pdf"]
    assert names == sorted([*covers, "通知-书面通知.docx", "通知.pdf"])
    labelled = (room.out / "通知.pdf").read_bytes()
    assert labelled.startswith(content)
    assert [state.holds for state in signature_states(labelled)] == [True]
    with room.ledger() as ledger:
        ((_, act),) = ledger.acts(SealedNotified)
        assert (act.signatures, len(act.covers_sm3)) == ("1", 2)
        assert not ledger.by_approval(act.approval_number)
    reports = check_files([room.out], room.office, on_report=lambda _: None)
    assert [report.file.name for report in reports if not report.agrees] == []
    assert {report.mark for report in reports} == {"机密★10年", ""}


def test_running_again_makes_what_is_missing_and_nothing_twice(room: Room, tmp_path: Path) -> None:
    put(room, tmp_path)
    room.mark(sealed=True)
    cover = room.out / "通知-封面-000002.pdf"
    before = cover.read_bytes()
    cover.unlink()
    assert only(room.mark(sealed=True)).status is Status.NOTIFIED
    assert cover.read_bytes() == before
    cover.write_bytes(before + b"x")
    assert isinstance(only(room.mark(sealed=True)).error, OutputExists)


def test_a_signed_file_nobody_knows_is_told_as_unmarked(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "foreign.pdf"
    path.write_bytes(signed(pdf(2), tmp_path))
    (report,) = check_files([path], room.office, on_report=lambda _: None)
    assert isinstance(report.error, CheckNotMarked)


def test_a_trial_run_writes_nothing(room: Room, tmp_path: Path) -> None:
    put(room, tmp_path)
    assert only(room.mark(sealed=True, dry_run=True)).status is Status.PLANNED
    assert not room.out.exists()
