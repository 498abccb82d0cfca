"""Normalized email addresses."""

import pytest
from django.core.exceptions import ValidationError

from accounts.emails import email_normalize


@pytest.mark.parametrize(
    ("raw", "normalized"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada@EXAMPLE.org ", "ada@example.org"),
        ("ada+tag@example.org", "ada+tag@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@\uff25\uff38\uff21\uff2d\uff30\uff2c\uff25.org", "ada@example.org"),
        ("ada@example\u3002org", "ada@example.org"),
    ],
)
def test_spellings_of_one_email(raw: str, normalized: str) -> None:
    assert email_normalize(raw) == normalized
    assert email_normalize(normalized) == normalized


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@example.org.",
        "ada@-example.org",
        "ada@example..org",
        "ada@exa mple.org",
        "a da@example.org",
        "ada@\u202eexample.org",
        "\u0430da@example.org",  # the first letter is Cyrillic
        "\uff41da@example.org",
        "ada@example.org\nbcc: all@example.org",
        "ada\x00@example.org",
        "a" * 65 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".example.org",
        "ada@" + "a" * 64 + ".org",
    ],
)
def test_what_is_no_email(raw: str) -> None:
    with pytest.raises(ValidationError):
        email_normalize(raw)
