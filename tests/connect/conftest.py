"""A local HTTPS server, and the authority whose certificates it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.certificates import Certificates, certificates
from tests.support.https_server import HttpsServer, https_server


@pytest.fixture
def trusted(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
def server(trusted: Certificates) -> Iterator[HttpsServer]:
    with https_server(trusted) as running:
        yield running
