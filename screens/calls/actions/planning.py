"""Planning calls: by hand, from a calendar file; and changing what is known of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui import named_files
from fleettui.domain.checklists.model import Opens
from fleettui.domain.customers.outreach import DoNotContact
from fleettui.errors import Refused
from fleettui.text.reading import listed
from screens.calls.actions.asking import CallBoard, ask, ask_for_document, call_of
from screens.commands.effective import key_of
from screens.dialogs.entries import helped
from screens.dialogs.field_choices import (
    known_attendees,
    known_customers,
    people_choices,
    read_addresses,
    read_customer,
    read_moment,
)
from screens.dialogs.form import Form, FormField, Values

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.calls.import_result import Choice, ImportResult


class CallPlanning:
    def __init__(self, board: CallBoard) -> None:
        self._board = board

    def do_add(self) -> None:
        workspace = self._board.workspace
        kinds = tuple((kind.key, kind.name) for kind in workspace.handbook.calls.kinds)
        fields = [
            FormField("customer", "Customer", hint="one of the list, or any company"),
            FormField("start", "When", hint="tomorrow 10:00, fri 9:30, 2026-03-12T10:00"),
            FormField("minutes", "Minutes", hint="30"),
            FormField("attendees", "Invited", hint="e-mail addresses, with commas"),
            FormField("join_url", "Video link", hint="https://…"),
            FormField("kind", "Kind", hint="how it is prepared", choices=kinds),
        ]
        fields = helped(
            fields,
            {"customer": known_customers(workspace), "attendees": known_attendees(workspace)},
            {
                "customer": read_customer(workspace),
                "start": read_moment(workspace),
                "attendees": read_addresses,
            },
            several=("attendees",),
            check=_checked,
        )

        asked: set[str] = set()

        def refuse_contact(customer: str, kind: str) -> None:
            """GTM-3: the first time it is asked; who saves again means it."""
            try:
                workspace.customers.refuse_begin([Opens(kind="call", name=kind)], customer)
            except DoNotContact as error:
                if customer not in asked:
                    asked.add(customer)
                    why = f"{error.text}. {key_of('form.save')} again plans it all the same"
                    raise Refused(why, field="customer") from None

        def save(typed: Values) -> Call:
            refuse_contact(typed.get("customer", ""), typed.get("kind", ""))
            people = listed(typed.get("attendees", ""))
            return workspace.calls.new(
                typed.get("customer", ""),
                typed.get("start", ""),
                minutes=typed.get("minutes"),
                kind=typed.get("kind", ""),
                attendees=people,
                fields={"join_url": typed["join_url"]} if typed.get("join_url") else {},
            )

        ask(self._board.fleettui, "Plan a call", fields, "calls add", save, "Planned.")

    def do_edit(self) -> None:
        call, workspace = call_of(self._board), self._board.workspace

        def save(typed: Values) -> Call:
            return workspace.calls.edit(call.id, typed, seen=call.rev)

        fields = self.fields(self.values(call))
        ask(self._board.fleettui, f"Change {call.title}", fields, f"calls edit {call.id}", save, "Saved.")

    def values(self, call: Call) -> Values:
        """Of the fields, as they are typed."""
        return {
            "title": call.title,
            "customer": call.customer,
            "company": call.company,
            "start": f"{call.start.astimezone(self._board.workspace.zone):%Y-%m-%d %H:%M}",
            "minutes": str(call.minutes),
            "join_url": call.join_url,
            "host": call.host,
            "notes": call.notes,
        }

    def fields(self, values: Values) -> list[FormField]:
        """As a form shows them."""
        workspace = self._board.workspace
        fields = [
            FormField("title", "Title"),
            FormField("customer", "Person"),
            FormField("company", "Company", known=known_customers(workspace)),
            FormField("start", "When", hint="tomorrow 10:00, 2026-03-12 10:00", reads=read_moment(workspace)),
            FormField("minutes", "Minutes"),
            FormField("join_url", "Video link"),
            FormField("host", "Leads", choices=people_choices(workspace, "nobody")),
            FormField("notes", "Notes"),
        ]
        return helped([replace(field, value=values.get(field.name, "")) for field in fields], check=_checked)

    def do_attach(self) -> None:
        ask_for_document(self._board, call_of(self._board))

    def do_take_in(self) -> None:
        """The file is read first: what it would do is shown, and Enter there does it."""
        host, calls = self._board.fleettui, self._board.workspace.calls

        from fleettui.workspace.calls.import_result import LARGEST_CALENDAR_FILE

        def read(typed: Values) -> tuple[bytes, ImportResult]:
            file = Path(typed.get("file", "")).expanduser()
            content = named_files.read(file, LARGEST_CALENDAR_FILE, field="file")
            return content, calls.import_file(content, dry_run=True)

        form = Form(
            "Take in a calendar file",
            [FormField("file", "File", hint=named_files.where("invite.ics"))],
            about="calls take in",
            save=read,
            saved=lambda made: self._preview(*made),
        )
        host.push_screen(form)

    def _preview(self, content: bytes, imported: ImportResult) -> None:
        from screens.calls.import_preview import ImportPreview

        host, calls = self._board.fleettui, self._board.workspace.calls

        def take(choice: Choice | None) -> None:
            if choice is not None:
                host.write(lambda: calls.import_file(content, choice), then=tell)

        def tell(taken: ImportResult) -> None:
            reasons = [f"{len(titles)} left out: {why}" for why, titles in taken.reasons()[:3]]
            host.say("\n".join([taken.summary, *reasons, *taken.problems[:3]]), seconds=10)

        host.push_screen(ImportPreview(imported), take)


def _checked(field: str, typed: str) -> object:
    """As saving it would; what has no rule is fine."""
    from fleettui.domain.calls.fields import SETTABLE, checked  # late: it is asked while one types

    return checked(field, typed) if field in SETTABLE else None
