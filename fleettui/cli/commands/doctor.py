"""fleettui doctor: looks for damage and says how to mend it. It must work where nothing else does: a workspace is only opened
to look for documents that make no sense, and only where it can be."""

from __future__ import annotations

import argparse

from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import FleettuiError, Refused
from fleettui.store.protocol import Finding


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)


def _run(options: argparse.Namespace, context: Context) -> int:
    findings = [*context.place.examine(), *_damaged(context), *_connections(context)]
    ok = all(finding.severity != "error" for finding in findings)
    summary = f"{context.place}: {'all is well' if not findings else f'{len(findings)} findings'}."
    print_result(options, {"ok": ok, "findings": findings}, *map(_in_words, findings), summary)
    return 0 if ok else Refused.exit_code


def _damaged(context: Context) -> list[Finding]:
    """Documents that can be read and yet make no sense."""
    from fleettui.workspace.senseless import damaged_in

    try:
        workspace = context.workspace
        documents = [*workspace.people.all(), *workspace.customers.all(), *workspace.calls.all()]
        damaged = dict.fromkeys((*workspace.agenda.look().damaged, *damaged_in(documents)))
    except FleettuiError:
        return []  # what keeps it from being opened is named already
    home = str(context.place)
    return [
        Finding("error", home, f"{document.id} is damaged: {document.why}", document.helps)
        for document in damaged
    ]


def _connections(context: Context) -> list[Finding]:
    """What does not leave or come in now, and programs that anybody could have named."""
    try:
        workspace = context.workspace
        down, policy = workspace.connections.down(), workspace.handbook.connections.mail
        file = workspace.services.service.connections
        place, open_to = str(file), file.stat().st_mode & 0o022 if down or policy.programs else 0
    except (FleettuiError, OSError):
        return []
    mend = "fleettui connect --check, by the service's account"
    findings = [Finding("warning", place, f"{row.name} is down: {row.why}", mend) for row in down]
    if policy.programs and open_to:
        what = (
            f"names {policy.programs[0][0]} to be run, and others than its owner may change it: it is not run"
        )
        findings.append(Finding("warning", place, what, f"chown root {place} && chmod go-w {place}"))
    return findings


def _in_words(finding: Finding) -> str:
    return f"{finding.severity}: {finding.file}: {finding.what}\n    mend: {finding.mend}"
