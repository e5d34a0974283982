"""A workspace from which answers leave by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SENDING: dict[str, Any] = {
    "mail": {"answers": "send", "from": "support@fleet.example", "smtp": {"host": "mail.fleet.example"}},
    "slack": {"answers": "send"},
}


def connect(home: Path, **more: Any) -> None:
    """Writes connections.json as an administrator would."""
    (home / "handbook/connections.json").write_text(json.dumps({**SENDING, **more}))
