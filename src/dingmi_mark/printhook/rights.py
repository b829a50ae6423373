"""Who looks at jobs, and whether he can: he runs the interpreter and uses secret and ledger."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dingmi_mark.errors import HookRightsMissing
from dingmi_mark.messages import say
from dingmi_mark.printhook.asking import DECIDER, rights_of

_PATIENCE_S = 120
_TRY = f"""
import sys
from pathlib import Path
import {DECIDER}
from dingmi_mark.errors import DingmiError
from dingmi_mark.store.office import read_office
from dingmi_mark.store.office_ledger import open_ledger
from dingmi_mark.pipeline.desk import WORK
try:
    office = read_office(Path(sys.argv[1]))
    office.secret()
    (office.folder / WORK).mkdir(mode=0o700, exist_ok=True)
    with open_ledger(office) as ledger, ledger.running("hook-rights"):
        ledger.head()
except (DingmiError, OSError) as error:
    sys.exit(type(error).__name__)
"""


def refuse_missing_rights(office: Path, interpreter: Path) -> None:
    """Try, with the rights of the office's owner, what a job needs. Raises HookRightsMissing."""
    try:
        done = subprocess.run(
            [interpreter, "-I", "-c", _TRY, str(office)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            timeout=_PATIENCE_S,
            check=False,
            **rights_of(office),
        )
    except FileNotFoundError as error:
        raise HookRightsMissing(cause=say("there is no such folder"), file=str(office)) from error
    except PermissionError as error:
        cause = say("the owner of the office folder may not run this interpreter")
        raise HookRightsMissing(cause=cause, file=str(interpreter)) from error
    except subprocess.TimeoutExpired as error:
        raise HookRightsMissing(cause=say("it did not answer"), file=str(interpreter)) from error
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if done.returncode == 0:
        return
    if done.returncode == 1 and len(said) == 1 and said[0].isidentifier():
        cause = say("its owner cannot use configuration, secret or ledger ({kind})", kind=said[0])
        raise HookRightsMissing(cause=cause, file=str(office))
    cause = say("the owner of the office folder cannot start the program with it")
    raise HookRightsMissing(cause=cause, file=str(interpreter))
