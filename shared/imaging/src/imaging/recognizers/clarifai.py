"""Clarifai's face detection, asked over its HTTP API (version 2 of the API, model
``face-detection`` of the user ``clarifai``).

Request and response are those of docs.clarifai.com: the image travels in base64, the answer names
regions whose boxes are fractions of the sides. Clarifai answers 10000 in ``status.code`` where all
went well, both for the whole and for each output.
"""

import base64
import json
from contextlib import closing
from http.client import HTTPException
from typing import Any

from requests import Request, RequestException, Response
from urllib3.exceptions import HTTPError

from imaging.decode import NormalizedImage
from imaging.errors import RecognizerUnavailable
from imaging.recognizers.protocol import Detection
from imaging.transport import Budget, BudgetAdapter, TooManyBytes

MODEL_PATH = "/v2/users/clarifai/apps/main/models/face-detection/outputs"
OK = 10000
_MAX_ANSWER_BYTES = 1_000_000
# An answer names the model's version; until one came, and for what is stored, this is the model.
_VERSION = "v2/face-detection"


class Clarifai:
    """Asks Clarifai, or whatever speaks its API at ``url``, within ``timeout_seconds`` in all."""

    name = "clarifai"
    version = _VERSION

    def __init__(self, *, url: str, api_key: str, timeout_seconds: float) -> None:
        self._url = url.rstrip("/") + MODEL_PATH
        self._headers = {"Authorization": f"Key {api_key}", "Accept-Encoding": "identity"}
        self._timeout_seconds = timeout_seconds

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        """Find the faces, best score first. Raises RecognizerUnavailable, whatever goes wrong:
        no answer in time, a refusal (its rate limit too), or one that can't be understood.
        """
        question = {
            "inputs": [{"data": {"image": {"base64": base64.b64encode(image.data).decode()}}}]
        }
        try:
            answer = self._ask(question)
            faces = [_detection(region) for region in _regions(answer)]
        except (RequestException, HTTPError, HTTPException, OSError, TooManyBytes) as error:
            raise RecognizerUnavailable("The face recognizer gave no answer.") from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise RecognizerUnavailable("The face recognizer's answer makes no sense.") from error
        return tuple(sorted(faces, key=lambda face: -face.score))

    def _ask(self, question: dict[str, Any]) -> Any:
        budget = Budget(
            timeout_seconds=self._timeout_seconds, max_wire_bytes=2 * _MAX_ANSWER_BYTES
        )
        request = Request("POST", self._url, headers=self._headers, json=question).prepare()
        left = budget.seconds_left()
        with closing(
            BudgetAdapter(budget).send(
                request, stream=True, timeout=(left, left), verify=True, proxies={}
            )
        ) as response:
            if response.status_code != 200:  # noqa: PLR2004 - Clarifai answers so or with an error
                raise RecognizerUnavailable(
                    f"The face recognizer answered {response.status_code}."
                )
            return json.loads(_text(response))


def _text(response: Response) -> bytes:
    text = bytearray()
    for chunk in response.raw.stream(64 * 1024, decode_content=True):
        text += chunk
        if len(text) > _MAX_ANSWER_BYTES:
            raise TooManyBytes
    return bytes(text)


def _regions(answer: Any) -> list[Any]:
    (output,) = answer["outputs"]
    if answer["status"]["code"] != OK or output["status"]["code"] != OK:
        raise ValueError("the answer's status is not 10000")
    # An image without a face has no "regions", or no "data" in it at all.
    regions = (output.get("data") or {}).get("regions") or []
    if not isinstance(regions, list):
        raise TypeError("the answer's regions are no list")
    return regions


def _detection(region: Any) -> Detection:
    box = region["region_info"]["bounding_box"]
    top, left, bottom, right = (
        # protobuf's JSON leaves out what is 0.
        _fraction(box.get(side, 0)) for side in ("top_row", "left_col", "bottom_row", "right_col")
    )
    if bottom < top or right < left:
        raise ValueError("a box ends before it begins")
    score = region.get("value") or region["data"]["concepts"][0]["value"]
    return Detection("face", _fraction(score), left, top, right - left, bottom - top)


def _fraction(value: Any) -> float:
    """Clamped, since the model's boxes stick out of the image by a hair."""
    number = float(value)
    if not -1 <= number <= 2:  # noqa: PLR2004 - false for NaN too
        raise ValueError("a number is no fraction")
    return min(1.0, max(0.0, number))
