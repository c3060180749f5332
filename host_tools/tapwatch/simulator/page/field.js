// The reader that is held to the watch: it comes with its field, shows the price, and leaves when it is done.

import { byId } from "./dom.js";

const READABLE_MS = 1600;

/**
 * Binds the drawn reader.
 * @param {(text: string) => void} log
 */
export function makeField(log) {
  const reader = byId("reader");
  const amount = byId("reader-amount");
  let leaving = 0;
  let ours = false; // the terminal of this page, and not one that somebody brought

  /** @param {string} text */
  function show(text) {
    clearTimeout(leaving);
    amount.textContent = text;
    reader.dataset.state = "field";
  }

  function go() {
    leaving = setTimeout(() => delete reader.dataset.state, READABLE_MS);
  }

  return {
    /**
     * The terminal comes near.
     * @param {string} price
     */
    come(price) {
      ours = true;
      show(price);
    },
    /**
     * It shows how it went, and leaves.
     * @param {boolean} good
     */
    leave(good) {
      ours = false;
      reader.dataset.state = good ? "good" : "bad";
      go();
    },
    /**
     * A field has come or gone, of whatever reader.
     * @param {boolean} on
     */
    near(on) {
      if (ours) return;
      if (!on) return go();
      if (!reader.dataset.state) log("A reader's field");
      show("Reader");
    },
  };
}
