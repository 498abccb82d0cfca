"""Record errors in a page's console and requests."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

# The browser's own line for every response ≥ 400; responses are checked themselves.
REFUSED = "Failed to load resource"


class Watch:
    """Errors, warnings, violations of the security policy, and requests to other hosts."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._origin = ""

    def attach(self, page: Page, site_url: str) -> None:
        """Start recording."""
        self._origin = site_url
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("response", self._response)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.faults.append(f"console {message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self.faults.append(f"uncaught: {error}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not urlsplit(response.url).path.startswith("/api/"):
            self.faults.append(f"{response.status} for {response.url}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "blob:", "data:")):
            self.faults.append(f"request to another host: {request.url}")
