// The terminal's panel: an amount, a tap, a receipt.

import { post } from "./live.js";
import { element } from "./logs.js";

/** Binds the form. `problem(text)` shows what went wrong. */
export function makeTerminal(problem) {
  const form = document.getElementById("pay-form");
  const button = document.getElementById("tap");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = "Tapping";
    try {
      await post("/tap", {
        amount: document.getElementById("amount").value.trim(),
        currency: document.getElementById("currency").value,
      });
    } catch (error) {
      showProblem(error.message);
      problem(error.message);
    } finally {
      button.disabled = false;
      button.textContent = "Tap";
    }
  });
}

/** Prints the receipt of a tap. */
export function showReceipt(result) {
  const lines = element("dl");
  for (const [name, value] of Object.entries(result.receipt)) {
    lines.append(element("dt", "", name), element("dd", "", value));
  }
  const outcome = result.outcome.charAt(0).toUpperCase() + result.outcome.slice(1);
  print(outcome, result.approved, result.amount, result.reason, lines);
}

function showProblem(text) {
  print("No tap", false, "", text, element("dl"));
}

function print(outcome, good, amount, reason, lines) {
  const receipt = element("div", "receipt");
  const head = element("p", "outcome");
  head.append(element("b", good ? "good" : "bad", outcome), element("span", "", amount));
  receipt.append(head);
  if (reason) receipt.append(element("p", "reason", reason));
  receipt.append(lines);
  document.getElementById("receipt").replaceChildren(receipt);
}
