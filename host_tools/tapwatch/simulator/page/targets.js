// What can be touched on the watch, as buttons for the keyboard and for a screen reader. A mouse goes through them.

import { byId, element } from "./dom.js";
import { isButton } from "./keys.js";

/** @typedef {[string, number, number, number, number]} Target name, x, y, w, h in pixels of the panel */

/**
 * Binds the layer over the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {(input: object) => void} send
 */
export function makeTargets(canvas, send) {
  const layer = byId("targets");
  const said = byId("said");
  /** @type {Map<string, { button: HTMLButtonElement, target: Target }>} */
  const known = new Map();

  /** @type {{ x: number, y: number } | null} */
  let held = null; // where a key keeps the finger down

  /** @param {Target} target */
  const middle = ([, x, y, w, h]) => ({ x: x + (w >> 1), y: y + (h >> 1) });

  /** @param {string} name */
  function touch(name) {
    const found = known.get(name);
    if (found) send({ type: "touch", ...middle(found.target) });
    return Boolean(found);
  }

  function lift() {
    if (held) send({ type: "point", down: false, ...held });
    held = null;
  }

  /**
   * A key on a target is a finger: as long as it is down.
   * @param {HTMLButtonElement} button
   * @param {string} name
   */
  function bind(button, name) {
    button.addEventListener("keydown", (event) => {
      if (!isButton(event)) return;
      event.preventDefault();
      const found = known.get(name);
      if (held || event.repeat || !found) return;
      held = middle(found.target);
      send({ type: "point", down: true, ...held });
    });
    button.addEventListener("keyup", (event) => {
      if (!isButton(event)) return;
      event.preventDefault();
      lift();
    });
    button.addEventListener("blur", lift);
    button.addEventListener("click", () => touch(name)); // of a screen reader
  }

  /** @param {Target} target */
  function place(target) {
    const [name, x, y, w, h] = target;
    let entry = known.get(name);
    if (!entry) {
      const button = element("button");
      button.type = "button";
      button.setAttribute("aria-label", `Touch ${name}`);
      bind(button, name);
      layer.append(button);
      entry = { button, target };
      known.set(name, entry);
    }
    entry.target = target;
    Object.assign(entry.button.style, {
      left: `${(100 * x) / canvas.width}%`,
      top: `${(100 * y) / canvas.height}%`,
      width: `${(100 * w) / canvas.width}%`,
      height: `${(100 * h) / canvas.height}%`,
    });
  }

  return {
    touch,
    /**
     * Shows what the watch says of itself.
     * @param {{ targets?: Target[], texts?: string[] }} state
     */
    show(state) {
      const targets = state.targets ?? [];
      const names = new Set(targets.map(([name]) => name));
      for (const [name, { button }] of known) {
        if (names.has(name)) continue;
        if (button === document.activeElement) {
          lift();
          canvas.focus(); // the keyboard stays on the watch
        }
        button.remove();
        known.delete(name);
      }
      targets.forEach(place);
      const texts = (state.texts ?? []).join(". ");
      if (said.textContent !== texts) said.textContent = texts;
    },
  };
}
