"""Modules of others that are loaded with a library, and that most commands do without: loaded when they are first used."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class Late(ModuleType):
    """Stands in the place of a module until something is asked of it, and goes on as that module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by Python itself, of a module that is being imported
            raise AttributeError(name)
        return getattr(self.loaded(), name)

    def loaded(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)

    def function(self, name: str) -> Callable[..., Any]:
        """One of its functions, for who takes it out of the module at once."""

        def called(*given: Any, **named: Any) -> Any:
            return getattr(self.loaded(), name)(*given, **named)

        return called


@contextmanager
def extensions() -> Iterator[None]:
    """As if typing_extensions were not installed."""
    if "typing_extensions" in sys.modules:
        yield
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    yield
    del sys.modules["typing_extensions"]


def schemas() -> None:
    """What msgspec has for JSON schemas."""
    sys.modules["msgspec.inspect"] = Late("msgspec.inspect")
    late = sys.modules["msgspec._json_schema"] = Late("msgspec._json_schema")
    for name in ("schema", "schema_components"):
        setattr(late, name, late.function(name))


@contextmanager
def platform(system: str) -> Iterator[None]:
    """`platform`, for who asks only what system this is. The real one is there afterwards, for whoever imports it."""
    if "platform" in sys.modules:
        yield
        return
    known = sys.modules["platform"] = Late("platform")
    vars(known)["system"] = lambda: system
    yield
    if sys.modules.get("platform") is known:
        del sys.modules["platform"]
