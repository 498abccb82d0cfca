"""The web process that the tests of its socket share: a start takes longer than most of them."""

from collections.abc import Iterator

import pytest

from tests.flows.gateway import web_process
from tests.flows.processes import Processes


@pytest.fixture(scope="package")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Yield a web process without a worker. The last test that uses it ends the process."""
    with web_process(tmp_path_factory.mktemp("gateway")) as web:
        web.sign_in()
        yield web
