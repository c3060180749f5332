// A receipt, as the printer of a till would make it.

import { byId, element } from "./dom.js";

/** @typedef {{ approved: boolean, outcome: string, reason: string, amount: string, receipt: Record<string, string> }} Result */

/**
 * Prints a result; what was there before is over.
 * @param {Result} result
 * @param {boolean} [waiting] nothing has been decided yet
 */
export function print(result, waiting = false) {
  const outcome = result.outcome.charAt(0).toUpperCase() + result.outcome.slice(1);
  const receipt = element("div", "receipt");
  const head = element("p", "outcome");
  const colour = waiting ? "" : result.approved ? "good" : "bad";
  head.append(element("b", colour, outcome), element("span", "", result.amount));
  receipt.append(head);
  if (result.reason && result.reason !== result.outcome) receipt.append(element("p", "reason", result.reason));
  const lines = element("dl");
  for (const [name, value] of Object.entries(result.receipt)) {
    lines.append(element("dt", "", name), element("dd", "", value));
  }
  receipt.append(lines);
  byId("result").replaceChildren(receipt);
}

/**
 * Prints why nothing happened.
 * @param {string} outcome
 * @param {string} reason
 * @param {boolean} [waiting]
 */
export function printNote(outcome, reason, waiting = false) {
  print({ approved: false, outcome, reason, amount: "", receipt: {} }, waiting);
}
