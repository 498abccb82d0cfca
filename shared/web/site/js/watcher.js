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
 * Calls `onChange` with every new state of the submission, and `onTrouble` with each Problem
 * after which it retries (with null after a success). Rejects with a Problem that is not
 * retryable, or with the signal's reason.
 *
 * The service delays a response until the state is *final*. While the submission is pending the
 * waits are short, so that the change to processing is shown too.
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
      if (problem.name === "AbortError") continue; // hidden for long: continues when visible again
      if (!problem.retryable) throw problem;
      failures += 1;
      onTrouble(problem);
      await pauseUntilOnline(backoffMs(failures, problem.retryAfterSeconds), signal);
      continue;
    } finally {
      seen.release();
    }
    // A service with too many waiting clients responds at once; it must not be polled in a tight loop.
    if (performance.now() - began < SHORT_MS) await pause(1000 - SHORT_MS, signal);
  }
  return current;
}
