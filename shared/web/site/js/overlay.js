/** An image with a frame around each Detection, and the list of them. */

import { el, svg } from "./dom.js";
import { percent } from "./texts.js";

const TAG = 22; // CSS pixels: the side of the square that a frame's number is in
const TAG_GAP = 3;

/**
 * Frames over an image. Positions are in per cent of the overlay, which covers the image exactly:
 * so the frames are right at every size, while lines and numbers keep theirs.
 */
export function overlay(detections) {
  const frames = svg(
    "svg",
    { class: "overlay", "aria-hidden": "true", focusable: "false" },
    ...detections.map((detection, index) => frame(detection.box, index + 1)),
  );
  const placeTags = ([{ contentRect }]) => {
    detections.forEach(({ box }, index) => {
      placeTag(frames.children[index].querySelector(".tag"), box, contentRect);
    });
  };
  new ResizeObserver(placeTags).observe(frames);
  return frames;
}

/** A number is above its frame; where there is no room, below it; else in it. */
function placeTag(tag, box, { width, height }) {
  const top = box.top * height;
  const bottom = top + box.height * height;
  let y = top + TAG_GAP;
  if (top >= TAG + TAG_GAP) y = top - TAG - TAG_GAP;
  else if (bottom + TAG_GAP + TAG <= height) y = bottom + TAG_GAP;
  tag.setAttribute("x", Math.max(0, Math.min(box.left * width, width - TAG)));
  tag.setAttribute("y", y);
}

function frame(box, number) {
  const place = {
    x: inPercent(box.left),
    y: inPercent(box.top),
    width: inPercent(box.width),
    height: inPercent(box.height),
    rx: 6,
  };
  const tag = svg(
    "svg",
    { class: "tag", overflow: "visible" },
    svg("rect", { width: TAG, height: TAG, rx: 6 }),
    svg("text", { x: TAG / 2, y: 15.5 }, String(number)),
  );
  return svg(
    "g",
    { class: "frame", "data-number": number },
    svg("rect", { ...place, class: "halo" }),
    svg("rect", { ...place, class: "line" }),
    tag,
  );
}

function inPercent(fraction) {
  return `${(fraction * 100).toFixed(4)}%`;
}

/**
 * The Detections as a list, best score first as in the Result. Pointing at one, or choosing it,
 * marks its frame in `frames`.
 */
export function detectionList(detections, frames) {
  let chosen = null;
  const mark = (number) => {
    frames.classList.toggle("marking", number !== null);
    for (const group of frames.children) {
      group.classList.toggle("marked", group.dataset.number === String(number));
    }
  };
  const items = detections.map((detection, index) => {
    const number = index + 1;
    const button = el(
      "button",
      {
        type: "button",
        class: "detection",
        "aria-pressed": "false",
        onmouseenter: () => mark(number),
        onmouseleave: () => mark(chosen),
        onclick: () => {
          chosen = chosen === number ? null : number;
          for (const item of items) {
            const one = item.firstChild;
            one.setAttribute("aria-pressed", String(one === button && chosen === number));
          }
          mark(chosen);
        },
      },
      el("span", { class: "number", "aria-hidden": "true" }, String(number)),
      el("span", { class: "label" }, `Face ${number}`),
      el("span", { class: "score" }, percent(detection.score), el("span", { class: "visually-hidden" }, " sure")),
      bar(detection.score),
    );
    return el("li", {}, button);
  });
  return el("ol", { class: "detections", "aria-label": "Faces, with how sure the recognizer is" }, ...items);
}

function bar(fraction) {
  return svg(
    "svg",
    { class: "bar", "aria-hidden": "true", focusable: "false" },
    svg("rect", { class: "bar-all", width: "100%", height: "100%", rx: 3 }),
    svg("rect", { class: "bar-part", width: inPercent(fraction), height: "100%", rx: 3 }),
  );
}
