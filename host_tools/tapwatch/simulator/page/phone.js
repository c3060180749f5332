// The phone: its link to the watch, what it says, and what it is told.

import { makeAlarms } from "./alarms.js";
import { byId, element } from "./dom.js";
import { makeMessages } from "./messages.js";
import { makeMusic } from "./music.js";
import { makePlans } from "./plans.js";
import { makeThings } from "./things.js";
import { makeWeather } from "./weather.js";

const MOST_LINES = 60;

/**
 * Sends a message with Gadgetbridge's names, and tells the person what was done, if there is anything to tell.
 * @typedef {(message: object, done: string) => Promise<boolean>} Say
 */

/**
 * Binds the panel.
 * @param {(input: object) => Promise<unknown>} ask sends input and waits for the answer
 * @param {(text: string, bad?: boolean) => void} log
 * @param {() => number} now seconds since 1970 on the watch
 */
export function makePhone(ask, log, now) {
  const linked = byId("linked");
  const told = byId("phone-told");

  /**
   * @param {string} text
   * @param {boolean} [bad]
   */
  function tell(text, bad = false) {
    told.textContent = text;
    told.classList.toggle("bad", bad);
    log(text, bad);
  }

  /** @type {Say} */
  async function say(message, done) {
    try {
      await ask({ phone: message });
      if (done) tell(done);
      return true;
    } catch (error) {
      tell(error.message, true);
      return false;
    }
  }

  linked.addEventListener("change", async () => {
    try {
      await ask({ type: "link", connected: linked.checked });
      tell(linked.checked ? "Connected" : "Away: what the watch has to say waits");
    } catch (error) {
      linked.checked = !linked.checked;
      tell(error.message, true);
    }
    show(linked.checked);
  });

  makeMessages(say);
  makeWeather(say);
  makePlans(say, now);
  makeAlarms(say);
  const music = makeMusic(say);
  const things = makeThings(say);

  /** @param {boolean} is */
  function show(is) {
    linked.checked = is;
    byId("phone").classList.toggle("away", !is);
  }

  return {
    linked: show,
    /**
     * The watch says something.
     * @param {{ t: string, n?: unknown }} message
     */
    heard(message) {
      const text = inWords(message);
      line(text);
      log(`Watch: ${text}`);
      if (message.t === "music") music.key(String(message.n));
      if (message.t === "findPhone") byId("ringing").hidden = !message.n;
    },
    /** @param {{ known?: { wanted?: boolean } }} state */
    state: (state) => things.wanted(Boolean(state.known?.wanted)),
  };
}

/** @param {string} text */
function line(text) {
  const list = byId("heard");
  const item = element("li");
  item.append(element("span", "time", new Date().toLocaleTimeString("en-GB")), element("span", "what", text));
  list.prepend(item);
  while (list.childElementCount > MOST_LINES) list.lastElementChild.remove();
}

/** @param {{ t: string, [name: string]: unknown }} message */
function inWords({ t, ...rest }) {
  if (t === "music") return `Music: ${rest.n}`;
  if (t === "findPhone") return rest.n ? "Find phone: ring" : "Find phone: be quiet";
  if (t === "notify" && rest.n === "REPLY") return `Answer to message ${rest.id}: ${rest.msg}`;
  if (t === "notify") return `Message ${rest.id ?? ""}: ${String(rest.n).toLowerCase().replace("_", " ")}`;
  return `${t} ${JSON.stringify(rest)}`;
}
