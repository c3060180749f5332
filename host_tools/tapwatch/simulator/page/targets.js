// What can be touched on the watch, as buttons for the keyboard and for a screen reader. A mouse goes through them.

import { byId, element } from "./dom.js";

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

  /** @param {string} name */
  function touch(name) {
    const found = known.get(name);
    if (!found) return false;
    const [, x, y, w, h] = found.target;
    send({ type: "touch", x: x + (w >> 1), y: y + (h >> 1) });
    return true;
  }

  /** @param {Target} target */
  function place(target) {
    const [name, x, y, w, h] = target;
    let entry = known.get(name);
    if (!entry) {
      const button = element("button");
      button.type = "button";
      button.setAttribute("aria-label", `Touch ${name}`);
      button.addEventListener("click", () => touch(name));
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
        if (button === document.activeElement) canvas.focus(); // the keyboard stays on the watch
        button.remove();
        known.delete(name);
      }
      targets.forEach(place);
      const texts = (state.texts ?? []).join(". ");
      if (said.textContent !== texts) said.textContent = texts;
    },
  };
}
