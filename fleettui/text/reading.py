"""Yes and no as people and scripts write them."""

from __future__ import annotations

from typing import Any

from fleettui.errors import Refused

_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}


def yes_or_no(field: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    answer = _ANSWERS.get(str(value).strip().casefold())
    if answer is None:
        raise Refused("write yes or no", field=field)
    return answer
