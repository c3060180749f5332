// What the wearer does beside touching: presses, raises the wrist, walks, puts the watch down, charges it.

import { byId, radios } from "./dom.js";
import { post } from "./live.js";

const STEPS = 250; // a walk to the next corner
const PRESS_S = 0.06;

/**
 * Binds the controls.
 * @param {(input: object) => void} send
 * @param {{ nudge(): void }} body the drawn case
 */
export function makeWrist(send, body) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (byId("presses").querySelectorAll("button"))) {
    const times = Number(button.dataset.times || 1);
    const seconds = Number(button.dataset.seconds || PRESS_S);
    button.addEventListener("click", () => {
      body.nudge();
      send({ type: "press", times, seconds });
    });
  }
  byId("raise").addEventListener("click", () => send({ type: "raise" }));
  byId("walk").addEventListener("click", () => send({ type: "walk", steps: STEPS }));
  const worn = radios(byId("worn"), (button) => post("/pace", { worn: button.dataset.worn === "true" }));
  return {
    power: bindPower(send),
    /**
     * Shows whether somebody wears the watch.
     * @param {boolean} is
     */
    worn: (is) => worn((button) => button.dataset.worn === String(is)),
  };
}

/**
 * @param {(input: object) => void} send
 * @returns {(level: number, charging: boolean) => void} shows battery and charger
 */
function bindPower(send) {
  const charger = byId("charger");
  const battery = byId("battery");

  function show() {
    byId("percent").textContent = `${battery.value} %`;
  }
  function report() {
    show();
    send({ type: "power", percent: Number(battery.value), charging: charger.checked });
  }
  charger.addEventListener("change", report);
  battery.addEventListener("input", report);
  return (level, charging) => {
    battery.value = String(level);
    charger.checked = charging;
    show();
  };
}
