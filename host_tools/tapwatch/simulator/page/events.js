// The event log: what the watch did, in words, told apart by kind.

import { element } from "./dom.js";

const LIGHTS = { full: "on", dim: "dim", off: "off", "always-on": "always-on face" };
/** @type {[string, (state: any) => unknown, (value: any) => string][]} kind, where to look, and how to say it */
const WATCHED = [
  ["screen", (state) => state.screen, (value) => value],
  ["access", (state) => state.access, (value) => value],
  ["light", (state) => state.light, (value) => LIGHTS[value] ?? value],
  ["messages", (state) => state.known?.unread, (value) => `${value} unread`],
  ["messages", (state) => state.known?.notifications, (value) => `${value} kept`],
  ["music", (state) => state.known?.music, (value) => value || "none"],
  ["alarms", (state) => state.known?.alarms, (value) => `${value} set`],
  ["payment", (state) => state.payments?.at(-1) && last(state.payments), (value) => value],
];

/**
 * Binds the log.
 * @param {(line: HTMLElement) => void} add
 */
export function makeEvents(add) {
  /** @type {any} */
  let before = null;

  /**
   * @param {string} kind
   * @param {string} text
   * @param {boolean} [bad]
   */
  function event(kind, text, bad = false) {
    const time = new Date().toLocaleTimeString("en-GB");
    const line = element("li", bad ? "event bad" : "event");
    line.dataset.text = `${time}  ${kind}  ${text}`;
    line.append(element("span", "time", time), element("span", "kind", kind), element("span", "what", text));
    add(line);
  }

  return {
    event,
    /**
     * Tells what is not as it was.
     * @param {any} state
     */
    state(state) {
      for (const [kind, look, say] of WATCHED) {
        const [was, is] = [before && look(before), look(state)];
        if (is !== undefined && is !== was && (before || kind === "screen")) event(kind, say(is));
      }
      for (const line of added(before?.log ?? [], state.log ?? [])) event("firmware", line);
      before = state;
    },
    /** Forgets how it was: the watch starts anew. */
    restart() {
      before = null;
    },
  };
}

/** @param {any[]} payments */
function last(payments) {
  const payment = payments.at(-1);
  return `number ${payment.number}: ${payment.result}`;
}

/**
 * The lines at the end of `now` that `then` did not have; both are the same log, which forgets its oldest lines.
 * @param {string[]} then
 * @param {string[]} now
 */
function added(then, now) {
  for (let gone = 0; gone <= then.length; gone++) {
    const kept = then.slice(gone);
    if (kept.every((line, index) => line === now[index])) return now.slice(kept.length);
  }
  return now;
}
