"""Choosing a view; keeping what is shown as one; another name for it; taking it off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fleettui.domain.views import SPLITS, View, Way, way_words
from fleettui.text.reading import listed
from screens.commands.effective import key_of, with_keys
from screens.dialogs.form import Form, FormField, Values
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Row, Today

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.shell.viewing import BoardViews

VIEW, KEEP, COLUMNS, RENAME, DROP, BRING_BACK = "view:", "keep", "columns", "rename", "drop", "bring back"
WHOSE = (("me", "nobody else sees it"), ("team", "everybody"))
YES_NO = (("no", "one list"), ("yes", "below a heading for each value"))


class ViewPicker(Picker[str]):
    COLUMNS = (
        Column("name", width=20, grow=2),
        Column("count", width=3, right=True),
        Column("about", width=20, grow=3, hide=1),
    )

    def __init__(self, views: BoardViews) -> None:
        super().__init__("", "Which view?", Today(f"{VIEW}{views.key}"))
        self._views = views

    def choices(self) -> Sequence[Row[str]]:
        views, here = self._views, self._views.current
        rows = [self._row(view) for view in views.all()]
        rows.append(_act(KEEP, "Keep what is shown as a view", key_of("board.keep_view")))
        rows.append(_act(COLUMNS, "Choose columns and order", key_of("board.columns")))
        if here.saved:
            rows.append(_act(RENAME, f"Rename {one_line(here.name)}", ""))
            rows.append(_act(DROP, f"Take off {one_line(here.name)}", "it can be brought back"))
        if views.dropped is not None:
            rows.append(_act(BRING_BACK, f"Bring back {one_line(views.dropped.name)}", "yours, taken off"))
        return rows

    def _row(self, view: View) -> Row[str]:
        counted = self._views.counts.counts.get(view.key)
        whose = "yours" if view.mine else "the team's" if view.saved else ""
        about = " · ".join(
            filter(None, (view.search or "everything", way_words(view.screen, view.way), whose))
        )
        count = "" if counted is None else f"{counted:,}"
        return Row(f"{VIEW}{view.key}", (one_line(view.name), (count, "accent"), (one_line(about), "muted")))


def _act(key: str, name: str, about: str) -> Row[str]:
    return Row(key, ((name, "accent"), "", (about, "muted")))


def choose_view(host: Host, views: BoardViews) -> None:
    def chosen(key: str | None) -> None:
        if key is None:
            return
        if key.startswith(VIEW):
            views.go_to(key.removeprefix(VIEW))
            return
        acts: dict[str, Callable[[], None]] = {
            KEEP: views.do_keep_view,
            COLUMNS: views.do_columns,
            RENAME: lambda: rename_view(host, views),
            DROP: lambda: drop_view(host, views),
            BRING_BACK: lambda: bring_back(host, views),
        }
        acts[key]()

    host.push_screen(ViewPicker(views), chosen)


def keep_view(host: Host, views: BoardViews) -> None:
    """All that is shown now, under a name."""
    view = views.current
    search = f"{view.search} {views.filter_text()}".strip()
    mine_only = host.workspace.views.why_not_for_team()
    fields = [
        FormField("name", "Name", view.name if view.saved else "", hint="what it is called"),
        FormField("search", "Search", search, hint="as after /"),
        FormField(
            "columns", "Columns", ", ".join(view.columns), hint=with_keys("all; [board.columns] chooses them")
        ),
        FormField("order", "Order", view.order, hint="as the screen has it"),
        FormField("grouped", "Groups", "yes" if view.grouped else "no", choices=YES_NO),
        FormField("split", "Page", view.split, choices=(("", "as each person has it"), *SPLITS.items())),
        FormField(
            "for",
            "For",
            "me" if mine_only or view.mine else "team",
            choices=WHOSE,
            about=mine_only,
        ),
    ]

    before = {field.name: field.value for field in fields}

    def save(typed: Values) -> View:
        now = before | typed
        columns = tuple(listed(now["columns"]))
        way = Way(columns, now["order"], now["grouped"] == "yes", now["split"])
        return host.workspace.views.save(
            views.screen, now["name"], now["search"], way, mine=now["for"] == "me"
        )

    def saved(kept: View) -> None:
        views.end_filter()
        views.go_to(kept.key)
        name = one_line(kept.name)
        host.say(
            f"“{name}” is a view of yours alone now."
            if kept.mine
            else with_keys(f"“{name}” is a view for everybody now. [app.undo] takes it back.")
        )

    form = Form(
        "Keep this as a view", fields, about=f"view of {views.screen}", save=save, saved=saved, as_it_is=True
    )
    host.push_screen(form)


def rename_view(host: Host, views: BoardViews) -> None:
    view = views.current

    def save(typed: Values) -> View:
        return host.workspace.views.rename(view, typed.get("name", view.name))

    def saved(kept: View) -> None:
        views.go_to(kept.key)
        host.say(f"It is called “{one_line(kept.name)}” now.")

    fields = [FormField("name", "Name", view.name, hint="what it is called")]
    host.push_screen(
        Form(
            f"Another name for {one_line(view.name)}", fields, about=f"view {view.id}", save=save, saved=saved
        )
    )


def drop_view(host: Host, views: BoardViews) -> None:
    view = views.current

    def gone(_: None) -> None:
        views.dropped = view if view.mine else views.dropped
        views.go_to(views.all()[0].key)
        back = "[board.views] brings it back." if view.mine else "[app.undo] brings it back."
        host.say(f"“{one_line(view.name)}” is taken off. {with_keys(back)}")

    host.write(lambda: host.workspace.views.drop(view), gone, keys_wait=True)


def bring_back(host: Host, views: BoardViews) -> None:
    view = views.dropped
    if view is None:
        return

    def back(kept: View) -> None:
        views.dropped = None
        views.go_to(kept.key)

    host.write(lambda: host.workspace.views.bring_back(view), back, keys_wait=True)
