"""Of which tickets somebody has drafts: what was typed and not sent, of this person alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fleettui.store.beside_documents import Drafts

KINDS = {
    "answer": "answer",
    "note": "note",
    "issue": "issue",
    "summary": "summary",
    "post": "post",
    "details": "details",
    "edit": "changes",
    "received": "message of the customer",
}
"""The first word of a draft's name, and what it is called. The last word is the ticket's id."""
NEW_REQUEST = "ticket new"
"""The name of the draft of a request that is no ticket yet."""
SIGN = "¶"


class DraftsOf(NamedTuple):
    """The drafts of a ticket."""

    kinds: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"your draft ({', '.join(self.kinds)}) is not sent"


def by_ticket(drafts: Drafts) -> dict[str, DraftsOf]:
    """By the tickets' ids. Costs a look at a folder, however many tickets there are."""
    kinds: dict[str, list[str]] = {}
    for name, text in sorted(drafts.texts().items()):
        words = name.split()
        if len(words) < 2 or words[0] not in KINDS or not words[-1].startswith("T-"):
            continue
        kept = _read(text)
        if _is_typed(kept):
            several = list(kept.get("seen", ()))
            kind = f"{KINDS[words[0]]} to {len(several)} tickets" if several else KINDS[words[0]]
            for id_ in several or words[-1:]:
                kinds.setdefault(id_, []).append(kind)
    return {id_: DraftsOf(tuple(dict.fromkeys(named))) for id_, named in kinds.items()}


def begun_request(drafts: Drafts) -> str:
    """What somebody began to write down as a new request; empty where nothing is."""
    typed = _read(drafts.get(NEW_REQUEST) or "{}").get("typed")
    fields = typed if isinstance(typed, dict) else {}
    return next((str(fields[name]) for name in ("subject", "body", "customer") if fields.get(name)), "")


def _read(text: str) -> dict[str, Any]:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _is_typed(kept: dict[str, Any]) -> bool:
    """Not a ready text as it was put there, nor an emptied one."""
    if "text" in kept:
        return bool(str(kept["text"]).strip()) and bool(kept.get("typed", True))
    return bool(kept)
