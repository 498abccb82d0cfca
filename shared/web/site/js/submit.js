/** The form that submits an image, by upload or by URL. */

import { byId } from "./dom.js";
import { setBusy, showFieldErrors, showFormError } from "./fields.js";
import { Picker } from "./picker.js";
import { pause } from "./time.js";
import { problemWords } from "./texts.js";

const BUTTON = "Find the faces";
const MOST_REPEATS = 5;

export class SubmitForm {
  /** The attempt without a response yet: its body and its Idempotency-Key. */
  #attempt = null;
  /** Cancels what is being sent; null while nothing is. */
  #sending = null;

  /**
   * `onSubmitted(submission, file, {focus})` is called for each response 202; `file` is null for a
   * URL. Without `focus` the next image is being entered already, and the focus stays here.
   */
  constructor({ api, onSubmitted }) {
    this.api = api;
    this.onSubmitted = onSubmitted;
    this.form = byId("submit-form");
    this.error = byId("submit-error");
    this.button = byId("submit-button");
    this.picker = new Picker();
    this.picker.listen(() => !byId("signed-in").hidden && !byId("confirm").open);
    this.#listen();
  }

  /** Empties the form, and cancels what is being sent. */
  reset() {
    this.#sending?.abort();
    this.#sending = null;
    setBusy(this.button, false, BUTTON);
    this.#attempt = null;
    this.form.reset();
    this.picker.clear();
  }

  /** Submits a URL without typing it. Returns false, and does nothing, while one is being sent. */
  again(url) {
    if (this.#sending) return false;
    this.picker.clear();
    this.form.image_url.value = url;
    this.#submit();
    return true;
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.picker.addEventListener("change", () => {
      byId("url-part").hidden = this.picker.file !== null;
      this.#clearErrors();
      if (this.picker.file) this.button.focus({ preventScroll: true });
    });
    this.picker.addEventListener("refused", (event) => {
      showFormError(this.error, null);
      showFieldErrors(this.form, { image: [event.detail] });
    });
    this.picker.addEventListener("url", (event) => {
      this.picker.clear();
      this.form.image_url.value = event.detail;
      this.form.image_url.focus();
    });
  }

  #clearErrors() {
    showFieldErrors(this.form, {});
    showFormError(this.error, null);
  }

  async #submit() {
    if (this.#sending) return;
    this.#clearErrors();
    const { file } = this.picker;
    const url = file ? null : this.form.image_url.value.trim();
    if (!file && !url) {
      showFieldErrors(this.form, { image_url: ["Choose an image above, or enter its URL."] });
      return;
    }
    // A retry has the same key, so that it creates no second submission.
    if (this.#attempt?.file !== file || this.#attempt?.url !== url) {
      this.#attempt = { file, url, key: newKey() };
    }
    const attempt = this.#attempt;
    const sending = (this.#sending = new AbortController());
    setBusy(this.button, true, file ? "Sending…" : "Submitting…");
    try {
      const submission = await this.#send(attempt, sending.signal);
      this.#clearSent(attempt);
      const isEmpty = !this.picker.file && !this.form.image_url.value.trim();
      this.onSubmitted(submission, file, { focus: isEmpty });
    } catch (error) {
      if (error.name !== "AbortError") this.#showError(error, attempt);
    } finally {
      // After reset() another account may be sending.
      if (this.#sending === sending) {
        this.#sending = null;
        setBusy(this.button, false, BUTTON);
      }
    }
  }

  /** Empties the form of what was sent, and keeps what was entered since. */
  #clearSent({ file, url }) {
    this.#attempt = null;
    if (file && this.picker.file === file) this.picker.clear();
    if (url && this.form.image_url.value.trim() === url) this.form.image_url.value = "";
  }

  async #send(attempt, signal) {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await this.api.createSubmission({ ...attempt, signal });
      } catch (problem) {
        if (problem.code !== "idempotency-in-progress" || repeats >= MOST_REPEATS) throw problem;
        await pause(1000 * Math.max(1, problem.retryAfterSeconds ?? 1), signal);
      }
    }
  }

  #showError(problem, { file, url }) {
    if (problem.retryable || problem.code === "idempotency-in-progress") {
      const run = () => {
        this.button.focus(); // "Try again" goes away
        this.#submit();
      };
      showFormError(this.error, problemWords(problem), { words: "Try again", run });
      return;
    }
    this.#attempt = null; // it has a response; the next one is another attempt
    if (this.picker.file !== file || (url && this.form.image_url.value.trim() !== url)) {
      // The fields hold another image by now, whose errors these aren't.
      const words = Object.values(problem.errors).flat().join(" ") || problemWords(problem);
      showFormError(this.error, `The image sent before was refused. ${words}`);
      return;
    }
    if (problem.status === 413 || problem.status === 415) {
      showFieldErrors(this.form, { [file ? "image" : "image_url"]: [problemWords(problem)] });
      return;
    }
    const left = showFieldErrors(this.form, problem.errors);
    const isShown = this.form.querySelector("[aria-invalid]") !== null && left.length === 0;
    showFormError(this.error, isShown ? null : left.join(" ") || problemWords(problem));
  }
}

/** 128 random bits. (crypto.randomUUID exists only on https and localhost.) */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
