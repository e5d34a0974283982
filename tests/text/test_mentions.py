"""What others wrote mentions nobody where we quote it: SUP-3."""

from __future__ import annotations

import pytest

from fleettui.text.mentions import defused, without_calls


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("@here the page is down", "here the page is down"),
        ("Down! @channel", "Down! channel"),
        ("(@Everyone) look", "(Everyone) look"),
        ("<!here> look", "here look"),
        ("<!subteam^S1|@oncall> look", "oncall look"),
        ("<@U0LEO> and <@U0LEO|leo>", "U0LEO and leo"),
        ("@Kathy Satterlee see this", "Kathy Satterlee see this"),
        ("\uff20here look", "here look"),
        ("mail leo@here.example, @app.route, a < b", "mail leo@here.example, @app.route, a < b"),
    ],
)
def test_sup_3_a_quotation_mentions_nobody(written: str, quoted: str) -> None:
    assert defused(written) == quoted


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("@here all hosts show 502", "all hosts show 502"),
        ("<!channel>: <!here|here> it is down", "it is down"),
        ("@here, @channel! down", "down"),
        ("It is down @here", "It is down here"),
        ("here we go", "here we go"),
        ("@hereford is down", "@hereford is down"),
        ("- a list", "- a list"),
    ],
)
def test_sup_3_a_subject_does_not_begin_with_a_call_to_everybody(written: str, subject: str) -> None:
    assert without_calls(written) == subject
