"""From untrusted bytes to a picture that is safe to keep, to show and to search for faces.

The picture is decoded within the limits, turned as its EXIF orientation says, and encoded anew
from its pixels alone. So whatever hid in the file (EXIF with a position, ICC profile, comments, a
second format appended) is gone from what is stored.

It keeps the format that it came in, since that is what its sender chose for its content: JPEG
and WebP stay lossy and small, PNG stays lossless. Only GIF becomes PNG: the first frame needs no
animation format, and PNG holds its colours and transparency without loss.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from imaging.errors import ImageCorrupt
from imaging.header import media_type_of, open_image, require_supported
from imaging.limits import Limits
from imaging.metadata import PixelsOnly, pixels_only
from imaging.pillow_errors import corrupt_image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SAVED_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    # 90 is where a further copy is not told from its source; above, bytes grow fast.
    "image/jpeg": ("JPEG", "image/jpeg", {"quality": 90}),
    "image/webp": ("WEBP", "image/webp", {"quality": 90, "method": 1}),
    # Level 6, the default, takes three times the CPU for some percent fewer bytes.
    "image/png": ("PNG", "image/png", {"compress_level": 3}),
    "image/gif": ("PNG", "image/png", {"compress_level": 3}),
}
_JPEG_END = b"\xff\xd9"
# Two ways to go on after the data's end, each ending in the marker: zeros decode otherwise than
# these bits, unless the pixels were complete.
_JPEG_FILLER = b"\x55" * 4096 + _JPEG_END
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class NormalizedImage:
    """A picture as it is stored: oriented, first frame, no metadata.

    ``data`` are the encoded bytes, ``media_type`` and ``sha256`` (hex) are theirs; ``picture``
    holds the same pixels as RGB, what was transparent laid on white.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    pil_image: Image.Image

    @cached_property
    def pixels(self) -> "NDArray[np.uint8]":
        """RGB, height x width x 3. Needs numpy (the extra ``centerface``)."""
        import numpy as np  # noqa: PLC0415 - who only checks addresses and headers has no numpy

        return np.asarray(self.pil_image)


def normalize_image(data: bytes, *, limits: Limits) -> NormalizedImage:
    """Decode, orient, take the first frame, and encode anew without metadata.

    Raises ImageTooLarge, ImageUnsupported and ImageCorrupt.
    """
    require_supported(data, limits=limits)
    source = pixels_only(data)
    pil_image, media_type = _decoded(source, limits)
    saved, saved_media_type = _saved(pil_image, media_type, lossless=source.lossless)
    return NormalizedImage(
        data=saved,
        media_type=saved_media_type,
        width=pil_image.width,
        height=pil_image.height,
        sha256=sha256(saved).hexdigest(),
        pil_image=_on_white(pil_image),
    )


def _saved(pil_image: Image.Image, media_type: str, *, lossless: bool) -> tuple[bytes, str]:
    """The encoded bytes and their media type."""
    try:
        return _encoded(pil_image, media_type)
    except (OSError, ValueError) as error:
        # What libwebp can't encode: the modes of large and noisy pictures take more than 512 kB.
        # libjpeg and zlib have no such bound.
        if media_type != "image/webp" or type(error) not in {OSError, ValueError}:
            raise
        opaque = pil_image.mode == "RGB"
        return _encoded(pil_image, "image/jpeg" if opaque and not lossless else "image/png")


def _encoded(pil_image: Image.Image, media_type: str) -> tuple[bytes, str]:
    saved_format, saved_media_type, options = _SAVED_AS[media_type]
    buffer = BytesIO()
    pil_image.save(buffer, saved_format, **options)
    return buffer.getvalue(), saved_media_type


def _decoded(source: PixelsOnly, limits: Limits) -> tuple[Image.Image, str]:
    """The bare picture and the media type that it came with. The decoder's memory is freed."""
    with open_image(source.data, limits=limits) as image:
        media_type = media_type_of(image)
        try:
            with corrupt_image("The image can't be decoded."):
                return _bare(image, source.orientation), media_type
        except ImageCorrupt:
            if media_type != "image/jpeg" or source.data.endswith((_JPEG_END, _JPEG_FILLER)):
                raise
    return _without_end_marker(source, limits)


def _without_end_marker(source: PixelsOnly, limits: Limits) -> tuple[Image.Image, str]:
    """Decode a JPEG whose end marker is missing, if none of its pixels is.

    Browsers show such a file, and fill what is missing with grey; here an image that was cut is
    corrupt. Pixels are complete if they don't depend on what follows them.
    """
    data = source.data.rstrip(b"\xff")  # half a marker
    ended, filled = (replace(source, data=data + end) for end in (_JPEG_END, _JPEG_FILLER))
    pil_image, _ = _decoded(filled, limits)
    expected = _pixels_digest(pil_image)
    del pil_image  # two of them would take twice the memory
    pil_image, media_type = _decoded(ended, limits)
    if _pixels_digest(pil_image) != expected:
        raise ImageCorrupt("The image can't be decoded.")
    return pil_image, media_type


def _pixels_digest(pil_image: Image.Image) -> bytes:
    digest = sha256()
    for top in range(0, pil_image.height, _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, pil_image.height)
        digest.update(pil_image.crop((0, top, pil_image.width, bottom)).tobytes())
    return digest.digest()


def _bare(image: Image.Image, orientation: int) -> Image.Image:
    """RGB or RGBA pixels, oriented, with nothing attached that an encoder would write."""
    image.load()
    turn = _TURNS.get(orientation)
    if image.mode.startswith("I"):
        # 16 bits a channel: Pillow would cut at 255 what should be scaled.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pil_image = image if image.mode == mode else image.convert(mode)
    if turn is not None:
        pil_image = pil_image.transpose(turn)
    if pil_image is image and image.format == "WEBP":
        # An open WebP keeps its decoder, three times the picture's memory; others keep nothing,
        # and a copy of 40 megapixels is 160 MB.
        pil_image = image.copy()
    pil_image.info = {}
    return pil_image


def _on_white(pil_image: Image.Image) -> Image.Image:
    if pil_image.mode == "RGB":
        return pil_image
    white = Image.new("RGB", pil_image.size, "white")
    white.paste(pil_image, mask=pil_image.getchannel("A"))
    return white
