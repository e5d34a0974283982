"""What a start does without is there for who uses it."""

import subprocess
import sys

import msgspec
import pytest
from rich.cells import cell_len

from fleettui.text import cleaning

ASKED = """
import sys
import fleettui.cli
assert "textwrap" not in sys.modules and "platform" not in sys.modules
import platform, uuid
import msgspec
from msgspec import inspect

class Row(msgspec.Struct):
    name: str

assert platform.machine() and platform.system() and uuid.uuid4()
assert isinstance(inspect.type_info(Row), inspect.StructType)
assert msgspec.json.schema(Row)["$defs"]["Row"]["required"] == ["name"]
assert msgspec.json.schema_components([Row])
import msgspec.inspect
assert type(msgspec.inspect.__loader__).__name__ == "SourceFileLoader"
"""


@pytest.mark.slow
def test_what_is_loaded_late_is_the_real_thing() -> None:
    subprocess.run([sys.executable, "-c", ASKED], check=True)


def test_what_counts_as_one_column_takes_one_in_a_terminal() -> None:
    signs = [chr(number) for part in cleaning.SINGLE_COLUMN for number in part]
    assert [sign for sign in signs if cell_len(sign) != 1] == []
    assert cell_len("".join(signs)) == len(signs)


def test_texts_are_measured_and_cut_alike_with_and_without_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["● Zoë: “Größe” …", "a" * 30 + "→", "世界 ·", "e\u0301 ✗", "👩‍👩‍👧 ·", "plain"]
    with_rich = [[cleaning.padded(text, columns) for columns in range(1, 40)] for text in texts]
    monkeypatch.delitem(sys.modules, "rich.cells")
    assert [[cleaning.padded(text, columns) for columns in range(1, 40)] for text in texts] == with_rich


def test_a_struct_is_described_whoever_loaded_msgspec() -> None:
    assert msgspec.json.schema(int) == {"type": "integer"}
