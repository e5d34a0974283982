"""Links: which addresses are made one, where they stand when a text is wrapped, and which terminals get them."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult

from screens.terminal.hyperlinks import addresses, places, takes_links
from screens.terminal.text import wrap
from screens.widgets.page import Page, Para, fact, plain

LONG = "https://github.com/fleetdm/fleet/issues/12345?" + "x" * 40
TOO_LONG = "https://example.com/" + "y" * 100


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://fleetdm.com/docs.", ["https://fleetdm.com/docs"]),
        (
            "(https://example.com/a), mailto:help@example.com!",
            ["https://example.com/a", "mailto:help@example.com"],
        ),
        ("https://example.com/wiki/A_(b)", ["https://example.com/wiki/A_(b)"]),
        ("javascript:alert(1) file:///etc/passwd ssh://box data:text/html,x", []),
        ("https://github.com@evil.example/login", []),
        ("https://github.com\\\\@evil.example/", []),
        ("https://gith\u0443b.com/", []),
        ("https:// https://\x1b]8;;https://evil.example", ["https://evil.example"]),
        ("https://example.com/" + "z" * 3000, []),
    ],
)
def test_only_an_address_that_shows_where_it_leads_is_a_link(text: str, links: list[str]) -> None:
    assert list(addresses(text)) == links


def test_an_address_over_several_lines_is_one_link() -> None:
    lines = wrap(f"see {TOO_LONG} and https://a.example", 40)
    stretches = places(f"see {TOO_LONG} and https://a.example", lines)
    assert {place.address for place in stretches} == {TOO_LONG, "https://a.example"}
    assert "".join(lines[p.line][p.start : p.end] for p in stretches if p.address == TOO_LONG) == TOO_LONG


@pytest.mark.parametrize(
    ("environment", "takes"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4600"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
        ({"TERM": "tmux-256color", "TMUX": "1", "VTE_VERSION": "6800"}, False),
        ({"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"}, False),
        ({"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}, True),
        ({"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "next-3.6"}, True),
        ({"STY": "1", "TERM": "screen", "VTE_VERSION": "6800"}, False),
        ({"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_a_terminal_that_takes_links_is_known_by_its_surroundings(
    environment: dict[str, str], takes: bool
) -> None:
    assert takes_links(environment) is takes


class PageApp(App[None]):
    PARAS = (
        Para(f"Read {LONG} first."),
        fact("Issue", LONG),
        fact("Short", "https://a.example/b"),
        Para("https://github.com@evil.example/ is none"),
    )

    def compose(self) -> ComposeResult:
        yield Page(id="sheet")

    def on_mount(self) -> None:
        page = self.query_one(Page)
        page.display = True
        page.show(self.PARAS)


def lines_of(app: App[Any]) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("is_wanted", [True, False])
async def test_an_address_stands_on_a_line_of_its_own_and_is_a_link_where_the_terminal_takes_it(
    monkeypatch: pytest.MonkeyPatch, is_wanted: bool
) -> None:
    monkeypatch.setenv("FORCE_HYPERLINK", "1" if is_wanted else "0")
    app = PageApp()
    async with app.run_test(size=(len(LONG) + 1, 24)) as pilot:
        await pilot.pause()
        lines = lines_of(app)
        assert lines[:6] == ["Read", LONG, "first.", "Issue", LONG, "Short       https://a.example/b"]
        assert LONG in plain(PageApp.PARAS)
        links = [
            (segment.text, segment.style.link)
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.link
        ]
        expected = [(LONG, LONG), (LONG, LONG), ("https://a.example/b", "https://a.example/b")]
        assert links == (expected if is_wanted else [])
