"""Compare frames on the screen with the fractions that they are drawn from."""

from typing import TypedDict

from playwright.sync_api import Page

# The frames' rectangles as fractions of the displayed image
MEASURE = """() => {
  const image = document.querySelector('.image img').getBoundingClientRect();
  return [...document.querySelectorAll('.frame .line')].map((line) => {
    const box = line.getBoundingClientRect();
    return {
      left: (box.left - image.left) / image.width,
      top: (box.top - image.top) / image.height,
      width: box.width / image.width,
      height: box.height / image.height,
    };
  });
}"""


class Box(TypedDict):
    """A rectangle in an image, in fractions of it."""

    left: float
    top: float
    width: float
    height: float


def drawn_boxes(page: Page) -> list[Box]:
    """Return the displayed frames, in the Result's order."""
    page.locator(".image .overlay").wait_for(state="attached")  # the faces are listed before
    boxes: list[Box] = page.evaluate(MEASURE)
    return boxes


def worst_difference(drawn: list[Box], expected: list[Box]) -> float:
    """Return the largest difference of any edge, as a fraction; both lists in the same order."""
    return max(
        abs(one[side] - other[side])
        for one, other in zip(drawn, expected, strict=True)
        for side in ("left", "top", "width", "height")
    )


def overlap(one: Box, other: Box) -> float:
    """Return the intersection over union, 0 to 1."""
    width = min(one["left"] + one["width"], other["left"] + other["width"]) - max(
        one["left"], other["left"]
    )
    height = min(one["top"] + one["height"], other["top"] + other["height"]) - max(
        one["top"], other["top"]
    )
    shared = max(width, 0) * max(height, 0)
    both = one["width"] * one["height"] + other["width"] * other["height"]
    return shared / (both - shared)
