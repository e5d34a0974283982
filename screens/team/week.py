"""Team, the week behind: the look back with its facts (SUP-16), the documentation's questions (SUP-17), the report as plots.

The figures of a week are reckoned beside the event loop, when a row that tells them is looked at; what was reckoned before stands
until the new ones are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from fleettui.time.zones import day_of
from screens.commands.dispatch import Commanded
from screens.dialogs.form import FormField, Values
from screens.dialogs.picker import Picker
from screens.shell import links as goto
from screens.shell.history import story
from screens.shell.words import duration_words
from screens.team.retro import RetroForm
from screens.widgets import plots
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Page, Para, heading, step, title
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.tickets.report import WeekReport
    from fleettui.domain.tickets.report_series import Trend
    from fleettui.workspace.reports import DocumentationWork, LookBack
    from screens.commands.host import Host

QUESTION, DOCUMENTATION, REPORT = "question ", "documentation", "report"
WEEKS = 8
"""How many are drawn."""
REST = 20
"""After reckoning, so many times as long as it took nothing is reckoned again: others' keys come first."""
WEEK = timedelta(days=7)
RECKONING = Para("Reckoning the week …", "muted")


class Reckoned(NamedTuple):
    day: date
    look: LookBack
    work: DocumentationWork
    trend: Trend


class Reckoner:
    """Reckons in a thread of its own, one week at a time, and not too often."""

    def __init__(self, screen: Commanded, ready: Callable[[], None]) -> None:
        self._screen, self._ready = screen, ready
        self.found: Reckoned | None = None
        self._outdated, self._running, self._again_at = True, False, 0.0
        self._waiting: Timer | None = None

    @property
    def _host(self) -> Host:
        return self._screen.fleettui

    def outdated(self) -> None:
        self._outdated = True

    def of(self, day: date) -> Reckoned | None:
        """As far as it is known; what is lacking is begun."""
        there = self.found if self.found is not None and self.found.day == day else None
        if self._running or (there is not None and not self._outdated):
            return there
        wait = self._again_at - time.monotonic()
        if there is None or wait <= 0:
            self._begin(day)
        elif self._waiting is None:
            self._waiting = self._host.set_timer(wait, lambda: self._begin(day))
        return there

    def _begin(self, day: date) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting, self._outdated, self._running = None, False, True
        self._host.run_worker(partial(self._reckon, day), thread=True, group="week", exit_on_error=False)

    def _reckon(self, day: date) -> None:
        begun = time.monotonic()
        found: Reckoned | Exception
        try:
            reports = self._host.workspace.reports
            found = Reckoned(
                day, reports.look_back(day), reports.documentation(day), reports.trend(WEEKS, day)
            )
        except Exception as error:
            found = error
        took = time.monotonic() - begun
        self._host.call_from_thread(self._reckoned, found, took)

    def _reckoned(self, found: Reckoned | Exception, took: float) -> None:
        self._running, self._again_at = False, time.monotonic() + REST * took
        if isinstance(found, Exception):
            self._host.report(found, "reckoning the week")
            return
        self.found = found
        self._ready()


class TeamWeek(Commanded):
    """The part of the screen that is about the week."""

    reckoner: Reckoner
    _week_of: date | None = None
    """A day of the week that is shown, where it is not this one."""

    if TYPE_CHECKING:

        @property
        def rows(self) -> Rows: ...

        @property
        def page(self) -> Page: ...

        def show_page(self) -> None: ...

        def fill(self) -> None: ...

        def page_width(self) -> int: ...

        def ask(
            self,
            name: str,
            fields: Sequence[FormField],
            about: str,
            save: Callable[[Values], object],
            said: Callable[[object], str],
            stale: Callable[[], None] = lambda: None,
        ) -> None: ...

    @property
    def day(self) -> date:
        return self._week_of or day_of(self.workspace.now(), self.workspace.zone)

    # The list

    def week_title(self) -> str:
        week = self.workspace.reports.week_of(self.day)
        which = "This week" if self._week_of is None else "The week"
        return f"{which}, {days_words(week.first, week.last)}"

    def week_rows(self) -> list[Row]:
        """One cell each: what there is to say has the whole line."""
        answers = self.workspace.reports.answers(self.day).answers
        told = [
            (QUESTION + one.key, one.key in answers, one.question, answers.get(one.key, ""))
            for one in self.workspace.reports.questions
        ]
        documentation, report = self._reckoned_words()
        return [
            *(
                Row(key, (f"✓ {asked} · {said}" if done else f"○ {asked}",))
                for key, done, asked, said in told
            ),
            Row(DOCUMENTATION, (f"▤ Documentation: {documentation}",)),
            Row(REPORT, (f"▥ Report: {report}",)),
        ]

    def _reckoned_words(self) -> tuple[str, str]:
        """What is known of it without looking: as it was when it was last reckoned."""
        found = self.reckoner.found
        if found is None or found.day != self.day:
            return "what customers' questions ask of it", "promises kept, and when customers write"
        work, report = found.work, found.look.report
        docs = f"{len(work.to_write)} to write, {len(work.unanswered)} not said, {len(work.done)} done"
        return (
            docs,
            f"{report.arrivals} came, {report.in_time} of {report.in_time + report.late} promises kept",
        )

    def is_week(self, key: str) -> bool:
        return key in (DOCUMENTATION, REPORT) or key.startswith(QUESTION)

    # The pages

    def week_page(self, key: str) -> Sequence[Para]:
        found = self.reckoner.of(self.day)
        if key == DOCUMENTATION:
            return list(self._documentation_page(found))
        if key == REPORT:
            return list(self._report_page(found))
        return list(self._question_page(key.removeprefix(QUESTION), found))

    def _question_page(self, key: str, found: Reckoned | None) -> Iterator[Para]:
        reports = self.workspace.reports
        week, kept = reports.week_of(self.day), reports.answers(self.day)
        asked = next((one.question for one in reports.questions if one.key == key), key)
        yield title(asked)
        yield BLANK
        yield (
            Para(kept.answers[key])
            if key in kept.answers
            else Para("Nobody has said yet. e answers.", "muted")
        )
        yield BLANK
        yield heading(f"The week {days_words(week.first, week.last)}")
        yield from facts_paras(found.look) if found else (RECKONING,)
        yield BLANK
        yield heading("What changed")
        yield from story(self.workspace, week.key, 8)

    def _documentation_page(self, found: Reckoned | None) -> Iterator[Para]:
        yield title("What customers' questions ask of the documentation")
        yield BLANK
        if found is None:
            yield RECKONING
            return
        work = found.work
        sections = (
            ("To write", work.to_write, "Nothing is waiting to be written.", "○"),
            ("Resolved without a word on it", work.unanswered, "", "?"),
            ("Written", work.done, "", "✓"),
        )
        for name, tickets, empty, sign in sections:
            if tickets or empty:
                yield heading(name)
                yield from (step(sign, documentation_words(one)) for one in tickets)
                yield Para(empty, "muted") if not tickets else BLANK
        if work.to_write:
            yield Para("e says that one is written, o opens its ticket.", "muted")

    def _report_page(self, found: Reckoned | None) -> Iterator[Para]:
        week = self.workspace.reports.week_of(self.day)
        yield title(f"Support, {days_words(week.first, week.last)} ({week.key})")
        yield BLANK
        if found is None:
            yield RECKONING
            return
        width = self.page_width()
        yield from (step("·", one) for one in found.look.facts)
        yield BLANK
        yield from attainment_plot(found.trend, week.first, width)
        yield BLANK
        yield from arrivals_plot(found.trend, width)
        yield BLANK
        yield from promises(found.look.report)

    # Commands

    def week_why_not(self, command_id: str) -> str | None:
        key = self.rows.key or ""
        if command_id == "team.ticket" and key != DOCUMENTATION:
            return "Put the cursor on Documentation: this opens a ticket that asks something of it."
        if command_id == "team.later" and self._week_of is None:
            return "This is the week of now."
        if command_id == "team.now" and self._week_of is None:
            return "This is the week of now already."
        return None

    def do_earlier(self) -> None:
        self._go_to_week(self.day - WEEK)

    def do_later(self) -> None:
        self._go_to_week(self.day + WEEK)

    def do_now(self) -> None:
        self._go_to_week(None)

    def _go_to_week(self, day: date | None) -> None:
        today = day_of(self.workspace.now(), self.workspace.zone)
        self._week_of = None if day is None or day >= today else day
        self.fill()

    def answer_questions(self, key: str) -> None:
        day = self.day

        def saved(_: object) -> None:
            self.fleettui.say("The look back is kept. u takes it back.")

        self.fleettui.push_screen(RetroForm(self.workspace, day, key, saved))

    def write_documentation(self) -> None:
        found = self.reckoner.of(self.day)
        if found is None or not found.work.to_write:
            self.fleettui.say(
                "Nothing is waiting to be written." if found else "One moment: it is being looked up."
            )
            return
        picker = TicketPicker(found.work.to_write, "which one is written?")
        self.fleettui.push_screen(picker, self._written)

    def _written(self, id_: str | None) -> None:
        if id_ is None:
            return

        def save(typed: Values) -> object:
            return self.workspace.reports.documented(id_, typed.get("done", ""))

        self.ask(
            f"{id_} is in the documentation",
            [FormField("done", "Where", "", "the link to the update, or what was done")],
            f"team documented {id_}",
            save,
            lambda _: f"{id_} is documented.",
        )

    def do_ticket(self) -> None:
        found = self.reckoner.of(self.day)
        asking = [*found.work.to_write, *found.work.unanswered, *found.work.done] if found else []
        if not asking:
            self.fleettui.say(
                "No ticket of this week asks anything of the documentation." if found else "One moment …"
            )
            return
        self.fleettui.push_screen(TicketPicker(asking, "open which ticket?"), self._open_ticket)

    async def _open_ticket(self, id_: str | None) -> None:
        if id_ is not None:
            await goto.reveal(self.fleettui, "ticket", id_)

    def copy_look_back(self) -> None:
        """As a text to post."""
        app = self.fleettui

        def then(text: str) -> None:
            app.copy_to_clipboard(text)
            app.say(f"Copied, if your terminal allows it:\n{text}", seconds=10)

        day = self.day
        app.write(lambda: self.workspace.reports.retro_text(day), then, doing="writing the text")


class TicketPicker(Picker):
    COLUMNS = (Column("subject", width=20, grow=1), Column("id", width=8))

    def __init__(self, tickets: Sequence[Ticket], hint: str) -> None:
        super().__init__()
        self._tickets, self._hint = tickets, hint

    @property
    def hint(self) -> str:
        return self._hint

    def choices(self) -> Sequence[Row]:
        return [Row(one.id, (documentation_words(one), (one.id, "muted"))) for one in self._tickets]


# In words, and drawn


def days_words(first: date, last: date) -> str:
    begin = f"{first:%-d}" if first.month == last.month else f"{first:%-d %b}"
    return f"{begin} to {last:%-d %b}"


def documentation_words(ticket: Ticket) -> str:
    said = ticket.documentation
    what = (said.what if said else "") or ticket.subject
    return f"{ticket.id}  {what}" + (f": {said.done}" if said and said.done else "")


def facts_paras(look: LookBack) -> Iterator[Para]:
    yield step("☎", ", ".join(look.on_call) or "nobody was on call")
    yield from (step("·", one) for one in look.facts)


def attainment_plot(trend: Trend, here: date, width: int) -> Iterator[Para]:
    """From the first week on in which there is something to tell."""
    yield heading("Promises kept, week by week")
    weeks = list(dropwhile(lambda one: one.share is None, trend.weeks))
    if not weeks:
        yield Para(f"None was decided in the last {len(trend.weeks)} weeks.", "muted")
        return
    rows = [
        plots.Bar(f"{one.first:%-d %b}", one.share, share_words(one), here=one.first == here) for one in weeks
    ]
    yield Para(plots.sparkline([one.share for one in weeks], 1), "accent")
    yield from (Para(line.text, lead=((line.lead, "muted"),)) for line in plots.bars(rows, width))


def share_words(report: WeekReport) -> str:
    if report.share is None:
        return "–"
    return f"{report.share:>4.0%} {report.in_time} of {report.in_time + report.late}"


def arrivals_plot(trend: Trend, width: int) -> Iterator[Para]:
    found = trend.arrivals
    yield heading("When customers write")
    if not found.total:
        yield Para(f"Nobody has in the last {len(trend.weeks)} weeks.", "muted")
        return
    yield Para(f"messages by weekday and hour, {days_words(found.first.first, found.last.last)}", "muted")
    grids = [found.together(hours) for hours in plots.HOURS_TOGETHER]
    fits = plots.hours_that_fit(grids, width)
    for line in plots.heat(grids[fits], plots.HOURS_TOGETHER[fits]):
        yield Para(line.text, lead=((line.lead, "muted"),))
    yield Para(busiest_words(found.counts), "muted")


def busiest_words(counts: Sequence[Sequence[int]]) -> str:
    most = sorted(
        ((count, -day, -hour) for day, row in enumerate(counts) for hour, count in enumerate(row) if count),
        reverse=True,
    )[:3]
    told = [f"{plots.WEEKDAYS[-day]} {-hour:02}–{1 - hour:02} ({count})" for count, day, hour in most]
    return f"most: {', '.join(told)}"


def promises(report: WeekReport) -> Iterator[Para]:
    if report.attainment:
        yield heading("By tier and priority")
    for one in report.attainment:
        worst = f", {duration_words(one.worst)} at worst" if one.worst is not None else ""
        middle = f", answered after {duration_words(one.median)}" if one.median is not None else ""
        told = f"{one.in_time} of {one.in_time + one.late}{middle}{worst}"
        yield Para(told, lead=((f"{one.tier} {one.priority}  ", "muted"),))
    if report.breaches:
        yield BLANK
        yield heading("Late, and why")
    for late in report.breaches:
        yield step("✗", f"{late.ticket} {late.customer}: {'; '.join(late.reasons)}", sign_style="bad")
