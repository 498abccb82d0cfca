/** The past submissions, newest first, page by page. */

import { byId, el, icon } from "./dom.js";
import { trouble } from "./components.js";
import { pause, untilSeen } from "./time.js";
import { isFinal } from "./watcher.js";
import { ago, faces, failureWords, moment, nameOf, problemWords } from "./texts.js";

const PAGE = 10;
const MOST = 100; // of one page, by the contract
const LOOK_AGAIN_MS = 4_000;
const ALERT = "M12 7v6m0 4h.01";
const MINUTE_MS = 60_000;

export class PastSubmissions {
  #items = [];
  #cursor = null;
  #removed = new Set();
  #openedId = null;
  #stop = new AbortController();

  constructor({ api }) {
    this.api = api;
    this.list = byId("past-list");
    this.notice = byId("past-trouble");
    this.more = byId("more");
    this.more.addEventListener("click", () => this.#loadMore());
    setInterval(() => this.#tellTimes(), MINUTE_MS);
  }

  /** Loads the first page, and then keeps unfinished submissions up to date. */
  async start() {
    this.clear();
    const { signal } = (this.#stop = new AbortController());
    if (await this.#load(signal)) await this.#keepUp(signal);
  }

  /** Shows nothing. */
  clear() {
    this.#stop.abort();
    this.#items = [];
    this.#cursor = null;
    this.#removed.clear();
    this.#showError(null);
    this.#render();
    byId("past-empty").hidden = true;
    byId("count").hidden = true;
  }

  /** Adds a submission, or shows its new state. */
  put(submission) {
    const isKnown = this.#items.some((item) => item.id === submission.id);
    if (isKnown || this.#isCovered(submission)) this.#merge([submission]);
  }

  /** Takes a submission out. */
  remove(id) {
    this.#removed.add(id);
    this.#items = this.#items.filter((item) => item.id !== id);
    this.#render();
  }

  /** Marks the one that is opened; null for none. */
  mark(id) {
    this.#openedId = id;
    this.#render();
  }

  /** The number of all submissions of the account, if it is known. */
  async count() {
    const { signal } = this.#stop;
    const account = await this.api.getAccount().catch(() => null);
    if (signal.aborted) return;
    const count = account?.submission_count ?? null;
    byId("count").hidden = count === null;
    byId("count").textContent = count === null ? "" : String(count);
  }

  /** Whether the submission belongs to the loaded pages. */
  #isCovered(submission) {
    const last = this.#items.at(-1);
    return this.#cursor === null || !last || submission.created_at >= last.created_at;
  }

  async #load(signal) {
    this.list.setAttribute("aria-busy", "true");
    try {
      const page = await this.api.listSubmissions({ limit: PAGE, cursor: this.#cursor, signal });
      this.#cursor = page.next_cursor;
      this.#merge(page.items);
      this.#showError(null);
      return true;
    } catch (problem) {
      if (!signal.aborted && problem.name !== "AbortError") {
        this.#showError(problemWords(problem), () => this.#again());
      }
      return false;
    } finally {
      this.list.setAttribute("aria-busy", "false");
    }
  }

  #again() {
    byId("past-title").focus(); // the button goes away
    if (this.#items.length > 0) {
      this.#loadMore();
      return;
    }
    this.start();
    this.count();
  }

  async #loadMore() {
    const before = this.#items.length;
    const isPressed = document.activeElement === this.more;
    this.more.disabled = true;
    const isLoaded = await this.#load(this.#stop.signal);
    this.more.disabled = false;
    if (isLoaded) this.list.children[before]?.firstChild.focus();
    else if (isPressed) this.more.focus(); // a disabled button loses the focus
  }

  /** While any submission is not final, polls now and then, if the page is visible. */
  async #keepUp(signal) {
    try {
      for (;;) {
        await pause(LOOK_AGAIN_MS, signal);
        const unfinished = this.#items.some((item) => !isFinal(item) && item.id !== this.#openedId);
        if (!unfinished) continue;
        await untilSeen(signal);
        const limit = Math.min(MOST, Math.max(PAGE, this.#items.length));
        const page = await this.api.listSubmissions({ limit, signal }).catch(() => ({ items: [] }));
        signal.throwIfAborted();
        this.#merge(page.items.filter((item) => this.#isCovered(item)));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Takes items over. They may be older than what is known: responses arrive in any order. */
  #merge(items) {
    const known = new Map(this.#items.map((item) => [item.id, item]));
    for (const item of items) {
      const before = known.get(item.id);
      const isOlder = this.#removed.has(item.id) || (before && isFinal(before) && !isFinal(item));
      if (!isOlder) known.set(item.id, item);
    }
    this.#items = [...known.values()];
    this.#render();
  }

  #render() {
    this.#items.sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
    const focused = document.activeElement?.closest?.(".past-list a")?.hash;
    this.list.replaceChildren(...this.#items.map((item) => row(item, item.id === this.#openedId)));
    if (focused) this.list.querySelector(`a[href="${focused}"]`)?.focus({ preventScroll: true });
    byId("past-empty").hidden = this.#items.length > 0;
    this.more.hidden = this.#cursor === null;
  }

  #tellTimes() {
    for (const time of this.list.querySelectorAll("time")) time.textContent = ago(time.dateTime);
  }

  #showError(words, onRetry) {
    this.notice.replaceChildren(...(words ? trouble(words, onRetry, "Try again") : []));
    this.notice.hidden = !words;
    if (words) byId("past-empty").hidden = true;
  }
}

function row(submission, opened) {
  const { state } = submission;
  const mark = { succeeded: String(submission.detection_count), failed: icon(ALERT) }[state];
  return el(
    "li",
    {},
    el(
      "a",
      { href: `#${submission.id}`, class: `row ${state}`, "aria-current": opened ? "true" : null },
      el("span", { class: "row-mark", "aria-hidden": "true" }, mark ?? el("span", { class: "dots" })),
      el(
        "span",
        { class: "row-words" },
        el("span", { class: "row-name" }, nameOf(submission)),
        el("span", { class: "row-state" }, stateWords(submission)),
      ),
      el(
        "time",
        { datetime: submission.created_at, title: moment(submission.created_at) },
        ago(submission.created_at),
      ),
    ),
  );
}

function stateWords(submission) {
  switch (submission.state) {
    case "succeeded":
      return faces(submission.detection_count);
    case "failed":
      return failureWords(submission.error.code).title;
    case "processing":
      return "Looking for faces";
    default:
      return "Waiting for its turn";
  }
}
