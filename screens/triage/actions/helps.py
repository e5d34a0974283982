"""What helps with a ticket, by its keys: why it is due then, whom to call, the GitHub issue, the checklists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.domain.tickets.escalation import level_of
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from screens.terminal.text import one_line
from screens.triage.actions.arrivals import TicketArrivals

if TYPE_CHECKING:
    from fleettui.domain.tickets.issues import IssueDraft
    from screens.dialogs.form import Values


TOO_LONG = "Your text is too long for the link: only its beginning is in there."
PASTE_IT = (
    "All of it is on your clipboard, if your terminal allows it: open the link and paste it over the beginning. "
    "It also stays as a draft."
)


class TicketHelps(TicketArrivals):
    # Explaining, escalating, issues, checklists

    def do_explain(self) -> None:
        from screens.dialogs.text_dialog import TextDialog
        from screens.triage.page import explanation

        self.open_over(TextDialog(explanation(self.workspace, self.here())))

    def do_escalate(self) -> None:
        ticket, handbook = self.here(), self.workspace.handbook

        def go(key: str) -> None:
            kind, _, name = key.partition(" ")
            if kind == "call":
                help_ = next(one for one in handbook.channels.help if one.key == name)
                self._post(ticket, help_.message, help_.channel)
            else:
                self.act(
                    lambda: self.workspace.support.escalate(ticket.id, name),
                    lambda made: (
                        f"{ticket.id} is at {level_of(made[0], handbook.levels).name}; E shows whom to call."
                    ),
                    "escalate",
                )

        self.choose("who helps?", lambda: self.choices.help(ticket), go)

    def do_issue(self) -> None:
        ticket = self.here()
        self.choose(
            "a GitHub issue: search (or type other words), open, link, tell",
            lambda: self.choices.issue(ticket),
            lambda key: self._issue_step(ticket, key),
            self.choices.search_typed,
        )

    def _issue_step(self, ticket: Ticket, key: str) -> None:
        kind, _, rest = key.partition(" ")
        steps: dict[str, Callable[[], None]] = {
            "search": lambda: self._search_issue(ticket, rest),
            "codename": lambda: self._codename(ticket),
            "new": lambda: self._new_issue(ticket),
            "link": lambda: self._issue_link(ticket),
            "tell": lambda: self._tell_link(ticket),
            "date": lambda: self._post_date(ticket),
        }
        try:
            steps[kind]()
        except Exception as error:
            self.fleettui.report(error, "issue")

    def _search_issue(self, ticket: Ticket, words: str) -> None:
        from fleettui.domain.tickets.issues import search_link

        self._show_link(search_link(self.workspace.handbook.tickets.issue, words), "The search")
        self.fleettui.write(lambda: self.workspace.support.searched(ticket.id, words))

    def _codename(self, ticket: Ticket) -> None:
        self.act(
            lambda: self.workspace.support.codename(ticket.customer_id),
            lambda customer: f"In public they are called {customer.codename}.",
            "codename",
        )

    def _new_issue(self, ticket: Ticket) -> None:
        """Its body is written first; the link holds it, with title and labels."""
        support = self.workspace.support
        support.issue_draft(ticket, body="-")  # refuses before anything is typed
        self._write_text(
            ticket,
            f"New public issue for {ticket.id}",
            "issue",
            lambda text, since, wait: support.issue_draft(ticket, body=text),
            self._show_issue,
            start=self.workspace.handbook.tickets.issue.body,
            public=True,
            copies=False,
            keeps=lambda issue: issue.cut,
        )

    def _show_issue(self, issue: IssueDraft) -> None:
        if not issue.cut:
            self._show_link(issue.link, "The new issue, filled in")
            return
        from screens.dialogs.text_dialog import TextDialog
        from screens.widgets.page import BLANK, Para, title

        self.app_copy(issue.body)
        self.open_over(TextDialog([title(TOO_LONG), Para(PASTE_IT), BLANK, Para(issue.link)]))

    def _show_link(self, link: str, what: str) -> None:
        from screens.dialogs.text_dialog import TextDialog
        from screens.widgets.page import BLANK, Para, title

        self.app_copy(link)
        self.open_over(
            TextDialog([title(f"{what}: on your clipboard, if your terminal allows it"), BLANK, Para(link)])
        )

    def app_copy(self, text: str) -> None:
        self.fleettui.copy_to_clipboard(text)

    def _issue_link(self, ticket: Ticket) -> None:
        from screens.dialogs.form import Form, FormField

        fields = [
            FormField("issue", "Link", one_line(ticket.issue), "https://github.com/..."),
            FormField("private", "Private", "yes" if ticket.issue_private else "no", "yes or no"),
        ]

        def save(typed: Values) -> Ticket:
            private = (
                typed.get("private", "yes" if ticket.issue_private else "no").strip().casefold() == "yes"
            )
            return self.workspace.support.link_issue(
                ticket.id, typed.get("issue", ticket.issue), private=private
            )

        self.open_over(
            Form(
                f"The issue of {ticket.id}",
                fields,
                about=f"issue link {ticket.id}",
                save=save,
                saved=lambda _: self._saved(ticket.id),
            )
        )

    def _tell_link(self, ticket: Ticket) -> None:
        self.workspace.support.issue_link_text(ticket)  # refuses where there is none
        self._reply(ticket, self.workspace.handbook.tickets.issue.customer_message)

    def _post_date(self, ticket: Ticket) -> None:
        if ticket.key_date is None:
            raise Refused(f"{ticket.id} has no key date; e sets it", field="key_date")
        policy = self.workspace.handbook.tickets.issue
        self._post(ticket, policy.key_date_message, policy.key_date_channel)

    def do_steps(self) -> None:
        ticket = self.here()
        self.choose("which step?", lambda: self.choices.steps(ticket), lambda key: self._step(ticket, key))

    def _step(self, ticket: Ticket, key: str) -> None:
        support = self.workspace.support
        kind, name, *rest = key.split(" ", 2)
        if kind == "open":
            self.act(lambda: support.open_list(ticket.id, name), "The checklist is open.", "checklist")
        elif kind == "fact":
            answer = support.listed(ticket, name).run.answers.get(rest[0])
            self.act(
                lambda: support.answer(ticket.id, name, rest[0], not answer),
                f"Answered: {'no' if answer else 'yes'}.",
                "checklist",
            )
        else:
            self._tick(ticket, name, rest[0])

    def _tick(self, ticket: Ticket, name: str, step: str) -> None:
        from fleettui.domain.checklists.rules import leaves
        from screens.dialogs.form import Form, FormField

        support = self.workspace.support
        view = next(one for one in leaves(support.steps(ticket, name)) if one.key == step)
        if view.state == "done":
            self.act(lambda: support.untick(ticket.id, name, step), "Not done after all.", "checklist")
        elif view.step.evidence is not None and view.step.evidence.required:
            fields = [FormField("evidence", "Proof", hint=view.step.evidence.what)]
            self.open_over(
                Form(
                    view.label,
                    fields,
                    about=f"step {ticket.id} {name} {step}",
                    save=lambda typed: support.tick(ticket.id, name, step, evidence=typed["evidence"]),
                    saved=lambda _: self._saved(ticket.id),
                )
            )
        else:
            self.act(lambda: support.tick(ticket.id, name, step), f"✓ {view.label}.", "checklist")
