"""Fakes: a store in memory, and configured recognizers."""

from collections.abc import Callable
from typing import Any

from imaging import Detection, Limits, NormalizedImage, Recognizer
from recognition.errors import SourceGone, StorageUnavailable
from recognition.services import Dependencies
from recognition.storage import StoredImage

Act = Callable[[NormalizedImage], tuple[Detection, ...]]
FACE = Detection(label="face", score=0.9, left=0.1, top=0.2, width=0.3, height=0.4)


class FakeStore:
    """A store in memory. `away` makes every call fail."""

    def __init__(self) -> None:
        self.sources: dict[tuple[str, str], bytes] = {}
        self.images: dict[str, StoredImage] = {}
        self.results: dict[str, dict[str, Any]] = {}
        self.log: list[str] = []
        self.away = False

    def source_get(self, *, bucket: str, key: str, max_bytes: int) -> bytes:
        self.log.append("source")
        if (bucket, key) not in self.sources:
            raise SourceGone
        return self.sources[bucket, key][: max_bytes + 1]

    def image_put_once(self, *, key: str, image: StoredImage) -> StoredImage:
        self._call("image")
        return self.images.setdefault(key, image)

    def image_find(self, *, key: str) -> StoredImage | None:
        self._call("find image")
        return self.images.get(key)

    def result_put_once(self, *, key: str, result: dict[str, Any]) -> dict[str, Any]:
        self._call("result")
        return self.results.setdefault(key, result)

    def result_find(self, *, key: str) -> dict[str, Any] | None:
        self._call("find result")
        return self.results.get(key)

    def _call(self, name: str) -> None:
        if self.away:
            raise StorageUnavailable
        self.log.append(name)


class FakeRecognizer:
    """Finds one face, or behaves as configured."""

    name = "fake"
    version = "7"

    def __init__(
        self, act: Callable[[NormalizedImage], tuple[Detection, ...]] | None = None
    ) -> None:
        self._act = act
        self.seen: list[NormalizedImage] = []

    def check_available(self) -> None:
        pass

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        self.seen.append(image)
        return self._act(image) if self._act else (FACE,)


def dependencies(
    store: FakeStore,
    recognizer: Recognizer | None = None,
    *,
    fetch_allow: frozenset[str] = frozenset(),
    time_limit_seconds: float = 30.0,
) -> Dependencies:
    return Dependencies(
        store=store,
        recognizer=recognizer or FakeRecognizer(),
        limits=Limits(),
        fetch_allow=fetch_allow,
        image_bucket="images",
        result_bucket="results",
        time_limit_seconds=time_limit_seconds,
    )
