"""One text for several tickets, as in an outage: each customer gets it with their own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fleettui.domain.tickets import own_words
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.placeholders import placeholder_values
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.messages import Variable
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.support import Given, Support

FEW = 3


class SeveralTexts:
    """The texts for each of several tickets. `Tickets.reply_each` records them as sent."""

    def __init__(self, session: Session, support: Support) -> None:
        self._session, self._support = session, support

    def of_text(self, tickets: Sequence[Ticket], text: str) -> dict[str, str]:
        """By ticket. Refused if a word in braces has no value for some, or if one customer would read who another is."""
        wanted = own_words.words_in(text)
        values = {ticket.id: self.own_words_of(ticket) for ticket in tickets}
        for word in wanted:
            without = [id_ for id_, known in values.items() if not known[word]]
            if without and word != own_words.GREETED:
                raise Refused(
                    f"nothing is known for {{{word}}} in {_named(without)}; answer {_them(without)} alone"
                )
        texts = {ticket.id: own_words.with_own_words(text, values[ticket.id]) for ticket in tickets}
        self._guard(tickets, texts)
        return texts

    def of_template(self, tickets: Sequence[Ticket], name: str, given: Given) -> dict[str, str]:
        """By ticket, each written from the template. Refused with the tickets for which something is missing."""
        lacking = {ticket.id: self._support.missing(name, ticket, given) for ticket in tickets}
        wanted = [f"{id_} wants {', '.join(names)}" for id_, names in lacking.items() if names]
        if wanted:
            raise Refused(f"{name}: {'; '.join(wanted)}")
        texts = {ticket.id: self._support.render(name, ticket, given) for ticket in tickets}
        self._guard(tickets, texts)
        return texts

    def values_for_all(self, tickets: Sequence[Ticket], name: str) -> dict[str, object]:
        """The values with which a template becomes one text for all: a word in braces where they differ."""
        known = [self._support.variables(name, ticket) for ticket in tickets]
        values: dict[str, object] = {}
        for variable in self._session.policy.handbook.renderer.message(name).variables:
            each = [row.get(variable.name) or "" for row in known]
            if all(value == each[0] for value in each):
                if each[0]:
                    values[variable.name] = each[0]
                continue
            without = [ticket.id for ticket, value in zip(tickets, each, strict=True) if not value]
            values[variable.name] = _own_word(variable, without)
        return values

    def own_words_of(self, ticket: Ticket) -> dict[str, str]:
        """By word; empty where it is not known."""
        around = self._support.around(self._support.customer_of(ticket))
        known = placeholder_values(ticket, around)
        return {word: known.get(source, "") for word, source in own_words.WORDS.items()}

    def _guard(self, tickets: Sequence[Ticket], texts: Mapping[str, str]) -> None:
        """SUP-13: what all of them read names no anonymous customer to another."""
        for other in tickets:
            customer = self._support.customer_of(other)
            if customer is None or not customer.anonymous:
                continue
            for ticket in tickets:
                if ticket.customer_id != other.customer_id:
                    self._support.guard(texts[ticket.id], other)


def _own_word(variable: Variable, without: Sequence[str]) -> str:
    what = variable.name.replace("_", " ")
    if without and not variable.is_optional:
        raise Refused(f"nothing is known for {what} in {_named(without)}; answer {_them(without)} alone")
    word = own_words.word_for(variable.known_from)
    if (without and not variable.is_greeting) or not word:
        raise Refused(f"{what} is not the same for all; answer them one by one, or type a text")
    return word


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:FEW]) + (f" and {len(ids) - FEW} more" if len(ids) > FEW else "")


def _them(ids: Sequence[str]) -> str:
    return "it" if len(ids) == 1 else "them"
