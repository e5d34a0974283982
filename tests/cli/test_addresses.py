"""Where a workspace is, in every way to say so: a folder, or the address of a database. A password in one is never repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fleettui
from fleettui import config
from fleettui.database_addresses import DatabaseAddress, without_addresses
from fleettui.errors import FleettuiError, Refused, WrongUsage
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

SECRET = "mark3d-s3cret"  # noqa: S105  no password of anybody
WITH_PASSWORD = (
    f"postgresql://kathy:{SECRET}@db.example/fleettui",
    f"postgres://kathy:{SECRET}@db.example:5432/fleettui",
    f"POSTGRESQL://kathy:{SECRET}@db.example/fleettui",
    f" postgresql://kathy:{SECRET}@db.example/fleettui",
    f"postgresql://kathy:{SECRET}/with#signs?in@it@db.example/fleettui",
    f"postgresql://:{SECRET}@db.example/fleettui",
    f"postgresql://kathy%3A{SECRET}%40db.example/fleettui",
    f"postgresql://db.example/fleettui?user=kathy&password={SECRET}",
    f"postgresql://db.example/fleettui?p%61ssword={SECRET}",
    f"postgresql://db.example/fleettui?sslpassword={SECRET}",
    f"host=db.example user=kathy password={SECRET}",
    f"service=team password = '{SECRET}'",
    f"password={SECRET} host=db.example",
    f"https://kathy:{SECRET}@db.example/fleettui",
)
WITHOUT = (
    "postgresql://db.example/fleettui",
    "postgresql://kathy@db.example:5432/fleettui?target_session_attrs=read-write",
    "postgresql://a.example,b.example/passwords",
    "postgresql:///fleettui",
    "postgresql://kathy@[::1]/fleettui?schema=team_2",
    "service=team",
)
MALFORMED = (
    "postgresql:fleettui",
    "host=db.example dbname=fleettui passfile=/home/kathy/.pgpass",
    "postgresql://[::1/fleettui",
    "postgresql://db.example/fleettui?schema=Team-2",
    "service=a b",
)


@pytest.fixture
def shell(tmp_path: Path) -> InProcess:
    return InProcess(make_home(tmp_path / "home", MONDAY_MORNING))


def config_with(shell: InProcess, home: str) -> None:
    folder = shell.home.parent / "config" / "fleettui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"home = {json.dumps(home)}\n")
    shell.environment["FLEETTUI_HOME"] = ""


def assert_kept_nowhere(shell: InProcess, *files: str) -> None:
    """In no file that is written; `files` had it before."""
    for path in shell.home.parent.rglob("*"):
        if path.is_file() and path.name not in files:
            assert SECRET.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("address", WITH_PASSWORD)
def test_a_password_in_an_address_is_refused_and_not_repeated(shell: InProcess, address: str) -> None:
    ways = (
        ("today", "--home", address),
        ("today", f"--home={address}"),
        ("--home", address, "today"),
        ("--home", address),
        ("--home", address, "init"),
        ("--home", address, "doctor"),
        ("--home", address, "config"),
        ("--home", address, "--restricted", "today"),
        ("config", "home", address),
    )
    for words in ways:
        line = shell.fails(2, *words)
        assert "password" in line and SECRET not in line and "db.example" not in line, words
    shell.environment["FLEETTUI_HOME"] = address
    for command in ("today", "config", "init"):
        line = shell.fails(2, command)
        assert line.startswith("fleettui: FLEETTUI_HOME: ") and SECRET not in line
    config_with(shell, address)
    line = shell.fails(2, "today")
    assert "config.toml: home: " in line and SECRET not in line
    assert_kept_nowhere(shell, "config.toml")


@pytest.mark.parametrize("address", WITHOUT)
def test_an_address_of_a_database_is_read_and_written_the_same(address: str) -> None:
    read = config.address(address, "--home")
    assert isinstance(read, DatabaseAddress) and str(read) == address
    assert config.address(str(read), "--home") == read


def test_the_schema_is_a_part_of_the_address_and_errors_name_server_and_database_only() -> None:
    read = DatabaseAddress.of("postgresql://kathy@db.example:5432/cs?schema=team_2&sslmode=require")
    assert read == ("postgresql://kathy@db.example:5432/cs?sslmode=require", "team_2")
    assert read.shown == "db.example:5432/cs (team_2)"
    assert DatabaseAddress.of("postgresql:///cs?host=/run/postgresql").shown == "/run/postgresql/cs"
    assert DatabaseAddress.of("service=team").shown == "the service team"


@pytest.mark.parametrize("address", MALFORMED)
def test_a_malformed_address_says_how_to_write_one(shell: InProcess, address: str) -> None:
    for words in (("today", "--home", address), ("config", "home", address), ("init", "--at", address)):
        line = shell.fails(2, *words)
        assert ("postgresql://HOST/DATABASE" in line or "schema" in line) and "example" not in line
    shell.environment["FLEETTUI_HOME"] = address
    assert shell.fails(2, "today").startswith("fleettui: FLEETTUI_HOME: ")
    config_with(shell, address)
    assert "config.toml: home: " in shell.fails(2, "today")


def test_an_address_of_anything_else_is_wrong_usage(shell: InProcess) -> None:
    assert "on PostgreSQL, not at https://" in shell.fails(
        2, "today", "--home", "https://example.org/fleettui"
    )


def test_a_folder_may_be_called_anything(shell: InProcess, tmp_path: Path) -> None:
    for name in ("service=team", "postgresql:", "a=b:c", "password=x"):
        home = tmp_path / name
        assert config.address(str(home), "--home") == home
        shell.ok("--home", str(home), "init")
        assert shell.json("today", "--home", str(home))
    assert config.address("./service=team", "--home") == Path("service=team").absolute()


@pytest.mark.parametrize(
    "words",
    [
        ("today", "--hom", WITH_PASSWORD[0]),
        ("today", WITH_PASSWORD[0]),
        (WITH_PASSWORD[0],),
        ("tickets", "show", WITH_PASSWORD[0]),
        ("tickets", "show", f"password={SECRET}"),
        ("--screen", "today", WITH_PASSWORD[0]),
    ],
)
def test_a_mistyped_option_does_not_repeat_the_address_either(
    shell: InProcess, words: tuple[str, ...]
) -> None:
    done = shell.run(*words)
    assert done.returncode in (1, 2)
    assert SECRET not in done.stdout + done.stderr


def test_what_is_no_address_stays_in_a_message() -> None:
    for text in (
        'secrets.toml: is not TOML. A line of it looks so: smtp-password = "..."',
        "mail in: the server refuses the password of kathy",
        "T-1: a customer on PostgreSQL: the index is gone",
    ):
        assert without_addresses(text) == text
    assert without_addresses(f"no file 'postgresql://a:{SECRET}@b', nor anything") == "no file 'postgresql:…"


def test_a_script_is_refused_the_same_addresses() -> None:
    with pytest.raises(WrongUsage) as refused:
        fleettui.tinydb(WITH_PASSWORD[0])
    assert SECRET not in str(refused.value)
    with pytest.raises(Refused, match="in a folder"):
        fleettui.tinydb("service=team")


@pytest.mark.parametrize("address", WITH_PASSWORD)
def test_a_password_is_found_by_whoever_reads_an_address(address: str) -> None:
    with pytest.raises(FleettuiError) as refused:
        config.address(address, "--home")
    assert SECRET not in str(refused.value) and "example" not in str(refused.value)
