/** The elements of the opened submission. They only build; nothing here sends requests or waits. */

import { el, icon } from "./dom.js";
import { failureWords, kind, lasted, moment, size } from "./texts.js";

const DONE = "M5 12.5 10 17.5 19 7.5";
const ALERT = "M12 7v6m0 4h.01";
const BIN = "M5 7h14M10 7V5h4v2m-7 0 1 12h8l1-12";

/** The text of each state. */
export const STATES = {
  pending: "Taken in, waiting for its turn",
  processing: "Looking for faces",
  succeeded: "Done",
  failed: "Failed",
};

/** The three steps of a submission's life, and at which it is. */
export function steps(submission) {
  const { state } = submission;
  const at = { pending: 0, processing: 1, succeeded: 3, failed: 2 }[state];
  const last = state === "failed" ? "Failed" : "Done";
  const second = { pending: "Waiting for its turn", processing: "Looking for faces" }[state];
  const items = ["Taken in", second ?? "Looked at", last].map((words, index) => {
    const failed = state === "failed" && index === 2;
    const done = index < at || (index === 0 && at === 0);
    const current = (index === at && state === "processing") || (state === "pending" && index === 1);
    const mark = failed ? icon(ALERT) : done ? icon(DONE) : null;
    const name = failed ? "failed" : done ? "done" : current ? "current" : "ahead";
    return el(
      "li",
      { class: `step ${name} ${state === "pending" ? "waits" : ""}`, "aria-current": index === Math.min(at, 2) ? "step" : null },
      el("span", { class: "step-mark" }, mark),
      el("span", {}, words),
    );
  });
  return el("ol", { class: "steps", "aria-label": "Progress" }, ...items);
}

/** Failure and advice. `onAgain` is null where nothing can be sent again. */
export function failure(submission, onAgain) {
  const { code, detail } = submission.error;
  const words = failureWords(code);
  const again = words.again && onAgain;
  return el(
    "div",
    { class: "failure" },
    el("h3", {}, words.title),
    el("p", {}, words.advice),
    again ? el("button", { type: "button", class: "button", onclick: onAgain }, "Submit it again") : null,
    el("p", { class: "failure-detail" }, `The service reports: ${detail}`, " ", el("code", {}, code)),
  );
}

/** Further facts: pairs of name and value. */
export function facts(submission, result) {
  const { image } = submission;
  const rows = [];
  if (image.url) rows.push(["URL", el("span", { class: "url" }, image.url)]);
  if (image.media_type) {
    const bytes = image.bytes === null ? "" : `, ${size(image.bytes)}`;
    rows.push(["Submitted", kind(image.media_type) + bytes]);
  }
  if (result) {
    rows.push(["Image", `${result.image.width} × ${result.image.height} pixels`]);
    rows.push(["Recognizer", `${result.recognizer.name} ${result.recognizer.version}`]);
  }
  rows.push(["Taken in", el("time", { datetime: submission.created_at }, moment(submission.created_at))]);
  if (submission.completed_at) {
    rows.push(["Took", lasted(submission.created_at, submission.completed_at)]);
  }
  return el(
    "dl",
    { class: "facts" },
    ...rows.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))),
  );
}

/** The button that deletes. */
export function deleteButton(onDelete) {
  return el("button", { type: "button", class: "button quiet delete", onclick: onDelete }, icon(BIN), "Delete");
}

/** An error, with a button to try again at once. */
export function trouble(words, onRetry, button = "Try now") {
  return [
    el("p", {}, words),
    onRetry ? el("button", { type: "button", class: "button", onclick: onRetry }, button) : null,
  ].filter(Boolean);
}
