/** Takes one image from the user's device: by the file dialog, dropped, or pasted. */

import { announce, byId } from "./dom.js";
import { size } from "./texts.js";

const MOST_BYTES = 10_000_000;
const MEDIA_TYPES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif"]);

/**
 * Events: `change` (an image was taken or removed), `refused` (detail: why, a sentence),
 * `url` (detail: a URL was dropped or pasted instead of an image).
 */
export class Picker extends EventTarget {
  #file = null;
  #previewUrl = null;

  constructor() {
    super();
    this.input = byId("image");
    this.drop = byId("drop");
    this.input.addEventListener("change", () => this.take(this.input.files[0]));
    byId("remove-image").addEventListener("click", () => {
      this.clear();
      this.input.focus();
      announce("The image was removed.");
    });
    byId("preview-image").addEventListener("error", () => this.#showPreview(false));
  }

  /** The chosen image; null if none. */
  get file() {
    return this.#file;
  }

  /** Handles drops and pastes anywhere on the page, while `wanted()`. */
  listen(wanted) {
    const over = (event) => {
      if (!wanted() || !carries(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      this.drop.classList.add("over");
    };
    addEventListener("dragenter", over);
    addEventListener("dragover", over);
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.drop.classList.remove("over");
    });
    addEventListener("drop", (event) => {
      this.drop.classList.remove("over");
      if (!wanted() || !carries(event.dataTransfer)) return;
      event.preventDefault();
      this.#takeFrom(event.dataTransfer, "text/uri-list");
    });
    addEventListener("paste", (event) => {
      if (!wanted()) return;
      const typing = event.target instanceof HTMLInputElement && event.target.type !== "file";
      const hasFile = event.clipboardData.files.length > 0;
      if (typing && !hasFile) return;
      if (this.#takeFrom(event.clipboardData, "text/plain")) event.preventDefault();
    });
  }

  /** Takes a file, if it can be an image. */
  take(file) {
    if (!file) return;
    const refusal = refusalOf(file);
    if (refusal) {
      this.clear();
      this.dispatchEvent(new CustomEvent("refused", { detail: refusal }));
      return;
    }
    this.#set(file);
    announce(`${file.name || "An image"} is chosen.`);
  }

  /** Removes the chosen image. */
  clear() {
    this.#set(null);
  }

  #takeFrom(data, textType) {
    const [file] = data.files;
    if (file) {
      this.take(file);
      return true;
    }
    const url = data.getData(textType).trim();
    if (!/^https?:\/\/\S+$/i.test(url)) return false;
    this.dispatchEvent(new CustomEvent("url", { detail: url }));
    return true;
  }

  #set(file) {
    if (this.#previewUrl) URL.revokeObjectURL(this.#previewUrl);
    this.#previewUrl = file ? URL.createObjectURL(file) : null;
    this.#file = file;
    this.input.value = "";
    byId("drop-empty").hidden = file !== null;
    byId("drop-preview").hidden = file === null;
    if (file) {
      this.#showPreview(true);
      byId("preview-image").src = this.#previewUrl;
      byId("preview-name").textContent = `${file.name || "Pasted image"}, ${size(file.size)}`;
    } else {
      byId("preview-image").removeAttribute("src");
      byId("preview-name").textContent = "";
    }
    this.dispatchEvent(new Event("change"));
  }

  #showPreview(shown) {
    byId("preview-image").hidden = !shown;
  }
}

/** Whether a file or a text is being dragged. */
function carries(data) {
  return data.types.includes("Files") || data.types.includes("text/uri-list");
}

/** Returns why a file is refused before it is sent; null if it isn't. */
function refusalOf(file) {
  if (file.size === 0) return "This file is empty.";
  if (file.size > MOST_BYTES) return `This file has ${size(file.size)}. At most 10 MB can be taken.`;
  if (file.type && !MEDIA_TYPES.has(file.type)) {
    return "This isn't an image that can be read. Use a JPEG, PNG, WebP or GIF.";
  }
  return null;
}
