/** The operations of the contract. Every failure is a Problem, also a network error. */

import { afterSilence } from "./time.js";

const PREFIX = "/api/v1";
// Without a byte received: an image may take minutes on a slow line. Longer than the longest `wait`
// (20 s), and than a web process waits for a client that reads nothing (25 s).
const SILENCE_MS = 30_000;
// Of an upload nothing is received until its end. The edge ends it after 230 s, with a response.
const UPLOAD_SILENCE_MS = 240_000;

/** An error response (RFC 9457), or `unreachable` without a response. */
export class Problem extends Error {
  constructor({ code, status = 0, detail = "", errors = {}, retryAfterSeconds = null }) {
    super(detail || code);
    Object.assign(this, { name: "Problem", code, status, detail, errors, retryAfterSeconds });
  }

  /** Whether the same request may succeed later. */
  get retryable() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  constructor(session) {
    this.session = session;
  }

  /** Signs up. Problems: email-taken, invalid, too-many-requests. */
  async createAccount({ email, password }) {
    return this.#send("/accounts", json("POST", { email, password }));
  }

  /** Signs in: {access_token, expires_in}. Problems: invalid-credentials, too-many-requests. */
  async createToken({ email, password }) {
    return this.#send("/tokens", json("POST", { email, password }));
  }

  /** {email, submission_count, …}. */
  async getAccount() {
    return this.#authorized("/account");
  }

  /**
   * Submits an image, by `file` or by `url`. The same `key` sent again makes no second
   * submission, so a request without a response can be repeated.
   */
  async createSubmission({ file, url, key, signal }) {
    const request = file ? upload(file) : json("POST", { image_url: url });
    request.headers = { ...request.headers, "Idempotency-Key": key };
    return this.#authorized("/submissions", { ...request, signal, silenceMs: UPLOAD_SILENCE_MS });
  }

  /** One page: {items, next_cursor}. */
  async listSubmissions({ limit, cursor = null, signal }) {
    const query = new URLSearchParams({ limit });
    if (cursor) query.set("cursor", cursor);
    return this.#authorized(`/submissions?${query}`, { signal });
  }

  /** One submission. With `waitSeconds` the response may be delayed until its state is final. */
  async getSubmission(id, { waitSeconds = 0, signal } = {}) {
    const query = waitSeconds > 0 ? `?wait=${waitSeconds}` : "";
    return this.#authorized(`/submissions/${id}${query}`, { signal });
  }

  /** The faces that were found. */
  async getResult(id, { signal } = {}) {
    return this.#authorized(`/submissions/${id}/result`, { signal });
  }

  /** The stored image as a Blob: an <img> couldn't send the token. */
  async getImage(id, { signal } = {}) {
    return this.#authorized(`/submissions/${id}/image`, { signal, as: "blob" });
  }

  /** Deletes a submission. A missing one counts as deleted. */
  async deleteSubmission(id) {
    try {
      await this.#authorized(`/submissions/${id}`, { method: "DELETE", as: "text" });
    } catch (problem) {
      if (problem.code !== "not-found") throw problem;
    }
  }

  /**
   * Sends a request with the token. If it is refused, waits for the next sign-in of the same
   * account. A request ends with the session that it was made in.
   */
  async #authorized(path, { signal = null, ...request } = {}) {
    const account = this.session.signal;
    const either = signal ? AbortSignal.any([signal, account]) : account;
    for (let renewals = 0; ; renewals += 1) {
      const token = await this.session.usableToken();
      const headers = { ...request.headers, Authorization: `Bearer ${token}` };
      try {
        return await this.#send(path, { ...request, headers, signal: either });
      } catch (problem) {
        if (problem.code !== "unauthenticated" || renewals > 1) throw problem;
        either.throwIfAborted();
        this.session.expire(token);
      }
    }
  }

  /** Sends a request and reads the whole response: a truncated one is an error. */
  async #send(path, { silenceMs = SILENCE_MS, as = "json", signal, ...request }) {
    const silence = afterSilence(silenceMs);
    try {
      const response = await fetch(PREFIX + path, {
        ...request,
        cache: "no-store",
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      });
      if (!response.ok) throw await problemOf(response);
      return await withProgress(response, silence.restart)[as]();
    } catch (error) {
      if (error instanceof Problem || signal?.aborted) throw error;
      throw new Problem({ code: "unreachable" });
    } finally {
      silence.release();
    }
  }
}

function json(method, body) {
  return { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

function upload(file) {
  const body = new FormData();
  body.append("image", file, file.name || "image");
  return { method: "POST", body };
}

/** The same response, which calls `onChunk` at its headers and at each chunk of its body. */
function withProgress(response, onChunk) {
  onChunk();
  const chunks = new TransformStream({
    transform(chunk, controller) {
      onChunk();
      controller.enqueue(chunk);
    },
  });
  const body = response.body?.pipeThrough(chunks) ?? null; // null: a 204
  return new Response(body, { headers: response.headers });
}

async function problemOf(response) {
  const after = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfterSeconds = Number.isNaN(after) ? null : after;
  let fields = {};
  try {
    fields = await response.json();
  } catch {
    // Not from the API: a proxy's page, or a truncated body.
  }
  const code = fields.code ?? (response.status === 503 ? "unavailable" : "internal");
  const { detail, errors } = fields;
  return new Problem({ code, status: response.status, detail, errors, retryAfterSeconds });
}
