"""The commands that belong to one screen."""

from __future__ import annotations

from screens.commands.command import Command

BY_SCREEN: tuple[Command, ...] = (
    # Triage
    Command(
        "triage.reply",
        "reply",
        "Writes an answer: templates, preview, copy, record as sent.",
        "r",
        footer=True,
    ),
    Command(
        "triage.take",
        "take",
        "Assigns it to you; press it again to take it over from somebody.",
        "t",
        footer=True,
    ),
    Command(
        "triage.next", "next", "Opens the most urgent ticket that nobody else has open.", "J", footer=True
    ),
    Command(
        "triage.resolve",
        "resolve",
        "Resolves it, and asks whether it belongs in the documentation.",
        "d",
        footer=True,
    ),
    Command("triage.note", "note", "Writes an internal note: no customer sees it.", "c", footer=True),
    Command("triage.snooze", "snooze", "Snoozes it until a day or a time.", "s", footer=True),
    Command("triage.wait", "wait", "Sets it to waiting for the customer.", "W", footer=True),
    Command("triage.assign", "assign", "Assigns it to somebody, or to nobody.", "a", footer=True),
    Command(
        "triage.priority",
        "priority",
        "Changes priority or tier; shows first when it would be due.",
        "p",
        footer=True,
    ),
    Command(
        "triage.explain",
        "why",
        "Explains the due time, and what other priorities would mean.",
        "x",
        footer=True,
    ),
    Command("triage.mark", "mark", "Marks the row: what you do next is done to all marked ones.", "space"),
    Command(
        "triage.label",
        "labels",
        "Puts labels on or takes them off; + ones wait for somebody outside.",
        "number_sign",
    ),
    Command("triage.reopen", "reopen", "Reopens it.", "D"),
    Command("triage.merge", "merge", "Merges it into another ticket.", "M"),
    Command(
        "triage.escalate",
        "escalate",
        "Escalates: shows who helps at which level, and writes the post to them.",
        "E",
    ),
    Command(
        "triage.received",
        "they wrote",
        "Records what the customer wrote or said elsewhere; sends a failed answer again.",
        "R",
    ),
    Command(
        "triage.count",
        "count",
        "Counts a mail of ours that was taken as a note as the answer.",
        "equals_sign",
    ),
    Command("triage.ask", "ask", "Asks the customer for the details that are missing.", "Q"),
    Command("triage.details", "details", "Fills in the details of the problem.", "P"),
    Command("triage.issue", "issue", "Searches GitHub issues, opens a new one, tells the customer.", "i"),
    Command(
        "triage.issues",
        "issues",
        "Lists linked issues by how many customers they touch; closes one.",
        "I",
    ),
    Command(
        "triage.files", "files", "Lists its files; copies the path, or the command that fetches one.", "F"
    ),
    Command(
        "triage.follow",
        "follow",
        "Follows it: what the customer writes is news for you. Again: no longer.",
        "f",
    ),
    Command("triage.steps", "checklist", "Ticks the steps of the ticket's checklists.", "K"),
    Command("triage.edit", "edit", "Changes subject, customer, channel, key date and the like.", "e"),
    Command("triage.create", "new ticket", "Opens a ticket for a request that came another way.", "n"),
    Command(
        "triage.macro",
        "macro",
        "Lists macros; shows what one would do, then does it as one change.",
        "semicolon",
    ),
    Command("triage.archive", "archive", "Shows resolved and archived tickets, too; or hides them.", "H"),
    Command(
        "triage.past",
        "how it stood",
        "Shows the queue as it was at a time; Esc comes back to now.",
        "comma",
    ),
    Command("triage.older", "older", "Shows the whole timeline, or only its newest part.", "O"),
    # Rituals
    Command(
        "rituals.tick",
        "tick",
        "Ticks it and goes on to the next; unfolds what has steps.",
        "space,d",
        footer=True,
    ),
    Command("rituals.untick", "untick", "Takes back the newest tick, or the skip.", "D", footer=True),
    Command("rituals.skip", "skip", "Skips it this time, with a reason.", "s", footer=True),
    Command(
        "rituals.note", "note", "Ticks with a note or a link; at a step, with its answers.", "c", footer=True
    ),
    Command(
        "rituals.text", "text", "Writes its text; the draft is made from tickets, calls and customers.", "r"
    ),
    Command("rituals.mine", "mine", "Shows only mine, or everybody's.", "w", footer=True),
    Command("rituals.unfold", "unfold", "Shows its boxes or steps in the list, or hides them.", "o"),
    Command("rituals.earlier", "day back", "The day before.", "comma"),
    Command("rituals.later", "day on", "The day after.", "full_stop"),
    Command("rituals.now", "today's", "Back to today.", "0"),
    Command(
        "rituals.person", "person", "Shows the year of the person whose it is; again: of the ritual.", "O"
    ),
    Command("rituals.add", "add", "Adds a ritual.", "n", footer=True),
    Command("rituals.edit", "edit", "Changes name, DRI, rhythm.", "e"),
    Command("rituals.retire", "retire", "Retires it from today on; or brings it back.", "X"),
    # Calls
    Command(
        "calls.tick",
        "tick",
        "Ticks the step; links are tried first. On a call: shows its steps.",
        "space",
        footer=True,
    ),
    Command("calls.nobody", "nobody here", "Nobody came: shows whom to reach and how.", "E", footer=True),
    Command("calls.held", "took place", "Records that a past call took place, without notes.", "equals_sign"),
    Command(
        "calls.rebook",
        "another time",
        "Moves it: plans a new call at another time, with an invitation to send.",
        "M",
        footer=True,
    ),
    Command("calls.here", "they came", "The customer joined.", "C"),
    Command("calls.over", "over", "Ends it: how it went, notes, the next step.", "d", footer=True),
    Command("calls.agree", "next step", "Writes down what was agreed: what, who, until when.", "K"),
    Command("calls.proof", "by hand", "Ticks a step by hand, with what proves it.", "c"),
    Command("calls.skip", "leave out", "Skips a step, with a reason.", "s"),
    Command("calls.slots", "other times", "Copies a message with two or three other times.", "S"),
    Command("calls.slots_file", "times as file", "Writes the other times as a calendar file to attach.", "F"),
    Command("calls.send_text", "send text", "Sends the step's text to the customer.", "r", footer=True),
    Command("calls.notes_name", "notes name", "Copies title and heading for the notes.", "Y"),
    Command("calls.add", "plan", "Plans a call by hand.", "n", footer=True),
    Command("calls.take_in", "take in", "Takes in a calendar file.", "i"),
    Command("calls.edit", "edit", "Changes the call: time, people, link.", "e"),
    Command("calls.attach", "attach", "Attaches a document for the agenda.", "A"),
    Command("calls.cancel", "cancel", "Cancels it, with a reason.", "X"),
    Command("calls.past", "past", "Shows past calls, too; or hides them.", "H"),
    Command(
        "calls.mine",
        "mine",
        "Shows only the calls that you lead, or everybody's.",
        "w",
        footer=True,
    ),
    Command("calls.bell", "bell", "Silences the bell at join time, or lets it ring.", "B"),
    # Today
    Command("today.tick", "done", "Ticks it from here: a ritual, a step.", "space", footer=True),
    Command(
        "today.dismiss",
        "no list",
        "Hides the first steps, for you; again: shows them.",
        "X",
    ),
    Command("today.held", "took place", "Records that a past call took place.", "d,equals_sign", footer=True),
    Command(
        "today.missed",
        "missed",
        "Records that nobody came to a past call; shows whom to reach.",
        "E",
        footer=True,
    ),
    Command("today.moved", "moved", "Gives a call that did not take place another time.", "M"),
    Command("today.text", "text", "Writes the text of a ritual, drafted from the work.", "r"),
    # Playbooks
    Command(
        "playbooks.tick",
        "tick",
        "Ticks the step or takes the tick back; approves; answers yes or no.",
        "space",
        footer=True,
    ),
    Command("playbooks.begin", "begin", "Begins the playbook under the cursor.", "n", footer=True),
    Command("playbooks.fill", "fill in", "Fills in what the step asks for.", "e", footer=True),
    Command("playbooks.texts", "text", "Copies and shows the step's text.", "Y", footer=True),
    Command("playbooks.send_text", "send text", "Sends the step's text to the customer.", "r", footer=True),
    Command(
        "playbooks.open",
        "go on",
        "Starts the call or playbook that the step begins, or goes there.",
        "o",
    ),
    Command("playbooks.answer", "answer", "Answers the questions that decide which steps apply.", "Q"),
    Command("playbooks.skip", "leave out", "Skips a step, with a reason.", "s", footer=True),
    Command("playbooks.decline", "decline", "Refuses an approval, with a reason.", "exclamation_mark"),
    Command("playbooks.hand", "hand over", "Assigns a step to somebody.", "a", footer=True),
    Command("playbooks.again", "once more", "Begins another round of a step that repeats.", "ampersand"),
    Command("playbooks.cancel", "cancel", "Cancels the run, with a reason.", "X"),
    Command("playbooks.reopen", "reopen", "Reopens a run that was finished or cancelled.", "D"),
    Command(
        "playbooks.closed", "finished too", "Shows finished and cancelled runs, too; or hides them.", "H"
    ),
    Command("playbooks.out", "all of them", "Back to all playbooks.", "h,left"),
    # Customers
    Command("customers.add", "add", "Adds a customer or prospect.", "n", footer=True),
    Command("customers.edit", "edit", "Changes their data: tier, hosts, owners, notes.", "e", footer=True),
    Command("customers.work", "work", "Goes to one of their tickets, calls or playbooks.", "o", footer=True),
    Command("customers.contact", "contact", "Adds or changes a contact.", "A", footer=True),
    Command("customers.deal", "opportunity", "Adds or changes an opportunity.", "dollar_sign"),
    Command(
        "customers.follow", "follow", "Follows them: what they write is news for you. Again: no longer.", "f"
    ),
    Command("customers.touched", "in touch", "Records that we were in touch today.", "d", footer=True),
    # Team
    Command("team.add", "add", "Adds a person to the team.", "n", footer=True),
    Command(
        "team.edit",
        "edit",
        "Changes the person's data; answers the week's questions.",
        "e",
        footer=True,
    ),
    Command("team.away", "away", "Plans days off, and who covers.", "s", footer=True),
    Command("team.override", "stand in", "Puts somebody else on call for some days.", "a", footer=True),
    Command("team.swap", "swap", "Swaps the shift with another one.", "S"),
    Command("team.turns", "back to turns", "Ends an override or a swap.", "D"),
    Command("team.order", "order", "Changes the order of the on-call turns, from the next shift on.", "p"),
    Command("team.message", "message", "Copies the text to post: a reminder, the week's look back.", "r"),
    Command("team.unsent", "send again", "Sends a failed text again, copies it or drops it.", "R"),
    Command("team.ticket", "ticket", "Goes to a ticket that the documentation is to learn from.", "o"),
    Command("team.earlier", "week back", "The week before.", "comma"),
    Command("team.later", "week on", "The week after.", "full_stop"),
    Command("team.now", "this week", "Back to this week.", "0"),
)
