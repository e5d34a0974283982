"""Ids of commands that earlier versions had and that are in people's keys.toml: each with the id that it has now."""

from __future__ import annotations

RENAMED = {
    **{
        f"triage.{verb}": f"board.{verb}"
        for verb in ("views", "next_view", "last_view", "keep_view", "mark_all")
    },
    "calls.link": "app.links",
}
