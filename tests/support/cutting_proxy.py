"""A line between a client and a server of this machine that is cut now and then, in the middle of whatever is said."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress


class CuttingProxy:
    """`often`: how many of its connections are cut, from 0 to 1, each after some of its bytes."""

    def __init__(self, port: int, random_: random.Random, often: float = 0.3, longest: int = 12_000) -> None:
        self.often, self.cuts = often, 0
        self._to, self._random, self._longest = port, random_, longest
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to), 10)
        except OSError:
            near.close()
            return
        cut = self._random.random() < self.often
        left = [self._random.randint(1, self._longest) if cut else 1 << 60]
        for one_way in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(*one_way, left), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                piece = content[: max(left[0], 0)]
                left[0] -= len(content)
                target.sendall(piece)
                if left[0] <= 0:
                    self.cuts += 1
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        self._server.close()
