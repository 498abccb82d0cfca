"""Untrusted bytes become an image without metadata, or an error of this package."""

import hashlib
import io
import struct
import subprocess
import sys
from typing import Any

import pytest
from conftest import EXPECTATIONS, FIXTURES
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imaging import (
    ImageCorrupt,
    ImageTooLarge,
    ImageUnsupported,
    ImagingError,
    Limits,
    inspect_image,
    normalize_image,
)

STORED_AS = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/gif": "image/png",
}
ORIENTATIONS = [f"images/orientation-{number}.jpg" for number in range(1, 9)]


def read(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(read(name)))


def encoded(pil_image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pil_image.save(buffer, file_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("name", EXPECTATIONS["images"])
def test_every_fixture_is_read_and_stored_bare(name: str, limits: Limits) -> None:
    expected = EXPECTATIONS["images"][name]
    data = read(name)
    header = inspect_image(data, limits=limits)
    assert header.media_type == expected["media_type"]
    assert header.width * header.height == expected["width"] * expected["height"]

    image = normalize_image(data, limits=limits)
    assert (image.width, image.height) == (expected["width"], expected["height"])
    assert image.media_type == STORED_AS[expected["media_type"]]
    assert image.sha256 == hashlib.sha256(image.data).hexdigest()
    assert image.pixels.shape == (image.height, image.width, 3)
    assert str(image.pixels.dtype) == "uint8"

    stored = Image.open(io.BytesIO(image.data))
    assert Image.MIME[stored.format or ""] == image.media_type
    assert (stored.width, stored.height) == (image.width, image.height)
    assert not stored.getexif()
    assert not {"icc_profile", "comment", "exif", "xmp", "Comment"} & set(stored.info)
    assert getattr(stored, "n_frames", 1) == 1


PRIVATE = [name for name, image in EXPECTATIONS["images"].items() if "must_not_survive" in image]


@pytest.mark.parametrize("name", PRIVATE)
def test_nothing_hidden_survives(name: str, limits: Limits) -> None:
    marker = EXPECTATIONS["images"][name]["must_not_survive"].encode()
    data = read(name)
    assert marker in data
    assert marker not in normalize_image(data, limits=limits).data


@pytest.mark.parametrize("name", EXPECTATIONS["bad"])
def test_every_bad_fixture_is_refused(name: str, limits: Limits) -> None:
    expected = EXPECTATIONS["bad"][name]
    data = read(name)
    with pytest.raises(ImagingError) as caught:
        normalize_image(data, limits=limits)
    assert (caught.value.code, caught.value.retryable) == (expected["code"], False)
    if expected["found_by"] == "header":
        with pytest.raises(ImagingError) as caught:
            inspect_image(data, limits=limits)
        assert caught.value.code == expected["code"]
    else:
        inspect_image(data, limits=limits)


def test_all_eight_orientations_show_the_same_image(limits: Limits) -> None:
    pil_images = [normalize_image(read(name), limits=limits).pixels for name in ORIENTATIONS]
    for pil_image in pil_images[1:]:
        # JPEG loses a little more in one direction than in another.
        assert abs(pil_image.astype(int) - pil_images[0].astype(int)).mean() < 4


ORIENTATION_TAGS = {
    "0": struct.pack("<HHIHH", 0x0112, 3, 1, 0, 0),
    "9": struct.pack("<HHIHH", 0x0112, 3, 1, 9, 0),
    "a text": struct.pack("<HHI4s", 0x0112, 2, 4, b"six\0"),
    "a fraction by zero": struct.pack("<HHII", 0x0112, 5, 1, 0),
    "outside the file": struct.pack("<HHII", 0x0112, 3, 99, 0xFFFFFF),
}


@pytest.mark.parametrize("tag", ORIENTATION_TAGS.values(), ids=ORIENTATION_TAGS)
def test_a_senseless_orientation_is_none(tag: bytes, limits: Limits) -> None:
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag + bytes(4)
    pil_image = Image.new("RGB", (4, 2), "teal")
    image = normalize_image(encoded(pil_image, "JPEG", exif=exif), limits=limits)
    assert (image.width, image.height) == (4, 2)


def test_orientation_counts_in_png_and_webp_too(limits: Limits) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for file_format in ("PNG", "WEBP"):
        data = encoded(Image.new("RGB", (4, 2), "teal"), file_format, exif=exif)
        image = normalize_image(data, limits=limits)
        assert (image.width, image.height) == (2, 4)


def test_broken_exif_does_not_break_the_image(limits: Limits) -> None:
    data = encoded(Image.new("RGB", (4, 2)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" * 3)
    assert normalize_image(data, limits=limits).width == 4


def test_the_byte_limit_is_exact() -> None:
    data = read("load.jpg")
    limits = Limits(max_bytes=len(data))
    assert inspect_image(data, limits=limits).width == 640
    for function in (inspect_image, normalize_image):
        with pytest.raises(ImageTooLarge):
            function(data + b"\0", limits=limits)


def test_the_pixel_limit_is_exact() -> None:
    data = read("load.jpg")
    assert inspect_image(data, limits=Limits(max_pixels=640 * 480)).height == 480
    for function in (inspect_image, normalize_image):
        with pytest.raises(ImageTooLarge):
            function(data, limits=Limits(max_pixels=640 * 480 - 1))


def test_what_is_transparent_is_searched_as_white_and_stored_as_it_is(limits: Limits) -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    image = normalize_image(encoded(clear, "PNG"), limits=limits)
    assert image.pixels.min() == 255
    assert Image.open(io.BytesIO(image.data)).mode == "RGBA"


def test_16_bits_are_scaled_and_not_cut(limits: Limits) -> None:
    image = normalize_image(read("images/grey-16-bit.png"), limits=limits)
    assert 60 < image.pixels.mean() < 190


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png(mode: str, limits: Limits) -> None:
    source = Image.new("RGB", (6, 4), "white")
    pil_image = Image.new("I;16", (6, 4), 65535) if mode == "I;16" else source.convert(mode)
    image = normalize_image(encoded(pil_image, "PNG"), limits=limits)
    assert image.pixels.min() == 255


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "YCbCr"])
def test_every_mode_of_jpeg(mode: str, limits: Limits) -> None:
    source = Image.new("RGB", (6, 4), "white").convert(mode)
    image = normalize_image(encoded(source, "JPEG", quality=95), limits=limits)
    assert image.pixels.min() > 250


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_cut_anywhere_it_is_read_or_refused(file_format: str, limits: Limits) -> None:
    pil_image = opened("load.jpg").resize((40, 30))
    whole = encoded(pil_image, file_format)
    outcomes = []
    for end in range(0, len(whole), 7):
        try:
            normalize_image(whole[:end], limits=limits)
        except (ImageCorrupt, ImageUnsupported) as error:
            outcomes.append(error.code)
    assert outcomes[0] == "image-unsupported"
    assert outcomes.count("image-corrupt") > len(whole) // 7 * 0.8


SMALL = opened("load.jpg").resize((16, 12))
SAMPLES = [encoded(SMALL, kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")] + [
    read("images/one-pixel.png"),
    encoded(SMALL.convert("P"), "PNG"),
    encoded(SMALL, "JPEG", exif=opened("images/gps.jpg").info["exif"]),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a valid image with some bytes changed, removed or inserted."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(data)


@given(st.one_of(st.binary(max_size=200), damaged()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    limits = Limits(max_pixels=100_000)
    try:
        image = normalize_image(data, limits=limits)
    except ImagingError:
        return
    assert image.width * image.height <= 100_000
    assert inspect_image(data, limits=limits)


MEMORY = """
import sys
from pathlib import Path
from imaging import ImagingError, Limits, normalize_image

def high_water_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024

data = Path(sys.argv[1]).read_bytes()
before = high_water_mb()
try:
    normalize_image(data, limits=Limits())
    outcome = "read"
except ImagingError as error:
    outcome = error.code
print(outcome, high_water_mb() - before)
"""


FRAME = b"!\xf9\x04"  # the extension with which each frame of an animated GIF begins


def many_frames() -> bytes:
    """Two frames 2,500 times, encoded once. Pillow would merge frames that are equal."""
    one, other = (Image.new("RGB", (400, 300), color) for color in ("red", "blue"))
    data = encoded(one, "GIF", save_all=True, append_images=[other], duration=10)
    head, *frames = data.removesuffix(b";").split(FRAME)
    assert len(frames) == 2
    return head + b"".join(FRAME + frame for frame in frames) * 2500 + b";"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the process's peak from /proc")
@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (lambda: read("bad/bomb.gif"), "image-too-large"),
        (lambda: read("bad/bomb.png"), "image-too-large"),
        (lambda: read("bad/bomb.webp"), "image-too-large"),
        (lambda: read("load.jpg").ljust(10_000_001, b"\0"), "image-too-large"),
        (many_frames, "read"),
        (lambda: encoded(Image.new("RGB", (8000, 5000)), "JPEG"), "read"),
        (lambda: encoded(Image.new("RGB", (8000, 5000)), "PNG"), "read"),
    ],
)
def test_memory_stays_bounded(make: Any, outcome: str, tmp_path: Any) -> None:
    (tmp_path / "image").write_bytes(make())
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "image")],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    reported, grown_mb = run.stdout.split()
    assert reported == outcome
    assert int(grown_mb) <= (20 if outcome == "image-too-large" else 200)
