// What can be done with an amount: a tap and its receipt, and the errands of the desk.

import { post } from "./live.js";
import { element } from "./logs.js";

const PLACES = ["receipt", "errand"];
const NOTHING = { approved: false, outcome: "", reason: "", amount: "", receipt: {} };
const WAITING = { "merchant-code": "Press the side button twice to pay, once to refuse." };

/** Binds the form. `problem(text)` shows what went wrong. */
export function makeTerminal(problem) {
  const form = document.getElementById("pay-form");
  const button = document.getElementById("tap");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = "Tapping";
    try {
      await post("/tap", price());
    } catch (error) {
      show("receipt", { ...NOTHING, outcome: "No tap", reason: error.message });
      problem(error.message);
    } finally {
      button.disabled = false;
      button.textContent = "Tap";
    }
  });
}

/** Binds the buttons of errands. `event(text, bad)` is told how each one went. */
export function makeErrands(event) {
  for (const button of document.querySelectorAll("[data-errand]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      show("errand", { ...NOTHING, approved: true, outcome: "Waiting", reason: WAITING[button.dataset.errand] });
      try {
        const result = await post(`/errands/${button.dataset.errand}`, price());
        show("errand", result);
        event(`${button.textContent}: ${result.outcome}`, !result.approved);
      } catch (error) {
        show("errand", { ...NOTHING, outcome: "Not done", reason: error.message });
        event(error.message, true);
      } finally {
        button.disabled = false;
      }
    });
  }
}

/** Shows the buttons of the errands that this simulator offers. */
export function offerErrands(names) {
  document.getElementById("desk").hidden = names.length === 0;
  for (const button of document.querySelectorAll("[data-errand]")) button.hidden = !names.includes(button.dataset.errand);
}

/** Prints the receipt of a tap. */
export function showReceipt(result) {
  show("receipt", result);
}

function price() {
  return {
    amount: document.getElementById("amount").value.trim(),
    currency: document.getElementById("currency").value,
  };
}

/** Prints a result in one of the places; what another showed is over. */
function show(place, result) {
  const lines = element("dl");
  for (const [name, value] of Object.entries(result.receipt)) {
    lines.append(element("dt", "", name), element("dd", "", value));
  }
  const outcome = result.outcome.charAt(0).toUpperCase() + result.outcome.slice(1);
  const receipt = element("div", "receipt");
  const head = element("p", "outcome");
  head.append(element("b", result.approved ? "good" : "bad", outcome), element("span", "", result.amount));
  receipt.append(head);
  if (result.reason && result.reason !== result.outcome) receipt.append(element("p", "reason", result.reason));
  receipt.append(lines);
  for (const other of PLACES) document.getElementById(other).replaceChildren();
  document.getElementById(place).replaceChildren(receipt);
}
