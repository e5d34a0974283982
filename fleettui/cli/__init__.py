"""The command line.

msgspec takes a few names from typing_extensions where that is installed, as it is with Textual, and with it `inspect`, `ast` and
more: 10 ms of each command. All of these names are in Python's own typing, which it takes otherwise. So it is loaded here as if
typing_extensions were not there, before anything else runs.
"""

import sys

if "typing_extensions" not in sys.modules:
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]
