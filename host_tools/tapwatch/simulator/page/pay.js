// What can be done with an amount: a tap and its receipt, and the errands of the desk.

import { byId } from "./dom.js";
import { post } from "./live.js";
import { print, printNote } from "./receipt.js";

const WAITING = {
  "merchant-code": "Press the side button twice to pay, once to refuse.",
  "merchant-sign": "Enter the amount on the watch and go on, then press the side button twice to pay.",
};
/** @typedef {(text: string, bad?: boolean) => void} Log */

/**
 * Binds the form.
 * @param {{ come(price: string): void, leave(good: boolean): void }} field the drawn reader
 * @param {Log} log
 */
export function makeTerminal(field, log) {
  const button = byId("tap");
  byId("pay-form").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    button.disabled = true;
    field.come(`${price().amount} ${price().currency}`);
    try {
      const result = await post("/tap", price()); // the receipt comes to every page, as an event
      field.leave(result.approved);
    } catch (error) {
      printNote("No tap", error.message);
      log(error.message, true);
      field.leave(false);
    } finally {
      button.disabled = false;
    }
  });
}

/**
 * Binds the buttons of errands.
 * @param {Log} log is told how each one went
 */
export function makeErrands(log) {
  for (const button of errandButtons()) {
    const name = button.dataset.errand ?? "";
    button.addEventListener("click", async () => {
      button.disabled = true;
      printNote("Waiting", WAITING[name] ?? "", true);
      try {
        const result = await post(`/errands/${name}`, price());
        print(result);
        log(`${button.textContent}: ${result.outcome}`, !result.approved);
      } catch (error) {
        printNote("Not done", error.message);
        log(error.message, true);
      } finally {
        button.disabled = false;
      }
    });
  }
}

/**
 * Shows what this simulator offers.
 * @param {boolean} tap
 * @param {string[]} errands
 */
export function offer(tap, errands) {
  byId("pay-form").querySelector("button").disabled = !tap;
  if (!tap) printNote("No terminal here", "The card side belongs to the reader at the address below.", true);
  byId("pay").hidden = !tap && errands.length === 0;
  byId("desk").hidden = errands.length === 0;
  for (const button of errandButtons()) button.hidden = !errands.includes(button.dataset.errand ?? "");
}

/** @returns {NodeListOf<HTMLButtonElement>} */
function errandButtons() {
  return document.querySelectorAll("[data-errand]");
}

function price() {
  return { amount: byId("amount").value.trim(), currency: byId("currency").value };
}
