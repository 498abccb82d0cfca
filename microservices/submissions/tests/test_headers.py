"""What is taken from headers before Django reads them."""

import pytest

from config.headers import client_of, content_type_plain
from config.refusals import UnsupportedMediaType


@pytest.mark.parametrize(
    "parameters",
    ["a*=x; a*0=y", f'a="{";" * 10_000}"', f"charset=utf-8; a={'a' * 300}"],
    ids=lambda text: ascii(text[:40]),
)
def test_parameters_that_are_not_parsed(parameters: str) -> None:
    text = f"application/json; {parameters}"
    assert content_type_plain(text, matters=False) == "application/json"
    with pytest.raises(UnsupportedMediaType):
        content_type_plain(text, matters=True)


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        (b"2001:db8:1:2::1", "2001:db8:1:2::/64"),
        (b"192.0.2.1, 2001:db8:1:2:ffff::3", "2001:db8:1:2::/64"),
        (b"2001:db8:1:3::1", "2001:db8:1:3::/64"),
        (b"::ffff:192.0.2.1", "192.0.2.1"),
        (b"192.0.2.1", "192.0.2.1"),
        (b"unknown", "unknown"),
    ],
)
def test_the_addresses_of_one_client_are_counted_as_one(forwarded: bytes, counted: str) -> None:
    assert client_of({"headers": [(b"x-forwarded-for", forwarded)]}) == counted


def test_without_an_edge_it_is_the_peer() -> None:
    assert client_of({"headers": [], "client": ("2001:db8:1:2::1", 5000)}) == "2001:db8:1:2::/64"
    assert client_of({"headers": []}) == ""
