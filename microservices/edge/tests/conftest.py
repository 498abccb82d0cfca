"""One edge in front of two services, for all tests that change neither."""

from collections.abc import Iterator

import pytest

from tests.upstream import Edge, Service, running


@pytest.fixture(scope="session")
def _accounts() -> Iterator[Service]:
    with running("accounts") as service:
        yield service


@pytest.fixture(scope="session")
def _submissions() -> Iterator[Service]:
    with running("submissions") as service:
        yield service


@pytest.fixture(scope="session")
def edge(
    tmp_path_factory: pytest.TempPathFactory, _accounts: Service, _submissions: Service
) -> Iterator[Edge]:
    edge = Edge(
        tmp_path_factory.mktemp("edge"),
        ACCOUNTS_UPSTREAMS=f"127.0.0.1:{_accounts.port}",
        SUBMISSIONS_UPSTREAMS=f"127.0.0.1:{_submissions.port}",
    )
    yield edge
    edge.stop()


@pytest.fixture
def accounts(_accounts: Service) -> Service:
    _accounts.received.clear()
    return _accounts


@pytest.fixture
def submissions(_submissions: Service) -> Service:
    _submissions.received.clear()
    return _submissions
