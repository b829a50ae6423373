"""`hook`: a queue is guarded, looked at, and given back as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_kit import run
from cups_kit import NEEDS_CUPS, open_folder, print_server, until
from dingmi_mark.errors import ExitCode, HookRightsMissing
from dingmi_mark.printhook.rights import refuse_missing_rights
from office_kit import new_room
from printhook_kit import CLASSIFIED, Guarded, guarded

pytestmark = NEEDS_CUPS

PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "SAMPLE.PPD"
*Manufacturer: "Sample"
*Product: "(Sample)"
*ModelName: "Sample"
*ShortNickName: "Sample"
*NickName: "Sample printer"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*DefaultPageSize: A4
*PageSize A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*DefaultPageRegion: A4
*PageRegion A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4: "0 0 595 842"
*DefaultPaperDimension: A4
*PaperDimension A4: "595 842"
"""


@pytest.fixture
def room() -> Iterator[Guarded]:
    with open_folder() as folder, print_server(folder / "server") as server:
        yield guarded(folder / "unit", server)


def other_user(room: Guarded, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody else of this machine."""
    return subprocess.run(
        ["setpriv", "--reuid=lp", "--regid=lp", "--clear-groups", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **room.server.environment},
        timeout=60,
        check=False,
    )


def test_a_queue_is_guarded_and_given_back_as_it_was(room: Guarded, tmp_path: Path) -> None:
    server = room.server
    ppd = tmp_path / "sample.ppd"
    ppd.write_text(PPD)
    device = f"sink:{server.paper}"
    server.queue("三楼", device, "-P", str(ppd), "-o", "printer-error-policy=abort-job")
    before = (server.root / "cupsd.conf").read_bytes()
    kept = (server.root / "ppd" / "三楼.ppd").read_bytes()
    (server.folder / "bin" / "backend" / "dingmi").unlink()
    office = ("--office", room.crew.room.office.folder)

    told = run("--lang", "zh", "hook", "install", "三楼", *office, **server.environment)
    assert told.returncode == 0, told.stderr + server.log()
    assert "已管控：三楼" in told.stdout and "三楼-real" in told.stdout
    until(lambda: "yes" if "三楼-real" in server.run("lpstat", "-v", check=False) else "")
    told = run("--lang", "zh", "hook", "status", "--json", **server.environment)
    assert told.returncode in (0, ExitCode.HOOK_NOT_IN_ORDER), told.stdout + told.stderr
    queues = json.loads(told.stdout)["result"]["queues"]
    (ours,) = [one for one in queues if one["queue"] == "三楼"]
    assert ours["faults"] == [], told.stdout

    job = server.lp("三楼", room.marked)
    assert server.reached(job, "completed", "pending-held", "canceled") == "completed", server.log()
    until(lambda: "yes" if server.printed() else "", server.log)
    assert server.printed() == [room.marked.read_bytes()]
    job = server.lp("三楼", room.original)
    assert server.reached(job, "completed", "pending-held", "canceled") == "canceled"
    for name in ((), ("-U", "root")):
        past = other_user(room, "lp", *name, "-d", "三楼-real", str(room.clean))
        assert past.returncode != 0 and "Unauthorized" in past.stderr, past
    assert len(server.printed()) == 1
    assert run("hook", "install", "三楼", *office, **server.environment).returncode == (
        ExitCode.HOOK_QUEUE_UNKNOWN
    )

    server.run("/usr/sbin/lpadmin", "-p", "三楼-real", "-o", "printer-op-policy=default")
    told = run("--lang", "zh", "hook", "status", **server.environment)
    assert told.returncode == ExitCode.HOOK_NOT_IN_ORDER
    assert "三楼-real：别人可以绕过管控在这里打印" in told.stderr

    told = run("--lang", "zh", "hook", "remove", "三楼", **server.environment)
    assert told.returncode == 0, told.stderr
    assert f"已撤销管控：三楼，仍然打印到 {device}" in told.stdout
    assert "三楼-real" not in server.run("lpstat", "-v")
    assert (server.root / "ppd" / "三楼.ppd").read_bytes() == kept
    for name in ("guarded", "ordinary"):
        told = run("hook", "remove", name, **server.environment)
        assert told.returncode == ExitCode.HOOK_QUEUE_UNKNOWN
    assert (server.root / "cupsd.conf").read_bytes() != before, "other queues are guarded still"
    shown = server.run("lpoptions", "-p", "三楼")
    assert f"device-uri={device}" in shown and "Sample" in shown


def test_what_is_not_there_is_named(room: Guarded) -> None:
    office = ("--office", room.crew.room.office.folder)
    for wrong in ("没有的", "-v", "a/../b"):
        told = run(
            "--lang", "zh", "hook", "install", *office, "--", wrong, **room.server.environment
        )
        assert told.returncode == ExitCode.HOOK_QUEUE_UNKNOWN, told.stderr
        assert "没有这个打印队列" in told.stderr
    before = (room.server.root / "cupsd.conf").read_text()
    assert "dingmi-mark" not in before


def test_a_server_of_another_user_decides_just_so() -> None:
    with open_folder() as folder, print_server(folder / "server", user="lp") as server:
        room = guarded(folder / "unit", server)
        asked = 'exec "$0" -I -c "import dingmi_mark"'
        runs = other_user(room, "sh", "-c", asked, sys.executable).returncode == 0
        job = server.lp(CLASSIFIED, room.marked)
        ended = server.reached(job, "completed", "pending-held", "canceled")
        if runs:
            assert ended == "completed", server.log()
            assert server.printed() == [room.marked.read_bytes()]
        else:
            assert (ended, server.printed()) == ("pending-held", [])


def test_an_office_its_owner_cannot_use_is_named(tmp_path: Path) -> None:
    office = new_room(tmp_path).office.folder
    refuse_missing_rights(office, Path(sys.executable))
    (office / "secret" / "office.key").chmod(0o644)
    with pytest.raises(HookRightsMissing, match="OfficeSecretMissing"):
        refuse_missing_rights(office, Path(sys.executable))


def test_an_interpreter_the_owner_may_not_run_is_named() -> None:
    with open_folder() as folder:
        office = new_room(folder).office.folder
        shut = folder / "shut"
        shut.mkdir(mode=0o700)
        interpreter = shut / "python"
        if os.geteuid() == 0:
            shutil.chown(office, "lp")
            interpreter.symlink_to(sys.executable)
        else:
            interpreter.write_text("")
        with pytest.raises(HookRightsMissing, match="may not run this interpreter"):
            refuse_missing_rights(office, interpreter)
