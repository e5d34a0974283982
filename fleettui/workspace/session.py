"""Who acts, when, on which store: what every verb needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fleettui.store.protocol import Stamp, Store
from fleettui.time.clock import Clock


@dataclass(frozen=True)
class Session:
    store: Store
    login: str
    clock: Clock

    def now(self) -> datetime:
        return self.clock()

    def stamp(self, verb: str, why: str = "") -> Stamp:
        return Stamp(by=self.login, at=self.clock(), verb=verb, why=why)
