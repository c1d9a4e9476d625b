"""What the tests of the transparency list share: both ways to one target."""

from __future__ import annotations

import pytest

from tests.end_to_end.support.client import SshClient
from tests.end_to_end.support.routes import Routes, make_routes


@pytest.fixture
def routes(direct: SshClient, ssh: SshClient) -> Routes:
    """The same target, direct and through a hop."""
    return make_routes(direct, ssh)
