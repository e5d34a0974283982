"""One answer that is written to several tickets: their texts, what came to them meanwhile, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fleettui.domain.tickets.messages import Overtaken, news_since
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.domain.tickets.own_words import WORDS, NotAnswered, words_in
from fleettui.errors import FleettuiError
from fleettui.text.gaps import gaps_in
from screens.commands.effective import key_of
from screens.dialogs.texts import Written, gap_of
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, heading

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

OWN_WORDS = (
    f"For each their own: {', '.join('{' + word + '}' for word in WORDS)}. "
    "[composer.preview] shows what becomes of them."
)


class SeveralAnswers:
    """The tickets that are answered together, each with the revision that the writer has read."""

    def __init__(self, workspace: Workspace, ids: Sequence[str]) -> None:
        self._workspace = workspace
        self.seen = {ticket.id: ticket.rev for ticket in map(workspace.tickets.find, ids)}
        self.leave: list[Ticket] = []
        """Those whose answer leaves by itself, once they are answered."""

    @property
    def _tickets(self) -> list[Ticket]:
        return [self._workspace.tickets.find(id_) for id_ in self.seen]

    def resume(self, seen: Mapping[str, int]) -> None:
        """A draft goes on: what came since it was begun has not been read."""
        self.seen = {id_: min(rev, seen.get(id_, rev)) for id_, rev in self.seen.items()}

    def news(self) -> tuple[Message, ...]:
        """What has been written and answered since."""
        return tuple(
            message for ticket in self._tickets for message in news_since(ticket, self.seen[ticket.id])
        )

    # Texts

    def written(self, name: str) -> Written:
        """The ready text as one text for all, with gaps for what nobody knows yet."""
        tickets, renderer = self._tickets, self._workspace.handbook.renderer
        values = self._workspace.several_texts.values_for_all(tickets, name)
        for variable in renderer.missing(name, values):
            values[variable.name] = [gap_of(variable)] if variable.list else gap_of(variable)
        text = renderer.render(name, values)
        return Written(text, gaps_in(text))

    def texts(self, text: str) -> dict[str, str]:
        return self._workspace.several_texts.of_text(self._tickets, text)

    def why_not_sent(self, text: str) -> str:
        """A sentence where it cannot leave as it is; empty where it can."""
        try:
            self.texts(text)
        except FleettuiError as error:
            return str(error)
        return ""

    def preview(self, text: str) -> list[Para]:
        """The first text as it leaves; of the others what is their own."""
        first, *others = self.texts(text).items()
        return [*self.paras(dict([first])), *(self._own(id_, text) for id_, _ in others)]

    def _own(self, id_: str, text: str) -> Para:
        ticket = self._workspace.tickets.find(id_)
        values = self._workspace.several_texts.own_words_of(ticket)
        own = [f"{word} {one_line(values[word])}" for word in words_in(text)]
        shown = one_line(self._workspace.queue.of(ticket).shown)
        return Para(f"{shown}: {', '.join(own) or 'the same text'}", "", ((f"{id_} · ", "muted"),))

    def paras(self, texts: Mapping[str, str]) -> list[Para]:
        paras: list[Para] = []
        for id_, text in texts.items():
            ticket = self._workspace.tickets.find(id_)
            shown = self._workspace.queue.of(ticket).shown
            where = one_line(f"{id_} · {shown}, into {self._workspace.names.goes_to(ticket)}")
            paras += [heading(where), Para(text), BLANK]
        return paras

    # Sending

    def send(self, text: str, wait: bool, copy: bool = False) -> dict[str, str]:
        """Returns the texts that are recorded, by ticket. With `copy` none leaves by itself."""
        texts = self.texts(text)
        answered = self._workspace.tickets.reply_each(texts, since=self.seen, wait=wait, copy=copy)
        self.leave = [ticket for ticket in answered if ticket.messages[-1].delivery is not None]
        return texts

    def stopped(self, error: NotAnswered) -> str:
        """What cannot be answered any more is left out; what the customer added has been shown now. The sentence about it."""
        answered = [id_ for id_, why in error.why.items() if not _only_the_customer_wrote(why)]
        for id_, why in error.why.items():
            if isinstance(why, Overtaken):
                self.seen[id_] = why.revision
        for id_ in answered:
            del self.seen[id_]
        if not self.seen:
            return f"Not sent: {error.text}. None is left to answer."
        left = f"sends to the other {len(self.seen)}" if answered else "sends all the same"
        out = f", without {', '.join(answered)}" if answered else ""
        return f"Not sent: {error.text}. {key_of('composer.send')} again {left}{out}."


def _only_the_customer_wrote(why: Exception) -> bool:
    return isinstance(why, Overtaken) and all(message.direction == "in" for message in why.news)
