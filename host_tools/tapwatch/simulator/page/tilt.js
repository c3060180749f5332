// How the watch is held: a small square to drag in, or arrow keys. Let go, and it lies flat again.

import { byId } from "./dom.js";

const MOST = 700; // milli-g at the rim: 45 degrees
const G = 1000;
const STEP = 0.2;
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/**
 * Binds the square.
 * @param {(input: object) => void} send
 */
export function makeTilt(send) {
  const square = byId("tilt");
  const dot = byId("tilt-dot");
  let held = false;
  let across = 0;
  let down = 0;

  /**
   * @param {number} x -1 to 1, to the right
   * @param {number} y -1 to 1, towards the wearer
   */
  function hold(x, y) {
    across = Math.min(Math.max(x, -1), 1);
    down = Math.min(Math.max(y, -1), 1);
    dot.style.translate = `${across * 100}% ${down * 100}%`;
    const gx = Math.round(across * MOST);
    const gy = Math.round(down * MOST);
    send({ type: "acceleration", x: gx, y: gy, z: Math.round(Math.sqrt(Math.max(G * G - gx * gx - gy * gy, 0))) });
  }

  /** @param {PointerEvent} event */
  function follow(event) {
    const box = square.getBoundingClientRect();
    hold(((event.clientX - box.left) / box.width) * 2 - 1, ((event.clientY - box.top) / box.height) * 2 - 1);
  }
  function letGo() {
    if (held) hold(0, 0);
    held = false;
  }

  square.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    held = true;
    square.setPointerCapture(event.pointerId);
    follow(event);
  });
  square.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (held) follow(event);
  });
  square.addEventListener("pointerup", letGo);
  square.addEventListener("pointercancel", letGo);
  square.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Home") hold(0, 0);
    else if (Object.hasOwn(KEYS, event.key)) {
      const [x, y] = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
      hold(across + x, down + y);
    } else return;
    event.preventDefault();
  });
}
