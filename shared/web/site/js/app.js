/** Puts the parts of the page together: who is signed in, what is opened, what happened. */

import { Api } from "./api.js";
import { announce, byId } from "./dom.js";
import { OpenedSubmission } from "./opened.js";
import { PastSubmissions } from "./past.js";
import { Session } from "./session.js";
import { SignInForm } from "./sign-in.js";
import { SubmitForm } from "./submit.js";
import { problemWords } from "./words.js";

const ID = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
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
  onAgain: (url) => submit.again(url),
});
const submit = new SubmitForm({ api, session, onSubmitted: submitted });

let begun = false; // whether the signed-in part shows an account's things

session.addEventListener("started", begin);
session.addEventListener("expired", () => showSignIn({ email: session.email, note: ENDED }));
session.addEventListener("ended", clear);
byId("sign-out").addEventListener("click", () => {
  session.end();
  showSignIn();
  announce("You are signed out.");
});
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault(); // the page's address names what is opened
  byId("main").focus();
});
addEventListener("hashchange", () => begun && openFromAddress({ focus: true }));
for (const name of ["online", "offline"]) addEventListener(name, tellOffline);

tellOffline();
if (session.token) begin();
else showSignIn(session.email ? { email: session.email, note: ENDED } : {});

/** Shows the account's things; if they were there before the session ended, as they were. */
function begin() {
  byId("signed-out").hidden = true;
  byId("signed-in").hidden = false;
  byId("who").hidden = false;
  byId("who-email").textContent = session.email;
  byId("main").focus({ preventScroll: true });
  if (begun) return;
  begun = true;
  openFromAddress({});
  past.start();
  past.count();
}

/** Shows the form to sign in. What was typed or is opened stays behind it. */
function showSignIn(why = {}) {
  if (!byId("signed-out").hidden) return;
  byId("signed-in").hidden = true;
  byId("who").hidden = true;
  byId("signed-out").hidden = false;
  signIn.show(why);
}

/** Leaves nothing of the account on the page. */
function clear() {
  begun = false;
  submit.reset();
  opened.close();
  past.clear();
  announce("");
  history.replaceState(null, "", location.pathname);
}

function submitted(submission, file) {
  history.pushState(null, "", `#${submission.id}`);
  past.put(submission);
  past.mark(submission.id);
  past.count();
  opened.open(submission, { file, focus: true });
}

/** Opens what the page's address names. */
function openFromAddress({ focus = false }) {
  const id = ID.exec(location.hash)?.[1] ?? null;
  past.mark(id);
  if (id === null) opened.close();
  else if (opened.submission?.id !== id) opened.openById(id, { focus });
}

/** Nothing is opened any more, if it was this one. */
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
    if (problem.name !== "AbortError") tellDeleteFailed(problem);
    return;
  }
  opened.close();
  leave(id);
  past.count();
  byId("past-title").focus();
  announce("The submission is deleted.");
}

/** Ends a question that waits for its dialog's `close`, which may come after the dialog is open anew. */
let settle = () => {};

/** Asks whether to delete. Escape is a no. */
function confirmed() {
  const dialog = byId("confirm");
  settle(false);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = () => {
      if (!dialog.open) settle(dialog.returnValue === "delete");
    };
    settle = (answer) => {
      dialog.removeEventListener("close", closed);
      settle = () => {};
      resolve(answer);
    };
    dialog.addEventListener("close", closed);
  });
}

function tellDeleteFailed(problem) {
  opened.tell(`It could not be deleted. ${problemWords(problem)}`);
}

function tellOffline() {
  byId("offline-banner").hidden = navigator.onLine;
}
