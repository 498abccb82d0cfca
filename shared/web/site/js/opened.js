/** The opened submission: its progress until it is final, then its image and its faces. */

import { announce, byId, el, reducedMotion } from "./dom.js";
import { detectionList, overlay } from "./overlay.js";
import { STATES, deleteButton, facts, failure, steps, trouble } from "./components.js";
import { failureWords, faces, nameOf, problemWords } from "./texts.js";
import { isFinal, watchSubmission } from "./watcher.js";

export class OpenedSubmission {
  #stop = new AbortController();
  #urls = [];

  /** `onChange(submission)` at each state; `onGone(id)` if it isn't there; `onDelete`, `onAgain`. */
  constructor({ api, onChange, onGone, onDelete, onAgain }) {
    Object.assign(this, { api, onChange, onGone, onDelete, onAgain });
    this.submission = null;
    this.place = byId("opened-content");
  }

  /** Shows nothing. */
  close() {
    this.#stop.abort();
    for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
    this.submission = null;
    this.place.hidden = true;
    this.place.replaceChildren();
    byId("opened-empty").hidden = false;
    byId("opened").classList.add("empty");
    byId("opened").setAttribute("aria-busy", "false");
  }

  /** Opens a submission of which only the id is known. */
  async openById(id, options = {}) {
    this.close();
    const { signal } = (this.#stop = new AbortController());
    this.#frame(id, null);
    try {
      this.#show(await this.api.getSubmission(id, { signal }), { ...options, signal });
    } catch (problem) {
      if (signal.aborted) return;
      if (problem.code === "not-found" || problem.status === 422) {
        this.#gone(id);
      } else {
        const again = () => {
          this.openById(id, { ...options, focus: true });
          this.#focusTitle();
        };
        this.showError(problemWords(problem), again, "Try again");
      }
    }
  }

  /** Opens a submission. `file` is its image, if it was submitted from here. */
  open(submission, options = {}) {
    this.close();
    this.#stop = new AbortController();
    this.#show(submission, { ...options, signal: this.#stop.signal });
  }

  #show(submission, { file = null, focus = false, signal }) {
    this.#frame(submission.id, submission);
    if (file) this.#showImage(file, { submission, waiting: true });
    if (focus) this.#focus();
    this.#change(submission);
    this.#follow(submission, signal);
  }

  /** Builds the elements that stay while the state changes. */
  #frame(id, submission) {
    this.title = el("h2", { id: "opened-title", tabindex: "-1" }, submission ? nameOf(submission) : "Submission");
    this.head = el("div", { class: "opened-head" }, this.title, deleteButton(() => this.onDelete(id)));
    this.steps = el("div", {});
    this.stage = el("div", { class: "stage waiting" });
    this.found = el("div", { class: "found" });
    this.notice = el("div", { class: "trouble", role: "status", hidden: true });
    this.imageNotice = el("div", { class: "trouble", role: "status", hidden: true });
    this.facts = el("div", {});
    const image = [this.stage, this.imageNotice];
    this.place.replaceChildren(this.head, this.steps, this.notice, ...image, this.found, this.facts);
    this.place.hidden = false;
    byId("opened-empty").hidden = true;
    byId("opened").classList.remove("empty");
  }

  #focusTitle() {
    this.title.focus({ preventScroll: true });
  }

  /** On a narrow page the opened submission is below the form, and above the list. */
  #focus() {
    this.#focusTitle();
    const { top } = this.title.getBoundingClientRect();
    if (top >= 0 && top < innerHeight / 2) return;
    byId("opened").scrollIntoView({ behavior: reducedMotion() ? "auto" : "smooth" });
  }

  #change(submission) {
    const before = this.submission?.state;
    this.submission = submission;
    this.title.textContent = nameOf(submission);
    this.title.title = submission.image.url ?? "";
    byId("opened").setAttribute("aria-busy", String(!isFinal(submission)));
    this.steps.replaceChildren(steps(submission));
    this.facts.replaceChildren(facts(submission, null));
    if (submission.state === "failed") this.#failed(submission);
    if (before !== submission.state) announce(wordsOf(submission));
    this.onChange(submission);
  }

  async #follow(submission, signal) {
    try {
      const last = await watchSubmission(this.api, submission, {
        signal,
        onChange: (seen) => this.#change(seen),
        onTrouble: (problem) =>
          this.showError(problem && `${problemWords(problem)} It is retried automatically.`),
      });
      if (last.state === "succeeded") await this.#succeeded(last, signal);
    } catch (problem) {
      if (signal.aborted || problem.name === "AbortError") return;
      if (problem.code === "not-found") {
        this.#gone(submission.id);
        return;
      }
      const current = this.submission;
      this.showError(problemWords(problem), () => this.open(current, { focus: true }), "Try again");
    }
  }

  /** Shows the result, and the image once it is there: on a slow line that is much later. */
  async #succeeded(submission, signal) {
    const loading = this.api.getImage(submission.id, { signal });
    loading.catch(() => {}); // shown below, once there is a result
    const result = await this.api.getResult(submission.id, { signal });
    this.showError(null);
    const { detections } = result;
    const frames = overlay(detections);
    const words = `${faces(detections.length)} found`;
    this.found.replaceChildren(el("h3", { class: "found-count" }, words));
    if (detections.length > 0) this.found.append(detectionList(detections, frames));
    this.facts.replaceChildren(facts(submission, result));
    await this.#showStored(loading, { submission, frames, result }, signal);
  }

  /** Shows the stored image, or at its place why it can't be shown. */
  async #showStored(loading, shown, signal) {
    try {
      await this.#showImage(await loading, shown);
    } catch (problem) {
      if (signal.aborted || problem.name === "AbortError") return;
      const { id } = shown.submission;
      if (problem.code === "not-found") {
        this.#gone(id);
        return;
      }
      this.stage.classList.remove("waiting");
      const again = () => {
        this.#focusTitle();
        this.stage.classList.add("waiting");
        showNotice(this.imageNotice, null);
        this.#showStored(this.api.getImage(id, { signal }), shown, signal);
      };
      const words = `The image with its frames can't be shown. ${problemWords(problem)}`;
      showNotice(this.imageNotice, words, again, "Try again");
    }
  }

  /** Shows an image, once it can be drawn. */
  async #showImage(blob, { submission, frames = null, result = null, waiting = false }) {
    const url = URL.createObjectURL(blob);
    this.#urls.push(url);
    const count = frames ? `, ${faces(submission.detection_count).toLowerCase()} framed` : "";
    const shown = el("img", {
      src: url,
      alt: `${nameOf(submission)}${count}`,
      width: result?.image.width,
      height: result?.image.height,
    });
    const { stage } = this;
    try {
      await shown.decode();
    } catch {
      if (waiting) return; // only a preview; the service decides
    }
    if (waiting && stage.querySelector(".overlay")) return;
    stage.classList.toggle("waiting", waiting);
    stage.replaceChildren(el("div", { class: "image" }, shown, frames));
  }

  #gone(id) {
    this.close();
    this.onGone(id);
  }

  #failed(submission) {
    const { url } = submission.image;
    this.stage.remove();
    this.found.replaceChildren(failure(submission, url ? () => this.onAgain(url) : null));
  }

  /** Shows an error above the image. */
  showError(words, onRetry = null, button = undefined) {
    showNotice(this.notice, words, onRetry, button);
  }
}

function showNotice(place, words, onRetry = null, button = undefined) {
  place.replaceChildren(...(words ? trouble(words, onRetry, button) : []));
  place.hidden = !words;
}

/** What is announced at a state. */
function wordsOf(submission) {
  if (submission.state === "succeeded") return `${faces(submission.detection_count)} found.`;
  if (submission.state === "failed") return `Failed. ${failureWords(submission.error.code).title}.`;
  return `${STATES[submission.state]}.`;
}
