/** Follows a submission until its state is final. */

import { backoffMs, pause, pauseUntilOnline, untilSeen, whileSeen } from "./time.js";

const FINAL = new Set(["succeeded", "failed"]);
const LONGEST_WAIT_SECONDS = 20;
const SHORT_MS = 300;

/** Whether the submission will not change any more. */
export function isFinal(submission) {
  return FINAL.has(submission.state);
}

/**
 * Calls `onChange` with every state of the submission that is seen, and `onTrouble` with each
 * Problem that is tried again after (with null when it is over). Rejects with a Problem that
 * trying again doesn't help, or with the signal's reason.
 *
 * The service holds an answer back until the state is *final*. While the submission is pending
 * the waits are short, so that its going over to processing is seen too.
 */
export async function watchSubmission(api, submission, { onChange, onTrouble, signal }) {
  let current = submission;
  let pendingWaits = 0;
  let failures = 0;
  while (!isFinal(current)) {
    await untilSeen(signal);
    const seen = whileSeen(signal);
    const began = performance.now();
    try {
      pendingWaits = current.state === "pending" ? pendingWaits + 1 : 0;
      const waitSeconds = pendingWaits > 0 ? Math.min(pendingWaits, 5) : LONGEST_WAIT_SECONDS;
      current = await api.getSubmission(current.id, { waitSeconds, signal: seen.signal });
      if (failures > 0) onTrouble(null);
      failures = 0;
      onChange(current);
    } catch (problem) {
      signal.throwIfAborted();
      if (problem.name === "AbortError") continue; // hidden for long: goes on when seen again
      if (!problem.retryable) throw problem;
      failures += 1;
      onTrouble(problem);
      await pauseUntilOnline(backoffMs(failures, problem.retryAfterSeconds), signal);
      continue;
    } finally {
      seen.release();
    }
    // A service with too many waiting answers at once; it must not be asked in a tight loop.
    if (performance.now() - began < SHORT_MS) await pause(1000 - SHORT_MS, signal);
  }
  return current;
}
