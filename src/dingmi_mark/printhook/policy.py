"""The access policy of a real queue in cupsd.conf: only the print server's own root prints there.

A name that a client gives itself counts for nothing: who prints must have proved who he is. The
backend does so by a certificate that only root can read.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

POLICY = "dingmi-mark"

_BEGIN, _END = "# begin dingmi-mark", "# end dingmi-mark"
_TEXT = f"""{_BEGIN}: written by dingmi-mark hook install, taken out by hook remove
<Policy {POLICY}>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit Get-Printer-Attributes Get-Job-Attributes Get-Jobs Get-Printer-Supported-Values>
    Order deny,allow
  </Limit>
  <Limit All>
    AuthType Default
    Require user @SYSTEM
    Order deny,allow
  </Limit>
</Policy>
{_END}
"""
_BLOCK = re.compile(rf"\n?{_BEGIN}[^\n]*\n.*?{_END}\n", re.DOTALL)


def has_policy(configuration: str) -> bool:
    """Tell whether the policy stands in a configuration, word for word."""
    return _TEXT in configuration


def with_policy(configuration: str) -> str:
    """Return a configuration with the policy."""
    return f"{without_policy(configuration).rstrip()}\n\n{_TEXT}"


def without_policy(configuration: str) -> str:
    """Return a configuration without the policy."""
    return _BLOCK.sub("\n", configuration)


def rewrite(file: Path, text: str) -> None:
    """Give a configuration file its new text at once, its owner and rights kept. Raises OSError."""
    before = file.stat()
    fresh = file.with_name(f".{file.name}.dingmi-new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.chown(fresh, before.st_uid, before.st_gid)
    fresh.chmod(stat.S_IMODE(before.st_mode))
    fresh.replace(file)
