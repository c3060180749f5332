// One line under the watch: what a person who sees it for the first time may do next.

import { byId } from "./dom.js";

/** @typedef {{ screen: string, access: string, unlocked: boolean, light: string, microphone: string, cards: object[] }} State */
/** @type {[(state: State) => boolean, string, string?][]} when, what to say, and the button to point at */
const HINTS = [
  [(now) => now.screen === "boot", "The watch starts. Its phone is about to set it up."],
  [(now) => now.light === "off", "The screen sleeps. Press the side button, or raise the wrist.", "raise"],
  [(now) => now.light === "always-on", "The screen rests. Press the side button to wake it.", "raise"],
  [(now) => now.screen === "new-passcode", "Choose a passcode: touch four to eight digits, then the tick. Then once more."],
  [(now) => now.screen === "passcode", "Enter the passcode you chose, then touch the tick."],
  [(now) => now.microphone === "on", "The watch listens: say one of the words it shows. Speak below gives it your microphone."],
  [(now) => now.screen === "confirm", "Read the amount. Tap once more to pay it; the side button refuses.", "tap"],
  [(now) => now.screen === "note", "Touch it to answer, to dismiss it or to show it on the phone."],
  [(now) => now.access === "armed", "Ready to pay. Hold the watch to the terminal: Tap. Swipe to the side for another card.", "tap"],
  [(now) => now.access === "lost", "Reported lost: no card pays. “Found again” gives it back.", ""],
  [(now) => now.screen === "merchant-amount", "Enter how much to pay this merchant, then touch the arrow."],
  [(now) => now.screen === "merchant-code", "Press the side button twice to pay this merchant, once to refuse.", "twice"],
  [(now) => ["pairing", "install", "update"].includes(now.screen), "Somebody asks, and only the wearer answers. Read it, then touch."],
  [(now) => now.screen === "faces", "Swipe through the faces, touch the one you like."],
  [(now) => now.screen === "news", "Touch to read it."],
  [(now) => now.screen === "water", "Drops touch nothing now. Hold the side button to end it."],
  [(now) => now.screen === "sent", "Sent. Whether the bank approves comes by way of the phone."],
  [(now) => now.screen === "approved", "Paid. A swipe to the right on the face shows it again, with its receipt."],
  [(now) => now.unlocked && now.cards.length === 0 && hasBank(), "The phone is fetching test cards from the bank."],
  [(now) => now.screen === "face" && !now.unlocked, "Locked. Touch the watch to enter the passcode."],
  [(now) => now.screen === "face" && !hasBank(), "Swipe up for apps, down for settings. Keep a finger on the face to choose another."],
  [(now) => now.screen === "face", "Press the side button twice to pay. Swipe up for apps, down for settings, left for cards.", "twice"],
  [() => true, "The side button goes one step back."],
];
const OFF = "The watch is off.";

/** False beside the watch of `tapwatch app run`, which has neither bank nor terminal. */
function hasBank() {
  return !byId("pay").hidden;
}

/** Binds the line. */
export function makeCoach() {
  const line = byId("coach");
  let pointed = "";

  /**
   * @param {string} text
   * @param {string} [id] of the button to point at
   */
  function say(text, id = "") {
    if (line.textContent !== text) line.textContent = text;
    if (id === pointed) return;
    if (pointed) byId(pointed).classList.remove("next");
    if (id) byId(id).classList.add("next");
    pointed = id;
  }

  return {
    /** @param {State} state */
    show(state) {
      const [, text, id] = HINTS.find(([fits]) => fits({ ...state, cards: state.cards ?? [] })) ?? HINTS[0];
      say(text, id);
    },
    off: () => say(OFF),
  };
}
