// The reader that is held to the watch: it comes with its field, shows the price, and leaves when it is done.

import { byId } from "./dom.js";

const READABLE_MS = 1600;

/** Binds the drawn reader. */
export function makeField() {
  const reader = byId("reader");
  const amount = byId("reader-amount");
  let leaving = 0;
  return {
    /**
     * Comes near, with its field on.
     * @param {string} price
     */
    come(price) {
      clearTimeout(leaving);
      amount.textContent = price;
      reader.dataset.state = "field";
    },
    /**
     * Shows how it went, and leaves.
     * @param {boolean} good
     */
    leave(good) {
      reader.dataset.state = good ? "good" : "bad";
      leaving = setTimeout(() => delete reader.dataset.state, READABLE_MS);
    },
  };
}
