// The wallet page: binds watch, bank and what the person sees.

import * as bank from "./bank.js";
import { cardRow, watchRow } from "./cards.js";
import { askYes, showList } from "./dialogs.js";
import { byId } from "./dom.js";
import { enrol } from "./enrol.js";
import { first, known, money, text, use } from "./texts.js";
import { LinkProblem } from "./transfer.js";
import { Watch, WatchRefused, hex } from "./watch.js";

const TOAST_MS = 6000;
const SESSION_OVER = "the session has ended";
let session = "";
let name = "";
let watch = /** @type {Watch | null} */ (null);
let toast = 0;
let overview = /** @type {any} */ ({ accounts: [], cards: [], tokens: [], devices: [] });

const bluetooth = /** @type {any} */ (navigator).bluetooth;

/** Does something for the person: one thing at a time, and every problem becomes a sentence. @param {() => Promise<any>} act */
async function busy(act) {
  document.body.dataset.busy = "true";
  const controls = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("main button:not(:disabled)")]);
  for (const control of controls) control.disabled = true;
  try {
    await act();
  } catch (problem) {
    if (/** @type {any} */ (problem).message === SESSION_OVER) forget();
    say(sentence(problem), true);
  } finally {
    for (const control of controls) control.disabled = false;
    document.body.dataset.busy = "false";
  }
}

/** What went wrong, for a person. @param {any} problem */
function sentence(problem) {
  if (problem instanceof WatchRefused) {
    if (known(`watch_${problem.status}`)) return text(`watch_${problem.status}`);
    return text(problem.status === "wrong-state" ? "watch_wrong" : "watch_other", problem.status);
  }
  if (problem instanceof bank.BankRefused) {
    if (problem.status === 0) return text("offline");
    return problem.message === SESSION_OVER ? text("session") : [problem.message, problem.hint].filter(Boolean).join(": ");
  }
  if (problem instanceof LinkProblem || problem.name === "NetworkError") return text("lostLink");
  return problem.name === "SecurityError" ? text("blocked") : String(problem.message ?? problem);
}

/** @param {string} words @param {boolean} [bad] */
function say(words, bad = false) {
  const place = byId("toast");
  place.textContent = words;
  place.dataset.bad = String(bad);
  place.hidden = false;
  clearTimeout(toast);
  toast = setTimeout(() => (place.hidden = true), TOAST_MS);
}

async function connect() {
  byId("watch-state").textContent = text("connecting");
  try {
    watch = await Watch.choose();
    watch.device.addEventListener("gattserverdisconnected", showWatch);
    await watch.sync();
    await refresh();
  } catch (problem) {
    if (/** @type {any} */ (problem).name !== "NotFoundError") throw problem; // the person closed the list
  } finally {
    showWatch();
  }
}

function showWatch() {
  const there = watch !== null;
  const state = byId("watch-state");
  state.className = there ? "soft dot" : "soft";
  const on = there && /** @type {any} */ (watch).device.gatt.connected;
  state.dataset.on = String(on);
  state.textContent = there ? `${watch?.device.name || "Tapwatch"} · ${text(on ? "connected" : "away")}` : text("watchHelp");
  byId("watch-actions").hidden = !there;
  byId("connect").hidden = there;
  byId("other-panel").hidden = !there;
  showCards();
}

async function logIn() {
  const [wanted, password] = [byId("name").value.trim(), byId("password").value];
  session = (await bank.ask("POST", "/v1/login", { name: wanted, password })).session;
  name = wanted;
  byId("password").value = "";
  await refresh();
}

function forget() {
  session = name = "";
  overview = { accounts: [], cards: [], tokens: [], devices: [] };
  showCards();
}

/** Reads again what the bank knows of the customer. */
async function refresh() {
  if (session) {
    const [mine, held, devices] = await Promise.all(["cards", "tokens", "devices"].map((one) =>
      bank.ask("GET", `/v1/my/${one}`, null, session)));
    overview = { ...mine, ...held, ...devices };
  }
  showCards();
}

function showCards() {
  const inside = session !== "";
  byId("login-panel").hidden = inside;
  for (const panel of ["cards-panel", "lost-panel", "logout"]) byId(panel).hidden = !inside;
  byId("who").textContent = inside ? text("loggedIn", name) : "";
  const account = overview.accounts[0];
  byId("balance").textContent = account ? text("balance", money(account.balance_minor, account.currency)) : "";
  fill("cards", overview.cards.map((/** @type {any} */ card) => cardRow(card, tokensOf(card), watch, ACTS)), "noCards");
  fill("watches", overview.devices.map((/** @type {any} */ one) => watchRow(one, LOST)), "noWatches");
}

/** @param {any} card */
function tokensOf(card) {
  return overview.tokens.filter((/** @type {any} */ token) => token.card === card.number && token.state !== "deleted");
}

/** @param {string} id @param {any[]} rows @param {string} empty */
function fill(id, rows, empty) {
  byId(id).replaceChildren(...rows);
  if (!rows.length) byId(id).append(Object.assign(document.createElement("li"), { className: "soft", textContent: text(empty) }));
}

/** A change at the bank is carried to the watch at once, if it is there. */
async function carry() {
  if (watch?.device.gatt.connected) await watch.sync();
  await refresh();
}

/** @param {any} card @param {string} label */
async function add(card, label) {
  if (!watch) return say(text("needWatch"), true);
  const result = await enrol(watch, card, session);
  await refresh();
  if (result) say(text(result, label), !["added", "kept"].includes(result));
}

const ACTS = {
  add: (/** @type {any} */ card) => busy(() => add({ card: card.number }, card.label)),
  refill: (/** @type {any} */ token) => busy(async () => {
    const open = await /** @type {Watch} */ (watch).fill(token.token_id);
    await carry();
    say(text(open ? "refilled" : "kept"));
  }),
  state: (/** @type {any} */ token, /** @type {string} */ state) => busy(async () => {
    await bank.ask("POST", `/v1/my/tokens/${hex(token.token_id)}/state`, { state }, session);
    await carry();
    say(text(state));
  }),
  remove: async (/** @type {any} */ card, /** @type {any} */ token) => {
    if (await askYes(text("removeAsk", card.label), text("yes"))) ACTS.state(token, "deleted");
  },
  history: (/** @type {any} */ card, /** @type {any} */ token) => busy(async () => {
    const told = await bank.ask("GET", `/v1/my/tokens/${hex(token.token_id)}/history`, null, session);
    showList(text("historyOf", card.label), lines(told));
  }),
};

/** Events and payments as lines, newest first. @param {any} told @returns {[string, string][]} */
function lines(told) {
  const events = told.events.map((/** @type {any} */ one) =>
    [one.at, text(one.event === "keys" ? "keysEvent" : one.event), text(`by_${one.who}`)]);
  const paid = told.payments.map((/** @type {any} */ one) =>
    [one.at, one.merchant, `${money(one.amount_minor, one.currency)} · ${text(one.state)}${back(one)}`]);
  return [...paid, ...events].sort((one, other) => other[0] - one[0]).map(([at, left, right]) =>
    [left, `${right} · ${new Date(at * 1000).toLocaleDateString(document.documentElement.lang)}`]);
}

/** What came back of a payment of which some is still paid. @param {any} one */
function back(one) {
  const some = one.back_minor > 0 && one.state === "paid";
  return some ? ` · ${text("partBack", money(one.back_minor, one.currency))}` : "";
}

/** @param {any} one @param {any} body */
const tellLost = (one, body) => busy(async () => {
  await bank.ask("POST", `/v1/my/devices/${hex(one.device_id)}/state`, body, session);
  await carry();
  say(text("done"));
});
const LOST = {
  lost: (/** @type {any} */ one, /** @type {string} */ words) => tellLost(one, { state: "lost", text: words }),
  found: (/** @type {any} */ one) => tellLost(one, { state: "found" }),
  wipe: async (/** @type {any} */ one) => {
    if (await askYes(text("wipeAsk", one.name), text("wipeYes"))) await tellLost(one, { state: "wipe" });
  },
};

/** @param {string} id @param {string} event @param {() => Promise<any>} act */
function on(id, event, act) {
  byId(id).addEventListener(event, (/** @type {Event} */ happened) => {
    happened.preventDefault();
    busy(act);
  });
}

/** Says why the watch cannot be reached from here, before anyone looks for it. */
async function lookForBluetooth() {
  const able = bluetooth && (await bluetooth.getAvailability?.().catch(() => true)) !== false;
  byId("unable").hidden = Boolean(able);
  byId("watch-panel").hidden = !bluetooth;
  if (!isSecureContext) byId("unable-text").dataset.text = "insecure";
  else if (bluetooth && !able) byId("unable-text").dataset.text = "blocked";
  byId("unable-text").textContent = text(byId("unable-text").dataset.text);
}

on("connect", "click", connect);
on("sync", "click", async () => (await carry(), say(text("synced"))));
on("set-time", "click", async () => (await watch?.setTime(), say(text("timeSet"))));
on("disconnect", "click", async () => {
  watch?.device.gatt.disconnect();
  watch = null;
  showWatch();
});
on("login", "submit", logIn);
on("logout", "click", async () => {
  await bank.ask("POST", "/v1/logout", { session });
  forget();
});
on("other", "submit", () => {
  const [month, year] = [byId("expiry").value.slice(0, 2), byId("expiry").value.slice(-2)];
  const pan = byId("pan").value.replaceAll(" ", "");
  return add({ pan, expiry: year + month }, `•••• ${pan.slice(-4)}`);
});
byId("language").addEventListener("click", () => {
  use(document.documentElement.lang === "en" ? "zh" : "en");
  showWatch();
});

use(first());
await lookForBluetooth();
showWatch();
document.body.dataset.ready = "true";
