// Alarms that are set on the phone. It always tells all of them, and the watch takes them in place of those before.

import { byId, element, fill } from "./dom.js";

const DAYS = { once: 0, workdays: 31, weekend: 96, "every day": 127 }; // Monday 1 to Sunday 64
const MOST = 10; // Gadgetbridge has as many

/** @typedef {{ h: number, m: number, rep: number, on: boolean }} Alarm */

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 */
export function makeAlarms(say) {
  /** @type {Alarm[]} */
  let alarms = [];
  fill(byId("alarm-days"), Object.entries(DAYS).map(([name, days]) => [days, name.charAt(0).toUpperCase() + name.slice(1)]));

  /**
   * @param {Alarm[]} wanted
   * @param {string} done
   */
  async function set(wanted, done) {
    if (!(await say({ t: "alarm", d: wanted }, done))) return;
    alarms = wanted;
    byId("alarm-list").replaceChildren(...alarms.map(chip));
  }

  /** @param {Alarm} alarm */
  function chip(alarm) {
    const item = element("li");
    const button = element("button", "", `${inWords(alarm)}  ×`);
    button.type = "button";
    button.setAttribute("aria-label", `Remove ${inWords(alarm)}`);
    button.addEventListener("click", () => set(alarms.filter((other) => other !== alarm), `No alarm at ${inWords(alarm)}`));
    item.append(button);
    return item;
  }

  byId("alarm-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const [h, m] = byId("alarm-time").value.split(":").map(Number);
    const alarm = { h, m, rep: Number(byId("alarm-days").value), on: true };
    set([...alarms, alarm].slice(-MOST), `Alarm: ${inWords(alarm)}`);
  });
}

/** @param {Alarm} alarm */
function inWords({ h, m, rep }) {
  const days = Object.entries(DAYS).find(([, days]) => days === rep)?.[0] ?? "";
  return `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")} ${days}`;
}
