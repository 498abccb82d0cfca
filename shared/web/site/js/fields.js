/** Shows errors at their fields. A field's error is in the element `<name>-error`. */

import { byId } from "./dom.js";

/**
 * Shows `errors` ({field: [sentence, …]}) at the form's fields and clears the others. The first
 * field with an error gets the focus. Returns the sentences that belong to no field here.
 */
export function showFieldErrors(form, errors) {
  const left = { ...errors };
  let first = null;
  for (const field of form.querySelectorAll("input[name]")) {
    const sentences = left[field.name] ?? [];
    delete left[field.name];
    const place = byId(`${field.id}-error`);
    place.textContent = sentences.join(" ");
    place.hidden = sentences.length === 0;
    if (sentences.length > 0) {
      field.setAttribute("aria-invalid", "true");
      first ??= field;
    } else {
      field.removeAttribute("aria-invalid");
    }
  }
  first?.focus();
  return Object.values(left).flat();
}

/** Shows an error of the whole form, with a button if there is something to do. */
export function showFormError(place, words, action = null) {
  place.replaceChildren(words ?? "");
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = action.words;
    button.addEventListener("click", action.run);
    place.append(" ", button);
  }
  place.hidden = !words;
}

/** Shows that a form is being sent: its button is changed and disabled. */
export function setBusy(button, busy, words) {
  button.textContent = words;
  button.classList.toggle("busy", busy);
  button.setAttribute("aria-disabled", String(busy));
}
