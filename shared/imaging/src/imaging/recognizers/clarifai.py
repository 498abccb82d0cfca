"""Clarifai's face detection over version 2 of its HTTP API.

Request and response are those of docs.clarifai.com for the model ``face-detection`` of the user
``clarifai``: the image is sent in base64, the response has regions whose boxes are fractions of
the sides. ``status.code`` is 10000 for success, for the whole and for each output.
"""

import base64
import json
import time
from contextlib import closing
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any

from requests import Request, RequestException, Response
from urllib3.exceptions import HTTPError

from imaging.decode import NormalizedImage
from imaging.errors import RecognizerCrashed, RecognizerUnavailable
from imaging.recognizers.breaker import CircuitBreaker
from imaging.recognizers.protocol import Detection
from imaging.transport import Budget, BudgetAdapter, TooManyBytes

_PATH = "/v2/models/face-detection/outputs"
# The owner of the model: without it the key's own models are searched.
_OWNER = {"user_id": "clarifai", "app_id": "main"}
_OK = 10000
# These statuses concern this request's image; others may succeed.
_REFUSES_THE_IMAGE = frozenset({400, 413, 415, 422})
_INPUT_FAILURES = range(30000, 40000)  # Clarifai's status codes about an input
_NAMES_A_TIME = frozenset({429, 503})
_MAX_DIGITS = 9
_MAX_RESPONSE_BYTES = 1_000_000


class Clarifai:
    """Calls Clarifai, or a server with its API at ``url``, within ``timeout_seconds`` in all."""

    name = "clarifai"
    version = "v2-face-detection"

    def __init__(
        self, *, url: str, api_key: str, timeout_seconds: float, breaker: CircuitBreaker
    ) -> None:
        self._url = url.rstrip("/") + _PATH
        self._headers = {"Authorization": f"Key {api_key}", "Accept-Encoding": "identity"}
        self._timeout_seconds = timeout_seconds
        self._breaker = breaker

    def check_available(self) -> None:
        """Raise RecognizerUnavailable while the circuit breaker is open."""
        self._breaker.check()

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        """Find the faces, best score first.

        Raises RecognizerCrashed if Clarifai refuses this image, and RecognizerUnavailable for any
        other failure: no response in time, its rate limit, an invalid response; at once, without
        a request, while the circuit breaker is open.
        """
        ticket = self._breaker.admit()
        try:
            faces = self._faces(image)
        except RecognizerCrashed:
            self._breaker.succeeded(ticket)  # the service works, but not on this image
            raise
        except RecognizerUnavailable as error:
            error.retry_after_seconds = self._breaker.failed(
                ticket, retry_after_seconds=error.retry_after_seconds
            )
            raise
        except BaseException:
            # Raised by the caller, such as its time limit: it was raised during this call, so the
            # call took too long.
            self._breaker.failed(ticket)
            raise
        self._breaker.succeeded(ticket)
        return faces

    def _faces(self, image: NormalizedImage) -> tuple[Detection, ...]:
        request_body = {
            "user_app_id": _OWNER,
            "inputs": [{"data": {"image": {"base64": base64.b64encode(image.data).decode()}}}],
        }
        try:
            faces = [_detection(region) for region in _regions(self._post(request_body))]
        except (RequestException, HTTPError, HTTPException, OSError, TooManyBytes) as error:
            raise RecognizerUnavailable("The face recognizer did not respond.") from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise RecognizerUnavailable("The face recognizer's response is invalid.") from error
        return tuple(sorted(faces, key=lambda face: -face.score))

    def _post(self, body: dict[str, Any]) -> Any:
        budget = Budget(
            timeout_seconds=self._timeout_seconds, max_wire_bytes=2 * _MAX_RESPONSE_BYTES
        )
        request = Request("POST", self._url, headers=self._headers, json=body).prepare()
        left = budget.seconds_left()
        with closing(
            BudgetAdapter(budget).send(
                request, stream=True, timeout=(left, left), verify=True, proxies={}
            )
        ) as response:
            if response.status_code in _REFUSES_THE_IMAGE:
                raise RecognizerCrashed(
                    f"The face recognizer refused the image ({response.status_code})."
                )
            if response.status_code != 200:  # noqa: PLR2004 - Clarifai's only success
                raise RecognizerUnavailable(
                    f"The face recognizer responded with {response.status_code}.",
                    retry_after_seconds=_retry_after_seconds(response),
                )
            return json.loads(_text(response))


def _retry_after_seconds(response: Response) -> float | None:
    """Return the seconds of the response's Retry-After, or None."""
    text = response.headers.get("Retry-After", "").strip()
    if response.status_code not in _NAMES_A_TIME or not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:_MAX_DIGITS])  # the breaker's maximum is far below
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError, OSError):
        return None


def _text(response: Response) -> bytes:
    text = bytearray()
    for chunk in response.raw.stream(64 * 1024, decode_content=True):
        text += chunk
        if len(text) > _MAX_RESPONSE_BYTES:
            raise TooManyBytes
    return bytes(text)


def _regions(response: Any) -> list[Any]:
    (output,) = response["outputs"]
    if output["status"]["code"] in _INPUT_FAILURES:
        raise RecognizerCrashed("The face recognizer refused the image.")
    if response["status"]["code"] != _OK or output["status"]["code"] != _OK:
        raise ValueError("the response's status is not 10000")
    # An image without a face has no "regions", or no "data" in it at all.
    regions = (output.get("data") or {}).get("regions") or []
    if not isinstance(regions, list):
        raise TypeError("the response's regions are no list")
    return regions


def _detection(region: Any) -> Detection:
    box = region["region_info"]["bounding_box"]
    top, left, bottom, right = (
        # protobuf's JSON leaves out what is 0.
        _fraction(box.get(side, 0))
        for side in ("top_row", "left_col", "bottom_row", "right_col")
    )
    if bottom < top or right < left:
        raise ValueError("a box ends before it begins")
    score = region.get("value") or region["data"]["concepts"][0]["value"]
    return Detection("face", _fraction(score), left, top, right - left, bottom - top)


def _fraction(value: Any) -> float:
    """Return the number clamped to 0 to 1, since boxes may exceed the image slightly."""
    number = float(value)
    if not -1 <= number <= 2:  # noqa: PLR2004 - false for NaN too
        raise ValueError("a number is no fraction")
    return min(1.0, max(0.0, number))
