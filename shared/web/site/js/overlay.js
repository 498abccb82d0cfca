/** A picture with a frame around each Detection, and the list that goes with it. */

import { el, svg } from "./dom.js";
import { percent } from "./words.js";

const TAG = 22; // CSS pixels, as the stylesheet's
const TAG_ABOVE_FROM = 0.09; // nearer to the upper edge than this, the number is put below the frame

/**
 * Frames over a picture. Places are given in per cent of the overlay, which covers the picture
 * exactly: so the frames are right at every size, while lines and numbers keep theirs.
 */
export function overlay(detections) {
  return svg(
    "svg",
    { class: "overlay", "aria-hidden": "true", focusable: "false" },
    ...detections.map((detection, index) => frame(detection.box, index + 1)),
  );
}

function frame(box, number) {
  const place = {
    x: inPercent(box.left),
    y: inPercent(box.top),
    width: inPercent(box.width),
    height: inPercent(box.height),
    rx: 6,
  };
  const above = box.top > TAG_ABOVE_FROM;
  const y = inPercent(above ? box.top : box.top + box.height);
  const tag = svg(
    "svg",
    { x: place.x, y, class: "tag", overflow: "visible" },
    svg("rect", { x: -1, y: above ? -TAG - 3 : 3, width: TAG, height: TAG, rx: 6 }),
    svg("text", { x: TAG / 2 - 1, y: (above ? -TAG - 3 : 3) + 15.5 }, String(number)),
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
 * The Detections as a list, surest first as the Result has them. Pointing at one, or choosing it,
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
