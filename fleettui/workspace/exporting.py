"""Everything written out for other programs, as JSON or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from fleettui import access, named_files
from fleettui.store import files
from fleettui.store.protocol import Store
from fleettui.text import cleaning
from fleettui.workspace.collections import ALL


def export(store: Store, folder: Path, format_: str) -> list[tuple[Path, int]]:
    """One file for each collection; existing ones of that name are replaced."""
    written = []
    for collection in ALL:
        documents = (kept.document for kept in store.everything(collection))
        rows = [msgspec.to_builtins(document) for document in documents if document is not None]
        path = folder / f"{collection.name}.{format_}"
        content = _as_csv(rows) if format_ == "csv" else _as_json(rows)
        written.append((_write_private(path, content), len(rows)))
    return written


def _write_private(path: Path, content: bytes) -> Path:
    """Where it stands now."""
    if access.current().restricted:
        return named_files.write(path, content, field="DIR")
    with files.os_errors_about(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomic(path, content, files.PRIVATE.file)
    return path


def _as_json(rows: list[dict[str, Any]]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    """Lists and nested values are JSON in their cell; formulas are made harmless for spreadsheets."""
    import csv
    import io

    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cleaning.csv_cell(_cell(row.get(column))) for column in columns])
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
