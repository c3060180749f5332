// Puts the page together: one connection, the screen, the wrist, the terminal, the logs.

import { makeGlass } from "./glass.js";
import { connect, post } from "./live.js";
import { makeLogs } from "./logs.js";
import { makeErrands, makeTerminal, offerErrands, showReceipt } from "./pay.js";
import { makeWrist } from "./wrist.js";

const PATTERNS = ["tick", "success", "failure", "attention"];

const watch = document.getElementById("watch");
const ended = document.getElementById("ended");
const status = document.getElementById("status");
let panel = null;
let before = { screen: "", access: "", log: [] };

const live = connect({ pixels: (buffer) => glass.draw(buffer), event: onEvent, connection: onConnection });
const glass = makeGlass(document.getElementById("glass"), watch, live.send);
const wrist = makeWrist(live.send);
const logs = makeLogs();
makeTerminal((text) => logs.event(text, true));
makeErrands(logs.event);

const events = {
  hello(data) {
    panel = data;
    fit();
    document.getElementById("address").textContent = data.nfc;
    document.getElementById("pay").hidden = !data.tap;
    offerErrands(data.errands);
    glass.light(data.brightness, data.asleep);
    wrist.power(data.percent, data.charging);
    setStatus(data.alive);
    if (data.ended) events.ended(data.ended);
  },
  light: (data) => glass.light(data.brightness, data.asleep),
  haptics(pattern) {
    wrist.buzz();
    logs.event(`Vibration: ${PATTERNS[pattern]}`);
  },
  clock: (seconds) => logs.event(`Clock set to ${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`),
  state(data) {
    if (data.screen !== before.screen) logs.event(`Screen: ${data.screen}`);
    if (data.access !== before.access) setStatus(true, data.access);
    for (const line of added(before.log, data.log || [])) logs.event(line);
    before = { screen: data.screen, access: data.access, log: data.log || [] };
  },
  tap(result) {
    showReceipt(result);
    logs.tap(result);
    logs.event(`Tap: ${result.amount}, ${result.outcome}`, !result.approved);
  },
  apdu: (exchange) => logs.command(exchange),
  problem: (text) => logs.event(text, true),
  output: (line) => logs.event(line),
  started() {
    setStatus(true);
    ended.close();
  },
  ended(text) {
    setStatus(false);
    logs.event(text.split("\n")[0], true);
    document.getElementById("ended-text").textContent = text;
    if (!ended.open) ended.showModal();
  },
};

function onEvent(kind, data) {
  if (Object.hasOwn(events, kind)) events[kind](data);
  else logs.event(`${kind}: ${JSON.stringify(data)}`);
}

function onConnection(up) {
  if (!up) status.textContent = location.hash ? "Not connected" : "Open the address that the command printed";
  status.dataset.state = up ? "on" : "off";
}

function setStatus(on, access) {
  status.textContent = on ? ["Watch on", access].filter(Boolean).join(", ") : "Watch off";
  status.dataset.state = on ? "on" : "off";
}

/** The lines at the end of `now` that `then` did not have; both are the same log, which forgets its oldest lines. */
function added(then, now) {
  for (let gone = 0; gone <= then.length; gone++) {
    const kept = then.slice(gone);
    if (kept.every((line, index) => line === now[index])) return now.slice(kept.length);
  }
  return now;
}

function fit() {
  if (panel) glass.resize(panel.width, panel.height, panel.corner_px);
}

document.getElementById("restart").addEventListener("click", async () => {
  try {
    await post("/restart", {});
  } catch (error) {
    document.getElementById("ended-text").textContent = error.message;
  }
});
window.addEventListener("resize", fit);
