"""Results and errors as plain values for `--json`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dingmi_mark.cli.words import citation_of, words
from dingmi_mark.domain.law import Finding
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Fault, Message, Parameter
from dingmi_mark.pipeline.verdicts import (
    BatchResult,
    CheckReport,
    PrintVerdict,
    ShownLabel,
    Status,
    Verdict,
)


def error_shown(error: DingmiError) -> dict[str, Any]:
    """Return an error: `code` and `kind` are stable, the sentences follow the language."""
    return {
        "code": int(error.code),
        "kind": type(error).__name__,
        "where": error.where,
        "says": words(error.message),
        "citation": citation_of(error),
        "remedy": words(error.advice),
        "params": {name: _param(value) for name, value in error.params.items()},
    }


def batch_shown(result: BatchResult) -> dict[str, Any]:
    """Return the result of a marking run."""
    return {
        "batch_id": result.batch_id,
        "counts": {status.value: result.count(status) for status in Status},
        "drafts": [_verdict(verdict) for verdict in result.verdicts],
        "records_without_draft": [_path(path) for path in result.without_draft],
        "marked_before": result.marked_before,
        "unreadable_records": [
            {"path": _path(path), "error": error_shown(error)} for path, error in result.unreadable
        ],
    }


def report_shown(report: CheckReport) -> dict[str, Any]:
    """Return what was found in one file."""
    return {
        "file": _path(report.file),
        "agrees": report.agrees,
        "mark": report.mark,
        "identified_by": report.identified_by.value if report.identified_by else None,
        "assurance": report.assurance.value if report.assurance else None,
        "lines": [
            {"agreement": line.agreement.value, "says": words(line.says)} for line in report.lines
        ],
        "error": error_shown(report.error) if report.error else None,
    }


def print_shown(verdict: PrintVerdict) -> dict[str, Any]:
    """Return whether a file may be printed; `sm3` is of the bytes that were looked at."""
    return {
        "file": _path(verdict.file),
        "decision": verdict.decision.value,
        "reason": verdict.reason.value,
        "approval": verdict.approval_number,
        "sm3": verdict.file_sm3,
        "error": error_shown(verdict.error) if verdict.error else None,
    }


def label_shown(label: ShownLabel) -> dict[str, Any]:
    """Return what a file says of itself; `record` is the whole embedded record."""
    return {
        "file": _path(label.file),
        "format": label.format,
        "facts": dict(label.facts),
        "levels": dict(label.levels),
        "originals": [words(original) for original in label.originals],
        "record": label.record.decode("utf-8", "replace"),
    }


def findings_shown(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return findings of the rules, in the words of the law tables where they are Chinese."""
    return [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "theme": finding.theme.value,
            "says": words(finding.message),
            "law": finding.citation.law,
            "provision": finding.citation.provision,
            "certainty": finding.citation.certainty.value,
            "next": words(finding.next) if finding.next is not None else "",
        }
        for finding in findings
    ]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "draft": _path(verdict.draft),
        "status": verdict.status.value,
        "approval": verdict.approval,
        "mark": verdict.mark,
        "copies": [
            {
                "path": _path(copy.path),
                "copy_number": copy.copy_number,
                "marking_id": copy.marking_id,
                "copy_id": copy.copy_id,
                "assurance": copy.assurance.value,
            }
            for copy in verdict.copies
        ],
        "plan": [words(step) for step in verdict.plan],
        "previews": [_path(path) for path in verdict.previews],
        "remarks": [words(remark) for remark in verdict.remarks],
        "error": error_shown(verdict.error) if verdict.error else None,
        "originals": [
            {
                "origin": _path(left.origin),
                "outcome": left.outcome.value,
                "place": _path(left.place) if left.place else None,
                "error": error_shown(left.error) if left.error else None,
            }
            for left in verdict.originals
        ],
    }


def _param(value: Parameter) -> Any:
    match value:
        case Message():
            return words(value)
        case tuple():
            return [_fault(fault) for fault in value]
        case _:
            return value


def _fault(fault: Fault) -> Mapping[str, str]:
    return {"place": fault.place, "expected": words(fault.expected)}


def _path(path: Path) -> str:
    return os.fspath(path)
