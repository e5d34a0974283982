"""The page of a ritual: its state, its year, who covered; and the year of one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.rituals.followed import sources
from fleettui.time import wording
from fleettui.workspace.rituals.texts import is_text
from screens.commands.effective import with_keys
from screens.rituals.rows import GRID, LEGEND, count_words, grid, parts_of, state_cell
from screens.shell.history import stories
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, fact_if, heading, part, step, title

if TYPE_CHECKING:
    from fleettui.domain.rituals.history import TrackRecord
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.workspace import Workspace
    from screens.shell.asking import Asked

STEP_SIGNS = {"done": "✓", "skipped": "–", "todo": "○"}
MOST_STEPS = 80
WEEK = timedelta(days=7)


def ritual_page(workspace: Workspace, owed: BoardRow, asked: Asked) -> Sequence[Para]:
    story = stories(workspace, asked)
    ritual = owed.ritual
    return [
        title(ritual.name),
        *([Para(ritual.purpose)] if ritual.purpose else []),
        BLANK,
        *_standing(workspace, owed),
        *_definition(workspace, ritual),
        *_figure(workspace, ritual),
        *_parts(workspace, owed),
        BLANK,
        *year(workspace, ritual, asked),
        *part("What changed this time", story(owed.id, 8)),
        *part("What changed in the ritual", story(ritual.id, 8)),
    ]


def unowed_page(workspace: Workspace, ritual: Ritual, asked: Asked) -> Sequence[Para]:
    since = f"since {ritual.retired:%-d %b %Y}" if ritual.retired else ""
    return [
        title(ritual.name),
        *([Para(ritual.purpose)] if ritual.purpose else []),
        BLANK,
        fact("Retired", since, "muted"),
        *_definition(workspace, ritual),
        BLANK,
        *year(workspace, ritual, asked),
        *part("What changed", stories(workspace, asked)(ritual.id, 20)),
    ]


def _standing(workspace: Workspace, owed: BoardRow) -> Iterator[Para]:
    now, zone, stands = workspace.now(), workspace.zone, owed.status
    sign, style = state_cell(owed)
    count = f"  {count_words(owed)}" if count_words(owed) else ""
    yield fact("State", f"{sign}{count}", style)
    yield fact("Due", wording.moment(owed.demand.due, now, zone))
    first, last = owed.period.first, owed.period.last
    if first != last:
        yield fact("Period", f"{wording.day(first)} to {wording.day(last)}")
    yield fact("Whose", shown(workspace, owed.whose.dri))
    if owed.whose.doers != owed.whose.owners:
        yield fact("Stands in", shown(workspace, *owed.whose.doers) or "nobody covers", "warn")
    if stands.by:
        whom = f", for {shown(workspace, *stands.covers)}" if stands.covers else ""
        at = f", {wording.moment(stands.at, now, zone)}" if stands.at else ""
        yield fact("By", f"{shown(workspace, *stands.by)}{whom}{at}")
    yield from fact_if("Follows from", ", ".join(sources(owed.instance)))
    yield from fact_if("Why not", owed.why)
    yield from fact_if("First", owed.out_of_order, "warn")
    for tick in owed.instance.ticks if owed.instance else ():
        yield from fact_if("Proof", tick.evidence)


def _definition(workspace: Workspace, ritual: Ritual) -> Iterator[Para]:
    yield fact("How often", ritual.often)
    if ritual.zone:
        yield fact("Counts in", workspace.rituals.zone_of(ritual))
    for label, ids in (("Before", ritual.before), ("After", ritual.after)):
        yield from fact_if(label, ", ".join(_name(workspace, id_) for id_ in ids))
    if ritual.target_minutes:
        yield fact("Target", f"under {ritual.target_minutes} minutes")
    if ritual.evidence:
        wanted = ", always" if ritual.evidence.required else ""
        yield fact("Wants", f"{ritual.evidence.what}{wanted}")
    if is_text(ritual):
        yield fact("Text", with_keys("[rituals.text] writes it, drafted from the work"))
    yield from fact_if("Where", ritual.channel)
    yield from fact_if("Link", ritual.url)
    yield from _issue(workspace, ritual)
    yield from fact_if("Note", ritual.note)
    yield fact("Id", ritual.id)


def _issue(workspace: Workspace, ritual: Ritual) -> Iterator[Para]:
    issue = workspace.rituals.issue(ritual)
    if issue is not None:
        yield fact("Issue in", issue.repo)
        yield from fact_if("Labels", ", ".join(issue.labels))
        yield from fact_if("Open it", issue.link)


def _name(workspace: Workspace, id_: str) -> str:
    ritual = workspace.rituals.get(id_)
    return ritual.name if ritual else id_


def _figure(workspace: Workspace, ritual: Ritual) -> Iterator[Para]:
    figure = workspace.rituals.figure(ritual)
    if figure is None:
        return
    sign, style = ("✓", "good") if figure.good else ("!", "warn")
    text = Para(figure.text, lead=((f"{sign} ", style),))
    yield from part("Now", [text, *(step("·", row) for row in figure.rows)])


def _parts(workspace: Workspace, owed: BoardRow) -> list[Para]:
    name = "Boxes" if owed.demand.customers is not None else "Steps"
    return part(
        name,
        (
            step(STEP_SIGNS.get(box.state, "·"), box.label, "muted" if box.state != "todo" else "")
            for box in parts_of(workspace, owed)[:MOST_STEPS]
        ),
    )


# A year


def year(workspace: Workspace, ritual: Ritual, asked: Asked) -> Iterator[Para]:
    yield heading("A year")
    past = asked.of(("year", ritual.id), partial(workspace.rituals.track_record, ritual.id), None)
    if past is None:
        return
    if not past.outcomes:
        yield Para("Nothing yet.", "muted")
        return
    yield from year_grid(past)
    yield Para(LEGEND, "muted")
    yield fact("Kept", rate_words(past))
    yield fact("Streak", f"{past.streak} now, {past.longest} at the longest")
    if past.covered_by:
        yield fact("Covered by", covered_words(workspace, past))


def covered_words(workspace: Workspace, past: TrackRecord) -> str:
    """Who did it for others, and how often."""
    return ", ".join(f"{shown(workspace, login)} {count}" for login, count in past.covered_by.items())


def rate_words(past: TrackRecord) -> str:
    if past.rate is None:
        return "nothing was owed yet"
    more = [f"{past.late} late"] if past.late else []
    more += [f"{past.skipped} skipped"] if past.skipped else []
    words = f"{past.rate:.0%}: {past.kept} kept, {past.missed} missed"
    return ", ".join([words, *more])


def year_grid(past: TrackRecord) -> Iterator[Para]:
    """Days: a line for each weekday, a column for each week. Longer periods: one sign each."""
    rows = past.outcomes
    if any(first != last for first, last, _ in rows):
        yield Para(grid([outcome for _, _, outcome in rows]))
        return
    by_day = {first: outcome for first, _, outcome in rows}
    monday = min(by_day) - timedelta(days=min(by_day).weekday())
    weeks = [monday + number * WEEK for number in range((max(by_day) - monday).days // 7 + 1)]
    for weekday in range(7):
        days = [week + timedelta(days=weekday) for week in weeks]
        signs = "".join(GRID[by_day[day]] if day in by_day else " " for day in days)
        if signs.strip():
            yield Para(signs.rstrip(), lead=((f"{date(2024, 1, 1 + weekday):%a} ", "muted"),))


def person_page(workspace: Workspace, login: str, asked: Asked) -> Sequence[Para]:
    paras = [title(f"{shown(workspace, login)}'s year"), BLANK]
    person = asked.of(("person", login), partial(workspace.rituals.person, login), None)
    if person is None:
        return paras
    paras += [
        fact("Kept", rate_words(person.together)),
        fact("Covered", f"{person.covered_others} times for others"),
        BLANK,
    ]
    for ritual, past in person.rows:
        paras += [heading(ritual.name), Para(grid([outcome for _, _, outcome in past.outcomes][-60:]))]
        paras += [Para(f"{rate_words(past)}; longest streak {past.longest}", "muted")]
        if past.covered_by:
            paras.append(Para(f"covered by {covered_words(workspace, past)}", "muted"))
    return [*paras, BLANK, Para(LEGEND, "muted")]


def shown(workspace: Workspace, *logins: str) -> str:
    return ", ".join(one_line(workspace.people.get(login).shown) for login in logins if login)
