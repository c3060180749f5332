// What others ask of the wearer by way of the phone: to update. The watch answers; an update goes on.

import { byId, fill } from "./dom.js";

const STEP_MS = 400;
const STEP_PERCENT = 5;
const FAILS_AT = 60;
/** @type {[string, string][]} how an update ends, in the words of the watch and of a person */
const ENDS = [["done", "ends well"], ["failed", "fails"], ["rolled-back", "is rolled back"]];
const UPDATE = { t: "update", version: "0.2.0", size: 1_250_000, notes: "Faster payments, and two new faces." };

/**
 * Binds the buttons.
 * @param {import("./phone.js").Say} say
 */
export function makeAsks(say) {
  let id = 1 + Math.floor(Math.random() * 100_000) * 10; // a page that is opened again uses other numbers
  fill(byId("update-ends"), ENDS);

  /**
   * @param {object} question
   * @param {string} done
   */
  function ask(question, done) {
    id += 1;
    return say({ ...question, id }, done);
  }

  byId("ask-update").addEventListener("click", () => ask(UPDATE, `Version ${UPDATE.version} is there`));
  byId("ask-gone").addEventListener("click", () => say({ t: "ask-", id }, "Asked no longer"));

  /** @param {number} number of the update that the wearer agreed to */
  async function update(number) {
    const result = byId("update-ends").value;
    const last = result === ENDS[0][0] ? 100 : FAILS_AT;
    for (let percent = 0; percent < last; percent += STEP_PERCENT) {
      if (!(await say({ t: "update-", id: number, percent }, ""))) return;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    await say({ t: "update-", id: number, percent: last, result }, `Update: ${result}`);
  }

  return {
    /**
     * The watch has answered.
     * @param {{ id?: number, kind?: string, answer?: string }} message
     */
    answer({ id: number, kind, answer }) {
      if (kind === "update" && answer === "accepted" && number === id) update(number);
    },
  };
}
