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
  #busy = false;

  /** `onSubmitted(submission, file)` is called for each response 202; `file` is null for a URL. */
  constructor({ api, session, onSubmitted }) {
    this.api = api;
    this.session = session;
    this.onSubmitted = onSubmitted;
    this.form = byId("submit-form");
    this.error = byId("submit-error");
    this.button = byId("submit-button");
    this.picker = new Picker();
    this.picker.listen(() => !byId("signed-in").hidden && !byId("confirm").open);
    this.#listen();
  }

  /** Empties the form. */
  reset() {
    this.#attempt = null;
    this.form.reset();
    this.picker.clear();
  }

  /** Submits a URL without typing it. */
  again(url) {
    this.picker.clear();
    this.form.image_url.value = url;
    this.#submit();
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
    if (this.#busy) return;
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
    this.#busy = true;
    setBusy(this.button, true, file ? "Sending…" : "Submitting…");
    const { email } = this.session;
    try {
      const submission = await this.#send(this.#attempt);
      if (this.session.email !== email) return;
      this.reset();
      this.onSubmitted(submission, file);
    } catch (error) {
      if (error.name !== "AbortError") this.#showError(error);
    } finally {
      this.#busy = false;
      setBusy(this.button, false, BUTTON);
    }
  }

  async #send(attempt) {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await this.api.createSubmission(attempt);
      } catch (problem) {
        if (problem.code !== "idempotency-in-progress" || repeats >= MOST_REPEATS) throw problem;
        await pause(1000 * Math.max(1, problem.retryAfterSeconds ?? 1));
      }
    }
  }

  #showError(problem) {
    const field = this.#attempt?.file ? "image" : "image_url";
    if (problem.retryable || problem.code === "idempotency-in-progress") {
      const run = () => this.#submit();
      showFormError(this.error, problemWords(problem), { words: "Try again", run });
      return;
    }
    this.#attempt = null; // it has a response; the next one is another attempt
    if (problem.status === 413 || problem.status === 415) {
      showFieldErrors(this.form, { [field]: [problemWords(problem)] });
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
