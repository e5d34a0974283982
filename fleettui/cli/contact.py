"""GTM-3 on the command line: who is not to be contacted is reached out to only where somebody says that it is meant."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from fleettui.domain.customers.outreach import DoNotContact
from fleettui.errors import Refused

DESPITE = "--despite-do-not-contact"


def add_despite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        DESPITE,
        "--despite",
        dest="despite",
        action="store_true",
        help="also where they are not to be contacted (GTM-3)",
    )


@contextmanager
def unless_meant(options: argparse.Namespace) -> Iterator[None]:
    """Around the question of the workspace: refused with the word that does it all the same, or not asked."""
    try:
        yield
    except DoNotContact as error:
        if not options.despite:
            raise Refused(f"{error.text}; if it is meant, with {DESPITE}", field="customer") from None
