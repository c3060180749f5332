// The television: pairs with the watch, shows what comes from it, and plays a game.

import { makeArcade } from "./arcade.js";
import { fire, newGame, step } from "./bricks.js";
import { byId } from "./dom.js";
import { post } from "./live.js";

const FULL = 127;
const TEXTS = {
  off: "On the watch: Settings, Bluetooth, Pair a device, TV or console. Then Pair here.",
  searching: "Looking for a watch. On it: Settings, Bluetooth, Pair a device, TV or console.",
  pairing: "Compare the digits, then answer on the watch.",
  connected: "Open Gamepad on the watch. A serves the ball; stick, tilt or arrows move the bat.",
  asleep: "Any key of the gamepad wakes it.",
  away: "Out of reach. It comes back when Gamepad is open on the watch.",
};
const FIRES = ["button-a", "button-b", "ok", "play"];
const HAT = [0, 0, 1, 1, 1, 0, -1, -1, -1]; // left or right, by direction

/**
 * Binds the panel.
 * @param {(text: string, bad?: boolean) => void} log
 */
export function makeTv(log) {
  const arcade = makeArcade(byId("tv-screen"));
  const game = newGame();
  /** @type {Record<string, number>} */
  const held = {};
  let state = "off";
  let code = "";
  let before = 0;
  let running = false;

  /** @param {string} action */
  async function act(action) {
    try {
      show(await post("/tv", { action }));
    } catch (error) {
      log(error.message, true);
    }
  }

  /** How far to move, -1 to 1: whatever is deflected most. */
  function steer() {
    const keys = (held.right ?? 0) - (held.left ?? 0);
    const all = [(held.x ?? 0) / FULL, (held["tilt-x"] ?? 0) / FULL, HAT[held.hat ?? 0], keys];
    return all.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
  }

  /** @param {number} now */
  function frame(now) {
    step(game, before ? (now - before) / 1000 : 0, steer());
    before = now;
    arcade.draw(game, state, code);
    const score = String(game.score);
    if (byId("tv-score").textContent !== score) byId("tv-score").textContent = score;
    byId("tv-lives").textContent = "●".repeat(game.lives);
    running = state === "connected";
    if (running) requestAnimationFrame(frame);
  }

  /** @param {{ state: string, code: string, problem: string }} now */
  function show(now) {
    if (now.state !== state) log(`TV: ${now.state}`);
    state = now.state;
    code = now.code && `${now.code.slice(0, 3)} ${now.code.slice(3)}`;
    const there = state === "connected" || state === "asleep";
    byId("tv-state").textContent = now.problem || TEXTS[/** @type {keyof typeof TEXTS} */ (state)];
    byId("tv-code").textContent = code;
    byId("tv-pair").disabled = state !== "off";
    byId("tv-forget").disabled = state === "off";
    byId("tv-forget").textContent = state === "searching" || state === "pairing" ? "Cancel" : "Forget";
    byId("tv-sleep").disabled = byId("tv-lose").disabled = !there;
    byId("tv-sleep").textContent = state === "asleep" ? "Wake" : "Sleep";
    if (!running) {
      running = true;
      before = 0;
      requestAnimationFrame(frame);
    }
  }

  byId("tv-pair").addEventListener("click", () => act("pair"));
  byId("tv-forget").addEventListener("click", () => act("forget"));
  byId("tv-sleep").addEventListener("click", () => act(state === "asleep" ? "wake" : "sleep"));
  byId("tv-lose").addEventListener("click", () => act("lose"));
  return {
    show,
    /**
     * Controls that have changed, and when the television heard of it.
     * @param {{ at_ms: number, controls: Record<string, number> }} report
     */
    input(report) {
      const late = performance.timeOrigin + performance.now() - report.at_ms;
      byId("tv-latency").textContent = `${Math.max(late, 0).toFixed(1)} ms`;
      for (const [name, value] of Object.entries(report.controls)) {
        if (FIRES.includes(name) && value && !held[name]) fire(game);
        held[name] = value;
        byId("tv-input").textContent = `${name.replace("button-", "").toUpperCase()} ${value}`;
      }
    },
  };
}
