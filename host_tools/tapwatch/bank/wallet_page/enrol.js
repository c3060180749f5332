// A card comes to the watch: ask the bank, step up by a code where it wants one, then fetch the first keys.

import * as bank from "./bank.js";
import { askCode } from "./dialogs.js";
import { hex } from "./watch.js";

/**
 * Puts a card on the watch.
 * @param {import("./watch.js").Watch} watch
 * @param {any} card `{card}` of the customer, or `{pan, expiry}` as printed
 * @param {string} session "" if nobody is logged in
 * @returns {Promise<string>} name of the text that says how it ended; "" if the person gave up
 */
export async function enrol(watch, card, session) {
  await watch.register();
  const body = { id: watch.id, ...card, ...(session ? { session } : {}) };
  let now = await bank.ask("POST", "/v1/enrolments", body, watch.bearer);
  if (now.state === "started") {
    const path = `/v1/enrolments/${hex(now.enrolment)}/`;
    /** @param {string} step @param {any} more */
    const tell = (step, more) => bank.ask("POST", path + step, { id: watch.id, ...more }, watch.bearer);
    now = await askCode(now, (method) => tell("challenge", { method }), (code) => tell("code", { code }));
  }
  if (!now) return "";
  if (now.state !== "approved") return now.state === "declined" ? "refused" : now.state;
  const open = await watch.fill(now.token_id);
  await watch.sync();
  return open ? "added" : "kept";
}
