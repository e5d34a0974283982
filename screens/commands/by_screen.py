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
        "triage.take", "take", "Makes it yours; once more takes it over from somebody.", "t", footer=True
    ),
    Command(
        "triage.next", "next", "Opens the most urgent ticket that nobody else has open.", "J", footer=True
    ),
    Command(
        "triage.resolve",
        "resolve",
        "Resolves it, and asks whether the documentation should know.",
        "d",
        footer=True,
    ),
    Command("triage.note", "note", "Writes a note that no customer sees.", "c", footer=True),
    Command("triage.snooze", "snooze", "Puts it away until a moment.", "s", footer=True),
    Command("triage.wait", "wait", "Waits for the customer.", "W", footer=True),
    Command("triage.assign", "assign", "Gives it to somebody, or to nobody.", "a", footer=True),
    Command(
        "triage.priority",
        "priority",
        "Changes priority or tier, seeing first what would be due.",
        "p",
        footer=True,
    ),
    Command(
        "triage.explain", "why", "Explains the due time, and what it would be otherwise.", "x", footer=True
    ),
    Command("triage.mark", "mark", "Marks the row: what you do next is done to all marked ones.", "space"),
    Command(
        "triage.label",
        "labels",
        "Puts labels on or takes them off; + ones wait for somebody outside.",
        "number_sign",
    ),
    Command("triage.reopen", "reopen", "Opens it again.", "D"),
    Command("triage.merge", "merge", "Merges it into another ticket, where it goes on.", "M"),
    Command(
        "triage.escalate",
        "escalate",
        "Shows who helps at which level, and writes the post that calls them.",
        "E",
    ),
    Command(
        "triage.received",
        "they wrote",
        "Writes down what the customer wrote or said another way. Sends an answer again that did not get through.",
        "R",
    ),
    Command(
        "triage.count", "count", "Counts a mail of ours that is only a note as the answer.", "equals_sign"
    ),
    Command("triage.ask", "ask", "Drafts the question for the details that are missing.", "Q"),
    Command("triage.details", "details", "Fills in what is known of the problem.", "P"),
    Command(
        "triage.issue", "issue", "Searches for a GitHub issue, opens a new one, tells the customer.", "i"
    ),
    Command(
        "triage.issues",
        "issues",
        "Lists wishes and bugs by how many they touch; closes one, so that customers are told.",
        "I",
    ),
    Command(
        "triage.files", "files", "Lists its files, and copies where one is or the line that fetches it.", "F"
    ),
    Command(
        "triage.follow", "follow", "What the customer writes there is news for you, too; or no longer.", "f"
    ),
    Command("triage.steps", "checklist", "Ticks the steps of the ticket's checklists.", "K"),
    Command("triage.edit", "edit", "Changes subject, customer, channel, key date and the like.", "e"),
    Command("triage.create", "new ticket", "Writes down a request that came another way.", "n"),
    Command(
        "triage.macro",
        "macro",
        "Lists ready texts with acts; shows what one would do, and does it as one change.",
        "semicolon",
    ),
    Command(
        "triage.archive", "archive", "Takes what is resolved and archived into the list, or out of it.", "H"
    ),
    Command(
        "triage.past",
        "how it stood",
        "Shows the queue as it stood at a moment; Esc comes back to now.",
        "comma",
    ),
    Command("triage.older", "older", "Shows the whole timeline, or only its newest part.", "O"),
    # Rituals
    Command(
        "rituals.tick",
        "tick",
        "Done; goes on to the next. What has boxes or steps unfolds.",
        "space,d",
        footer=True,
    ),
    Command("rituals.untick", "untick", "Takes back the newest tick, or the skip.", "D", footer=True),
    Command("rituals.skip", "skip", "Leaves it out this time, for a reason.", "s", footer=True),
    Command(
        "rituals.note", "note", "Ticks with a note or a link; at a step, with its answers.", "c", footer=True
    ),
    Command("rituals.text", "text", "Writes its text, drafted from tickets, calls and customers.", "r"),
    Command("rituals.mine", "mine", "Only what is mine, or everybody's.", "w", footer=True),
    Command("rituals.unfold", "unfold", "Shows its boxes or steps in the list, or hides them.", "o"),
    Command("rituals.earlier", "day back", "The day before.", "comma"),
    Command("rituals.later", "day on", "The day after.", "full_stop"),
    Command("rituals.now", "today's", "Back to today.", "0"),
    Command("rituals.person", "person", "A year of whose it is, or of the ritual again.", "O"),
    Command("rituals.add", "add", "Adds a ritual.", "n", footer=True),
    Command("rituals.edit", "edit", "Changes what it is: name, DRI, rhythm.", "e"),
    Command("rituals.retire", "retire", "Owed no more from today on; or again.", "X"),
    # Calls
    Command(
        "calls.tick",
        "tick",
        "Done; the link and the documents are tried by a real request. On a call: shows its steps.",
        "space",
        footer=True,
    ),
    Command(
        "calls.nobody", "nobody here", "They are missing: shows whom to reach and how.", "E", footer=True
    ),
    Command(
        "calls.held", "held", "It took place, for a call that nobody recorded; D adds notes.", "equals_sign"
    ),
    Command(
        "calls.rebook",
        "another time",
        "Closes a call that did not take place: a new one at another time, with its invitation to send.",
        "M",
        footer=True,
    ),
    Command("calls.here", "they came", "The customer is there; ends the ladder.", "C"),
    Command("calls.over", "over", "Ends it: how it went, notes, the next step.", "d", footer=True),
    Command("calls.agree", "next step", "Writes down what was agreed: what, who, until when.", "K"),
    Command("calls.proof", "by hand", "Ticks a step by hand, with what proves it.", "c"),
    Command("calls.skip", "leave out", "Leaves a step out, for a reason.", "s"),
    Command("calls.slots", "other times", "Copies a message with two or three other times.", "S"),
    Command("calls.slots_file", "times as file", "Writes the other times as a calendar file to attach.", "F"),
    Command("calls.send_text", "send text", "Sends the step's text to the customer.", "r", footer=True),
    Command("calls.notes_name", "notes name", "Copies title and heading for the notes.", "Y"),
    Command("calls.add", "plan", "Plans a call by hand.", "n", footer=True),
    Command("calls.take_in", "take in", "Takes in a calendar file.", "i"),
    Command("calls.edit", "edit", "Changes what is known of the call.", "e"),
    Command("calls.attach", "attach", "Attaches a document for the agenda.", "A"),
    Command("calls.cancel", "cancel", "It will not take place.", "X"),
    Command("calls.past", "past", "Shows those that are over, too; or no longer.", "H"),
    Command(
        "calls.mine",
        "mine",
        "Only the calls that I lead, or everybody's; / finds a leader's name.",
        "w",
        footer=True,
    ),
    Command("calls.bell", "bell", "Silences the bell at join time, or lets it ring.", "B"),
    # Today
    Command("today.tick", "done", "Does it where it stands: a tick, a step.", "space", footer=True),
    Command(
        "today.dismiss",
        "no list",
        "Takes the list of first steps away, for you; once more brings it back.",
        "X",
    ),
    Command("today.held", "held", "A call that nobody recorded took place.", "d,equals_sign", footer=True),
    Command(
        "today.missed",
        "missed",
        "Nobody came to a call that nobody recorded; shows the ladder.",
        "E",
        footer=True,
    ),
    Command("today.moved", "moved", "A call did not take place: gives it another time.", "M"),
    Command("today.text", "text", "Writes the text of a ritual, drafted from the work.", "r"),
    # Playbooks
    Command(
        "playbooks.tick",
        "tick",
        "Ticks the step, or takes its tick back; gives an approval; answers yes or no.",
        "space",
        footer=True,
    ),
    Command("playbooks.begin", "begin", "Begins the playbook under the cursor.", "n", footer=True),
    Command("playbooks.fill", "fill in", "Writes down what the step asks for.", "e", footer=True),
    Command("playbooks.texts", "text", "Copies and shows the step's text.", "Y", footer=True),
    Command("playbooks.send_text", "send text", "Sends the step's text to the customer.", "r", footer=True),
    Command(
        "playbooks.open",
        "go on",
        "Begins what the step begins: a call, a playbook; once begun, goes there.",
        "o",
    ),
    Command("playbooks.answer", "answer", "Answers what decides which steps apply.", "Q"),
    Command("playbooks.skip", "leave out", "Leaves a step out, with the reason.", "s", footer=True),
    Command("playbooks.decline", "decline", "Refuses an approval, with the reason.", "exclamation_mark"),
    Command("playbooks.hand", "hand over", "Gives a step to somebody.", "a", footer=True),
    Command("playbooks.again", "once more", "Begins another round of a step that repeats.", "ampersand"),
    Command("playbooks.cancel", "cancel", "It will not be done.", "X"),
    Command("playbooks.reopen", "reopen", "It goes on after all.", "D"),
    Command("playbooks.closed", "finished too", "Shows what is finished and cancelled, or not.", "H"),
    Command("playbooks.out", "all of them", "Back to all playbooks.", "h,left"),
    # Customers
    Command("customers.add", "add", "Adds a customer or prospect.", "n", footer=True),
    Command("customers.edit", "edit", "Changes what is known of them.", "e", footer=True),
    Command("customers.work", "work", "Goes to a ticket, call or playbook of theirs.", "o", footer=True),
    Command("customers.contact", "contact", "Adds or changes somebody there.", "A", footer=True),
    Command("customers.deal", "opportunity", "Adds or changes an opportunity.", "dollar_sign"),
    Command("customers.follow", "follow", "What they write is news for you, too; or no longer.", "f"),
    Command("customers.touched", "in touch", "Writes down that we were in touch today.", "d", footer=True),
    # Team
    Command("team.add", "add", "Adds a person to the list.", "n", footer=True),
    Command(
        "team.edit",
        "edit",
        "Changes what is written about the person; answers the look back.",
        "e",
        footer=True,
    ),
    Command("team.away", "away", "Writes down days off, and who covers them.", "s", footer=True),
    Command("team.override", "stand in", "Puts somebody else on call for some days.", "a", footer=True),
    Command("team.swap", "swap", "Swaps the shift with another one.", "S"),
    Command("team.turns", "back to turns", "Ends what stands in for the turn: an override, a swap.", "D"),
    Command("team.order", "order", "Says who takes turns on call, from the next shift on.", "p"),
    Command("team.message", "message", "Copies the text to post: a reminder, the look back.", "r"),
    Command(
        "team.unsent", "send again", "Sends a text again that did not get through, copies or leaves it.", "R"
    ),
    Command("team.ticket", "ticket", "Goes to a ticket that asks something of the documentation.", "o"),
    Command("team.earlier", "week back", "The week before.", "comma"),
    Command("team.later", "week on", "The week after.", "full_stop"),
    Command("team.now", "this week", "Back to this week.", "0"),
)
