// The clock of the watch, and travel in its time: everything that was due on the way happens.

import { byId, radios } from "./dom.js";
import { post } from "./live.js";

const DAY_S = 86_400;
const MORNING_S = 7 * 3600;

/**
 * Binds the time panel.
 * @param {(input: object) => Promise<unknown>} ask sends input and waits for the answer
 * @param {(text: string, bad?: boolean) => void} log
 */
export function makeTime(ask, log) {
  let local = 0; // seconds on the wearer's clock, as if they were UTC
  let offset = 0; // minutes east of UTC
  const field = byId("clock-set");
  const speed = radios(byId("speed"), (button) => post("/pace", { speed: Number(button.dataset.speed) }));

  /**
   * @param {string} distance seconds, or `morning`
   * @returns {number} seconds
   */
  function seconds(distance) {
    if (distance !== "morning") return Number(distance);
    return (MORNING_S - (local % DAY_S) + DAY_S - 1) % DAY_S + 1;
  }

  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-skip]"))) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await post("/time", { seconds: seconds(button.dataset.skip ?? "0") });
        log(`Time passed: ${button.textContent}`);
      } catch (error) {
        log(error.message, true);
      } finally {
        button.disabled = false;
        button.focus();
      }
    });
  }

  /**
   * The phone says what time it is.
   * @param {number} unix_s
   * @param {number} offset_min
   */
  async function set(unix_s, offset_min) {
    try {
      await ask({ type: "clock", unix_s, offset_min });
    } catch (error) {
      log(error.message, true);
    }
  }

  byId("clock-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    set(Date.parse(`${field.value}Z`) / 1000 - offset * 60, offset);
  });
  byId("clock-now").addEventListener("click", () => {
    const now = new Date();
    set(Math.floor(now.getTime() / 1000), -now.getTimezoneOffset());
  });

  return {
    /** Seconds since 1970 on the watch. */
    now: () => local - offset * 60,
    /** Shows how fast time passes. */
    speed: (/** @type {number} */ now) => speed((button) => button.dataset.speed === String(now)),
    /**
     * Shows the time the watch has.
     * @param {{ display_time?: number, utc_offset_min?: number }} state
     */
    show(state) {
      if (state.display_time === undefined) return;
      offset = state.utc_offset_min ?? 0;
      local = state.display_time + offset * 60;
      const date = new Date(local * 1000);
      byId("clock").textContent = `${weekday(date)} ${date.toISOString().slice(0, 19).replace("T", "  ")}`;
      if (document.activeElement !== field && !field.value) field.value = date.toISOString().slice(0, 16);
    },
  };
}

/** @param {Date} date */
function weekday(date) {
  return date.toLocaleDateString("en-GB", { weekday: "short", timeZone: "UTC" });
}
