"""What may be said after a text was sent to the terminal's clipboard (OSC 52).

No terminal says whether it took the text, so no screen says that it is there: only that it was sent, and where it is known to
be held up.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

WITHOUT_CLIPBOARD = ("linux", "dumb", "ansi")
SENT = "Sent to your terminal's clipboard."
SENT_TO_TMUX = "Sent to tmux, which keeps it from your clipboard unless its `set-clipboard` is on."
NO_CLIPBOARD = "This terminal has no clipboard."
ELSE_HERE = "If it is not there, take it from here:"
FROM_HERE = "Take it from here:"


def sent_words(environment: Mapping[str, str] = os.environ) -> str:
    """Where a copied text went, as far as that is known."""
    term = environment.get("TERM", "")
    if environment.get("TMUX"):
        return SENT_TO_TMUX
    if environment.get("STY") or term in WITHOUT_CLIPBOARD or term.startswith("vt"):
        return NO_CLIPBOARD
    return SENT


def invitation(words: str) -> str:
    """What leads from `sent_words` to the text itself."""
    return FROM_HERE if words == NO_CLIPBOARD else ELSE_HERE
