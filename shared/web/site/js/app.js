/** Connects the components of the page: session, opened submission, list, errors. */

import { Api } from "./api.js";
import { announce, byId } from "./dom.js";
import { OpenedSubmission } from "./opened.js";
import { PastSubmissions } from "./past.js";
import { Session } from "./session.js";
import { SignInForm } from "./sign-in.js";
import { SubmitForm } from "./submit.js";
import { problemWords } from "./texts.js";

const ID = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const STILL_SENDING = "Another image is still being sent. Submit this one again after that.";
const ENDED = "Your session has ended. Sign in again and go on where you were.";

const session = new Session();
const api = new Api(session);
const signIn = new SignInForm({ api, session });
const past = new PastSubmissions({ api });
const opened = new OpenedSubmission({
  api,
  onChange: (submission) => past.put(submission),
  onGone: (id) => {
    leave(id);
    announce("This submission is not there any more.");
  },
  onDelete: remove,
  onAgain: (url) => opened.showError(submit.again(url) ? null : STILL_SENDING),
});
const submit = new SubmitForm({ api, onSubmitted: submitted });

let begun = false; // whether the page shows an account's data

session.addEventListener("started", begin);
session.addEventListener("expired", () => showSignIn({ email: session.email, note: ENDED }));
session.addEventListener("ended", clear);
byId("sign-out").addEventListener("click", () => {
  session.end();
  showSignIn();
  announce("You are signed out.");
});
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault(); // the URL's fragment names the opened submission
  byId("main").focus();
});
addEventListener("hashchange", () => begun && openFromHash({ focus: true }));
for (const name of ["online", "offline"]) addEventListener(name, tellOffline);

tellOffline();
if (session.token) begin();
else showSignIn(session.email ? { email: session.email, note: ENDED } : {});

/** Shows the account's data; after an expired session, unchanged. */
function begin() {
  byId("signed-out").hidden = true;
  byId("signed-in").hidden = false;
  byId("who").hidden = false;
  byId("who-email").textContent = session.email;
  byId("main").focus({ preventScroll: true });
  if (begun) return;
  begun = true;
  openFromHash({});
  past.start();
  past.count();
}

/** Shows the sign-in form. Typed text and the opened submission are kept. */
function showSignIn(why = {}) {
  if (!byId("signed-out").hidden) return;
  byId("signed-in").hidden = true;
  byId("who").hidden = true;
  byId("signed-out").hidden = false;
  signIn.show(why);
}

/** Removes the account's data from the page. */
function clear() {
  begun = false;
  submit.reset();
  opened.close();
  past.clear();
  announce("");
  history.replaceState(null, "", location.pathname);
}

function submitted(submission, file, { focus }) {
  history.pushState(null, "", `#${submission.id}`);
  past.put(submission);
  past.mark(submission.id);
  past.count();
  opened.open(submission, { file, focus });
}

/** Opens the submission that the URL's fragment names. */
function openFromHash({ focus = false }) {
  const id = ID.exec(location.hash)?.[1] ?? null;
  past.mark(id);
  if (id === null) opened.close();
  else if (opened.submission?.id !== id) opened.openById(id, { focus });
}

/** Closes the opened submission, if it is this one. */
function leave(id) {
  past.remove(id);
  past.mark(null);
  if (location.hash === `#${id}`) history.replaceState(null, "", location.pathname);
}

async function remove(id) {
  if (!(await confirmed())) return;
  try {
    await api.deleteSubmission(id);
  } catch (problem) {
    if (problem.name !== "AbortError") showDeleteFailure(problem);
    return;
  }
  opened.close();
  leave(id);
  past.count();
  byId("past-title").focus();
  announce("The submission is deleted.");
}

/** Resolves a pending confirmation: its dialog's `close` may come after the dialog was opened again. */
let settle = () => {};

/** Confirms a deletion. Escape cancels. */
function confirmed() {
  const dialog = byId("confirm");
  settle(false);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = () => {
      if (!dialog.open) settle(dialog.returnValue === "delete");
    };
    settle = (isConfirmed) => {
      dialog.removeEventListener("close", closed);
      settle = () => {};
      resolve(isConfirmed);
    };
    dialog.addEventListener("close", closed);
  });
}

function showDeleteFailure(problem) {
  opened.showError(`It could not be deleted. ${problemWords(problem)}`);
}

function tellOffline() {
  byId("offline-banner").hidden = navigator.onLine;
}
