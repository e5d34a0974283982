"""The GitHub issue of a ticket (SUP-11): search, open a new one, keep its link, tell the customer and product."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.errors import Refused
from fleettui.text import reading
from screens.commands.effective import key_of
from screens.terminal.clipboard import sent_words
from screens.terminal.text import one_line
from screens.triage.row_keys import IssueKey, IssueSearch, IssueStep

if TYPE_CHECKING:
    from fleettui.domain.delivery.letters import Letter
    from fleettui.domain.tickets.issues import IssueDraft
    from fleettui.domain.tickets.model import Ticket
    from screens.dialogs.form import Values
    from screens.triage.actions.tools import TicketTools
    from screens.triage.actions.writing import TicketWriting

TOO_LONG = "Your text is too long for the link: only its beginning is in there."
PASTE_IT = "Open the link and paste all of your text over the beginning; it stands below the link. It also stays as a draft."


class TicketIssues:
    def __init__(self, tools: TicketTools, writing: TicketWriting) -> None:
        self.tools, self.writing = tools, writing

    def do_issue(self) -> None:
        ticket, choices = self.tools.selection.here(), self.tools.choices
        self.tools.choose(
            [ticket.id],
            "a GitHub issue: search (or type other words), open, link, tell",
            lambda: choices.issue(ticket),
            lambda key: self._take_step(ticket, key),
            choices.search_typed,
        )

    def _take_step(self, ticket: Ticket, key: IssueKey) -> None:
        steps: dict[IssueStep, Callable[[Ticket], None]] = {
            IssueStep.CODENAME: self._codename,
            IssueStep.NEW: self._new_issue,
            IssueStep.LINK: self._edit_link,
            IssueStep.TELL: self._tell_customer,
            IssueStep.DATE: self._post_key_date,
        }
        try:
            if isinstance(key, IssueSearch):
                self._search(ticket, key.words)
            else:
                steps[key](ticket)
        except Exception as error:
            self.tools.host.report(error, "issue")

    def _search(self, ticket: Ticket, words: str) -> None:
        from fleettui.domain.tickets.issues import search_link

        workspace = self.tools.workspace
        self._show_link(search_link(workspace.handbook.tickets.issue, words), "The search")
        self.tools.host.write(lambda: workspace.support.searched(ticket.id, words))

    def _codename(self, ticket: Ticket) -> None:
        self.tools.act(
            lambda: self.tools.workspace.customers.codename(ticket.customer_id),
            lambda customer: f"In public they are called {customer.codename}.",
            "codename",
        )

    def _new_issue(self, ticket: Ticket) -> None:
        """The body is typed first; then the link to open holds it, with title and labels."""
        from screens.dialogs.composition import Job

        support, orders = self.tools.workspace.support, self.tools.workspace.issues.orders
        support.issue_draft(ticket, body="-")  # refuses before anything is typed
        if orders.are_taken:
            self._order_issue(ticket)
            return
        job = Job(
            title=f"New public issue for {ticket.id}",
            kind="issue",
            ticket_id=ticket.id,
            send=lambda text, since, wait: support.issue_draft(ticket, body=text),
            sent=self._show_issue,
            start=self.tools.workspace.handbook.tickets.issue.body,
            public=True,
            copies=False,
            keeps=lambda issue: issue.cut,
        )
        self.writing.compose(ticket, job)

    def _order_issue(self, ticket: Ticket) -> None:
        """The service opens it, and its link comes onto the ticket by itself."""
        from screens.dialogs.composition import Job

        workspace = self.tools.workspace
        repository = workspace.handbook.tickets.issue.repository
        workspace.issues.orders.refuse(ticket)

        def order(text: str) -> Letter:
            draft = workspace.support.issue_draft(ticket, body=text)
            return workspace.issues.orders.open(ticket, draft)

        job = Job(
            title=f"New public issue for {ticket.id}, opened in {repository}",
            kind="issue",
            ticket_id=ticket.id,
            send=lambda text, since, wait: order(text),
            sent=lambda letter: self._say_ordered(letter, repository),
            start=workspace.handbook.tickets.issue.body,
            public=True,
            copies=False,
        )
        self.writing.compose(ticket, job)

    def _say_ordered(self, letter: Letter, repository: str) -> None:
        seconds = self.tools.workspace.handbook.connections.undo_seconds
        self.tools.host.say(
            f"{letter.id}: the issue is opened in {repository} in {seconds} s, and its link comes onto "
            f"{letter.about}. {key_of('app.undo')} takes it back."
        )

    def _show_issue(self, issue: IssueDraft) -> None:
        from screens.dialogs.texts import left_out_words

        if not issue.cut:
            self._show_link(issue.link, "The new issue, filled in", left_out_words(issue.left_out))
            return
        from screens.dialogs.text_dialog import TextDialog
        from screens.widgets.page import BLANK, Para, title

        self.tools.host.copy_to_clipboard(issue.body)
        paste_it = f"{sent_words()} {PASTE_IT}"
        self.tools.host.push_screen(
            TextDialog(
                [
                    title(TOO_LONG),
                    Para(paste_it),
                    Para(left_out_words(issue.left_out), "warn"),
                    BLANK,
                    Para(issue.link),
                    BLANK,
                    Para(issue.body),
                ]
            )
        )

    def _show_link(self, link: str, *about: str) -> None:
        from screens.dialogs.copied import copy_on_page, destination

        copy_on_page(self.tools.host, link, [*filter(None, about), destination("your browser")])

    def _edit_link(self, ticket: Ticket) -> None:
        from fleettui.domain.tickets.issues import issue_link
        from screens.dialogs.entries import helped
        from screens.dialogs.form import YES_NO, Form, FormField

        is_private = "yes" if ticket.issue_private else "no"
        fields = [
            FormField("issue", "Link", one_line(ticket.issue), "https://github.com/..."),
            FormField("private", "Private", is_private, choices=YES_NO),
        ]

        fields = helped(fields, check=lambda name, typed: issue_link(typed) if name == "issue" else None)

        def save(typed: Values) -> Ticket:
            private = reading.yes_or_no("private", typed.get("private", is_private).strip() or "no")
            return self.tools.workspace.support.link_issue(
                ticket.id, typed.get("issue", ticket.issue), private=private
            )

        form = Form(
            f"The issue of {ticket.id}",
            fields,
            about=f"issue link {ticket.id}",
            save=save,
            saved=lambda _: self.tools.say_saved(ticket.id),
        )
        self.tools.host.push_screen(form)

    def _tell_customer(self, ticket: Ticket) -> None:
        workspace = self.tools.workspace
        workspace.support.issue_link_text(ticket)  # refuses where there is no link
        self.writing.reply(ticket, workspace.handbook.tickets.issue.customer_message)

    def _post_key_date(self, ticket: Ticket) -> None:
        if ticket.key_date is None:
            raise Refused(f"{ticket.id} has no key date; {key_of('triage.edit')} sets it", field="key_date")
        policy = self.tools.workspace.handbook.tickets.issue
        self.writing.post(ticket, policy.key_date_message, policy.key_date_channel)
