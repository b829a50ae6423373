"""The program in CUPS's folder of backends: a few lines of shell around the interpreter.

The shell outlives whatever happens to the interpreter: a crash, a kill, a missing environment.
Every code that is no answer of ours becomes “hold”, so that a job is neither lost nor printed, and
the next job finds nothing in its way.
"""

from __future__ import annotations

import shlex
from pathlib import Path

BACKEND_MODE = 0o700
"""CUPS runs a backend as root that nobody else may run; this one gives the rights away itself."""

ENTRY = "dingmi_mark.cli.cups_backend"

_WRAPPER = """#!/bin/sh
# Written by dingmi-mark hook install. Held is better than printed unseen: see docs/printing.md.
[ $# -eq 0 ] && exit 0
child=
ended=
trap 'ended=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM
# What runs in the background gets an empty standard input unless it is told otherwise.
exec 5<&0
{python} -I -m {entry} "$@" <&5 5<&- &
child=$!
[ -n "$ended" ] && kill -TERM "$child" 2>/dev/null
wait "$child"
code=$?
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
case $code in
  0|2|3|4|5|6|7) exit $code ;;
esac
echo "STATE: +dingmi-held" >&2
echo "ERROR: 暂缓打印：打印前检查程序意外中断，什么也没有打印。请告知保密员，由其放行。" >&2
exit 3
"""


def wrapper_text(interpreter: Path) -> str:
    """Return the program that starts this interpreter."""
    return _WRAPPER.format(python=shlex.quote(str(interpreter)), entry=ENTRY)
