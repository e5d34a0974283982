"""The commands that work on more than one screen: anywhere, in lists, texts and dialogs."""

from __future__ import annotations

from screens.commands.command import Command


def _go(number: int, screen: str, what: str) -> Command:
    return Command(f"go.{screen}", screen.capitalize(), what, str(number))


EVERYWHERE: tuple[Command, ...] = (
    # Anywhere
    _go(1, "today", "What needs you now: who is here, what is open, what changed."),
    _go(2, "rituals", "The team's recurring duties."),
    _go(3, "calls", "Customer calls and what prepares them."),
    _go(4, "triage", "The support queue and what it promises."),
    _go(5, "playbooks", "Checklists for what is done on demand."),
    _go(6, "team", "Who we are, who is away, who covers."),
    _go(7, "customers", "Whom we work for and reach out to, and all that concerns them."),
    Command("app.customer", "customer", "Goes to the customer that is in front of you.", "at"),
    Command(
        "app.links",
        "links",
        "Opens a link of what is in front of you, or copies it; asks where there are several.",
        "L",
    ),
    Command("app.inbox", "inbox", "Shows what concerns you, newest first; Enter goes there.", "b"),
    Command("app.help", "help", "Shows the keys that work here.", "question_mark", footer=True),
    Command(
        "app.palette",
        "find",
        "Finds everything by its name: commands, tickets, customers, people, calls, rituals, runs, views, settings.",
        "ctrl+p",
        footer=True,
        while_typing=True,
    ),
    Command("app.find", "find", "Finds everything by its name, as Ctrl+P.", "colon", named=False),
    Command("app.back", "back", "Back to where you were: screen, row, opened page.", "less_than_sign,ctrl+o"),
    Command(
        "app.forward",
        "forward",
        "Forward again, after going back. Ctrl+I works where your terminal tells it from Tab.",
        "greater_than_sign,ctrl+i",
    ),
    Command(
        "app.undo",
        "undo",
        "Takes back your last change of this session, after it was saved. Asks before anything else.",
        "u",
    ),
    Command("app.redo", "redo", "Does again what undo took back, until your next change.", "U"),
    Command("app.copy", "copy", "Copies what is in front of you to your terminal's clipboard.", "y"),
    Command(
        "app.theme",
        "theme",
        "Changes the colours: dark, light, your terminal's own 16, or those of your files.",
        "T",
    ),
    Command(
        "app.redraw", "redraw", "Draws the whole screen again, after something else wrote over it.", "ctrl+l"
    ),
    Command(
        "app.suspend",
        "to the shell",
        "Stops fleettui and goes to the shell that it was started from; fg brings it back.",
        "ctrl+z",
        while_typing=True,
    ),
    Command("app.leave", "leave", "Leaves; what you typed stays as a draft.", "q"),
    Command(
        "app.leave_now",
        "leave",
        "Leaves, also while you are typing.",
        "ctrl+q",
        while_typing=True,
        named=False,
    ),
    Command(
        "app.how_to_leave",
        "how to leave",
        "Copies what is selected in a text; else says how to leave.",
        "ctrl+c",
        while_typing=True,
        named=False,
    ),
    # Every list
    Command("list.down", "down", "One row down.", "j,down"),
    Command("list.up", "up", "One row up.", "k,up"),
    Command("list.page_down", "page down", "One page down.", "pagedown,ctrl+d"),
    Command("list.page_up", "page up", "One page up.", "pageup,ctrl+u"),
    Command("list.top", "first", "To the first row.", "g,home"),
    Command("list.bottom", "last", "To the last row.", "G,end"),
    Command("list.open", "open", "Opens the row.", "enter,l,right", footer=True),
    # Every screen with a list and the thing itself
    Command(
        "board.filter",
        "filter",
        "Shows only rows that match: words, fields such as is:mine, a minus, OR.",
        "slash",
        footer=True,
    ),
    Command("board.back", "every row", "Takes the filter away; where there is none, the marks.", "escape"),
    Command("board.mark", "mark", "Marks the row: what you do next is done to all marked ones.", "m"),
    Command(
        "board.mark_all",
        "mark all",
        "Marks every row of this kind that is shown; once more takes the marks away.",
        "asterisk",
    ),
    Command(
        "board.turn",
        "turn",
        "Puts the page below the list, or beside it; where only one is seen, shows both.",
        "vertical_line",
    ),
    Command(
        "board.zoom", "zoom", "Shows only the list or the page, whichever has the keys; or both again.", "z"
    ),
    Command(
        "board.larger", "larger", "Gives more room to the list or the page, whichever has the keys.", "plus"
    ),
    Command("board.smaller", "smaller", "Gives it less room.", "minus"),
    Command("board.lines", "lines", "Two lines for each row, or one.", "underscore"),
    Command("board.views", "views", "Goes to another view; keeps, renames and takes off views.", "v"),
    Command("board.next_view", "next view", "Goes to the next view.", "right_square_bracket"),
    Command("board.last_view", "view before", "Goes to the view before.", "left_square_bracket"),
    Command(
        "board.keep_view",
        "keep view",
        "Keeps what is shown as a view, for the team or for yourself: search, columns, order, split.",
        "V",
    ),
    Command(
        "board.columns",
        "columns",
        "Chooses columns and their order, and by what the rows are ordered.",
        "backslash",
    ),
    # Columns and order of a list
    Command(
        "arrange.toggle",
        "choose",
        "Shows the column or leaves it out; orders by the field, up or down.",
        "space",
        footer=True,
    ),
    Command("arrange.keep", "keep", "Keeps it so until you go to another view.", "enter", footer=True),
    Command("arrange.earlier", "to the left", "Moves the column further to the left.", "left,h", footer=True),
    Command("arrange.later", "to the right", "Moves it further to the right.", "right,l", footer=True),
    Command("arrange.close", "as before", "Back, with everything as it was.", "escape", footer=True),
    Command("arrange.down", "down", "One row down.", "j,down"),
    Command("arrange.up", "up", "One row up.", "k,up"),
    # The filter line
    Command("filter.done", "keep", "Back to the list; the filter stays.", "enter", footer=True),
    Command("filter.clear", "clear", "Back to the list; every row again.", "escape", footer=True),
    Command("filter.take", "take", "Takes the word that is offered first.", "tab", footer=True),
    Command("filter.down", "down", "One row down; of past searches the next one.", "down"),
    Command("filter.up", "past searches", "Brings back what you searched for before; else one row up.", "up"),
    # Text that is longer than its place
    Command("page.back", "back", "Back to the list.", "escape,h,left", footer=True),
    Command("page.down", "down", "One line down.", "j,down"),
    Command("page.up", "up", "One line up.", "k,up"),
    Command("page.page_down", "page down", "One page down.", "pagedown,space,ctrl+d"),
    Command("page.page_up", "page up", "One page up.", "pageup,ctrl+u"),
    Command("page.top", "start", "To the first line.", "g,home"),
    Command("page.bottom", "end", "To the last line.", "G,end"),
    Command("page.find", "find in it", "Searches in this text.", "slash", footer=True),
    Command("page.next_match", "next", "To the next place with the words.", "n", footer=True),
    Command("page.last_match", "before", "To the place before with the words.", "N", footer=True),
    Command(
        "finding.done", "keep", "Back to the text: n and N go from place to place.", "enter", footer=True
    ),
    Command("finding.end", "end", "Ends the search in the text.", "escape", footer=True),
    Command("finding.down", "next", "To the next place.", "down", footer=True),
    Command("finding.up", "before", "To the place before.", "up"),
    # Forms
    Command("form.save", "save", "Saves what the form says.", "ctrl+s", footer=True),
    Command("form.next", "next field", "To the next field.", "enter,down", footer=True),
    Command("form.close", "close", "Closes; what you typed stays as a draft.", "escape", footer=True),
    Command("form.reset", "start over", "Every field as it was; the draft goes.", "ctrl+r", footer=True),
    Command(
        "form.take",
        "choose",
        "Shows all that the field can be; takes the name that is suggested for one that nobody has.",
        "ctrl+t",
    ),
    Command(
        "form.editor",
        "editor",
        "Writes the field in your own editor ($VISUAL or $EDITOR).",
        "ctrl+e",
        while_typing=True,
    ),
    Command("form.previous", "previous", "To the field before.", "up"),
    # Choosing from a list by typing
    Command("picker.choose", "choose", "Takes the row.", "enter", footer=True),
    Command("picker.close", "close", "Back, with nothing chosen.", "escape", footer=True),
    Command("picker.down", "down", "One row down.", "down,ctrl+n"),
    Command("picker.up", "up", "One row up.", "up"),
    # What a calendar file would do
    Command("preview.take", "take", "Takes what has a ✓.", "enter", footer=True),
    Command(
        "preview.toggle",
        "take or leave",
        "Takes what is left out, or leaves out what would be taken; of a series all.",
        "space",
        footer=True,
    ),
    Command("preview.close", "close", "Back, with nothing taken.", "escape", footer=True),
    Command("preview.down", "down", "One row down.", "j,down"),
    Command("preview.up", "up", "One row up.", "k,up"),
    Command("preview.page_down", "page down", "One page down.", "pagedown,ctrl+d"),
    Command("preview.page_up", "page up", "One page up.", "pageup,ctrl+u"),
    # Help
    Command("help.close", "close", "Back to where you were.", "escape,h,left,q", footer=True),
    # Writing an answer, a note, a post
    Command(
        "composer.send",
        "send",
        "Sends it where it leaves by itself; else copies the text and records it as sent.",
        "ctrl+s",
        footer=True,
        while_typing=True,
    ),
    Command(
        "composer.send_and_wait",
        "send, wait",
        "Sends, and waits for the customer.",
        "f3",
        footer=True,
        while_typing=True,
    ),
    Command(
        "composer.record",
        "only record",
        "Records and copies an answer that would leave by itself.",
        "f2",
        while_typing=True,
    ),
    Command(
        "composer.template", "template", "Chooses a ready text.", "ctrl+t", footer=True, while_typing=True
    ),
    Command(
        "composer.preview",
        "preview",
        "Shows the text as it leaves, and what is still missing.",
        "ctrl+o",
        footer=True,
        while_typing=True,
    ),
    Command(
        "composer.copy", "copy", "Copies the text to your terminal's clipboard.", "ctrl+b", while_typing=True
    ),
    Command(
        "composer.gap",
        "next gap",
        "Goes to the next thing that is to be filled in.",
        "ctrl+g",
        while_typing=True,
    ),
    Command("composer.down", "down", "One line down; among names one name.", "ctrl+n", while_typing=True),
    Command(
        "composer.reset",
        "start over",
        "Empties the text; Ctrl+Z brings it back.",
        "ctrl+r",
        while_typing=True,
    ),
    Command(
        "composer.editor",
        "editor",
        "Writes the text in your own editor ($VISUAL or $EDITOR).",
        "ctrl+e",
        while_typing=True,
    ),
    Command("composer.close", "close", "Closes; what you typed stays as a draft.", "escape", footer=True),
    # A longer text over a screen
    Command("sheet.close", "close", "Back to where you were.", "escape,x,q", footer=True),
    # What would be done to several, one after the other
    Command("walk.take", "do it", "Does what is shown, to all of them.", "enter", footer=True),
    Command(
        "walk.edit", "edit the text", "Opens the text, to be changed before it leaves.", "e", footer=True
    ),
    Command("walk.on", "next", "Shows the next of them.", "right,l", footer=True),
    Command("walk.before", "before", "Shows the one before.", "left,h", footer=True),
    Command("walk.down", "down", "One line down.", "j,down"),
    Command("walk.up", "up", "One line up.", "k,up"),
    Command("walk.page_down", "page down", "One page down.", "pagedown,space"),
    Command("walk.page_up", "page up", "One page up.", "pageup"),
    Command("walk.close", "close", "Back, with nothing done.", "escape", footer=True),
    # What concerns me
    Command("inbox.seen", "seen", "Marks the row as seen.", "space", footer=True),
    Command("inbox.all", "all seen", "Marks everything as seen.", "X", footer=True),
    Command("inbox.follow", "follow", "Follows what the row is about, or no longer.", "f", footer=True),
    Command("inbox.settings", "settings", "Says what rings, how, and when not.", "e", footer=True),
    Command("inbox.close", "close", "Back to where you were.", "escape,q", footer=True),
    # The plain mode
    Command("plain.number", "row", "Goes to the row with the number that you type.", "percent_sign"),
    Command("number.close", "close", "Back to where you were.", "escape", footer=True),
    # The tour
    Command("tour.next", "skip step", "Goes on without it.", "f9", footer=True, while_typing=True),
    # Columns of lists
    Command("columns.left", "left", "To the column at the left.", "left,h", named=False),
    Command("columns.right", "right", "To the column at the right.", "right,l", named=False),
)
