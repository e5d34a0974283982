"""Every setting: what it does, what it may be, what it is now and which file, line or variable says so.

`fleettui config` prints them, the palette lists those of the app, and the manual names the variables. A setting stands here once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleettui import access, config
from fleettui.domain.events.model import KIND_WORDS
from fleettui.errors import Refused, WrongUsage
from fleettui.places import of_mine
from fleettui.store import files
from fleettui.text import cleaning
from fleettui.text.finding import did_you_mean
from fleettui.workspace.inbox.settings import BELLS, NAMES, NOTIFIES, QUIET_BY_ITSELF, WAYS

if TYPE_CHECKING:
    from fleettui.workspace.inbox.actions import Inbox
    from fleettui.workspace.workspace import Workspace

Kept = Literal["config", "keys", "state", "inbox", "variable", "box", "policy"]
"""In a person's config.toml, keys.toml, folder for state, notes in the workspace; in the environment; in the box's config.toml;
in the team's handbook."""
DEFAULT = "default"
LONGEST = 300
PRESETS = ("vim", "emacs", "plain", "before")
THEMES = ("dark", "light", "ansi")
IN_WORDS: Mapping[Kept, str] = {
    "variable": "set the variable where your shell starts",
    "box": "the administrator of this box sets it",
    "policy": "the team sets it, in the handbook of the workspace",
}


class Setting(NamedTuple):
    """One thing that can be set."""

    key: str
    what: str
    kept: Kept
    default: str
    allowed: tuple[str, ...] = ()
    """Empty where it may be more than a few words: then `form` says what."""
    form: str = ""
    variable: str = ""
    """By which it can be set for one start, or alone."""
    title: str = ""
    """In the palette."""
    also: str = ""
    """Other words by which people look for it there."""

    @property
    def can_be_set(self) -> bool:
        return self.kept not in IN_WORDS

    @property
    def allowed_words(self) -> str:
        return ", ".join(self.allowed) or self.form


class Value(NamedTuple):
    """What a setting is now."""

    setting: Setting
    value: str
    source: str
    """A file with its line, a variable, or the default."""


def _of_inbox() -> tuple[Setting, ...]:
    kinds = (
        Setting(
            kind, f"How you are told: {words}.", "inbox", "quiet" if kind in QUIET_BY_ITSELF else "on", WAYS
        )
        for kind, words in KIND_WORDS.items()
    )
    return (
        Setting("bell", f"{NAMES['bell'].capitalize()}.", "inbox", "once", BELLS),
        Setting("notify", f"{NAMES['notify'].capitalize()}.", "inbox", "off", NOTIFIES),
        Setting(
            "quiet-hours",
            "No alarms from and until.",
            "inbox",
            "off",
            form="a time of day, like 22:00-07:00; off",
        ),
        *kinds,
    )


SETTINGS: tuple[Setting, ...] = (
    Setting("home", "The workspace.", "config", "~/.local/share/fleettui", form="a folder", variable="FLEETTUI_HOME"),
    Setting("sign", "The SSH key that signs what you do.", "config", "", form="a file of a private key"),
    Setting(
        "theme", "The colours, for all your sessions on this box.", "state", "dark", THEMES,
        form="or the name of a theme of yours", title="Colours", also="theme colors settings",
    ),
    Setting(
        "start", "Where the app begins: where you left it, or on Today.", "state", "left", ("left", "today"),
        title="Start: where you left, or on Today", also="settings begin open last",
    ),
    Setting("preset", "The keys that your own begin with (keys.toml).", "keys", "", PRESETS),
    *_of_inbox(),
    Setting("zone", "The workspace's time zone.", "policy", "", form="hours.json"),
    Setting("urgent", "The priorities that everybody is told of at once.", "policy", "", form="alarms.json"),
    Setting("plain", "The app in lines, for screen readers and Braille.", "variable", "0", ("0", "1"), variable="FLEETTUI_PLAIN"),
    Setting("hyperlinks", "Addresses as links (OSC 8), whatever the terminal is taken for.", "variable", "", ("0", "1"),
            variable="FORCE_HYPERLINK"),
    Setting("no-color", "The terminal's own colours.", "variable", "", form="anything", variable="NO_COLOR"),
    Setting("editor", "What Ctrl+E writes in.", "variable", "", form="a program with its arguments", variable="VISUAL"),
    Setting("now", "The time, standing still for a run.", "variable", "", form="a time as ISO 8601 with an offset",
            variable="FLEETTUI_NOW"),
    Setting("debug", "Shows where an unexpected error happened.", "variable", "", ("1",), variable="FLEETTUI_DEBUG"),
    Setting("restricted", "Accounts that can only use fleettui.", "box", "", form="names of accounts, or true"),
    Setting("shared", "Accounts that several people use, each with a key.", "box", "", form="names of accounts"),
    Setting("exchange", "The one folder of restricted accounts for files.", "box", "", form="a folder"),
    Setting("signers", "Who signs: the public keys of the team.", "box", "", form="a file"),
)  # fmt: skip
BY_KEY = {setting.key: setting for setting in SETTINGS}


def setting_named(key: str, others: Iterable[str] = ()) -> Setting:
    """With the nearest one where there is none of that name; `others` are names of what is set elsewhere."""
    setting = BY_KEY.get(key.strip().casefold())
    if setting is None:
        near = did_you_mean(key, (*BY_KEY, *others)) or "; `fleettui config` lists them"
        raise WrongUsage(f"there is no setting {cleaning.line(key, 40)!r}{near}")
    return setting


class Settings:
    """Those of one person. `opened` opens the workspace: only what is kept there asks for it. `given_home` is that of --home."""

    def __init__(
        self,
        opened: Callable[[], Workspace] | None = None,
        environment: Mapping[str, str] = os.environ,
        given_home: str | None = None,
    ) -> None:
        self._opened, self._environment, self._given_home = opened, environment, given_home

    def all(self) -> list[Value]:
        return [
            self.value(setting)
            for setting in SETTINGS
            if self._opened is not None or setting.kept not in ("inbox", "policy")
        ]

    def value(self, setting: Setting) -> Value:
        value, source = self._read(setting)
        if not source:
            value, source = setting.default, DEFAULT
        return Value(setting, cleaning.line(value, LONGEST), source)

    def _read(self, setting: Setting) -> tuple[str, str]:
        """Both empty where it is not set."""
        if setting.key == "home" and access.current().home is not None:
            return str(access.current().home), f"{config.BOX_CONFIG}: this account is restricted to it"
        if setting.key == "home" and self._given_home:
            return self._given_home, "option: --home"
        by_variable = self._of_variable(setting)
        return by_variable if by_variable[1] else self._kept(setting)

    def _of_variable(self, setting: Setting) -> tuple[str, str]:
        names = ("VISUAL", "EDITOR") if setting.key == "editor" else (setting.variable,)
        for name in filter(None, names):
            if self._environment.get(name):
                return self._environment[name], f"environment: {name}"
        return "", ""

    def _kept(self, setting: Setting) -> tuple[str, str]:
        match setting.kept:
            case "state":
                return _of_state(setting)
            case "inbox":
                noted = self._opened().inbox.noted(setting.key) if self._opened else ""
                return (noted, "the workspace: noted for you (inbox)") if noted else ("", "")
            case "policy":
                return self._of_policy(setting)
            case "config" if access.current().restricted:
                return "", ""  # nothing of it counts there
            case "config" if setting.key == "home":
                of_box = _of_file(config.BOX_CONFIG, setting.key)
                return of_box if of_box[1] else _of_file(_file_of(setting), setting.key)
            case "config" | "keys" | "box":
                return _of_file(_file_of(setting), setting.key)
        return "", ""

    def _of_policy(self, setting: Setting) -> tuple[str, str]:
        if self._opened is None:
            return "", ""
        workspace = self._opened()
        value = str(workspace.zone) if setting.key == "zone" else ", ".join(workspace.handbook.alarms.urgent)
        return value, f"{workspace.handbook.folder / setting.form}"

    def set(self, setting: Setting, value: str) -> Value:
        """Keeps it where it belongs, if it is the person's."""
        self._refuse_others(setting)
        typed = cleaning.line(value, LONGEST).strip()
        if setting.kept == "inbox":
            self._notes().set(setting.key, typed)
        elif setting.kept == "state":
            _keep_state(setting, _checked(setting, typed))
        else:
            write_line(_file_of(setting), setting.key, _checked(setting, typed))
        return self.value(setting)

    def unset(self, setting: Setting) -> Value:
        """As if it had never been set."""
        self._refuse_others(setting)
        if setting.kept == "inbox":
            self._notes().unset(setting.key)
        elif setting.kept == "state":
            _state_file(setting).unlink(missing_ok=True)
        else:
            write_line(_file_of(setting), setting.key, None)
        return self.value(setting)

    def _notes(self) -> Inbox:
        if self._opened is None:
            raise Refused("it is kept in a workspace, and there is none here; `fleettui init` makes one")
        return self._opened().inbox

    def _refuse_others(self, setting: Setting) -> None:
        if not setting.can_be_set:
            places = {"variable": setting.variable, "box": str(config.BOX_CONFIG), "policy": setting.form}
            named = f" ({places[setting.kept]})"
            raise Refused(f"no setting of yours: {IN_WORDS[setting.kept]}{named}", field=setting.key)
        if setting.kept == "config" and access.current().restricted:
            raise Refused("this account is restricted: its administrator sets that", field=setting.key)


def _checked(setting: Setting, typed: str) -> str:
    if setting.key == "theme" and typed in _own_themes():
        return typed
    if setting.allowed and typed not in setting.allowed:
        near = did_you_mean(typed, setting.allowed)
        raise WrongUsage(f"{typed[:40]!r} is none of {setting.allowed_words}{near}", field=setting.key)
    if not typed:
        raise WrongUsage("give a value, or --unset", field=setting.key)
    if setting.key == "home":
        config.address(typed, setting.key)
    return typed


def _own_themes() -> list[str]:
    if access.current().restricted:
        return []
    try:
        return [file.stem for file in (config.user_config().parent / "themes").glob("*.toml")]
    except OSError:
        return []


# Files


def _file_of(setting: Setting) -> Path:
    if setting.kept == "box":
        return config.BOX_CONFIG
    return config.keys_file() if setting.kept == "keys" else config.user_config()


def _state_file(setting: Setting) -> Path:
    return config.state_folder() / setting.key


def _of_state(setting: Setting) -> tuple[str, str]:
    try:
        text = _state_file(setting).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return "", ""
    return (text, f"{_state_file(setting)}:1") if text else ("", "")


def _keep_state(setting: Setting, value: str) -> None:
    file = _state_file(setting)
    with files.os_errors_about(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write_atomic(of_mine(file.parent).of_mine(file.name), f"{value}\n".encode(), 0o600)


def _of_file(file: Path, key: str) -> tuple[str, str]:
    """The value at the top of a TOML file, and its line."""
    values, text = _content(file)
    value = values.get(key)
    if value is None:
        return "", ""
    shown = (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value).lower()
        if value is True
        else str(value)
    )
    return shown, f"{file}:{_line_of(text, key) + 1}"


def _content(file: Path) -> tuple[dict[str, Any], str]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file}: is no text in UTF-8") from None
    except OSError:
        return {}, ""
    if not text:
        return {}, ""
    import tomllib  # only where there is a file

    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{file}: {error}") from None


def _line_of(text: str, key: str) -> int:
    """Of what stands before the first table; the first line where it is written in another way."""
    for number, line in enumerate(text.splitlines()):
        if line.lstrip().startswith("["):
            break
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return 0


def write_line(file: Path, key: str, value: str | None) -> None:
    """One line of a person's file, the others as they are; None takes it away."""
    values, text = _content(file)
    lines = text.splitlines()
    if key in values:
        del lines[_line_of(text, key)]
    if value is not None:
        lines.insert(_line_of(text, key) if key in values else 0, f"{key} = {_toml(value)}")
    new = "".join(f"{line}\n" for line in lines)
    import tomllib

    try:
        is_well = tomllib.loads(new).get(key) == value
    except tomllib.TOMLDecodeError:
        is_well = False
    if not is_well:
        raise Refused(
            f"{file} is written in a way that cannot be changed line by line; change it by hand", field=key
        )
    with files.os_errors_about(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
        files.write_atomic(file.resolve(), new.encode(), mode)


def _toml(value: str) -> str:
    import json  # a string of TOML is written as one of JSON

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
