/** Wait for some time, for the page to be visible, for the network. */

const LONG_HIDDEN_MS = 30_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15_000;

/** Resolves after so many milliseconds. Rejects with the signal's reason when it is aborted. */
export function pause(milliseconds, signal = undefined) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The pause after so many failures in a row: doubling, with jitter; at least the requested time. */
export function backoffMs(failures, retryAfterSeconds = null) {
  const doubled = FIRST_BACKOFF_MS * 2 ** (failures - 1);
  const jittered = Math.min(LONGEST_BACKOFF_MS, doubled) * (0.75 + Math.random() / 2);
  return Math.max(jittered, 1000 * (retryAfterSeconds ?? 0));
}

/** Resolves at the page's next "online" event, or after so many milliseconds. */
export async function pauseUntilOnline(milliseconds, signal) {
  const either = new AbortController();
  addEventListener("online", () => either.abort(), { signal: either.signal });
  try {
    await pause(milliseconds, AbortSignal.any([signal, either.signal]));
  } catch {
    signal.throwIfAborted();
  } finally {
    either.abort();
  }
}

/**
 * A signal that is aborted after so many milliseconds without a `restart()`. `release()` when it is
 * not needed any more.
 */
export function afterSilence(milliseconds) {
  const silent = new AbortController();
  let timer = null;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), milliseconds);
  };
  restart();
  return { signal: silent.signal, restart, release: () => clearTimeout(timer) };
}

/** Resolves when the page is visible: at once, if it is. */
export function untilSeen(signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    if (!document.hidden) {
      resolve();
      return;
    }
    const done = new AbortController();
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.hidden) return;
        done.abort();
        resolve();
      },
      { signal: done.signal },
    );
    signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal });
  });
}

/**
 * A signal that is aborted once the page has been hidden for long, or `signal` is.
 * `release()` when it is not needed any more.
 */
export function whileSeen(signal, longHiddenMs = LONG_HIDDEN_MS) {
  const hidden = new AbortController();
  const released = new AbortController();
  let timer = null;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => hidden.abort(), longHiddenMs);
  };
  document.addEventListener("visibilitychange", look, { signal: released.signal });
  look();
  return {
    signal: AbortSignal.any([signal, hidden.signal]),
    release() {
      clearTimeout(timer);
      released.abort();
    },
  };
}
