"""What is wrong with a folder that is to be watched."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class WatchToolMissing(DingmiError):
    code = ExitCode.WATCH_TOOL_MISSING
    says = N_("watchfiles is not installed (pip install 'dingmi-mark[watch]').")
    remedy = N_("Let the administrator install it; until then: dingmi-mark watch --once")


class WatchFolderUnusable(DingmiError):
    """`cause` is a message or the system's word."""

    code = ExitCode.WATCH_FOLDER_UNUSABLE
    says = N_("The folder cannot be watched, or take what may be printed: {cause}.")
    remedy = N_("Nothing was moved. Name two folders on one disk that may be written to.")


class WatchRunning(DingmiError):
    code = ExitCode.WATCH_RUNNING
    says = N_("The folder is watched already, by another process.")
    remedy = N_("Nothing is to be done; or end the other one first.")
