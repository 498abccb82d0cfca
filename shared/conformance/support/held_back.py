"""An upload whose body stops before its end."""

import socket
import ssl

from support.client import Api


def held_back(api: Api, *headers: str, sent_bytes: int) -> bytes:
    """Return the response to a body of 9 MB of which only so much is sent."""
    url = api.http.base_url
    head = [
        "POST /api/v1/submissions HTTP/1.1",
        f"Host: {url.host}",
        "Content-Type: multipart/form-data; boundary=b",
        "Content-Length: 9000000",
        *headers,
    ]
    port = url.port or (443 if url.scheme == "https" else 80)
    with socket.create_connection((url.host, port), timeout=40) as plain:
        secure = ssl.create_default_context() if url.scheme == "https" else None
        connection = secure.wrap_socket(plain, server_hostname=url.host) if secure else plain
        connection.sendall("\r\n".join([*head, "", ""]).encode() + bytes(sent_bytes))
        received = b""
        while b"}" not in received and (data := connection.recv(65536)):
            received += data
        return received
