// The rest of what a phone does: it looks for the watch, and brings loyalty cards.

import { byId } from "./dom.js";

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 */
export function makeThings(say) {
  const find = byId("find");
  let id = 1;

  const wanted = () => find.getAttribute("aria-pressed") === "true";
  find.addEventListener("click", () => say({ t: "find", n: !wanted() }, wanted() ? "The watch was found" : "The watch should buzz"));

  byId("loyalty-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const [name, value, type] = ["name", "value", "kind"].map((field) => byId(`loyalty-${field}`).value);
    say({ t: "cards", d: [{ id: id++, name, value, type }] }, `Loyalty card: ${name}`);
  });

  return {
    /**
     * Shows whether the watch is being looked for.
     * @param {boolean} is
     */
    wanted(is) {
      find.setAttribute("aria-pressed", String(is));
      find.textContent = is ? "Stop: it is found" : "Find my watch";
    },
  };
}
