"""The WSGI environment of a request."""

from config.bridge import environ_of


def test_a_header_with_an_underscore_adds_nothing_to_that_of_the_edge() -> None:
    """Otherwise a client could add its own address to those that limits are counted by."""
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "raw_path": b"/api/v1/submissions",
        "query_string": b"",
        "headers": [
            (b"x-forwarded-for", b"192.0.2.1"),
            (b"x_forwarded_for", b"198.51.100.1"),
            (b"x_other", b"1"),
        ],
    }
    environ = environ_of(scope)
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert "HTTP_X_OTHER" not in environ
