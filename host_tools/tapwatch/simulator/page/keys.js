// The watch from the keyboard: arrows swipe, Enter and Space are the side button, digits type a passcode.

const SWIPES = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const TYPED = { Backspace: "delete", "+": "done" };

/**
 * Binds the keys of the focused screen.
 * @param {HTMLCanvasElement} canvas
 * @param {(input: object) => void} send
 * @param {{ set(down: boolean): void }} button the side button
 * @param {{ touch(name: string): boolean }} targets what can be touched now
 */
export function makeKeys(canvas, send, button, targets) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.repeat && isButton(event)) event.preventDefault(); // a key that was down before the watch had the focus
    else if (isButton(event)) button.set(true);
    else if (Object.hasOwn(SWIPES, event.key)) send({ type: "swipe", direction: SWIPES[event.key] });
    else if (!targets.touch(TYPED[event.key] ?? event.key)) return;
    event.preventDefault();
  });
  canvas.addEventListener("keyup", (event) => {
    if (isButton(event)) button.set(false);
  });
  canvas.addEventListener("blur", () => button.set(false));
}

/** @param {KeyboardEvent} event */
export function isButton(event) {
  return event.key === "Enter" || event.key === " ";
}
