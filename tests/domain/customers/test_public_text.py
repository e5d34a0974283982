"""SUP-11, SUP-13: what leaves in a public text has no addresses and no quoted history."""

from __future__ import annotations

import pytest

from fleettui.domain.customers.public_text import without_addresses, without_quotes


@pytest.mark.parametrize(
    ("written", "leaves", "left_out"),
    [
        ("ask jo.park+x@acme.example now", "ask [e-mail address] now", "jo.park+x@acme.example"),
        ("from <@U0LEO> and U0LEO", "from [Slack id] and [Slack id]", "<@U0LEO>"),
        (
            "see https://acme.slack.com/archives/C0A/p1 there",
            "see [Slack id] there",
            "https://acme.slack.com",
        ),
        ("call +49 (0)89 123 45-67.", "call [phone number].", "+49 (0)89 123 45-67"),
        ("call (212) 555-0123", "call [phone number]", "(212) 555-0123"),
        ("host 10.20.30.40:8080 down", "host [IP address]:8080 down", "10.20.30.40"),
        ("host 2001:db8::8a2e:370:7334 down", "host [IP address] down", "2001:db8::8a2e:370:7334"),
        ("https://fleet.acme.example/hosts?q=1 fails", "[host name] fails", "https://fleet.acme.example"),
        ("db-1.eu.ACME.example fails", "[host name] fails", "db-1.eu.ACME.example"),
    ],
)
def test_sup_11_no_address_leaves(written: str, leaves: str, left_out: str) -> None:
    public = without_addresses(written, ["acme.example"])
    assert public.text == leaves
    assert any(part.startswith(left_out) for part in public.left_out)


@pytest.mark.parametrize(
    "written",
    [
        "osquery 5.10.2.1 and version 4.60.0.2 on Chrome 122.0.6261.94",
        "at 2026-03-09 10:20:30 and 2026-03-09T10:20:30Z",
        "listens on 127.0.0.1:8080 and 0.0.0.0",
        "T-1001, K-1, error 500, 1,200 hosts, 123456789 rows, U2F, UUID, CTO",
        "std::vector, git@github.com:fleetdm/fleet.git, macme.example.org",
        "SELECT * FROM users WHERE uid = 501; -- 4 rows",
    ],
)
def test_sup_11_what_is_no_address_stays(written: str) -> None:
    assert without_addresses(written, ["acme.example"]) == (written, ())


def test_sup_11_quoted_history_is_left_out() -> None:
    assert without_quotes("It stops\n> earlier\nOn Mon, 9 Mar 2026 Kathy wrote:\nHello") == "It stops"
    assert without_quotes("It stops\n-----Original Message-----\nFrom: x") == "It stops"
    assert without_quotes("One\nTwo") == "One\nTwo"
