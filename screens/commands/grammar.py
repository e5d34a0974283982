"""What each key means, on every screen: one key, one meaning. docs/keys.md shows it, and a test compares it with the commands.

The letters were chosen by what hands know already, from vim, mutt, lazygit and Zendesk, and by the things that a support
team does all day, which docs/keys.md counts. A small letter is for what is done often, its capital for the contrary or for
the larger thing beside it (d done, D undone; y copies, Y copies the text made for it).
"""

from __future__ import annotations

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    """One key, or two of the same meaning, and the commands that may have it."""

    keys: str
    """As Textual writes them, by commas."""
    means: str
    commands: tuple[str, ...]
    """Ids; all of them mean this, each on its screen."""
    elsewhere: tuple[str, str, str, str] = ("", "", "", "")
    """What lazygit, vim, mutt and Zendesk have for it, or what else the key is there; empty: nothing near."""
    why: str = ""


MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        "enter,l,right",
        "open what is under the cursor",
        ("list.open",),
        ("Enter", "l, Ctrl+]", "Enter", "Enter"),
        "l is the way to the right, into it; h comes back",
    ),
    Meaning(
        "o",
        "go to what belongs to it: the work of a customer, what a step begins, a ritual's boxes",
        ("customers.work", "playbooks.open", "rituals.unfold", "team.ticket"),
        ("o opens the file", "o opens a line", "", ""),
        "open, but something else than the row itself",
    ),
    Meaning(
        "space",
        "the row: done or not done; on Triage marked or not",
        (
            "rituals.tick",
            "calls.tick",
            "today.tick",
            "playbooks.tick",
            "triage.mark",
            "inbox.seen",
            "arrange.toggle",
        ),
        ("Space stages", "", "", ""),
        "the largest key for what is done most often",
    ),
    Meaning(
        "m",
        "mark the row, for what is done to several",
        ("board.mark",),
        ("", "m sets a mark", "t tags", "the tick box"),
    ),
    Meaning("f9", "go on in the tour without this step", ("tour.next",)),
    Meaning(
        "percent_sign",
        "go to a row by its number",
        ("plain.number",),
        ("", "N% of the file", "a number jumps", ""),
        "digits go to the screens",
    ),
    Meaning(
        "asterisk",
        "mark every row that is shown",
        ("board.mark_all",),
        ("a", "", "T", "the box on top"),
        "the sign for all",
    ),
    Meaning(
        "n",
        "new: ticket, call, ritual, customer, person; begin a playbook",
        ("triage.create", "calls.add", "rituals.add", "customers.add", "team.add", "playbooks.begin"),
        ("n new branch", "", "m new mail", "+ Add"),
        "in a longer text n and N go through what was searched, as in vim and less",
    ),
    Meaning(
        "e",
        "edit, fill in, set",
        (
            "triage.edit",
            "calls.edit",
            "rituals.edit",
            "customers.edit",
            "team.edit",
            "playbooks.fill",
            "inbox.settings",
        ),
        ("e edit", ":e edit", "e edit", ""),
    ),
    Meaning(
        "d",
        "done: resolved, over, ticked, in touch",
        ("triage.resolve", "calls.over", "rituals.tick", "today.held", "customers.touched"),
        ("d drops", "d deletes", "d deletes", "Submit as solved"),
        "what is done leaves the list, which is what d does elsewhere; here nothing is ever deleted, and u takes it back",
    ),
    Meaning(
        "D",
        "undone: reopen, untick, back to what was before",
        ("triage.reopen", "rituals.untick", "playbooks.reopen", "team.turns"),
        ("", "", "u undeletes", "Submit as open"),
        "the contrary of d",
    ),
    Meaning(
        "s",
        "not now: skip, leave out, snooze, away",
        ("triage.snooze", "rituals.skip", "calls.skip", "playbooks.skip", "team.away"),
        ("s stashes", "", "", "Submit as on-hold"),
        "skip and snooze",
    ),
    Meaning(
        "x",
        "explain: why it is due then, why not",
        ("triage.explain", "sheet.close"),
        why="the same key closes what it has opened",
    ),
    Meaning(
        "a",
        "assign: give it to somebody",
        ("triage.assign", "playbooks.hand", "team.override"),
        ("", "", "", "Assignee"),
        "a ticket, a step, a shift",
    ),
    Meaning("t", "take: it is mine", ("triage.take",), ("", "", "", "take it"), "take"),
    Meaning(
        "w",
        "whose: only mine, or everybody's",
        ("rituals.mine", "calls.mine"),
        ("", "", "l limits", "views"),
    ),
    Meaning(
        "c",
        "comment: a note, or done with a note and a proof",
        ("triage.note", "rituals.note", "calls.proof"),
        ("c commits, with a message", "", "", "Internal note"),
    ),
    Meaning(
        "r",
        "reply: write, draft or send the text",
        (
            "triage.reply",
            "calls.send_text",
            "playbooks.send_text",
            "rituals.text",
            "today.text",
            "team.message",
        ),
        ("", "", "r replies", "Public reply"),
        "every mail program has it",
    ),
    Meaning(
        "R",
        "what did not come or leave by itself: write it down, send it again",
        ("triage.received", "team.unsent"),
        ("R refresh", "", "", ""),
        "beside r",
    ),
    Meaning("y", "copy what is in front", ("app.copy",), ("y copies", "y yanks", "", "")),
    Meaning(
        "Y",
        "copy the text that was made for it: of a step, for the notes",
        ("playbooks.texts", "calls.notes_name"),
        ("", "Y yanks a line", "", ""),
        "beside y",
    ),
    Meaning("L", "the links", ("app.links",), ("", "", "Ctrl+B urlview", ""), "link"),
    Meaning(
        "H",
        "history: what is over, too",
        ("triage.archive", "calls.past", "playbooks.closed"),
        ("", ":his", "", ""),
        "history",
    ),
    Meaning(
        "comma",
        "back in time: the day, the week, a moment before",
        ("rituals.earlier", "team.earlier", "triage.past"),
        (", page before", ", find before", "", ""),
        "< without Shift",
    ),
    Meaning(
        "full_stop",
        "on in time: the day, the week after",
        ("rituals.later", "team.later"),
        (". next page", ". repeats", "", ""),
        "> without Shift",
    ),
    Meaning("0", "back to now: today, this week", ("rituals.now", "team.now"), ("", "0 line start", "", "")),
    Meaning(
        "p",
        "what comes first: priority, the order of turns",
        ("triage.priority", "team.order"),
        ("", "", "", "Priority"),
    ),
    Meaning(
        "J",
        "the next that waits, wherever it stands",
        ("triage.next",),
        ("", "", "Tab: next new", "Play"),
        "j, but further",
    ),
    Meaning("number_sign", "labels", ("triage.label",), ("", "", "", "Tags"), "the sign of tags"),
    Meaning("W", "wait for the customer", ("triage.wait",), ("", "", "", "Submit as pending"), "wait"),
    Meaning(
        "M",
        "move: a ticket into another one, a call to another time",
        ("triage.merge", "calls.rebook", "today.moved"),
        ("M merges", ":m moves", "", "Merge"),
    ),
    Meaning("E", "escalate: whom to reach, the ladder", ("triage.escalate", "calls.nobody", "today.missed")),
    Meaning("C", "they came", ("calls.here",), why="came"),
    Meaning(
        "equals_sign",
        "it counts: what nobody recorded has taken place",
        ("triage.count", "calls.held", "today.held"),
        why="is equal to",
    ),
    Meaning(
        "S",
        "at another time: times to offer, a shift to swap",
        ("calls.slots", "team.swap"),
        why="slots and swaps",
    ),
    Meaning(
        "P", "what is known of the problem", ("triage.details",), ("", "", "", "ticket fields"), "problem"
    ),
    Meaning("Q", "questions: ask them, answer them", ("triage.ask", "playbooks.answer"), why="question"),
    Meaning("K", "steps: checklists, what was agreed", ("triage.steps", "calls.agree"), why="check"),
    Meaning(
        "A",
        "add to it: a document, a contact",
        ("calls.attach", "customers.contact"),
        ("", "A appends", "a adds an alias", ""),
    ),
    Meaning("F", "files: to fetch, to attach", ("triage.files", "calls.slots_file"), why="file"),
    Meaning(
        "i",
        "what is kept elsewhere: a GitHub issue, a calendar file",
        ("triage.issue", "calls.take_in"),
        why="issue, import",
    ),
    Meaning("I", "all issues", ("triage.issues",), why="beside i"),
    Meaning("dollar_sign", "opportunities", ("customers.deal",), why="money"),
    Meaning("ampersand", "and once more: another round", ("playbooks.again",), ("", "& repeats", "", "")),
    Meaning("exclamation_mark", "object: refuse an approval", ("playbooks.decline",), why="a loud no"),
    Meaning(
        "X",
        "away with it: cancel, retire, take a list away",
        ("calls.cancel", "playbooks.cancel", "rituals.retire", "today.dismiss", "inbox.all"),
        ("", "X deletes", "", ""),
        "crossed out; u takes it back",
    ),
    Meaning(
        "O",
        "the whole of it: older parts of a timeline, a year",
        ("triage.older", "rituals.person"),
        why="older",
    ),
    Meaning(
        "f",
        "follow: its news are mine, too",
        ("triage.follow", "customers.follow", "inbox.follow"),
        ("f fetches", "", "", "Follow"),
    ),
    Meaning(
        "semicolon",
        "macros: a text and acts in one go",
        ("triage.macro",),
        ("", "; repeats f", "", "Apply macro"),
        "beside the colon, which finds everything",
    ),
    Meaning("v", "choose a view", ("board.views",), ("", "", "", "Views"), "view"),
    Meaning("V", "keep the view", ("board.keep_view",), why="beside v"),
    Meaning(
        "left_square_bracket",
        "the view before",
        ("board.last_view",),
        ("[ tab before", "[ jumps back", "", ""),
    ),
    Meaning(
        "right_square_bracket", "the view after", ("board.next_view",), ("] next tab", "] jumps on", "", "")
    ),
    Meaning(
        "backslash",
        "columns, and the order of rows",
        ("board.columns",),
        why="a leaning line: it is the key of |, which stands between list and page",
    ),
    Meaning("B", "the bell", ("calls.bell",), why="bell"),
    Meaning("b", "inbox: what concerns me", ("app.inbox",), ("", "", "", "notifications"), ""),
    Meaning("u", "undo", ("app.undo",), ("z", "u", "u undeletes", "")),
    Meaning("U", "redo", ("app.redo",), ("Z", "Ctrl+R", "", "")),
    Meaning(
        "at",
        "the customer",
        ("app.customer",),
        ("", "", "@ shows the address", "the customer's tab"),
        "at whom",
    ),
    Meaning(
        "vertical_line",
        "turn: the page beside the list or below it",
        ("board.turn",),
        ("", "Ctrl+W K H", "", ""),
        "a line between the two",
    ),
    Meaning("plus", "more room for what has the keys", ("board.larger",), ("+ enlarges", "Ctrl+W +", "", "")),
    Meaning("minus", "less room for it", ("board.smaller",), ("_ shrinks", "Ctrl+W -", "", "")),
    Meaning("z", "zoom: only the list or the page", ("board.zoom",), ("", "", "", ""), "zoom"),
    Meaning("underscore", "two lines for each row", ("board.lines",), why="a line more"),
    Meaning("T", "colours", ("app.theme",), why="theme"),
    Meaning("less_than_sign", "back to where one was", ("app.back",), ("", "Ctrl+O", "", "")),
    Meaning("greater_than_sign", "forward again", ("app.forward",), ("", "Ctrl+I", "", "")),
    Meaning("colon", "find anything by its name", ("app.find",), (":", ":", ":", "")),
    Meaning("slash", "search", ("board.filter",), ("/", "/", "/", "search")),
    Meaning("question_mark", "the keys that work here", ("app.help",), ("?", ":h", "?", "")),
    Meaning(
        "q",
        "leave: what is open to be read, else fleettui",
        ("app.leave", "help.close", "sheet.close", "inbox.close"),
        ("q", ":q", "q", ""),
    ),
)
"""One row for each key that has a meaning of its own. What moves (arrows, h j k l, g G) is in the scopes of lists and texts."""
