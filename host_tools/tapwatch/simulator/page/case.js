// The case: the side button that gives way, and the motor that shakes it.

import { byId } from "./dom.js";
import { isButton } from "./keys.js";

const PATTERNS = ["tick", "success", "failure", "attention"];

/**
 * Binds the side button. `set(down)` presses it, `buzz(pattern)` shakes the watch for a moment.
 * @param {HTMLElement} watch
 * @param {(input: object) => void} send
 */
export function makeCase(watch, send) {
  const crown = byId("crown");
  let down = false;

  /** @param {boolean} value */
  function set(value) {
    if (down === value) return;
    down = value;
    crown.classList.toggle("down", value);
    send({ type: "button", down: value });
  }

  crown.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0) return;
    crown.setPointerCapture(event.pointerId);
    set(true);
  });
  crown.addEventListener("pointerup", () => set(false));
  crown.addEventListener("pointercancel", () => set(false));
  crown.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!isButton(event)) return;
    event.preventDefault();
    set(true);
  });
  crown.addEventListener("keyup", () => set(false));
  crown.addEventListener("blur", () => set(false));
  watch.addEventListener("animationend", (event) => {
    if (event.animationName.startsWith("buzz")) delete watch.dataset.buzz;
  });
  return {
    set,
    /**
     * Shakes the watch.
     * @param {number} pattern
     * @returns {string} its name
     */
    buzz(pattern) {
      delete watch.dataset.buzz;
      void watch.offsetWidth; // starts the animation again
      watch.dataset.buzz = PATTERNS[pattern];
      return PATTERNS[pattern];
    },
    /** Shows that a button elsewhere on the page presses it. */
    nudge() {
      crown.classList.add("down");
      setTimeout(() => crown.classList.toggle("down", down), 120);
    },
  };
}
