"""The command line, and what it spares each command of: modules that msgspec loads with itself.

msgspec takes a few names from typing_extensions where that is installed, as it is with Textual, and with it `inspect`, `ast` and
more: 10 ms of each command. All of these names are in Python's own typing, which it takes otherwise. So it is loaded here as if
typing_extensions were not there, before anything else runs. What it has for JSON schemas is loaded when somebody first uses it
(`late`: 3 ms), and so is Python's `platform`, of which `uuid` asks only the name of the system (2 ms).
"""

import os
import sys

if "msgspec" not in sys.modules:
    from fleettui.cli import late

    late.schemas()
    with late.extensions(), late.platform(os.uname().sysname):
        import msgspec  # noqa: F401
