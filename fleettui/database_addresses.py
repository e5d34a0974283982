"""The addresses of workspaces in databases: known as such, and refused, for this release keeps a workspace in a folder.

Nothing of such an address is ever repeated: it may hold a password, also where it is written wrongly.
"""

import re
from urllib.parse import unquote

from fleettui.errors import Unusable, WrongUsage

SCHEMES = ("postgresql", "postgres")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://|(postgres(?:ql)?):")
_PAIRS = re.compile(
    r"(service|host|hostaddr|port|dbname|user|password|passfile|options|application_name|connect_timeout"
    r"|ssl[a-z]+|target_session_attrs)\s*="
)
_PASSWORD = re.compile(r"password\s*=|://[^@]*:[^@]+@")
_TO_HIDE = re.compile(r"(postgres(?:ql)?:(?=\S)|(?<![-\w])password\s*=).*", re.IGNORECASE | re.DOTALL)


def refuse_database(text: str, field: str) -> None:
    """Nothing where it is the name of a folder. `field`: where it was named."""
    plain = unquote(text).strip().casefold()
    scheme = _SCHEME.match(plain)
    if scheme is None and _PAIRS.match(plain) is None:
        return
    refuse_password(plain, field)
    name = (scheme[1] or scheme[2]) if scheme else ""
    if scheme and name not in SCHEMES:
        raise WrongUsage(f"a workspace is in a folder, not at {name}://", field=field)
    raise Unusable(
        "this release has no place for a workspace on PostgreSQL yet: name a folder (./ before it, should it be called so)",
        field=field,
    )


def refuse_password(text: str, field: str) -> None:
    """Before anything else reads it: what reads addresses repeats them in its errors, and `ps` shows them."""
    if _PASSWORD.search(unquote(text).strip().casefold()):
        raise WrongUsage(
            "there is a password in it, which others may have read by now: take it out, and change it",
            field=field,
        )


def without_addresses(text: str) -> str:
    """A message that may repeat what was typed: where an address or a password begins in it, it ends."""
    return _TO_HIDE.sub(r"\1…", text)
