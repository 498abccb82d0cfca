"""Metadata never affects whether pixels are read, also if it is broken."""

import contextlib
import io
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from test_decode import encoded, opened, read

from imaging import ImageCorrupt, Limits, inspect_image, normalize_image
from imaging.metadata import exif_orientation, pixels_only

IMAGE = opened("load.jpg").resize((40, 30))
PNG, JPEG, WEBP, GIF = (encoded(IMAGE, kind) for kind in ("PNG", "JPEG", "WEBP", "GIF"))
LOSSLESS = encoded(IMAGE, "WEBP", lossless=True)
MEGABYTE = 1_000_000
ROTATED = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)


def chunk(name: bytes, body: bytes, crc: int | None = None) -> bytes:
    """Return a PNG chunk, with its checksum or another one."""
    right = zlib.crc32(name + body)
    return (
        struct.pack(">I", len(body))
        + name
        + body
        + struct.pack(">I", right if crc is None else crc)
    )


def png_with(*chunks: bytes, at_the_end: bool = False) -> bytes:
    """Return the PNG with more chunks: after its header, or after its pixels."""
    at = len(PNG) - 12 if at_the_end else 33
    return PNG[:at] + b"".join(chunks) + PNG[at:]


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg_with(*segments: bytes) -> bytes:
    return JPEG[:2] + b"".join(segments) + JPEG[2:]


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def webp_with(*chunks: bytes, flags: int = 0x2C) -> bytes:
    extended = struct.pack("<I", flags) + struct.pack("<I", 39)[:3] + struct.pack("<I", 29)[:3]
    return riff(riff_chunk(b"VP8X", extended), WEBP[12:], *chunks)


def gif_with(*blocks: bytes) -> bytes:
    """Return the GIF with more blocks before its image."""
    at = 13 + (3 << (1 + (GIF[10] & 7)))
    return GIF[:at] + b"".join(blocks) + GIF[at:]


def comment(text: bytes) -> bytes:
    parts = (text[at : at + 255] for at in range(0, len(text), 255))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


ICC = b"a\0\0" + zlib.compress(bytes(3 * MEGABYTE))
TEXT = b"Comment\0\1\0\0\0" + zlib.compress(b"a" * 3 * MEGABYTE)
FILES: dict[str, Callable[[], bytes]] = {
    "png: a profile of 3 MB": lambda: png_with(chunk(b"iCCP", ICC)),
    "png: a profile in an unknown compression": lambda: png_with(chunk(b"iCCP", b"a\0\7abc")),
    "png: a profile without a name": lambda: png_with(chunk(b"iCCP", b"")),
    "png: text of 3 MB": lambda: png_with(chunk(b"iTXt", TEXT)),
    "png: text of 3 MB at the end": lambda: png_with(chunk(b"iTXt", TEXT), at_the_end=True),
    "png: compressed text of 3 MB": lambda: png_with(
        chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(3 * MEGABYTE)))
    ),
    "png: 100 MB of text in all": lambda: png_with(
        *[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(MEGABYTE)))] * 100
    ),
    "png: text in an unknown compression": lambda: png_with(chunk(b"zTXt", b"a\0\7abc")),
    "png: text that is not UTF-8": lambda: png_with(chunk(b"iTXt", b"\xff\0\0\0\xff\0\xff\0\xff")),
    "png: a wrong checksum of text": lambda: png_with(chunk(b"tEXt", b"a\0b", crc=1)),
    "png: a wrong checksum at the end": lambda: png_with(
        chunk(b"tEXt", b"a\0b", crc=1), at_the_end=True
    ),
    "png: a wrong checksum of EXIF": lambda: png_with(chunk(b"eXIf", ROTATED, crc=1)),
    "png: a wrong checksum of transparency": lambda: png_with(chunk(b"tRNS", bytes(6), crc=1)),
    "png: 5 MB of EXIF": lambda: png_with(chunk(b"eXIf", b"MM\0*" + b"\xff" * 5 * MEGABYTE)),
    "png: cut gamma, chromaticity, density": lambda: png_with(
        *[chunk(name, b"") for name in (b"gAMA", b"cHRM", b"pHYs", b"sRGB", b"tIME", b"sBIT")]
    ),
    "png: an animation that is none": lambda: png_with(
        chunk(b"acTL", bytes(8)), chunk(b"fcTL", b""), chunk(b"fdAT", b"")
    ),
    "png: a name of no letters": lambda: png_with(chunk(b"\0\xff\0\xff", b"")),
    "png: 300 000 chunks": lambda: png_with(chunk(b"abCd", b"") * 300_000),
    "png: no end": lambda: PNG[:-12],
    "png: a second header": lambda: png_with(
        chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    ),
    "jpeg: 9 MB of comments": lambda: jpeg_with(segment(0xFE, bytes(65_533)) * 137),
    "jpeg: 9 MB of application data": lambda: jpeg_with(
        *[segment(0xE0 + number % 16, bytes(65_533)) for number in range(137)]
    ),
    "jpeg: a million markers": lambda: jpeg_with(segment(0xFE, b"") * MEGABYTE),
    "jpeg: EXIF that points behind itself": lambda: jpeg_with(
        segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")
    ),
    "jpeg: EXIF of 64 kB that points at itself": lambda: jpeg_with(
        segment(0xE1, b"Exif\0\0II*\0" + b"\x08\0\0\0" * 16_000)
    ),
    "jpeg: a profile with missing chunks": lambda: jpeg_with(
        segment(0xE2, b"ICC_PROFILE\0\xff\x01" + bytes(100))
    ),
    "jpeg: a truncated index of images": lambda: jpeg_with(
        segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff")
    ),
    "jpeg: Photoshop's data, cut": lambda: jpeg_with(
        segment(0xED, b"Photoshop 3.0\x008BIM\x03\xed\xff\xff")
    ),
    "jpeg: a JFIF that is cut": lambda: jpeg_with(segment(0xE0, b"JFIF\0")),
    "jpeg: an Adobe that is cut": lambda: jpeg_with(segment(0xEE, b"Adobe\0")),
    "jpeg: fill bytes": lambda: JPEG[:2] + b"\xff" * 100 + JPEG[2:],
    "jpeg: 9 MB of fill bytes": lambda: JPEG[:2] + b"\xff" * 9 * MEGABYTE + JPEG[2:],
    "jpeg: 9 MB of markers without a segment": lambda: (
        JPEG[:2] + b"\xff\x01\xff\xd0\xff\xff\0" * MEGABYTE + JPEG[2:]
    ),
    "webp: 5 MB of EXIF": lambda: webp_with(riff_chunk(b"EXIF", b"II*\0" + b"\xff" * 5 * MEGABYTE)),
    "webp: 5 MB of XMP": lambda: webp_with(riff_chunk(b"XMP ", bytes(5 * MEGABYTE))),
    "webp: XMP that is cut": lambda: webp_with(riff_chunk(b"XMP ", bytes(100)))[:-50],
    "webp: a profile after the pixels": lambda: webp_with(riff_chunk(b"ICCP", b"x")),
    "webp: flags without chunks": lambda: webp_with(flags=0x2C),
    "webp: chunks of no meaning": lambda: webp_with(*[riff_chunk(b"abcd", b"x")] * 100_000),
    "webp: more after its end": lambda: WEBP + bytes(1000),
    "webp: an odd length": lambda: webp_with(riff_chunk(b"EXIF", b"abc")),
    "gif: 9 MB of comments": lambda: gif_with(comment(bytes(9 * MEGABYTE))),
    "gif: a million comments": lambda: gif_with(comment(b"ab") * MEGABYTE),
    "gif: extensions of no meaning": lambda: gif_with(b"\x21\x77\x03abc\0" * 1000),
    "gif: a loop that is cut": lambda: gif_with(b"\x21\xff\x0bNETSCAPE2.0\0"),
    "gif: no end": lambda: GIF[:-1],
    "gif: garbage between blocks": lambda: gif_with(bytes(1000)),
}


@pytest.mark.parametrize("name", FILES)
def test_the_pixels_are_read(name: str, limits: Limits) -> None:
    data = FILES[name]()
    plain = {"p": PNG, "j": JPEG, "w": WEBP, "g": GIF}[name[0]]
    assert len(data) <= limits.max_bytes
    begun = time.process_time()
    header = inspect_image(data, limits=limits)
    assert (header.width, header.height) == (40, 30)
    assert normalize_image(data, limits=limits).data == normalize_image(plain, limits=limits).data
    assert time.process_time() - begun < 10  # seconds of CPU; most take milliseconds


@pytest.mark.parametrize(
    "make",
    [
        lambda: jpeg_with(segment(0xDB, b"") * 2 * MEGABYTE),
        lambda: gif_with(b"\x21\x77\0" * 3 * MEGABYTE),
        lambda: riff(riff_chunk(b"abcd", b"") * 1_200_000, WEBP[12:]),
    ],
    ids=["jpeg", "gif", "webp"],
)
def test_what_begins_with_millions_of_blocks_is_corrupt(
    make: Callable[[], bytes], limits: Limits
) -> None:
    data = make()
    assert len(data) <= limits.max_bytes
    assert len(pixels_only(data, head=True).data) < 10_000  # which is all that Pillow walks through
    with pytest.raises(ImageCorrupt):
        inspect_image(data, limits=limits)


def test_a_jpeg_of_hundreds_of_scans_is_corrupt(limits: Limits) -> None:
    """Each scan is a pass over all pixels, whatever it holds."""
    data = encoded(IMAGE, "JPEG", progressive=True)
    begin, *scans = data.removesuffix(b"\xff\xd9").split(b"\xff\xda")
    assert 5 < len(scans) < 20
    for count, corrupt in ((100, False), (101, True)):
        repeated = [*scans, *[scans[-1]] * (count - len(scans))]
        made = b"\xff\xda".join([begin, *repeated]) + b"\xff\xd9"
        with pytest.raises(ImageCorrupt) if corrupt else contextlib.nullcontext():
            normalize_image(made, limits=limits)
    photograph = data + b"\xff\xda" * 500  # after its end, as a second image or a film
    assert normalize_image(photograph, limits=limits).width == 40


def test_what_only_holds_pixels_is_left_as_it_is() -> None:
    for data in (PNG, WEBP, LOSSLESS, GIF):
        assert pixels_only(data).data == data
    assert [pixels_only(data).lossless for data in (PNG, LOSSLESS, WEBP, JPEG)] == [1, 1, 0, 0]


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_the_colours_of_a_jpeg_stay(mode: str, limits: Limits) -> None:
    data = encoded(IMAGE.convert(mode), "JPEG", quality=95)
    expected = Image.open(io.BytesIO(data)).convert("RGB")
    assert normalize_image(data, limits=limits).pil_image.tobytes() == expected.tobytes()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [1, 3, 4])
def test_an_orientation_in_each_of_its_forms(order: str, kind: int) -> None:
    value = struct.pack(order + {1: "B", 3: "H", 4: "I"}[kind], 6).ljust(4, b"\0")
    entries = struct.pack(f"{order}HHII", 0x010F, 3, 1, 0)
    entries += struct.pack(f"{order}HHI4s", 0x0112, kind, 1, value)
    tiff = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}IH", 8, 2) + entries
    assert exif_orientation(tiff) == exif_orientation(b"Exif\0\0" + tiff) == 6


def test_an_orientation_is_found_wherever_the_format_keeps_it(limits: Limits) -> None:
    for data in (
        png_with(chunk(b"eXIf", ROTATED)),
        png_with(chunk(b"eXIf", ROTATED), at_the_end=True),
        jpeg_with(segment(0xE1, b"http://ns.adobe.com/\0"), segment(0xE1, b"Exif\0\0" + ROTATED)),
        webp_with(riff_chunk(b"EXIF", ROTATED)),
        webp_with(riff_chunk(b"EXIF", b"Exif\0\0" + ROTATED)),
    ):  # fmt: skip
        image = normalize_image(data, limits=limits)
        assert (image.width, image.height) == (30, 40)


def jpeg(**options: bool) -> bytes:
    return encoded(opened("load.jpg"), "JPEG", quality=85, **options)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_whole_jpeg_without_its_end_marker_is_read(progressive: bool, limits: Limits) -> None:
    data = jpeg(progressive=progressive)
    whole = normalize_image(data, limits=limits)
    assert normalize_image(data[:-2], limits=limits).data == whole.data
    assert normalize_image(data[:-1], limits=limits).data == whole.data
    assert normalize_image(data[:-2] + bytes(50), limits=limits).data == whole.data


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing_bytes", [6, 50, 1000, 30_000])
def test_a_jpeg_that_misses_pixels_is_corrupt(
    progressive: bool, missing_bytes: int, limits: Limits
) -> None:
    with pytest.raises(ImageCorrupt):
        normalize_image(jpeg(progressive=progressive)[:-missing_bytes], limits=limits)


@pytest.mark.parametrize("name", ["PNG", "WEBP", "GIF"])
def test_pixels_that_are_missing_are_still_missed(name: str, limits: Limits) -> None:
    data = {"PNG": PNG, "WEBP": WEBP, "GIF": GIF}[name]
    with pytest.raises(ImageCorrupt):
        normalize_image(data[: -len(data) // 3], limits=limits)


def test_pixels_with_a_wrong_checksum_of_their_header_are_corrupt(limits: Limits) -> None:
    with pytest.raises(ImageCorrupt):
        normalize_image(PNG[:29] + bytes(4) + PNG[33:], limits=limits)


@pytest.mark.slow
def test_an_image_that_libwebp_cannot_encode_is_stored_in_another_way(limits: Limits) -> None:
    """The modes of noise exceed 512 kB from some megapixels on."""
    tile = Image.effect_noise((512, 512), 200)
    noise = Image.merge("RGB", (tile, tile.transpose(Image.Transpose.ROTATE_90), tile))
    pil_image = Image.new("RGB", (5120, 5120))
    for left in range(0, 5120, 512):
        for top in range(0, 5120, 512):
            pil_image.paste(noise, (left, top))
    data = encoded(pil_image, "WEBP", lossless=True, quality=0, method=0)
    image = normalize_image(data, limits=limits)
    assert image.media_type == "image/png"
    assert Image.open(io.BytesIO(image.data)).tobytes() == pil_image.tobytes()


def test_orientation_of_load_photograph_is_none() -> None:
    assert pixels_only(read("load.jpg")).orientation == 1
