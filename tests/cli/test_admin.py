"""`fleettui admin setup`: shows each step, asks once, does it, and proves it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.cli import asking
from tests.support.command_line import InProcess

TOP = Path(__file__).parents[2]
CONFIG = "etc/fleettui/config.toml"
UNITS = "etc/systemd/system"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A machine in a folder, with systemd and the account kathy."""
    made = tmp_path / "image"
    (made / UNITS).mkdir(parents=True)
    (made / "etc/passwd").write_text(
        "root:x:0:0::/root:/bin/sh\nkathy:x:2001:2001:Kathy:/home/kathy:/bin/sh\n"
    )
    (made / "etc/group").write_text("root:x:0:\nkathy:x:2001:\n")
    return made


@pytest.fixture
def admin(tmp_path: Path) -> InProcess:
    return InProcess(tmp_path / "nowhere", environment={"FLEETTUI_HOME": ""})


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def setup(admin: InProcess, image: Path, *more: str) -> str:
    return admin.ok("admin", "setup", "--root", str(image), "--member", "kathy", *more)


def test_a_dry_run_shows_everything_and_changes_nothing(admin: InProcess, image: Path) -> None:
    before = everything(image)
    shown = setup(admin, image, "--dry-run", "--backups", "/mnt/other/fleettui")
    assert '+home = "/srv/fleettui"' in shown
    assert "groupadd customer-team" in shown
    assert "ExecStart=/usr/local/bin/fleettui backup --files --to /mnt/other/fleettui" in shown
    assert everything(image) == before


def test_an_image_gets_the_files_and_is_told_what_waits_for_the_machine(
    admin: InProcess, image: Path
) -> None:
    shown = setup(admin, image, "--yes")
    assert (image / CONFIG).read_text() == 'home = "/srv/fleettui"\n'
    assert (image / "usr/local/bin/ft").is_symlink()
    assert (image / UNITS / "fleettui-intake@.timer").exists()
    assert (
        "the group customer-team: its members work in the workspace, nobody else can read it — on the machine itself"
        in shown
    )


def test_a_second_run_writes_nothing(admin: InProcess, image: Path) -> None:
    setup(admin, image, "--yes")
    before = {path: Path(path).stat().st_mtime_ns for path in everything(image)}
    shown = setup(admin, image, "--yes")
    assert "✓ /etc/fleettui/config.toml" in shown
    assert "✓ /etc/systemd/system/fleettui-doctor.timer" in shown
    assert {path: Path(path).stat().st_mtime_ns for path in everything(image)} == before


def test_the_other_lines_of_the_configuration_stay(admin: InProcess, image: Path) -> None:
    (image / CONFIG).parent.mkdir()
    (image / CONFIG).write_text('# ours\nshared = ["team"]\nhome = "/srv/old"\n[more]\nhome = "untouched"\n')
    shown = setup(admin, image, "--yes", "--home", "/srv/new")
    assert '-home = "/srv/old"' in shown
    assert (
        image / CONFIG
    ).read_text() == '# ours\nshared = ["team"]\nhome = "/srv/new"\n[more]\nhome = "untouched"\n'


def test_the_home_that_is_configured_stays_where_none_is_named(admin: InProcess, image: Path) -> None:
    (image / CONFIG).parent.mkdir()
    (image / CONFIG).write_text('home = "/srv/ours"\n')
    assert "✓ /etc/fleettui/config.toml" in setup(admin, image, "--dry-run")


def test_without_a_yes_nothing_is_done(
    admin: InProcess, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(image)
    words = ("admin", "setup", "--root", str(image), "--member", "kathy")
    assert "say --yes" in admin.fails(1, *words)
    monkeypatch.setattr(asking, "can_ask", lambda options: True)
    done = admin.run(*words, stdin="n\n")
    assert done.returncode == 1
    assert "Nothing was done." in done.stderr
    assert everything(image) == before
    assert admin.run(*words, stdin="y\n").returncode == 0
    assert (image / CONFIG).exists()


def test_whoever_is_not_root_is_told_so_in_a_line(admin: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "run it as root" in admin.fails(1, "admin", "setup", "--member", "kathy", "--yes")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["--member", "nobody-like-this"], 1, "there is no account"),
        (["--member", "kathy", "--restrict", "nobody-like-this"], 1, "--restrict: there is no account"),
        (["--member", "kathy", "--share", "nobody-like-this"], 1, "--share: there is no account"),
        (
            ["--member", "kathy", "--restrict", "kathy", "--share", "kathy"],
            2,
            "--share: kathy is given to --restrict, too; a shared account is restricted in any case, so leave "
            "--restrict kathy out",
        ),
        ([], 2, "name the first person"),
        (["--member", "kathy", "--home", "relative"], 2, "from the root on"),
        (["--member", "kathy", "--home", '/srv/a"b'], 2, "without spaces, quotes"),
        (["--member", "kathy", "--spool", "/a\nExecStart=/bin/evil"], 2, "without spaces, quotes"),
        (["--member", "kathy", "--backups", "/a b"], 2, "without spaces"),
        (["--member", "kathy", "--backups", "there"], 2, "from the root on, or HOST:FOLDER"),
        (["--member", "kathy", "--group", "a:b"], 2, "is no name"),
        (["--member", "kathy", "--account", "a b"], 2, "is no name"),
        (["--member", "kathy", "--root", "/nonexistent"], 3, "no such folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_done(
    admin: InProcess, image: Path, words: list[str], code: int, why: str
) -> None:
    before = everything(image)
    assert why in admin.fails(code, "admin", "setup", "--yes", "--root", str(image), *words)
    assert everything(image) == before


def test_a_link_in_the_place_of_a_folder_is_not_followed(
    admin: InProcess, image: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (image / "var/spool/fleettui").mkdir(parents=True)
    (image / "var/spool/fleettui/mail").symlink_to(elsewhere)
    said_why = admin.fails(3, "admin", "setup", "--root", str(image), "--member", "kathy", "--yes")
    assert "/var/spool/fleettui/mail: is not a folder" in said_why
    assert elsewhere.stat().st_mode & 0o777 == 0o755


def test_without_systemd_cron_does_it_and_finds_the_command(admin: InProcess, image: Path) -> None:
    shutil.rmtree(image / UNITS)
    setup(admin, image, "--yes", "--backups", "/mnt/b")
    rows = (image / "etc/cron.d/fleettui").read_text().splitlines()
    assert "PATH=/usr/local/bin:/usr/bin:/bin" in rows
    assert all("fleettui-intake  " in row for row in rows if row[0] in "*1")
    assert "MAILTO=root" in rows  # the account's own mail may be taken in as a customer's


def test_only_backups_grow_old(admin: InProcess, image: Path) -> None:
    shown = setup(admin, image, "--dry-run", "--backups", "/mnt/b")
    assert "find /mnt/b -maxdepth 1 -name 'whole-*.zip' -mtime +30 -delete" in shown


@pytest.mark.parametrize(
    ("option", "folder"), [("--home", "/srv"), ("--spool", "/var/spool"), ("--backups", "/mnt/disk")]
)
def test_a_folder_that_holds_something_else_is_not_taken_over(
    admin: InProcess, image: Path, option: str, folder: str
) -> None:
    """It would be closed to everybody whose files are in it."""
    (image / folder[1:] / "website").mkdir(parents=True)
    words = ("admin", "setup", "--yes", "--root", str(image), "--member", "kathy", option, folder)
    assert f"{folder} holds other files (website); name a folder of its own" in admin.fails(1, *words)
    assert not (image / CONFIG).exists()


def test_a_disk_of_its_own_and_the_backups_of_an_earlier_account_are_taken(
    admin: InProcess, image: Path
) -> None:
    (image / "srv/fleettui/lost+found").mkdir(parents=True)
    (image / "mnt/b").mkdir(parents=True)
    (image / "mnt/b/whole-2026-11-22T012308Z.zip").touch()
    assert "done: the folder /srv/fleettui" in setup(admin, image, "--yes", "--backups", "/mnt/b")


def test_a_later_run_keeps_what_an_earlier_one_was_asked_for(admin: InProcess, image: Path) -> None:
    setup(admin, image, "--yes", "--backups", "host:/b", "--account", "robot", "--spool", "/var/in")
    assert "✓ /etc/systemd/system/fleettui-backup.service" in setup(admin, image, "--dry-run")
    assert "✓ /etc/systemd/system/fleettui-intake@.service" in setup(admin, image, "--dry-run")
    (image / "srv/fleettui").chmod(0o2770)
    with (image / "etc/group").open("a") as groups:
        groups.write(f"support:x:{(image / 'srv/fleettui').stat().st_gid}:\n")
    (image / "etc/group").write_text((image / "etc/group").read_text().replace("root:x:0:\n", ""))
    assert "usermod --append --groups support kathy" in setup(admin, image, "--dry-run")


def test_the_same_for_cron(admin: InProcess, image: Path) -> None:
    shutil.rmtree(image / UNITS)
    setup(admin, image, "--yes", "--backups", "host:/b", "--account", "robot", "--spool", "/var/in")
    assert "✓ /etc/cron.d/fleettui" in setup(admin, image, "--dry-run")


def test_accounts_that_can_do_nothing_else_are_named_to_sshd_once(admin: InProcess, image: Path) -> None:
    (image / CONFIG).parent.mkdir()
    (image / CONFIG).write_text('restricted = ["old"]\n')
    for _ in range(2):
        setup(admin, image, "--yes", "--restrict", "kathy", "--share", "root")
    assert tomllib.loads((image / CONFIG).read_text()) == {
        "home": "/srv/fleettui",
        "restricted": ["kathy", "old"],
        "shared": ["root"],
    }
    stanzas = (image / "etc/ssh/sshd_config.d/fleettui.conf").read_text()
    assert stanzas.count("Match User kathy\n") == stanzas.count("Match User root\n") == 1
    assert stanzas.count("ForceCommand") == 1


@pytest.mark.parametrize(("first", "then"), [("restrict", "share"), ("share", "restrict")])
def test_an_account_does_not_become_the_other_kind_by_itself(
    admin: InProcess, image: Path, first: str, then: str
) -> None:
    """The command that sshd forces on a restricted account would take the place of what each key of a shared one says."""
    setup(admin, image, "--yes", f"--{first}", "kathy")
    before = everything(image)
    refusal = admin.fails(
        1, "admin", "setup", "--root", str(image), "--member", "kathy", "--yes", f"--{then}", "kathy"
    )
    kind = {"restrict": "restricted", "share": "shared"}[first]
    assert (
        f"--{then}: kathy is a {kind} account already; to change that, remove its `Match User kathy`"
        in refusal
    )
    assert everything(image) == before


@pytest.mark.parametrize("text", ["home = ", 'restricted = [\n  "a",\n]\n', 'restricted = "a"\n'])
def test_a_configuration_that_cannot_be_changed_safely_is_left_alone(
    admin: InProcess, image: Path, text: str
) -> None:
    (image / CONFIG).parent.mkdir()
    (image / CONFIG).write_text(text)
    done = admin.run(
        "admin", "setup", "--root", str(image), "--yes", "--member", "kathy", "--restrict", "kathy"
    )
    assert done.returncode in (1, 3)
    assert "/etc/fleettui/config.toml" in done.stderr
    assert (image / CONFIG).read_text() == text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_units_are_looked_at_by_systemd_itself(
    admin: InProcess, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleettui.cli.commands.admin import texts

    assert "proven: the units" in setup(admin, image, "--yes", "--backups", "host:/folder")
    monkeypatch.setattr(texts, "timer", lambda *given: "[Timer]\nOnCalendar=sometimes\n")
    done = admin.run("admin", "setup", "--root", str(image), "--member", "kathy", "--yes")
    assert done.returncode == 1
    assert "NOT PROVEN: the units" in done.stdout


def test_as_json_each_step_and_proof_is_there(admin: InProcess, image: Path) -> None:
    printed = admin.json("admin", "setup", "--root", str(image), "--member", "kathy", "--dry-run")
    assert printed["dry_run"] is True
    assert {"what", "why", "shown", "already"} == set(printed["steps"][0])
    assert printed["proofs"] == []


# -- a whole machine, thrown away afterwards

BOX = """
set -e
mount --make-rprivate /
mount -t tmpfs box {scratch}
cp -a /etc {scratch}/etc && rm -rf {scratch}/etc/fleettui && mount --bind {scratch}/etc /etc
for folder in /srv /home /var/spool /var/backups /usr/local/bin; do
    mkdir -p {scratch}$folder && mount --bind {scratch}$folder $folder
done
cd /
"""
STORY = """
useradd -m -c 'Kathy Satterlee' kathy; useradd -m zay; useradd -m mallory
{fleettui} admin setup --member kathy --member zay --backups /var/backups/fleettui --yes --json > {results}/first
{fleettui} admin setup --yes --backups /var/backups/fleettui --json > {results}/second
runuser -u zay -- fleettui people list --json > {results}/people
runuser -u mallory -- fleettui people list > {results}/outsider 2>&1 || echo "exit $?" >> {results}/outsider
printf 'From: a@b.example\\nMessage-ID: <1@b.example>\\nSubject: hi\\n\\nwords\\n' > {results}/raw
as_mail_servers_do="setpriv --reuid fleettui-intake --regid customer-team --clear-groups"
$as_mail_servers_do fleettui intake mail --spool /var/spool/fleettui/mail --pipe --json < {results}/raw > {results}/mail
chmod g-s /srv/fleettui
{fleettui} admin setup --yes --json > {results}/mended
useradd kiosk; useradd team
{fleettui} admin setup --yes --restrict kiosk --share team --json > {results}/accounts
chmod o+rx /srv/fleettui; {fleettui} admin setup --dry-run > {results}/open
"""


def python_for_everybody() -> str:
    """A Python of this version that every account can run; "" where there is none."""
    same = f"import sys; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]})"
    for name in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(name).exists() and not subprocess.run([name, "-c", same], check=False).returncode:
            return name
    return ""


def can_unshare() -> bool:
    return (
        os.geteuid() == 0
        and shutil.which("unshare") is not None
        and not subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode
    )


def a_program(folder: Path) -> Path:
    """This checkout, installed where every account can run it."""
    subprocess.run([python_for_everybody(), "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "these.pth").write_text(f"{ours}\n{TOP}\n")
    for name in ("fleettui", "ft"):
        script = folder / "bin" / name
        script.write_text(
            f"#!{folder}/bin/python\nimport sys\nfrom fleettui.cli.main import main\nsys.exit(main())\n"
        )
        script.chmod(0o755)
    return folder / "bin" / "fleettui"


BY_HAND = """
useradd -m -c "Kathy Satterlee" kathy
ln -s {fleettui} /usr/local/bin/fleettui
{documented}
{fleettui} admin setup --dry-run --json > {results}/left
runuser -u kathy -- fleettui doctor > {results}/doctor
"""

needs_a_machine = pytest.mark.skipif(
    not (can_unshare() and python_for_everybody() and shutil.which("runuser")),
    reason="a machine to throw away needs root, unshare, runuser and a Python that every account can run",
)


@pytest.fixture
def results_of() -> Iterator[Callable[..., dict[str, str]]]:
    """Runs commands on a fresh machine, in mounts of its own: /etc is a copy, and nothing of it is left afterwards."""
    folder = Path(f"/var/tmp/fleettui-box-{os.getpid()}")  # noqa: S108 - the other accounts have to get at the program
    folder.mkdir(mode=0o755)
    names = {name: folder / name for name in ("scratch", "results")}
    for path in names.values():
        path.mkdir()

    def run(commands: str, **more: str) -> dict[str, str]:
        script = (BOX + commands).format(**names, fleettui=a_program(folder / "program"), **more)
        done = subprocess.run(
            ["unshare", "-m", "bash", "-c", script], capture_output=True, text=True, check=False
        )
        results = {path.name: path.read_text() for path in names["results"].iterdir()}
        assert done.returncode == 0, done.stderr + str(results)
        return results

    yield run
    shutil.rmtree(folder)


@pytest.mark.slow
@needs_a_machine
def test_a_fresh_machine_is_set_up_and_every_proof_holds(results_of: Callable[..., dict[str, str]]) -> None:
    results = results_of(STORY)
    first, second, mended = (json.loads(results[name]) for name in ("first", "second", "mended"))
    proofs = {proof["what"]: proof["seen"] for proof in first["proofs"] if proof["ok"]}
    assert len(first["proofs"]) == len(proofs) == 5
    assert "documents" in proofs["a backup comes back"]
    assert all(step["already"] for step in second["steps"])
    assert [person["login"] for person in json.loads(results["people"])] == ["kathy", "zay"]
    assert "exit 3" in results["outsider"]
    assert json.loads(results["mail"])[0]["result"] == "created"
    if Path("/usr/sbin/sshd").exists() and Path("/etc/ssh/sshd_config").exists():
        proven = {proof["what"]: proof for proof in json.loads(results["accounts"])["proofs"]}
        assert proven["accounts that can only use fleettui"]["ok"]
    assert "(now 2775 root:customer-team)" in results["open"]
    assert [step["what"] for step in mended["steps"] if not step["already"]] == ["the folder /srv/fleettui"]


@pytest.mark.slow
@needs_a_machine
def test_the_commands_by_hand_of_the_documentation_work_as_written(
    results_of: Callable[..., dict[str, str]],
) -> None:
    text = (TOP / "docs" / "administration.md").read_text(encoding="utf-8")
    section = text.partition("### By hand\n")[2].partition("\n## ")[0]
    documented = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
    results = results_of(BY_HAND, documented=documented)
    left = [step["what"] for step in json.loads(results["left"])["steps"] if not step["already"]]
    timers = ("/etc/cron.d/fleettui", "/etc/systemd/", "the timers run", "/usr/local/bin/")
    assert [what for what in left if not what.startswith(timers)] == []
    assert results["doctor"] == "/srv/fleettui: all is well.\n"
