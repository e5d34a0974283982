"""fleettui rituals: taking in a file of rituals, or all of a checkout."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui import named_files
from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused, Unusable

if TYPE_CHECKING:
    from fleettui.intake.rituals_plan import Change, Report
    from fleettui.intake.rituals_yaml import ParsedFile

LARGEST_FILE = 5 * named_files.MEGABYTE


def add_import_commands(subcommands: Subcommands) -> None:
    importing = subcommands.add("import", _import, "take in a *.rituals.yml file")
    importing.add_argument("file", metavar="FILE")
    syncing = subcommands.add("sync", _sync, "take in all *.rituals.yml files of a checkout")
    syncing.add_argument("folder", metavar="DIR")
    for command in (importing, syncing):
        command.set_defaults(resumes=True)
    syncing.add_argument(
        "--retire-gone",
        action="store_true",
        help="retire what was taken in from there and is in no file any more",
    )
    for parser in (importing, syncing):
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")
        parser.add_argument(
            "--replace",
            action="append",
            default=[],
            metavar="ID[=TASK]",
            help="the entry with the ritual's name, or this task, takes its place",
        )


def _import(options: argparse.Namespace, context: Context) -> None:
    """What could not be read is named, and makes the exit code 1; the rest is in."""
    from fleettui.intake import rituals_yaml

    path = Path(options.file)
    parsed = rituals_yaml.read(_content(path), path.name)
    report = context.workspace.rituals.take_in([parsed], instead_of=options.replace, dry_run=options.dry_run)
    _print_report(options, report, {})
    _refuse_problems(report, prefix=f"{path.name}: ")


def _sync(options: argparse.Namespace, context: Context) -> None:
    """As `import`, for each file below the folder; what is in none of them any more is named, too."""
    from fleettui.cli.commands.rituals.checkout import Checkout

    folder = Path(options.folder)
    if not folder.is_dir():
        raise Unusable(f"{folder}: is no folder")
    checkout = Checkout(folder)
    files = [_parsed(folder, path, checkout.name) for path in checkout.files()]
    if not files:
        raise Refused(f"{folder}: there is no *.rituals.yml below it")
    report = context.workspace.rituals.take_in(
        files,
        instead_of=options.replace,
        folder=checkout.name,
        retire_gone=options.retire_gone,
        dry_run=options.dry_run,
    )
    _print_report(options, report, {"files": [parsed.name for parsed in files]})
    _refuse_problems(report)


def _parsed(folder: Path, path: Path, name: str) -> ParsedFile:
    """A file that cannot be read at all is a problem among others."""
    from fleettui.intake import rituals_yaml

    file = path.relative_to(folder).as_posix()
    try:
        return rituals_yaml.read(_content(path), file, name)
    except (Refused, Unusable) as error:
        what = error.text.removeprefix(f"{path}: ")
        return rituals_yaml.ParsedFile(file, problems=[rituals_yaml.Problem(0, what, file=file)])


def _content(path: Path) -> str:
    try:
        return named_files.read(path, LARGEST_FILE).decode("utf-8-sig", "replace")
    except named_files.NotRead as error:
        raise Unusable(error.text) from None


# What it says


def _print_report(options: argparse.Namespace, report: Report, more: dict[str, Any]) -> None:
    plain = {
        **pick(report, "new", "changed", "changes"),
        "same": len(report.same),
        "retired": report.retired,
        "gone": [pick(gone, "id", "name", "file") for gone in report.gone],
        "taken": report.taken,
        "problems": [pick(problem, "file", "line", "task", "what") for problem in report.problems],
        "strangers": report.strangers,
        "dry_run": options.dry_run,
        **more,
    }
    print_result(options, plain, *_lines(options, report))


def _lines(options: argparse.Namespace, report: Report) -> Iterator[str]:
    would = "; nothing is written yet" if options.dry_run else ""
    gone = f", {len(report.gone)} gone" if report.gone else ""
    yield f"{len(report.new)} new, {len(report.changed)} changed, {len(report.same)} as they were{gone}{would}."
    yield from (f"  + {name}" for name in report.new)
    yield from (f"  ~ {change.id} {change.name}{_fields_words(change)}" for change in report.changes)
    retired = "retired now" if getattr(options, "retire_gone", False) else "--retire-gone retires it"
    yield from (
        f"  - {change.id} {change.name}: no file has it any more; {retired}" for change in report.gone
    )
    yield from (taken.text for taken in report.taken)
    if report.retired:
        yield f"retired here, and stays so: {', '.join(report.retired)}"
    for login in report.strangers:
        yield f"nobody on the roster has the GitHub login {login}; it stays as the DRI"


def _fields_words(change: Change) -> str:
    return f": {', '.join(change.fields)}" if change.fields else ": takes its place"


def _refuse_problems(report: Report, prefix: str = "") -> None:
    if not report.problems:
        return
    shown = [problem.text if prefix else f"{problem.file}: {problem.text}" for problem in report.problems]
    raise Refused(prefix + "; ".join(shown))
