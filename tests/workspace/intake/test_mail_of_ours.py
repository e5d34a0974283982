"""The team's own mails: answers where a server that the team trusts says so, else notes that say why (SUP-21)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from screens.triage.page import page
from tests.support.mails import KATHY, Mail, mail

HOST = "mx.fleet.example"
TO_DANA = {"From": KATHY, "To": "dana@acme.example", "In_Reply_To": "<1@acme.example>"}


@pytest.fixture
def post(post: Mail) -> Mail:
    """The team's own server is named in the policy, and Dana's mail is a ticket."""
    trust(post.workspace, HOST)
    post.take(mail())
    return post


def trust(workspace: Workspace, *hosts: str) -> None:
    file = Path(workspace.home) / "handbook" / "channels.json"
    policy = json.loads(file.read_text())
    policy["mail"] = {"receiving_hosts": list(hosts)}
    file.write_text(json.dumps(policy))


def checked(*headers: str, body: str = "It is mended", id_: str = "k1", **more: str) -> bytes:
    """Our answer, with these lines on top."""
    return "".join(f"{header}\n" for header in headers).encode() + mail(
        body, Message_ID=f"<{id_}@fleet.example>", **(TO_DANA | more)
    )


def results(text: str, host: str = HOST) -> str:
    return f"Authentication-Results: {host}; {text}"


DMARC = "dmarc=pass (p=reject) header.from=fleet.example"
DKIM = "dkim=pass (2048-bit key) header.d=fleet.example header.s=s1"
PROOFS = {
    "dmarc": (results(DMARC),),
    "dkim": (results(DKIM),),
    "a domain above the sender's or below it": (results("dkim=pass header.d=mail.fleet.example"),),
    "a version, folded": (
        f"Authentication-Results: {HOST} 1;\n\tspf=pass smtp.mailfrom=fleet.example;\n\t{DMARC}",
    ),
    "several checks in two headers": (results("dkim=fail header.d=other.example"), results(DMARC)),
    "in capitals": (f"authentication-results: {HOST.upper()}; DMARC=Pass Header.From=Fleet.Example",),
    "below the lines of the way": (
        "Received: from a by mx.fleet.example; Mon, 09 Mar 2026 08:00:00 -0700",
        results(DKIM),
    ),
}
FORGED = {
    "another host's": (results(DMARC, "mx.evil.example"),),
    "further down": (results("dkim=none; dmarc=fail"), "Received: from evil.example; now", results(DMARC)),
    "a signature directly below": (results("dmarc=fail header.from=fleet.example"), results(DKIM)),
    "directly below": (results("dkim=none; dmarc=fail header.from=fleet.example"), results(DMARC)),
    "in a remark": (results(f"dmarc=fail ({DMARC}; {DMARC}) header.from=fleet.example"),),
    "in quotes": (results(f'dmarc=fail reason="x; {DMARC}; x" header.from=fleet.example'),),
    "of another domain": (results("dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example"),),
    "of a domain that only ends so": (results("dkim=pass header.d=notfleet.example"),),
    "of the envelope": (results("spf=pass smtp.mailfrom=fleet.example"),),
    "nothing": (),
    "no results": (f"Authentication-Results: {HOST}; none",),
    "nonsense": ("Authentication-Results: ;;=;((", f"Authentication-Results: {HOST}"),
}  # fmt: skip


@pytest.mark.parametrize("headers", PROOFS.values(), ids=PROOFS)
def test_sup_21_our_mail_answers_where_our_server_says_that_it_is_ours(
    post: Mail, headers: tuple[str, ...]
) -> None:
    assert post.workspace.queue.debt(post.ticket) is not None
    done = post.take(checked(*headers))
    assert (done["result"], done["why"]) == ("appended", "our answer (SUP-21)")
    answer = post.ticket.messages[-1]
    assert (answer.direction, answer.by, answer.body, answer.automatic) == (
        "out",
        "kathy",
        "It is mended",
        False,
    )
    assert post.workspace.queue.debt(post.ticket) is None
    assert post.take(checked(*headers))["result"] == "ignored"


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_sup_21_what_anybody_can_write_proves_nothing(post: Mail, headers: tuple[str, ...]) -> None:
    done = post.take(checked(*headers))
    assert "from our own address, but nothing proves it" in done["why"]
    assert (post.bodies("out"), post.bodies("note")) == ([], ["It is mended"])
    assert post.workspace.queue.debt(post.ticket) is not None


@pytest.mark.parametrize("sender", [f"{KATHY}, eve@evil.example", "kathy@fleet.example <eve@evil.example>"])
def test_sup_21_of_several_senders_none_is_proven(post: Mail, sender: str) -> None:
    post.take(checked(results(DMARC), From=sender))
    assert post.bodies("out") == []


@pytest.mark.parametrize("policy", [{"mail": {"receiving_hosts": []}}, {}])
def test_sup_21_without_a_policy_no_server_is_believed(post: Mail, policy: dict[str, object]) -> None:
    file = Path(post.workspace.home) / "handbook" / "channels.json"
    before = json.loads(file.read_text())
    del before["mail"]  # as in a workspace of an earlier version
    file.write_text(json.dumps(before | policy))
    assert "channels.json" in post.take(checked(results(DMARC)))["why"]
    assert post.bodies("out") == []


def test_sup_21_a_mail_among_ourselves_is_no_answer(post: Mail) -> None:
    done = post.take(checked(results(DMARC), To="luke@fleet.example", Cc="support@fleet.example"))
    assert done["why"] == "noted on the ticket: it went only to our own addresses"
    assert post.workspace.queue.debt(post.ticket) is not None


def test_sup_21_an_answer_that_is_recorded_already_counts_once(post: Mail) -> None:
    post.workspace.tickets.reply("T-1001", "It is mended")
    quoting = "It is mended\n\nOn Mon, Mar 9, 2026 at 8:00 AM Dana <dana@acme.example> wrote:\n> The hosts page is empty"
    done = post.take(checked(results(DMARC), body=quoting))
    assert (done["result"], post.bodies("out")) == ("ignored", ["It is mended"])


@pytest.mark.parametrize(
    "body",
    [
        "Hallo Dana,\n\nEs geht wieder.\n\nMit freundlichen Grüßen\nKathy Satterlee",
        "Hallo Dana!\n\nEs geht wieder.\n\nViele Grüße,\nKathy",
        "Bonjour Dana,\n\nEs geht wieder.\n\nCordialement\nKathy",
    ],
)
def test_sup_21_greetings_and_signatures_make_no_second_answer(post: Mail, body: str) -> None:
    post.workspace.tickets.reply("T-1001", "Es geht wieder.")
    post.take(checked(results(DMARC), body=body, Content_Type="text/plain; charset=utf-8"))
    assert post.bodies("out") == ["Es geht wieder."]


def test_sup_21_our_answer_finds_its_ticket_by_the_tag(post: Mail) -> None:
    done = post.take(checked(results(DMARC), Subject="Re: [T-1001] Hosts page", In_Reply_To=""))
    assert (done["result"], post.bodies("out")) == ("appended", ["It is mended"])


# Counting it by hand


def test_sup_21_a_mail_of_ours_that_nothing_proves_says_so_and_can_be_counted(post: Mail) -> None:
    post.take(checked())
    shown = post.cli.json("tickets", "show", "T-1001")["messages"][-1]
    assert shown["uncounted"].startswith("from our own address, but nothing proves it")
    assert "tickets count counts it" in post.cli.ok("tickets", "show", "T-1001")
    on_screen = " ".join(para.text for para in page(post.workspace, post.ticket, ()))
    assert "nothing proves it: no server that we trust has checked it; = counts it as the answer" in on_screen
    counted = post.cli.json("tickets", "count", "T-1001")
    assert counted["owed_since"] is None
    assert [(message.direction, message.by) for message in post.ticket.messages[1:]] == [("out", "kathy")]
    post.cli.ok("undo", "T-1001")
    assert (post.bodies("out"), post.bodies("note")) == ([], ["It is mended"])
    assert post.take(checked())["result"] == "ignored"


def test_sup_21_a_message_is_named_by_its_key(post: Mail) -> None:
    post.take(checked(body="first", id_="k1"))
    post.take(checked(body="second", id_="k2"))
    post.cli.ok("tickets", "count", "T-1001", post.ticket.messages[1].key)
    assert (post.bodies("out"), post.bodies("note")) == (["first"], ["second"])
    assert "no message" in post.cli.fails(1, "tickets", "count", "T-1001", "m99")
    assert "only a mail of ours" in post.cli.fails(
        1, "tickets", "count", "T-1001", post.ticket.messages[0].key
    )
    post.cli.ok("tickets", "count", "T-1001")
    assert "no mail of ours" in post.cli.fails(1, "tickets", "count", "T-1001")


def test_sup_21_counting_what_is_recorded_takes_the_note_away(post: Mail) -> None:
    post.take(checked())
    post.workspace.tickets.reply("T-1001", "It is mended")
    assert "has recorded" in post.cli.ok("tickets", "count", "T-1001")
    assert (post.bodies("out"), post.bodies("note")) == (["It is mended"], [])


def test_sup_21_an_answer_that_was_counted_stops_a_draft_once(post: Mail) -> None:
    post.take(checked())
    since = post.ticket.rev
    post.workspace.tickets.count("T-1001")
    assert "answered" in post.cli.fails(1, "tickets", "reply", "T-1001", "--body", "x", "--since", str(since))
