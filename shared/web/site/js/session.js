/**
 * The session of one tab: who is signed in, with which token, until when. It is kept in
 * sessionStorage, so that a reload keeps it and closing the tab ends it.
 *
 *   none ── start ──▶ active ── expire ──▶ expired ── start ──▶ active (what waited goes on)
 *    ▲                  │ end                │ end, or start as another account
 *    └──────────────────┴────────────────────┘
 */

const KEY = "session";
const EARLY_MS = 5_000; // a token so close to its expiry is not sent

export class Session extends EventTarget {
  #account = null;
  #waiting = [];
  #signedIn = new AbortController();

  constructor(storage = sessionStorage) {
    super();
    this.storage = storage;
    try {
      this.#account = JSON.parse(storage.getItem(KEY) ?? "null");
    } catch {
      storage.removeItem(KEY);
    }
  }

  /** The email of the current or just expired session; null without one. */
  get email() {
    return this.#account?.email ?? null;
  }

  /** The token; null if there is no valid one. */
  get token() {
    const good = this.#account?.token && this.#account.expiresAt - EARLY_MS > Date.now();
    return good ? this.#account.token : null;
  }

  /** Is aborted when the current account signs out, or another signs in. */
  get signal() {
    return this.#signedIn.signal;
  }

  /** Signs in. Waiting requests continue, if it is the same account. */
  start({ email, access_token: token, expires_in: expiresInSeconds }) {
    const same = this.email === null || this.email === email;
    if (!same) this.end();
    this.#keep({ email, token, expiresAt: Date.now() + expiresInSeconds * 1000 });
    this.#settle((waiting) => waiting.resolve(token));
    this.dispatchEvent(new Event("started"));
  }

  /** The token was refused or has expired. The account stays known. */
  expire(refused = null) {
    if (refused !== null && refused !== this.#account?.token) return;
    if (this.#account) this.#keep({ email: this.email, token: null, expiresAt: 0 });
    this.dispatchEvent(new Event("expired"));
  }

  /** Signs out and removes all data of the account. */
  end() {
    this.#account = null;
    this.storage.removeItem(KEY);
    this.#settle((waiting) => waiting.reject(signedOut()));
    this.#signedIn.abort(signedOut());
    this.#signedIn = new AbortController();
    this.dispatchEvent(new Event("ended"));
  }

  /** Resolves with a valid token. Rejects when the user signs out instead, or has done so. */
  async usableToken() {
    if (this.token) return this.token;
    // Whose request it was isn't known any more: the next account must not send it.
    if (this.#account === null) throw signedOut();
    const renewed = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.expire();
    return renewed;
  }

  #keep(account) {
    this.#account = account;
    this.storage.setItem(KEY, JSON.stringify(account));
  }

  #settle(how) {
    this.#waiting.splice(0).forEach(how);
  }
}

function signedOut() {
  return new DOMException("Signed out", "AbortError");
}
