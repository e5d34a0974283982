"""Whatever bytes arrive: an outcome for each message, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleettui.intake.mail import message as mail
from fleettui.intake.mail.html import as_text
from fleettui.intake.mail.mailbox import messages
from fleettui.intake.mail.quoted import without_history
from fleettui.intake.slack import events as slack
from fleettui.intake.slack import payloads
from fleettui.intake.slack.events import Post, Team
from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.intake.outcomes import Outcome
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.slack_events import CHANNEL, envelope, message

pytestmark = pytest.mark.slow

NOBODY = Team.of([], [])
UNCLEAN = set(map(chr, (*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2066, 0xFEFF)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = create(
        NewWorkspace(
            tmp_path_factory.mktemp("anything") / "home",
            frozen_clock(MONDAY_MORNING),
            "kathy",
            handbook_team=True,
        )
    )
    workspace.channels.add(CHANNEL, "Acme")
    workspace.close()
    return workspace.home


@pytest.fixture
def workspace(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    # What nobody expected is raised then, and not told as an outcome.
    monkeypatch.setenv("FLEETTUI_DEBUG", "1")
    opened = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    yield opened
    opened.close()


def is_whole(outcomes: list[Outcome]) -> bool:
    """Each can be told, and says why."""
    json.loads(msgspec.json.encode(outcomes))
    return all(outcome.why and (outcome.ticket or outcome.result == "ignored") for outcome in outcomes)


any_text = st.text(st.characters(), max_size=40)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *(
        "type",
        "subtype",
        "channel",
        "user",
        "text",
        "ts",
        "thread_ts",
        "message",
        "previous_message",
        "deleted_ts",
    ),
    *(
        "files",
        "blocks",
        "attachments",
        "edited",
        "user_profile",
        "bot_id",
        "event",
        "payload",
        "envelope_id",
    ),
)
KINDS = (
    "message",
    "event_callback",
    "events_api",
    "message_action",
    "message_changed",
    "message_deleted",
    "",
)
known_values = st.sampled_from((*KINDS, CHANNEL, message()["ts"], "U1", "tombstone", "hello"))
events = st.recursive(
    st.dictionaries(st.sampled_from(FIELDS), known_values | any_json, max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), known_values | inner, max_size=8),
    max_leaves=4,
)
often = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_as_slack_payloads(workspace: Workspace, raw: bytes) -> None:
    assert is_whole(list(workspace.intake.slack(payloads.read(raw))))


@often
@given(
    event=events, changes=st.dictionaries(st.sampled_from(FIELDS), any_json, max_size=3), flag=st.booleans()
)
def test_any_event_has_an_outcome(
    workspace: Workspace, event: Any, changes: dict[str, Any], flag: bool
) -> None:
    mended = {**message(), **changes}
    several = [event, envelope(event), mended, envelope(mended), {**mended, "message": mended}]
    assert is_whole(list(workspace.intake.slack(several, flag=flag)))


@often
@given(text=st.text(st.characters(), max_size=300), name=any_text)
def test_whatever_somebody_writes_is_clean_when_it_is_read(text: str, name: str) -> None:
    post = slack.read(message(text, user_profile={"real_name": name}), NOBODY)
    assert isinstance(post, Post)
    assert not UNCLEAN & set(post.body + post.name)
    post.body.encode()


NAMES = (
    *(
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "In-Reply-To",
        "Reply-To",
        "Received",
        "List-Id",
    ),
    *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Auto-Submitted", "MIME-Version"),
)
PIECES = (
    *(
        "=?utf-8?q?=C3=BC?=",
        "=?",
        "?=",
        "<",
        ">",
        "@",
        "a@b.example",
        '"',
        "(",
        ";",
        "=",
        "multipart/mixed",
        "text/html",
    ),
    *(
        "boundary=b",
        "charset=utf-7",
        "charset*0*=x''y",
        "filename=a",
        "base64",
        "attachment",
        "\\",
        "[",
        ":",
        "\r\n ",
    ),
)
values = st.lists(st.sampled_from(PIECES) | any_text, max_size=6).map(" ".join)
headers = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=8)
bodies = st.binary(max_size=100) | st.lists(
    st.sampled_from(
        (b"--b\n", b"--b--\n", b"\n", b"Content-Type: text/html\n", b"<p>x", b"=C3=", b"R3LDvMOf")
    ),
    max_size=9,
).map(b"".join)


@often
@given(fields=headers, body=bodies)
def test_any_headers_and_body_are_a_mail(
    workspace: Workspace, fields: list[tuple[str, str]], body: bytes
) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in fields).encode("utf-8", "surrogatepass")
    raw = head + b"\n" + body
    read = mail.read(raw)
    assert not UNCLEAN & set(read.subject + read.body + "".join(file.name for file in read.files))
    assert read.id
    assert is_whole(list(workspace.intake.mail([raw])))


@often
@given(
    raw=st.lists(
        st.binary(max_size=60) | st.sampled_from([b"From a@b\n", b"\n", b"From x Sat Jan 3 01:02 2026\n"])
    )
)
def test_any_bytes_fall_apart_into_mails(workspace: Workspace, raw: list[bytes]) -> None:
    parts = list(messages(BytesIO(b"".join(raw))))
    assert len(b"".join(parts)) <= len(b"".join(raw))
    assert is_whole(list(workspace.intake.mail(parts)))


@often
@given(
    html=st.text(max_size=300)
    | st.lists(st.sampled_from(["<p>", "</p>", "<script>", "<a href=x>", "&lt;", "<!--", "x"])).map("".join)
)
def test_any_html_becomes_text(html: str) -> None:
    assert isinstance(as_text(html), str)


@often
@given(
    rows=st.lists(
        st.sampled_from(
            ["> a", "b", "", "On 1 May x wrote:", "From: x", "Sent: y", "-----Original Message-----"]
        )
    )
)
def test_what_is_left_of_a_reply_is_its_beginning(rows: list[str]) -> None:
    body = "\n".join(rows)
    kept = without_history(body)
    assert kept == body or body.startswith(kept.rpartition("\n\n[")[0])


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 10_000,
        b"\xed\xa0\x80",
        b"From \n" * 1000,
        b"{}\n[]\n",
    ],
    ids=["bytes", "brackets", "braces", "digits", "surrogate", "froms", "empty"],
)
@pytest.mark.parametrize("kind", ["slack", "mail"])
def test_the_command_never_ends_with_a_traceback(home: Path, kind: str, raw: bytes) -> None:
    told_without_traceback(InProcess(home).feed("intake", kind, "--json", stdin=raw))


@pytest.mark.parametrize("kind", ["slack", "mail"])
def test_a_process_never_shows_a_traceback(home: Path, kind: str) -> None:
    words = [sys.executable, "-m", "fleettui", "--home", str(home), "intake", kind, "--json"]
    told_without_traceback(
        subprocess.run(words, input=b"\x00\xff\xfe" + b"[" * 100_000, capture_output=True, check=False)
    )


def told_without_traceback(done: subprocess.CompletedProcess[bytes]) -> None:
    assert b"Traceback" not in done.stderr
    assert b"unexpected" not in done.stderr
    assert done.returncode in (0, 2)
    assert done.stderr.count(b"\n") == (done.returncode != 0)
    if done.returncode == 0:
        json.loads(done.stdout)
