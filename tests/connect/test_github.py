"""GitHub: new issues are opened once, issues that customers wait for are followed (SUP-11)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest

from fleettui.connect.check import check_all
from fleettui.connect.github import GithubApi, GithubSender, mark_of
from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.domain.delivery.outside import GithubConnection
from fleettui.workspace.orders import Order
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import Certificates
from tests.support.connect_service import SOON, ServiceThread, until
from tests.support.connections import connect
from tests.support.github_server import TOKEN, GithubServer, github_server
from tests.support.homes import make_home
from tests.support.https_server import Answer, Asked

pytestmark = pytest.mark.slow
T = TypeVar("T")
MADE = datetime.now(UTC) - timedelta(hours=1)
SECRETS = {"FLEETTUI_GITHUB_TOKEN": TOKEN}


@pytest.fixture
def github(trusted: Certificates) -> Iterator[GithubServer]:
    with github_server(trusted) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, trusted: Certificates, github: GithubServer) -> Path:
    """With a ticket whose issue was searched for, and GitHub set up."""
    home = make_home(tmp_path / "home", MADE)
    connect(home, undo_seconds=0, mail={}, slack={}, github={**github.policy, "ca": str(trusted.ca)})
    with_workspace(home, lambda workspace: searched(workspace, "Queries hang"))
    return home


def with_workspace(home: Path, act: Callable[[Workspace], T]) -> T:
    workspace = Workspace.open(home, login="zay")
    try:
        return act(workspace)
    finally:
        workspace.close()


def searched(workspace: Workspace, subject: str, customer: str = "Acme") -> str:
    ticket = workspace.tickets.new(customer=customer, subject=subject, body="It fails", priority="P3")
    for words in ("hang", "slow", "live query"):
        workspace.support.searched(ticket.id, words)
    return ticket.id


def order(workspace: Workspace, id_: str = "T-1001") -> Order:
    ticket = workspace.tickets.find(id_)
    letter = workspace.issues.orders.open(ticket, workspace.support.issue_draft(ticket, body="It hangs."))
    ordered = workspace.outbox.get(letter.id)
    assert ordered is not None
    return ordered


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    opened = Workspace.open(home, login="zay")
    yield opened
    opened.close()


def api(workspace: Workspace, token: str = TOKEN) -> GithubApi:
    policy: GithubConnection = workspace.handbook.connections.github
    return GithubApi(policy, lambda: token, workspace.clock)


def sender(workspace: Workspace, token: str = TOKEN) -> GithubSender:
    return GithubSender(
        api(workspace, token), workspace.issues.ticket, lambda: workspace.handbook.tickets.issue.repository
    )


def once(answer: Answer) -> Callable[[Asked], Answer | None]:
    """For the first POST alone."""
    left = [answer]
    return lambda asked: left.pop() if asked.method == "POST" and left else None


# Opening


def test_sup_11_an_issue_is_opened_with_labels_and_a_mark(workspace: Workspace, github: GithubServer) -> None:
    ordered = order(workspace)
    link = sender(workspace).send(ordered)
    (issue,) = github.repositories["fleetdm/fleet"]
    assert link == issue["html_url"]
    assert (issue["title"], issue["labels"]) == ("Queries hang", ["customer request"])
    assert issue["body"] == f"It hangs.\n\n{mark_of(ordered)}"
    assert sender(workspace).look(ordered) == link


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404), "no repository"),
        (Answer(410), "takes no issues"),
        (Answer(422, b'{"message": "Validation Failed"}'), "Validation Failed"),
        (Answer(403, b"{}"), "may not open"),
        (Answer(301, b"", {"Location": "https://elsewhere.example/x"}), "301"),
    ],
)
def test_sup_11_what_will_never_work_is_not_tried_again(
    workspace: Workspace, github: GithubServer, answer: Answer, why: str
) -> None:
    github.fault = once(answer)
    with pytest.raises(NotSent, match=why) as caught:
        sender(workspace).send(order(workspace))
    assert caught.value.again_after is None


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(429, b"", {"Retry-After": "90"}), 90),
        (Answer(403, b"", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "0"}), 60),
        (Answer(401), 120),
    ],
)
def test_sup_11_a_limit_and_a_bad_token_are_tried_again_when_it_may_help(
    workspace: Workspace, github: GithubServer, answer: Answer, seconds: int
) -> None:
    github.fault = once(answer)
    with pytest.raises(NotSent) as caught:
        sender(workspace).send(order(workspace))
    assert caught.value.again_after == timedelta(seconds=seconds)
    assert github.repositories["fleetdm/fleet"] == []


@pytest.mark.parametrize("fault", [Answer(502), Answer(0), Answer(201, b"{"), Answer(201, b"{}")])
def test_sup_11_an_issue_that_was_opened_before_the_answer_was_lost_is_recognised(
    workspace: Workspace, github: GithubServer, fault: Answer
) -> None:
    github.fault, github.after = once(fault), True
    link = sender(workspace).send(order(workspace))
    assert [issue["html_url"] for issue in github.repositories["fleetdm/fleet"]] == [link]


def test_sup_11_an_error_before_it_was_opened_is_tried_again_and_looks_first(
    workspace: Workspace, github: GithubServer
) -> None:
    github.fault = once(Answer(500))
    ordered = order(workspace)
    with pytest.raises(NotSent) as caught:
        sender(workspace).send(ordered)
    assert caught.value.again_after is not None
    begun = workspace.outbox.begin(ordered)
    workspace.outbox.failed(begun, "answers 500", workspace.now())
    again = workspace.outbox.get(ordered.about)
    assert again is not None
    second = workspace.outbox.begin(again)
    begun_again = workspace.outbox.failed(second, "once more", workspace.now())
    third = workspace.outbox.begin(begun_again)
    assert third.delivery.tries > 1
    github.add("Another")
    before = len(github.asked("GET", "state=all"))
    sender(workspace).send(third)
    assert len(github.asked("GET", "state=all")) == before + 1
    assert len(github.repositories["fleetdm/fleet"]) == 2


def test_sup_11_where_the_repository_cannot_be_read_either_nobody_knows(
    workspace: Workspace, github: GithubServer
) -> None:
    github.fault, github.after = lambda asked: Answer(502), True
    with pytest.raises(Unknown, match="cannot be seen"):
        sender(workspace).send(order(workspace))


def test_sup_11_no_second_issue_for_a_ticket_that_got_one_meanwhile(
    workspace: Workspace, github: GithubServer
) -> None:
    ordered = order(workspace)
    workspace.support.link_issue("T-1001", github.link(github.add()))
    with pytest.raises(NotSent, match="has an issue by now") as caught:
        sender(workspace).send(ordered)
    assert caught.value.again_after is None and github.asked("POST") == []


def test_sup_11_the_token_goes_to_no_other_host(
    workspace: Workspace, github: GithubServer, trusted: Certificates
) -> None:
    with github_server(trusted) as other:
        target = f"{other.api}/repos/fleetdm/fleet/issues/7"
        github.fault = lambda asked: Answer(307, b"", {"Location": target})
        assert api(workspace).issue(github.link(7)) is not None
        with pytest.raises(NotSent):
            sender(workspace).send(order(workspace))
        assert other.tokens == []


def test_a_check_says_in_a_line_what_is_wrong(
    home: Path, github: GithubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checked() -> dict[str, str]:
        return with_workspace(home, lambda workspace: {row.name: row.why for row in check_all(workspace)})

    assert "FLEETTUI_GITHUB_TOKEN" in checked()["github out"]
    monkeypatch.setenv("FLEETTUI_GITHUB_TOKEN", "wrong")
    assert checked() == dict.fromkeys(("github out", "github in"), "the token is not accepted")
    monkeypatch.setenv("FLEETTUI_GITHUB_TOKEN", TOKEN)
    assert set(checked().values()) == {""}
    del github.repositories["fleetdm/fleet"]
    assert "there is no repository fleetdm/fleet" in checked()["github out"]
    github.server.close()
    assert "no connection" in checked()["github in"]


# Following


def test_links_of_other_servers_and_of_no_issue_are_not_asked_for(
    workspace: Workspace, github: GithubServer
) -> None:
    ours = github.api
    known = api(workspace)
    assert known.named(f"{ours}/a/b/issues/7#issuecomment-1") == ("a", "b", "7")
    assert known.named(f"{ours}/a/b/pull/7?x=1") == ("a", "b", "7")
    for link in (
        "https://github.com/a/b/issues/7",
        f"{ours}/a/b/discussions/7",
        f"{ours}/../b/issues/7",
        f"{ours}/a/b/issues/x",
    ):
        assert known.named(link) is None


def test_an_issue_is_asked_for_with_its_tag(workspace: Workspace, github: GithubServer) -> None:
    number = github.add()
    known = api(workspace)
    seen = known.issue(github.link(number))
    assert seen is not None and seen.state == "open"
    assert known.issue(github.link(number), seen.etag) is None
    github.close(number, "not_planned")
    closed = known.issue(github.link(number), seen.etag)
    assert closed is not None and (closed.state, closed.outcome) == ("closed", "not planned")
    gone = known.issue(github.link(99))
    assert gone is not None and gone.state == "gone"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"state": "strange"}', b"[" * 100_000])
def test_an_answer_that_is_no_issue_is_a_trouble_and_no_state(
    workspace: Workspace, github: GithubServer, body: bytes
) -> None:
    github.fault = lambda asked: Answer(200, body)
    from fleettui.connect.https import NoReply

    with pytest.raises(NoReply):
        api(workspace).issue(github.link(7))


def states(home: Path) -> dict[str, Any]:
    return with_workspace(home, lambda workspace: {row.name: row for row in workspace.connections.all()})


def test_sup_11_the_service_opens_an_issue_links_it_and_tells_when_it_is_closed(
    home: Path, github: GithubServer
) -> None:
    service = ServiceThread(home, secrets=SECRETS)
    try:
        with_workspace(home, order)
        until(lambda: with_workspace(home, lambda w: w.tickets.find("T-1001").issue), "the link")
        (issue,) = github.repositories["fleetdm/fleet"]
        assert with_workspace(home, lambda w: w.tickets.find("T-1001").issue) == issue["html_url"]
        until(lambda: github.asked("GET", f"/issues/{issue['number']}"), "the first look")
        until(lambda: states(home)["github in"].state == "ok", "the state")
    finally:
        service.stop()
    github.close(issue["number"])
    (home / "service/github.json").unlink()  # safe to lose
    service = ServiceThread(home, secrets=SECRETS)
    try:
        until(lambda: with_workspace(home, lambda w: list(w.issues.owed())), "the word that is owed")
    finally:
        service.stop()
    (owed,) = with_workspace(home, lambda w: list(w.issues.owed()))
    assert (owed.issue.by, owed.ticket.id) == ("github", "T-1001")
    assert TOKEN not in "\n".join(service.lines)
    assert not any(TOKEN in path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())


def test_sup_11_each_issue_is_asked_for_once_in_five_minutes_also_over_a_restart(
    home: Path, github: GithubServer
) -> None:
    number = github.add()
    with_workspace(home, lambda w: w.support.link_issue("T-1001", github.link(number)))
    for _ in range(2):
        service = ServiceThread(home, secrets=SECRETS)
        try:
            until(lambda: github.asked("GET", f"/issues/{number}"), "a look")
            time.sleep(2.5)  # longer than the pause between two looks at the workspace
        finally:
            service.stop()
    assert len(github.asked("GET", f"/issues/{number}")) == 1


def test_sup_11_what_a_person_says_of_an_issue_stands_until_it_changes_there(
    home: Path, github: GithubServer
) -> None:
    number = github.add()
    with_workspace(home, lambda w: w.support.link_issue("T-1001", github.link(number)))
    with_workspace(home, lambda w: w.issues.close(str(number)))
    service = ServiceThread(home, secrets=SECRETS)
    try:
        until(lambda: github.asked("GET", f"/issues/{number}"), "a look")
        time.sleep(1)
    finally:
        service.stop()
    (issue,) = with_workspace(home, lambda w: list(w.issues.documents().values()))
    assert issue.is_closed and issue.by == "zay"


def test_an_exhausted_allowance_is_waited_for(home: Path, github: GithubServer) -> None:
    number = github.add()
    with_workspace(home, lambda w: w.support.link_issue("T-1001", github.link(number)))
    github.fault = lambda asked: Answer(429, b"", {"Retry-After": "600"})
    service = ServiceThread(home, secrets=SECRETS)
    try:
        until(lambda: states(home)["github in"].why == "its limit of requests is reached", "the state")
        asked = len(github.server.asked)
        time.sleep(3)
        assert len(github.server.asked) == asked
        assert service.stop() < SOON
    except BaseException:
        service.stop()
        raise


def test_a_wait_for_the_network_ends_with_the_service(home: Path, github: GithubServer) -> None:
    number, release = github.add(), Event()
    with_workspace(home, lambda w: w.support.link_issue("T-1001", github.link(number)))

    def hang(asked: Asked) -> None:
        release.wait(30)

    github.fault = hang
    service = ServiceThread(home, secrets=SECRETS)
    until(lambda: github.server.asked, "a request")
    assert service.stop() < SOON
    release.set()


def test_without_a_token_nothing_is_asked_and_the_state_says_so(home: Path, github: GithubServer) -> None:
    number = github.add()
    with_workspace(home, lambda w: w.support.link_issue("T-1001", github.link(number)))
    service = ServiceThread(home, secrets={"FLEETTUI_GITHUB_TOKEN": ""})
    try:
        until(lambda: "FLEETTUI_GITHUB_TOKEN" in states(home)["github in"].why, "the state")
    finally:
        service.stop()
    assert github.server.asked == []


def test_the_sender_waits_where_it_is_down(workspace: Workspace) -> None:
    with pytest.raises(Down, match="no token"):
        sender(workspace, "").check()
