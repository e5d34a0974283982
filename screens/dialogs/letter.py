"""Sending the text of a step: to whom, with which subject, and the text itself, all of which can be changed first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.delivery.wording import seconds_left
from screens.commands.effective import key_of
from screens.dialogs.do_not_contact import unless_asked
from screens.dialogs.form import Form, FormField

if TYPE_CHECKING:
    from fleettui.domain.delivery.letters import Letter
    from screens.commands.host import Host
    from screens.dialogs.form import Values


def send_text(host: Host, about: str, step: str) -> None:
    """Refused where the step has no text, or where such texts do not leave by themselves."""
    workspace = host.workspace
    draft = workspace.letters.draft(about, step)
    fields = [
        FormField("to", "To", draft.to, hint="an address, or the id of a Slack channel"),
        FormField("subject", "Subject", draft.subject, hint="of a mail"),
        FormField("body", "Text", draft.body, long=True),
    ]

    def save(typed: Values) -> Letter:
        return workspace.letters.write(
            draft, to=typed.get("to"), subject=typed.get("subject"), body=typed.get("body")
        )

    def saved(letter: Letter) -> None:
        left = seconds_left(letter.delivery, workspace.now())
        host.say(
            f"{letter.id} to {letter.delivery.to[0]} leaves in {left} s; {key_of('app.undo')} takes it back.",
            seconds=8,
        )

    form = Form(
        f"Send to the customer, as {workspace.me.shown} · {about}",
        fields,
        about=f"letter {about} {step}",
        save=save,
        saved=saved,
        as_it_is=True,
    )
    refuse = partial(workspace.customers.refuse_contact, draft.customer)
    unless_asked(host, refuse, "Send it", lambda: host.push_screen(form))
