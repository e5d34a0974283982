"""Where the workspace is, who I am, and what my account may do: by options, environment and configuration files.

The box's configuration is the administrator's. What it says of accounts counts only while nobody else can write to it, and no
option, variable or file of a person can undo it.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from fleettui import access
from fleettui.access import Access
from fleettui.errors import Refused, Unusable, WrongUsage

if TYPE_CHECKING:
    from fleettui.database_addresses import DatabaseAddress

Address: TypeAlias = "Path | DatabaseAddress"
"""Where a workspace is: a folder, or a schema of a database."""
HOME_BY, HOME_OPTION = "FLEETTUI_HOME", "--home"
BOX_CONFIG = Path("/etc/fleettui/config.toml")
BOX_OWNER = 0
"""The user id to whom the box's configuration has to belong: root."""
OF_ACCOUNTS = ("restricted", "shared", "exchange")
"""What only the box's configuration may say."""


def login() -> str:
    """Who acts: the OS account; in an account that people share, whoever its key belongs to. There is no way to claim to be
    somebody else: not a flag, not a variable."""
    return access.current().login


def full_name() -> str:
    """Of whoever owns the OS account, as the box knows it; empty where it does not."""
    try:
        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except KeyError:
        return ""


def home(
    given: str | None, environment: Mapping[str, str] = os.environ, *, given_as: str = HOME_OPTION
) -> Address:
    """--home, else FLEETTUI_HOME, else `home` of the box's or the user's config file, else the user's data folder. A restricted
    account has one workspace, whatever is named."""
    only = access.current().home
    if only is not None:
        if given and address(given, given_as) != only:
            raise _elsewhere(only)
        return only
    if given:
        return address(given, given_as)
    if named := environment.get(HOME_BY):
        return address(named, HOME_BY)
    for file in (BOX_CONFIG, user_config(environment)):
        configured = _home_in(file)
        if configured:
            return configured
    return _folder(environment, "XDG_DATA_HOME", ".local/share") / "fleettui"


def address(named: str, field: str) -> Address:
    """Where a workspace is, as somebody wrote it: the one parser of it, wherever it was written. `field`: where that was."""
    if ":" in named or "=" in named:
        from fleettui.database_addresses import database_named  # late: hardly any folder is called so

        database = database_named(named, field)
        if database is not None:
            return database
    return Path(named).expanduser().absolute()


def _elsewhere(only: Address) -> Refused:
    return Refused(f"this account works in {only}, and nowhere else", field=HOME_OPTION)


def user_config(environment: Mapping[str, str] = os.environ) -> Path:
    """The config file of this account; it need not exist."""
    return _folder(environment, "XDG_CONFIG_HOME", ".config") / "fleettui" / "config.toml"


def keys_file(environment: Mapping[str, str] = os.environ) -> Path:
    """The keys of this person alone; it need not exist. They do no harm, so a restricted account has its own, too."""
    now = access.current()
    if not now.restricted:
        return _folder(environment, "XDG_CONFIG_HOME", ".config") / "fleettui" / "keys.toml"
    own = access.account_folder() / ".config" / "fleettui"
    return (own / "people" / access.folder_of(now.acting) if now.acting else own) / "keys.toml"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """For files of this person alone: the error log, and drafts that could not be written to the workspace."""
    now = access.current()
    if not now.restricted:
        return _folder(environment, "XDG_STATE_HOME", ".local/state") / "fleettui"
    own = access.account_folder() / ".local/state" / "fleettui"
    return own / "people" / access.folder_of(now.acting) if now.acting else own


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """For copies of what is kept elsewhere: safe to lose."""
    if access.current().restricted:
        return access.account_folder() / ".cache" / "fleettui"
    return _folder(environment, "XDG_CACHE_HOME", ".cache") / "fleettui"


class BoxConfig(msgspec.Struct, frozen=True):
    """The configuration of the box, as far as it is about accounts."""

    home: Address | None = None
    restricted: bool | tuple[str, ...] = ()
    """The accounts that are; True: all but root."""
    shared: tuple[str, ...] = ()
    """The accounts that several people use, each by a key of their own."""
    exchange: Path | None = None

    def restricts(self, account: str) -> bool:
        if account in self.shared:
            return True
        if isinstance(self.restricted, bool):
            return self.restricted and os.getuid() != 0
        return account in self.restricted


class Asked(msgspec.Struct, frozen=True):
    """What the words before the command ask for."""

    restricted: bool = False
    acting: str = ""
    home: str | None = None


def access_for(asked: Asked) -> Access:
    """What the account may do. Where the box's configuration restricts it, `asked.home` is a person's wish; where only
    --restricted does, it is the administrator's word."""
    account, box = access.account_name(), _box_config(is_trust_needed=asked.restricted or bool(asked.acting))
    _refuse_acting(asked.acting, account, box)
    by_box = box.restricts(account)
    if not (by_box or asked.restricted):
        return Access(account)
    exchange = (
        box.exchange / access.folder_of(asked.acting) if box.exchange and asked.acting else box.exchange
    )
    own = access.account_folder() / ".local/share" / "fleettui"
    wished = address(asked.home, HOME_OPTION) if asked.home else None
    only = wished if wished and not by_box else box.home or own
    if wished and wished != only and by_box:
        raise _elsewhere(only)
    _refuse_overlap(only, box.exchange)
    return Access(account, asked.acting, restricted=True, home=only, exchange=exchange)


def _refuse_overlap(home: Address, exchange: Path | None) -> None:
    if (
        isinstance(home, Path)
        and exchange
        and (home.is_relative_to(exchange) or exchange.is_relative_to(home))
    ):
        raise Unusable(
            f"{BOX_CONFIG}: the exchange folder {exchange} and the workspace {home} must lie beside each other"
        )


def _refuse_acting(acting: str, account: str, box: BoxConfig) -> None:
    if acting and account not in box.shared:
        why = f"the account {account} is one person's; only `shared` in {BOX_CONFIG} makes it an account of several"
        raise Refused(why, field="--as")
    if account in box.shared and not acting:
        raise Refused(
            f"{account} is an account of several people: the line of your key has to say who you are (--as LOGIN)"
        )


def _box_config(*, is_trust_needed: bool) -> BoxConfig:
    values = _values_in(BOX_CONFIG)
    if ((is_trust_needed and values) or any(key in values for key in OF_ACCOUNTS)) and not _is_administrators(
        BOX_CONFIG
    ):
        raise Unusable(
            f"{BOX_CONFIG} says what accounts may do, and others than root can write to it: "
            f"chown root {BOX_CONFIG.parent} {BOX_CONFIG}; chmod go-w {BOX_CONFIG.parent} {BOX_CONFIG}"
        )
    restricted = values.get("restricted", [])
    return BoxConfig(
        home=_home_of(values, BOX_CONFIG),
        restricted=restricted if isinstance(restricted, bool) else _accounts_in(values, "restricted"),
        shared=_accounts_in(values, "shared"),
        exchange=_path_in(values, "exchange", BOX_CONFIG),
    )


def _is_administrators(file: Path) -> bool:
    """Whether only root could have written it, or put another in its place."""
    facts = [path.stat() for path in (file, file.parent)]
    return all(
        fact.st_uid == BOX_OWNER and not fact.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for fact in facts
    )


def _folder(environment: Mapping[str, str], variable: str, default: str) -> Path:
    return Path(environment.get(variable) or Path.home() / default)


def signing_key(environment: Mapping[str, str] = os.environ) -> Path | None:
    """`sign` of the user's config file: the SSH key that signs what this person does. A restricted account starts no programs,
    so it signs nothing."""
    if access.current().restricted:
        return None
    file = user_config(environment)
    return _path_in(_values_in(file), "sign", file)


def signers_file() -> Path | None:
    """`signers` of the box's config file, which no member of a workspace can change: who signs."""
    return _path_in(_values_in(BOX_CONFIG), "signers", BOX_CONFIG)


def _home_in(file: Path) -> Address | None:
    return _home_of(_values_in(file), file)


def _home_of(values: Mapping[str, Any], file: Path) -> Address | None:
    text = _text_in(values, "home", file)
    return None if text is None else address(text, f"{file}: home")


def _values_in(file: Path) -> dict[str, Any]:
    """Empty where there is no such file."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        return {}
    import tomllib  # only where there is a file to read

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{file}: {error}") from None


def _path_in(values: Mapping[str, Any], key: str, file: Path) -> Path | None:
    text = _text_in(values, key, file)
    return None if text is None else Path(text).expanduser().absolute()


def _text_in(values: Mapping[str, Any], key: str, file: Path) -> str | None:
    text = values.get(key)
    if text is None or isinstance(text, str):
        return text
    raise WrongUsage(f'{file}: {key}: expected a path in quotes, like {key} = "/srv/fleettui"')


def _accounts_in(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = values.get(key, [])
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise WrongUsage(f'{BOX_CONFIG}: {key}: expected names of accounts, like {key} = ["team"]')
    return tuple(names)
