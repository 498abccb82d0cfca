/** The form to sign in or sign up. One form, two modes. */

import { byId } from "./dom.js";
import { setBusy, showFieldErrors, showFormError } from "./fields.js";
import { inSeconds, problemWords } from "./texts.js";

const MODES = {
  signIn: {
    title: "Sign in",
    button: "Sign in",
    busy: "Signing in…",
    words: "New here?",
    other: "Create an account",
    autocomplete: "current-password",
  },
  signUp: {
    title: "Create an account",
    button: "Create account",
    busy: "Creating…",
    words: "Have an account?",
    other: "Sign in",
    autocomplete: "new-password",
  },
};
const LEAST_PASSWORD_CHARACTERS = 10;

export class SignInForm {
  #mode = "signIn";
  #busy = false;

  constructor({ api, session }) {
    this.api = api;
    this.session = session;
    this.form = byId("sign-in-form");
    this.error = byId("sign-in-error");
    this.button = byId("sign-in-button");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("switch-mode").addEventListener("click", () => {
      this.#setMode(this.#mode === "signIn" ? "signUp" : "signIn");
      this.form.email.focus();
    });
    byId("show-password").addEventListener("click", () => this.#showPassword());
  }

  /** Resets the form. `note` is an optional reason why it is shown. */
  show({ email = null, note = null } = {}) {
    this.#setMode("signIn");
    this.form.reset();
    if (email) this.form.email.value = email;
    this.#note(note);
    this.#showPassword(false);
    (email ? this.form.password : this.form.email).focus();
  }

  #setMode(mode) {
    this.#mode = mode;
    const words = MODES[mode];
    byId("sign-in-title").textContent = words.title;
    byId("switch-words").textContent = words.words;
    byId("switch-mode").textContent = words.other;
    byId("password-hint").hidden = mode === "signIn";
    this.form.password.autocomplete = words.autocomplete;
    const described = mode === "signIn" ? "password-error" : "password-hint password-error";
    this.form.password.setAttribute("aria-describedby", described);
    setBusy(this.button, false, words.button);
    showFieldErrors(this.form, {});
    showFormError(this.error, null);
    this.#note(null);
  }

  #note(words) {
    byId("sign-in-note").textContent = words ?? "";
    byId("sign-in-note").hidden = !words;
  }

  #showPassword(shown = this.form.password.type === "password") {
    this.form.password.type = shown ? "text" : "password";
    const button = byId("show-password");
    button.setAttribute("aria-pressed", String(shown));
    button.firstChild.textContent = shown ? "Hide" : "Show";
  }

  async #submit() {
    if (this.#busy) return;
    const typed = { email: this.form.email.value.trim(), password: this.form.password.value };
    showFormError(this.error, null);
    const missing = this.#missing(typed);
    showFieldErrors(this.form, missing);
    if (Object.keys(missing).length > 0) return;
    const mode = this.#mode;
    this.#busy = true;
    setBusy(this.button, true, MODES[mode].busy);
    try {
      if (mode === "signUp") {
        await this.api.createAccount(typed);
        // From here on a second attempt must only sign in.
        this.#setMode("signIn");
        setBusy(this.button, true, MODES.signIn.busy);
      }
      const token = await this.api.createToken(typed);
      this.session.start({ ...token, email: typed.email.toLowerCase() });
      this.form.reset();
    } catch (problem) {
      this.#showError(problem);
    } finally {
      this.#busy = false;
      setBusy(this.button, false, MODES[this.#mode].button);
    }
  }

  /** Shows missing values without a request. */
  #missing({ email, password }) {
    const errors = {};
    if (!email.includes("@")) errors.email = ["Enter your email address."];
    if (!password) errors.password = ["Enter your password."];
    else if (this.#mode === "signUp" && [...password].length < LEAST_PASSWORD_CHARACTERS) {
      errors.password = [`Use at least ${LEAST_PASSWORD_CHARACTERS} characters.`];
    }
    return errors;
  }

  #showError(problem) {
    if (problem.code === "email-taken") {
      showFieldErrors(this.form, { email: [problemWords(problem)] });
      const run = () => {
        this.#setMode("signIn");
        this.form.password.focus();
      };
      showFormError(this.error, "Is it yours?", { words: "Sign in instead", run });
    } else if (problem.code === "invalid-credentials") {
      showFieldErrors(this.form, { password: [problemWords(problem)] });
      this.form.password.select();
    } else if (problem.code === "too-many-requests") {
      const when = inSeconds(problem.retryAfterSeconds ?? 60);
      const reason = this.#mode === "signUp" ? "Too many new accounts from your network" : "Too many failed tries";
      showFormError(this.error, `${reason}. Try again ${when}.`);
    } else {
      const left = showFieldErrors(this.form, problem.errors ?? {});
      const atField = this.form.querySelector("[aria-invalid]");
      const words = left.length > 0 ? left.join(" ") : problemWords(problem);
      showFormError(this.error, atField && left.length === 0 ? null : words);
    }
  }
}
