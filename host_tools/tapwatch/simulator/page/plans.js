// Events of the phone's calendar. Their times are counted from the clock of the watch, which may be anywhere in time.

import { byId, fill } from "./dom.js";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const FIRST_ID = 1000;

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 * @param {() => number} now seconds since 1970 on the watch
 */
export function makePlans(say, now) {
  let id = FIRST_ID;
  /** @type {number[]} */
  let sent = [];
  fill(byId("plan-when"), [[10 * MINUTE_S, "In 10 minutes"], [HOUR_S, "In an hour"], [3 * HOUR_S, "In three hours"], [DAY_S, "Tomorrow"], [3 * DAY_S, "In three days"]]);
  fill(byId("plan-length"), [[30 * MINUTE_S, "30 minutes"], [HOUR_S, "An hour"], [3 * HOUR_S, "Three hours"], [DAY_S, "All day"]]);

  byId("plan-form").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const length = Number(byId("plan-length").value);
    const allDay = length === DAY_S;
    const start = now() + Number(byId("plan-when").value);
    const timestamp = allDay ? start - (start % DAY_S) : start - (start % MINUTE_S);
    const [title, location] = [byId("plan-title").value, byId("plan-place").value];
    const plan = { t: "calendar", id: id++, type: 0, timestamp, durationInSeconds: length, title, location, description: "", allDay };
    if (await say(plan, `Event: ${title}`)) sent.push(plan.id);
  });
  byId("plan-gone").addEventListener("click", async () => {
    if (sent.length && (await say({ t: "calendar-", id: sent }, "Events taken back"))) sent = [];
  });
}
