"""What a text of a playbook may say: the fields and questions of the playbook, and what the product knows by itself.

Fields, questions and steps are variables by their keys, with _ for -: the field `quote-link` is `{{ quote_link }}`, and
`{{ done_prepare }}` is the day on which the step `prepare` was ticked, or nothing. No text can claim what nobody did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.checklists.model import Checklist, Run, Step
from fleettui.domain.checklists.status import every_step

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.runs import PlaybookRun

Values = Mapping[str, object]

DONE = "done_"
ALWAYS = ("me", "sanctions_list")
"""Who writes; where the list of sanctioned countries is."""
OF_CUSTOMER = ("company", "customer", "account", "channel", "hosts", "name")


def word(key: str) -> str:
    """The name by which a text calls a field, a question, a step or a role."""
    return "".join(sign if sign.isalnum() else "_" for sign in key.casefold())


def vocabulary(checklist: Checklist, *, for_customer: bool, roles: Iterable[str]) -> frozenset[str]:
    """All that a text of this playbook can name. A role stands for whoever has it."""
    steps = list(every_step(checklist.steps))
    names = {*ALWAYS, *map(word, roles), *(OF_CUSTOMER if for_customer else ())}
    names |= {word(fact.key) for fact in checklist.facts}
    names |= {word(field.key) for step in steps for field in step.fields}
    names |= {DONE + word(step.key) for step in steps}
    names |= {"round"} if any(step.repeats for step in steps) else set()
    return frozenset(names | ({"link"} if _only_link(checklist) else set()))


def variables(
    playbook_run: PlaybookRun,
    customer: Customer | None,
    known: Values,
    day: Callable[[datetime], str],
) -> dict[str, object]:
    """What is known of all that. `known`: what comes from elsewhere, empty where nobody knows; `day` writes a day."""
    definition, run = playbook_run.definition, playbook_run.run
    values: dict[str, object] = {**known, **(_of_customer(customer) if customer else {})}
    values |= {DONE + word(key): day(at) for key, at in _done(definition.steps, run)}
    values |= {word(key): _answer(answer) for key, answer in run.answers.items()}
    values |= {word(key): value for key, value in run.filled.items()}
    rounds = max(run.rounds.values(), default=0)
    values |= {"round": rounds + 1} if rounds else {}
    only_link = run.filled.get(_only_link(definition), "")
    return values | ({"link": only_link} if only_link else {})


def _answer(answer: object) -> object:
    return ("yes" if answer else "no") if isinstance(answer, bool) else answer


def _done(steps: Iterable[Step], run: Run) -> Iterator[tuple[str, datetime]]:
    """Steps that were ticked, and groups of which every step was. What was left out was not done."""
    for step in every_step(tuple(steps)):
        leaves = [leaf.key for leaf in every_step((step,)) if not leaf.steps]
        marks = [run.marks[key] for key in leaves if key in run.marks and run.marks[key].state == "done"]
        if len(marks) == len(leaves):
            yield step.key, max(mark.at for mark in marks)


def _only_link(checklist: Checklist) -> str:
    """The key of the only field that is a link, which older texts call `link`. Of several it could be the wrong one."""
    keys = [
        field.key for step in every_step(checklist.steps) for field in step.fields if field.type == "link"
    ]
    return keys[0] if len(keys) == 1 else ""


def _of_customer(customer: Customer) -> dict[str, object]:
    from fleettui.domain.customers.contacts import first_name  # late: only where a text is written

    named = [contact for contact in customer.contacts if contact.name]
    champion = next((contact for contact in named if contact.champion), named[0] if named else None)
    return {
        "company": customer.name,
        "customer": customer.shown,
        "account": customer.name,
        "channel": customer.channel,
        "hosts": "" if customer.hosts is None else customer.hosts,
        "name": first_name(champion.name) if champion else "",
    }
