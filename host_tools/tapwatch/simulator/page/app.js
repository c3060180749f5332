// Puts the page together: one connection, the watch, the wrist, the terminal, the phone, the time, the logs.

import { makeCase } from "./case.js";
import { makeCoach } from "./coach.js";
import { makeCommands } from "./commands.js";
import { byId, element, radios } from "./dom.js";
import { makeEvents } from "./events.js";
import { makeField } from "./field.js";
import { makeGlass } from "./glass.js";
import { makeKeys } from "./keys.js";
import { connect, post } from "./live.js";
import { makeLogs } from "./logs.js";
import { makeErrands, makeTerminal, offer } from "./pay.js";
import { makePhone } from "./phone.js";
import { print } from "./receipt.js";
import { makeSound } from "./sound.js";
import { makeTabs } from "./tabs.js";
import { makeTargets } from "./targets.js";
import { makeTheme } from "./theme.js";
import { makeTilt } from "./tilt.js";
import { makeTime } from "./time.js";
import { makeTv } from "./tv.js";
import { makeVoice } from "./voice.js";
import { makeWrist } from "./wrist.js";

const NAMES = { "410x502": "Large", "240x240": "Small" };

/** @type {Record<string, string>} */
const OPPOSITE = { left: "right", right: "left", up: "down", down: "up" };

const watch = byId("watch");
const canvas = byId("glass");
const ended = byId("ended");
const status = byId("status");

/**
 * A swipe is meant as the wearer sees it; the panel of a watch on the right wrist is upside down.
 * @param {any} input
 */
function send(input) {
  const turned = input.type === "swipe" && watch.classList.contains("turned");
  live.send(turned ? { ...input, direction: OPPOSITE[input.direction] } : input);
}
/** @param {object} input */
const ask = (input) => post("/input", input);

makeTheme();
makeTabs();
const logs = makeLogs();
const events = makeEvents(logs.events);
const commands = makeCommands(logs.commands);
/** @param {string} kind */
const logAs = (kind) => (/** @type {string} */ text, bad = false) => events.event(kind, text, bad);

const glass = makeGlass(canvas, watch, send);
const body = makeCase(watch, send);
const targets = makeTargets(canvas, send);
makeKeys(canvas, send, body, targets);
const wrist = makeWrist(send, body);
const time = makeTime(ask, logAs("time"));
const phone = makePhone(ask, logAs("phone"), time.now);
makeTilt(send);
const voice = makeVoice(send, (samples) => live.sound(samples), body, logAs("voice"));
const tv = makeTv(logAs("tv"));
const coach = makeCoach();
const sound = makeSound();
const field = makeField(logAs("card side"));
makeTerminal(field, logAs("terminal"));
makeErrands(logAs("desk"));
const found = byId("board");
const sizes = radios(byId("sizes"), (button) => changePanel(button.dataset.size ?? ""));

/**
 * Says which chips of the board did not start.
 * @param {string} name
 * @param {[string, string][]} findings
 */
function showFindings(name, findings) {
  found.hidden = !findings?.length;
  found.textContent = found.hidden ? "" : `Board ${name}: ${findings.map((finding) => finding.join(" ")).join(", ")}`;
}

/** What to do with each kind of event. */
const kinds = {
  hello(/** @type {any} */ data) {
    glass.resize(data.width, data.height, data.corner_px);
    showSizes(data.sizes, data.size);
    byId("address").textContent = `Card side ${data.nfc}`;
    offer(data.tap, data.errands);
    const apps = /** @type {HTMLAnchorElement} */ (byId("apps"));
    apps.hidden = !data.apps;
    apps.href = data.apps;
    glass.light(data.brightness, data.asleep);
    wrist.power(data.percent, data.charging);
    phone.linked(data.phone);
    tv.show(data.tv);
    voice.offer(data.hears, data.speaks);
    voice.listening(data.microphone);
    kinds.pace(data);
    events.restart();
    setStatus(data.alive);
    if (data.ended) kinds.ended(data.ended);
  },
  pace(/** @type {{ speed: number, worn: boolean }} */ data) {
    time.speed(data.speed);
    wrist.worn(data.worn);
  },
  light: (/** @type {any} */ data) => glass.light(data.brightness, data.asleep),
  haptics: (/** @type {number} */ pattern) => events.event("vibration", body.buzz(pattern)),
  tone: (/** @type {{ hz: number, ms: number, percent: number }} */ tone) => {
    sound.play(tone);
    if (tone.percent) events.event("sound", `${tone.hz} Hz, ${tone.ms} ms`);
  },
  clock: (/** @type {number} */ seconds) => events.event("time", `Clock set to ${utc(seconds)}`),
  state(/** @type {any} */ data) {
    watch.classList.toggle("turned", Boolean(data.turned));
    events.state(data);
    targets.show(data);
    time.show(data);
    phone.state(data);
    coach.show(data);
    showFindings(data.board, data.findings);
    setStatus(true, data.access);
  },
  field: field.near,
  microphone(/** @type {boolean} */ on) {
    voice.listening(on);
    events.event("voice", on ? "The watch listens" : "The watch listens no more");
  },
  phone: phone.heard,
  tv: tv.show,
  "tv-input": tv.input,
  tap(/** @type {any} */ result) {
    print(result);
    commands.tap(result);
    events.event("terminal", `Tap: ${result.amount}, ${result.outcome}`, !result.approved);
  },
  problem: (/** @type {string} */ text) => events.event("problem", text, true),
  output: (/** @type {string} */ line) => events.event("firmware", line),
  started() {
    setStatus(true);
    ended.close();
  },
  ended(/** @type {string} */ text) {
    setStatus(false);
    coach.off();
    events.event("firmware", text.split("\n")[0], true);
    byId("ended-text").textContent = text;
    if (!ended.open) ended.showModal();
  },
};

const live = connect({
  pixels: (rectangle) => glass.draw(rectangle),
  event(kind, data) {
    if (Object.hasOwn(kinds, kind)) kinds[kind](data);
    else events.event(kind, JSON.stringify(data));
  },
  connection(up) {
    if (!up) status.textContent = "Not connected";
    status.dataset.state = up ? "on" : "off";
  },
  refused() {
    status.textContent = "No access";
    byId("keyless").hidden = false;
    byId("bench").hidden = true;
    byId("sizes").hidden = true;
  },
});

/**
 * @param {boolean} on
 * @param {string} [access]
 */
function setStatus(on, access) {
  const text = on ? ["Watch on", access].filter(Boolean).join(", ") : "Watch off";
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = on ? "on" : "off";
}

/**
 * @param {string[]} all
 * @param {string} now
 */
function showSizes(all, now) {
  const group = byId("sizes");
  if (!group.childElementCount) {
    for (const size of all) {
      const button = element("button", "", NAMES[size] ?? size);
      button.type = "button";
      button.dataset.size = size;
      button.title = `Panel of ${size.replace("x", " × ")} pixels`;
      button.setAttribute("role", "radio");
      group.append(button);
    }
  }
  sizes((button) => button.dataset.size === now);
}

/** @param {string} size */
async function changePanel(size) {
  events.event("panel", `Another watch of ${size}, with the same memory`);
  try {
    await post("/panel", { size });
  } catch (error) {
    events.event("panel", error.message, true);
  }
}

/** @param {number} seconds */
function utc(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

byId("restart").addEventListener("click", async () => {
  try {
    await post("/restart", {});
  } catch (error) {
    byId("ended-text").textContent = error.message;
  }
});
window.addEventListener("resize", glass.fit);
