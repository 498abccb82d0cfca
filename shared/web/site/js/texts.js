/** The texts of the page: for each error code of the contract, for amounts and times. */

/** For each `error.code` of a failed submission: title and advice. */
export const FAILURES = {
  "image-unreachable": {
    title: "The image couldn't be fetched",
    advice: "Check that its URL opens without signing in, then submit it again.",
  },
  "image-forbidden-address": {
    title: "The URL leads to a forbidden address",
    advice: "It leads to an address that isn't public. Use another URL, or upload the image.",
  },
  "image-too-large": {
    title: "The image is too large",
    advice: "At most 10 MB and 40 megapixels can be taken. Make it smaller and submit it again.",
  },
  "image-unsupported": {
    title: "This isn't a kind of image that can be read",
    advice: "Submit a JPEG, PNG, WebP or GIF.",
  },
  "image-corrupt": {
    title: "The image is damaged",
    advice: "Part of it is missing or can't be read. Save it again and submit that.",
  },
  "recognizer-unavailable": {
    title: "The recognizer can't be reached",
    advice: "Nothing is wrong with the image. Submit it again a little later.",
  },
  "recognizer-crashed": {
    title: "The recognizer crashed on this image",
    advice: "It was tried several times. Save a copy in another format and submit that.",
  },
  "timed-out": {
    title: "It took too long",
    advice: "Submit it again later, or make the image smaller.",
  },
};

const FAILURE_UNKNOWN = {
  title: "It didn't work",
  advice: "Submit the image again a little later.",
};

/** Codes after which the same image may succeed. */
const WORTH_ANOTHER_TRY = new Set([
  "image-unreachable",
  "recognizer-unavailable",
  "recognizer-crashed",
  "timed-out",
]);

/** Returns the texts for a submission's failure, also for an unknown code. */
export function failureWords(code) {
  return { ...(FAILURES[code] ?? FAILURE_UNKNOWN), again: WORTH_ANOTHER_TRY.has(code) };
}

const PROBLEMS = {
  unreachable: "The service can't be reached. Check your connection and try again.",
  unavailable: "The service is busy or away for a moment. Try again shortly.",
  internal: "Something went wrong at the service. Try again; nothing is lost.",
  unauthenticated: "Your session has ended. Sign in again.",
  "invalid-credentials": "The email or the password is wrong.",
  "email-taken": "There is an account with this email already.",
  "image-too-large": "The image is too large. At most 10 MB and 40 megapixels can be taken.",
  "unsupported-media-type": "This isn't an image that can be read. Use a JPEG, PNG, WebP or GIF.",
  "not-found": "This submission is not there any more.",
  "idempotency-in-progress": "It is still being taken in. Try again in a moment.",
};

/** Returns the text for a problem that belongs to no field. */
export function problemWords(problem) {
  if (problem.code === "too-many-requests") {
    return `That was a bit much at once. Try again ${inSeconds(problem.retryAfterSeconds ?? 10)}.`;
  }
  return PROBLEMS[problem.code] ?? problem.detail ?? PROBLEMS.internal;
}

/** "in 5 seconds", "in 3 minutes". */
export function inSeconds(seconds) {
  if (seconds < 1.5) return "in a second";
  if (seconds < 90) return `in ${Math.ceil(seconds)} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}

/** "No face", "1 face", "3 faces". */
export function faces(count) {
  if (count === 0) return "No face";
  return count === 1 ? "1 face" : `${count} faces`;
}

/** "65 kB", "2.4 MB": decimal, as the limits are. */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** "image/jpeg" → "JPEG". */
export function kind(mediaType) {
  const name = mediaType.replace(/^image\//, "");
  return name === "webp" ? "WebP" : name.toUpperCase();
}

/** Returns a short name for a submission: the end of its URL, or the kind of upload. */
export function nameOf(submission) {
  const { image } = submission;
  if (image.kind === "url") return urlName(image.url);
  return image.media_type ? `Uploaded ${kind(image.media_type)}` : "Uploaded image";
}

function urlName(text) {
  try {
    const url = new URL(text);
    const last = decodeURIComponent(url.pathname).split("/").filter(Boolean).at(-1);
    return last ?? url.host;
  } catch {
    return text;
  }
}

const STEPS = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [7 * 86_400, 86_400, "day"],
];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const DATE = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** "just now", "5 minutes ago", "yesterday", or the date. */
export function ago(time, now = Date.now()) {
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 20) return "just now";
  const step = STEPS.find(([below]) => seconds < below);
  if (!step) return DATE.format(new Date(time));
  return RELATIVE.format(-Math.floor(seconds / step[1]), step[2]);
}

/** A moment in full. */
export function moment(time) {
  return MOMENT.format(new Date(time));
}

/** How long from one time to the other: "0.4 s", "12 s". */
export function lasted(from, to) {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** 0.934 → "93 %". */
export function percent(fraction) {
  return `${Math.round(fraction * 100)} %`;
}
