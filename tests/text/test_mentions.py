"""What others wrote mentions nobody where we quote it: SUP-3."""

from __future__ import annotations

import pytest

from fleettui.text.mentions import defused


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
