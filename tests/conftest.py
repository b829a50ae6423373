"""What holds for all tests: no test may fail because the machine was busy.

Where DINGMI_TOOLS is `all`, as in CI, a test that skips because a tool is missing fails: what could
have been installed was not tried.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

import dingmi_mark

settings.register_profile("noisy-machines", deadline=None)
settings.load_profile("noisy-machines")

# Some thousand tests start a worker for one file: it begins with its modules at hand, as a worker
# has them from its second file on. Commands that tests start as programs load their own.
_OURS = [module.name for module in pkgutil.walk_packages(dingmi_mark.__path__, "dingmi_mark.")]
multiprocessing.set_forkserver_preload(
    [name for name in _OURS if ".pipeline" in name or ".formats" in name]
    + ["pymupdf", "pikepdf", "numpy", "fontTools.subset", "docx", "PIL.Image"]
)

_NO_TOOL = ("needs the right to mount", "needs DINGMI_CORPUS", "nothing can be announced")
"""Reasons to skip that no installed tool takes away."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    report = yield
    if report.skipped and os.environ.get("DINGMI_TOOLS") == "all":
        _, _, reason = report.longrepr
        if not any(known in reason for known in _NO_TOOL):
            report.outcome, report.longrepr = "failed", f"DINGMI_TOOLS=all: {reason}"
    return report
