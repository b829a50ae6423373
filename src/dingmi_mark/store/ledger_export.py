"""Write the chain out: CSV and JSON to read, JSON lines to restore from.

The portable format `dingmi-ledger-1` has one JSON object a line: a header with the office, the
links in order, and an end with the number and hash of the last, so that a cut-off file is seen.
Payloads stand in it as text, byte for byte; hashes and signatures are hexadecimal.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Literal, TextIO, TypeAlias

from dingmi_mark.domain.ledger_chain import Link
from dingmi_mark.errors import LedgerBroken
from dingmi_mark.messages import say

ExportFormat: TypeAlias = Literal["csv", "json"]

PORTABLE_FORMAT = "dingmi-ledger-1"

_COLUMNS = ("seq", "at", "kind", "payload", "prev_hash", "hash", "signature")


def write_csv(links: Iterable[Link], out: TextIO) -> None:
    """Write a heading and one row a link; open the stream with newline=''."""
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for link in links:
        fields = _fields(link)
        rows.writerow([fields[column] or "" for column in _COLUMNS])


def write_json(office_id: str, links: Iterable[Link], out: TextIO) -> None:
    """Write one JSON object whose `entries` carry their payload as JSON."""
    out.write(f'{{"office_id":{json.dumps(office_id, ensure_ascii=False)},"entries":[')
    comma = ""
    for link in links:
        fields = _fields(link)
        payload = fields.pop("payload")
        # The payload is JSON already and must not be re-written: its bytes are what was hashed.
        out.write(f'{comma}\n{_line(fields)[:-1]},"payload":{payload}}}')
        comma = ","
    out.write("\n]}\n")


def write_portable(office_id: str, links: Iterable[Link], out: TextIO) -> None:
    """Write the portable format."""
    out.write(_line({"format": PORTABLE_FORMAT, "office_id": office_id}) + "\n")
    last: Link | None = None
    for last in links:
        out.write(_line(_fields(last)) + "\n")
    if last is not None:
        out.write(_line({"end": last.seq, "hash": last.hash.hex()}) + "\n")


def read_portable(lines: Iterator[str]) -> tuple[str, Iterator[Link]]:
    """Read the portable format: the office's id and the links, streamed.

    Raises LedgerBroken for lines of another form, when they are reached, and for a missing end.
    """
    try:
        header = json.loads(next(lines, ""))
        if header["format"] != PORTABLE_FORMAT:
            raise ValueError(header["format"])
        return str(header["office_id"]), _read_links(lines)
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerBroken(cause=say("this is no backup of a ledger")) from error


def _read_links(lines: Iterable[str]) -> Iterator[Link]:
    last: Link | None = None
    for number, line in enumerate(lines, start=2):
        try:
            fields = json.loads(line)
            if "end" in fields:
                ends_well = last is not None and fields == {
                    "end": last.seq,
                    "hash": last.hash.hex(),
                }
                if not ends_well or next(iter(lines), None) is not None:
                    raise ValueError("another end")
                return
            last = _link(fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            cause = say("line {line} of the backup cannot be read", line=number)
            raise LedgerBroken(cause=cause) from error
        yield last
    raise LedgerBroken(cause=say("the backup is cut off"))


def _fields(link: Link) -> dict[str, str | int | None]:
    return {
        "seq": link.seq,
        "at": link.at,
        "kind": link.kind,
        "payload": link.payload.decode("utf-8"),
        "prev_hash": link.prev_hash.hex(),
        "hash": link.hash.hex(),
        "signature": None if link.signature is None else link.signature.hex(),
    }


def _link(fields: dict[str, str]) -> Link:
    if fields.keys() != set(_COLUMNS):
        raise ValueError("other fields")
    signature = fields["signature"]
    return Link(
        seq=int(fields["seq"]),
        kind=str(fields["kind"]),
        payload=fields["payload"].encode("utf-8"),
        prev_hash=bytes.fromhex(fields["prev_hash"]),
        hash=bytes.fromhex(fields["hash"]),
        at=str(fields["at"]),
        signature=None if signature is None else bytes.fromhex(signature),
    )


def _line(fields: dict[str, str | int | None]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
