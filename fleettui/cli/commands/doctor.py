"""fleettui doctor: looks for damage and says how to mend it. It opens no workspace: it must work where nothing else does."""

from __future__ import annotations

import argparse

from fleettui.cli.parser import Context, leaf, print_json
from fleettui.errors import Refused
from fleettui.store.protocol import Finding
from fleettui.workspace.upkeep import examine


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)


def _run(asked: argparse.Namespace, context: Context) -> int:
    findings = examine(context.home)
    ok = all(finding.severity != "error" for finding in findings)
    if asked.json:
        print_json({"ok": ok, "findings": findings})
        return 0 if ok else Refused.exit_code
    for finding in findings:
        print(_told(finding))
    print(f"{context.home}: {'all is well' if not findings else f'{len(findings)} findings'}.")
    return 0 if ok else Refused.exit_code


def _told(finding: Finding) -> str:
    return f"{finding.severity}: {finding.file}: {finding.what}\n    mend: {finding.mend}"
