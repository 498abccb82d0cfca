"""One edge in front of two services and a store, for all tests that change none."""

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
def _store() -> Iterator[Service]:
    with running("store") as service:
        yield service


@pytest.fixture(scope="session")
def edge(
    tmp_path_factory: pytest.TempPathFactory,
    _accounts: Service,
    _submissions: Service,
    _store: Service,
) -> Iterator[Edge]:
    edge = Edge(
        tmp_path_factory.mktemp("edge"),
        ACCOUNTS_UPSTREAMS=f"127.0.0.1:{_accounts.port}",
        SUBMISSIONS_UPSTREAMS=f"127.0.0.1:{_submissions.port}",
        OBJECT_STORE_URL=f"http://127.0.0.1:{_store.port}",
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


@pytest.fixture
def store(_store: Service) -> Service:
    _store.received.clear()
    return _store
