"""The submissions at the start of a run, and the order of the modules."""

from urllib.parse import quote
from uuid import uuid4

from support.gallery import Gallery
from support.images import BAD, IMAGES, fixture

# First cases that need no worker; then those that read the submissions of the start; then those
# that create their own and need an idle worker.
_MODULES = (
    "test_accounts",
    "test_tokens",
    "test_authentication",
    "test_protocol",
    "test_page",
    "test_schema",
    "test_image_urls",
    "test_uploads",
    "test_idempotency",
    "test_listing",
    "test_schemathesis",
    "test_state_machine",
    "test_bodies",
    "test_images",
    "test_failures",
    "test_reading",
    "test_ownership",
    "test_deletion",
    "test_open_submissions",
)
ORDER = {name: place for place, name in enumerate(_MODULES, start=1)}

_PORTRAIT = "file=images/portrait.jpg"
BY_ADDRESS = {
    "plain": "/files/images/portrait.jpg",
    "png": "/files/images/rgb.png",
    "gif": "/files/images/first-frame-face.gif",
    "webp": "/files/images/lossy.webp",
    "one-redirect": "/redirect/1?to=/files/images/portrait.jpg",
    "three-redirects": "/redirect/3?to=/files/images/portrait.jpg",
    # Locations as servers write them and browsers read them; each is escaped once for the query
    "redirect-with-spaces": "/redirect-raw?location=" + quote(f"/as/my photo.jpg?{_PORTRAIT}  "),
    "redirect-in-latin-1": f"/redirect-raw?location=/as/caf%E9.jpg?{quote(_PORTRAIT)}",
    "redirect-in-utf-8": f"/redirect-raw?location=/as/caf%C3%A9.jpg?{quote(_PORTRAIT)}",
    "redirect-with-a-fragment": "/redirect-raw?location=/files/images/portrait.jpg%23the%20face",
    "redirect-with-backslashes": "/redirect-raw?location=%5Cfiles%5Cimages%5Cportrait.jpg",
    "redirect-relative": "/redirect-raw?location=files/../files/images/portrait.jpg",
    "redirect-folded": "/redirect-raw?location=%0D%0A%20/files/images/portrait.jpg",
    "hints": f"/interim?count=1&{_PORTRAIT}",
    "many-interim-responses": f"/interim?count=20&status=102&{_PORTRAIT}",
    "continue": f"/interim?count=2&status=100&{_PORTRAIT}",
    "hints-before-a-redirect": "/interim?count=1&to=/interim%3Fcount%3D2",
    "no-length": f"/no-length?{_PORTRAIT}",
    "slow": "/slow?seconds=0.5&file=images/portrait.jpg",
    "wrong-media-type": "/as/page.html?type=text/html&file=images/portrait.jpg",
    "failing-twice": "/flaky?key={key}&failures=2&file=images/portrait.jpg",
    "over-the-deadline-once": "/slow-once?key={key}&seconds=12&file=images/portrait.jpg",
}

# Name → target of /redirect-to; none of them may be requested
FORBIDDEN_TARGETS = {
    "loopback": "http://127.0.0.1/",
    "loopback-port": "http://127.0.0.1:8078/",
    "loopback-short": "http://127.1/",
    "loopback-decimal": "http://2130706433/",
    "loopback-octal": "http://0177.0.0.1/",
    "loopback-hex": "http://0x7f.0.0.1/",
    "loopback-v6": "http://[::1]/",
    "loopback-mapped": "http://[::ffff:127.0.0.1]/",
    "loopback-nat64": "http://[64:ff9b::7f00:1]/",
    "localhost": "http://localhost/",
    "any": "http://0.0.0.0/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata-v6": "http://[fd00:ec2::254]/",
    "private-10": "http://10.0.0.1/",
    "private-172": "http://172.16.0.1/",
    "private-192": "http://192.168.0.1/",
    "shared": "http://100.64.0.1/",
    "user-info": "http://user@example.org/",
    "other-port": "http://example.org:22/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1/",
    "data": "data:image/png;base64,AAAA",
    "slashes-backwards": "\\\\127.0.0.1\\",
    "slashes-mixed": "/\\127.0.0.1/",
    "spaces-around": "  http://127.0.0.1/  ",
    "tab-inside": "http://127.0\t.0.1/",
    "full-width": "http://１２７.0.0.1/",  # noqa: RUF001 - intended
}

# Name → (path at the image server, code)
FAILING_PATHS = {
    "not-found": ("/status/404", "image-unreachable"),
    "forbidden-by-server": ("/status/403", "image-unreachable"),
    "server-error": ("/status/500", "image-unreachable"),
    "four-redirects": ("/redirect/4?to=/files/images/portrait.jpg", "image-unreachable"),
    "interim-without-end": ("/interim?count=100000", "image-unreachable"),
    "two-locations": (
        "/redirect-raw?location=/files/images/portrait.jpg%0D%0ALocation:%20/files/load.jpg",
        "image-unreachable",
    ),
    "stated-too-long": ("/lying-length?stated=999999", "image-unreachable"),
    "stated-too-short": ("/lying-length?stated=9000", "image-corrupt"),
    "huge": ("/huge", "image-too-large"),
    "endless": ("/endless", "image-too-large"),
    "gzip-bomb": ("/gzip-bomb", "image-too-large"),
    "page": ("/as/photo.jpg?type=image/jpeg&file=bad/html.jpg", "image-unsupported"),
    **{
        f"address-{name.removeprefix('bad/')}": (f"/files/{name}", expected["code"])
        for name, expected in BAD.items()
    },
}
UPLOADS_THAT_FAIL_LATER = [name for name, bad in BAD.items() if bad["found_by"] == "decode"]
UNRESOLVABLE = "http://conformance.invalid/image.jpg"


def plan_images(gallery: Gallery, image_server: str) -> None:
    """Plan every valid image. The slowest one comes first."""
    for name, path in reversed(BY_ADDRESS.items()):
        url = image_server + path.replace("{key}", uuid4().hex)
        _plan_url(gallery, f"address-{name}", url)
    for name in IMAGES:
        _plan_upload(gallery, name)


def plan_failures(gallery: Gallery, image_server: str) -> None:
    """Plan the submissions that will fail."""
    _plan_url(gallery, "unresolvable", UNRESOLVABLE)
    for name, (path, _) in FAILING_PATHS.items():
        _plan_url(gallery, name, image_server + path)
    for name, target in FORBIDDEN_TARGETS.items():
        url = f"{image_server}/redirect-to?url={quote(target)}"
        _plan_url(gallery, f"redirect-{name}", url)
    for name in UPLOADS_THAT_FAIL_LATER:
        _plan_upload(gallery, name)


def _plan_url(gallery: Gallery, name: str, url: str) -> None:
    gallery.plan(name, lambda: gallery.api.submit_url(url, by=gallery.account))


def _plan_upload(gallery: Gallery, name: str) -> None:
    gallery.plan(name, lambda: gallery.api.submit_upload(fixture(name), by=gallery.account))
