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
        "triage",
        footer=True,
    ),
    Command(
        "triage.take",
        "take",
        "Makes it yours; once more takes it over from somebody.",
        "t",
        "triage",
        footer=True,
    ),
    Command(
        "triage.next",
        "next",
        "Opens the most urgent ticket that nobody else has open.",
        "n",
        "triage",
        footer=True,
    ),
    Command(
        "triage.explain",
        "why",
        "Explains the due time, and what it would be otherwise.",
        "x",
        "triage",
        footer=True,
    ),
    Command(
        "triage.mark",
        "mark",
        "Marks the row: what you do next is done to all marked ones.",
        "space",
        "triage",
    ),
    Command(
        "triage.mark_all",
        "mark all",
        "Marks every row that is shown; once more takes the marks away.",
        "asterisk",
        "triage",
    ),
    Command("triage.assign", "assign", "Gives it to somebody, or to nobody.", "a", "triage"),
    Command(
        "triage.priority",
        "priority",
        "Changes priority or tier, seeing first what would be due.",
        "p",
        "triage",
    ),
    Command(
        "triage.label",
        "labels",
        "Puts labels on or takes them off; + ones wait for somebody outside.",
        "L",
        "triage",
    ),
    Command("triage.wait", "wait", "Waits for the customer.", "w", "triage"),
    Command("triage.snooze", "snooze", "Puts it away until a moment.", "z", "triage"),
    Command(
        "triage.resolve",
        "resolve",
        "Resolves it, and asks whether the documentation should know.",
        "s",
        "triage",
    ),
    Command("triage.reopen", "reopen", "Opens it again.", "o", "triage"),
    Command("triage.merge", "merge", "Merges it into another ticket, where it goes on.", "M", "triage"),
    Command(
        "triage.escalate",
        "escalate",
        "Shows who helps at which level, and writes the post that calls them.",
        "E",
        "triage",
    ),
    Command(
        "triage.received",
        "they wrote",
        "Writes down what the customer wrote or said another way: an answer is owed.",
        "R",
        "triage",
    ),
    Command("triage.note", "note", "Writes a note that no customer sees.", "c", "triage"),
    Command("triage.ask", "ask", "Drafts the question for the details that are missing.", "D", "triage"),
    Command("triage.details", "details", "Fills in what is known of the problem.", "d", "triage"),
    Command(
        "triage.issue",
        "issue",
        "Searches for a GitHub issue, opens a new one, tells the customer.",
        "i",
        "triage",
    ),
    Command("triage.steps", "checklist", "Ticks the steps of the ticket's checklists.", "K", "triage"),
    Command(
        "triage.edit", "edit", "Changes subject, customer, channel, key date and the like.", "e", "triage"
    ),
    Command("triage.create", "new ticket", "Writes down a request that came another way.", "C", "triage"),
    Command("triage.views", "views", "Goes to another view of the queue.", "v", "triage"),
    Command("triage.next_view", "next view", "Goes to the next view.", "right_square_bracket", "triage"),
    Command("triage.last_view", "view before", "Goes to the view before.", "left_square_bracket", "triage"),
    Command(
        "triage.keep_view", "keep view", "Keeps view and filter as a view for the whole team.", "V", "triage"
    ),
    Command(
        "triage.archive",
        "archive",
        "Takes what is resolved and archived into the list, or out of it.",
        "A",
        "triage",
    ),
    Command("triage.older", "older", "Shows the whole timeline, or only its newest part.", "O", "triage"),
    # Rituals
    Command(
        "rituals.tick",
        "tick",
        "Done; goes on to the next. What has boxes or steps unfolds.",
        "space",
        "rituals",
        footer=True,
    ),
    Command(
        "rituals.untick", "untick", "Takes back the newest tick, or the skip.", "x", "rituals", footer=True
    ),
    Command("rituals.skip", "skip", "Leaves it out this time, for a reason.", "s", "rituals", footer=True),
    Command(
        "rituals.note",
        "note",
        "Ticks with a note or a link; at a step, with its answers.",
        "n",
        "rituals",
    ),
    Command("rituals.mine", "mine", "Only what is mine, or everybody's.", "m", "rituals"),
    Command(
        "rituals.unfold", "unfold", "Shows its boxes or steps in the list, or hides them.", "o", "rituals"
    ),
    Command("rituals.earlier", "day back", "The day before.", "left_square_bracket", "rituals"),
    Command("rituals.later", "day on", "The day after.", "right_square_bracket", "rituals"),
    Command("rituals.now", "today's", "Back to today.", "t", "rituals"),
    Command("rituals.person", "person", "A year of whose it is, or of the ritual again.", "p", "rituals"),
    Command("rituals.add", "add", "Adds a ritual.", "a", "rituals"),
    Command("rituals.edit", "edit", "Changes what it is: name, DRI, rhythm.", "e", "rituals"),
    Command("rituals.retire", "retire", "Owed no more from today on; or again.", "R", "rituals"),
    # Calls
    Command(
        "calls.tick",
        "tick",
        "Done; the link and the documents are tried by a real request. On a call: shows its steps.",
        "space",
        "calls",
        footer=True,
    ),
    Command(
        "calls.nobody",
        "nobody here",
        "They are missing: shows whom to reach and how.",
        "m",
        "calls",
        footer=True,
    ),
    Command("calls.here", "they came", "The customer is there; ends the ladder.", "J", "calls"),
    Command("calls.over", "over", "Ends it: how it went, notes, the next step.", "D", "calls"),
    Command("calls.agree", "next step", "Writes down what was agreed: what, who, until when.", "n", "calls"),
    Command("calls.proof", "by hand", "Ticks a step by hand, with what proves it.", "p", "calls"),
    Command("calls.skip", "leave out", "Leaves a step out, for a reason.", "x", "calls"),
    Command("calls.slots", "other times", "Copies a message with two or three other times.", "s", "calls"),
    Command(
        "calls.slots_file",
        "times as file",
        "Writes the other times as a calendar file to attach.",
        "S",
        "calls",
    ),
    Command("calls.notes_name", "notes name", "Copies title and heading for the notes.", "t", "calls"),
    Command("calls.link", "video link", "Copies the link to join.", "L", "calls"),
    Command("calls.add", "plan", "Plans a call by hand.", "a", "calls"),
    Command("calls.take_in", "take in", "Takes in a calendar file.", "i", "calls"),
    Command("calls.edit", "edit", "Changes what is known of the call.", "e", "calls"),
    Command("calls.attach", "attach", "Attaches a document for the agenda.", "d", "calls"),
    Command("calls.cancel", "cancel", "It will not take place.", "X", "calls"),
    Command("calls.past", "past", "Shows those that are over, too; or no longer.", "o", "calls"),
    Command("calls.bell", "bell", "Silences the bell at join time, or lets it ring.", "b", "calls"),
    # Today
    Command("today.tick", "done", "Does it where it stands: a tick, a step.", "space", "today", footer=True),
    # Playbooks
    Command(
        "playbooks.tick",
        "tick",
        "Ticks the step, or takes its tick back; gives an approval; answers yes or no.",
        "space",
        "playbooks",
        footer=True,
    ),
    Command(
        "playbooks.begin", "begin", "Begins the playbook under the cursor.", "n", "playbooks", footer=True
    ),
    Command(
        "playbooks.fill", "fill in", "Writes down what the step asks for.", "e", "playbooks", footer=True
    ),
    Command("playbooks.texts", "text", "Copies and shows the step's text.", "t", "playbooks", footer=True),
    Command(
        "playbooks.open",
        "go on",
        "Begins what the step begins: a call, a playbook; once begun, goes there.",
        "o",
        "playbooks",
    ),
    Command("playbooks.answer", "answer", "Answers what decides which steps apply.", "a", "playbooks"),
    Command("playbooks.skip", "leave out", "Leaves a step out, with the reason.", "x", "playbooks"),
    Command("playbooks.decline", "decline", "Refuses an approval, with the reason.", "d", "playbooks"),
    Command("playbooks.hand", "hand over", "Gives a step to somebody.", "w", "playbooks"),
    Command("playbooks.again", "once more", "Begins another round of a step that repeats.", "r", "playbooks"),
    Command("playbooks.cancel", "cancel", "It will not be done.", "X", "playbooks"),
    Command("playbooks.reopen", "reopen", "It goes on after all.", "O", "playbooks"),
    Command(
        "playbooks.closed", "finished too", "Shows what is finished and cancelled, or not.", "z", "playbooks"
    ),
    Command("playbooks.out", "all of them", "Back to all playbooks.", "h,left", "playbooks"),
    # Customers
    Command("customers.add", "add", "Adds a customer or prospect.", "n", "customers", footer=True),
    Command("customers.edit", "edit", "Changes what is known of them.", "e", "customers", footer=True),
    Command(
        "customers.work",
        "work",
        "Goes to a ticket, call or playbook of theirs.",
        "o",
        "customers",
        footer=True,
    ),
    Command("customers.contact", "contact", "Adds or changes somebody there.", "c", "customers"),
    Command("customers.deal", "opportunity", "Adds or changes an opportunity.", "d", "customers"),
    Command("customers.touched", "in touch", "Writes down that we were in touch today.", "t", "customers"),
    # Team
    Command("team.add", "add", "Adds a person to the list.", "a", "team", footer=True),
    Command(
        "team.edit",
        "edit",
        "Changes what is written about the person; answers the look back.",
        "e",
        "team",
        footer=True,
    ),
    Command("team.away", "away", "Writes down days off, and who covers them.", "w", "team", footer=True),
    Command("team.override", "stand in", "Puts somebody else on call for some days.", "o", "team"),
    Command("team.swap", "swap", "Swaps the shift with another one.", "s", "team"),
    Command(
        "team.turns", "back to turns", "Ends what stands in for the turn: an override, a swap.", "x", "team"
    ),
    Command("team.order", "order", "Says who takes turns on call, from the next shift on.", "O", "team"),
    Command("team.message", "message", "Copies the text to post: a reminder, the look back.", "m", "team"),
    Command(
        "team.ticket", "ticket", "Goes to a ticket that asks something of the documentation.", "v", "team"
    ),
    Command("team.earlier", "week back", "The week before.", "left_square_bracket", "team"),
    Command("team.later", "week on", "The week after.", "right_square_bracket", "team"),
    Command("team.now", "this week", "Back to this week.", "t", "team"),
)
