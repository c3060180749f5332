// Lists of lines that forget their oldest: filter, copy, clear.

import { byId } from "./dom.js";

const MOST_LINES = 400;

/** Binds both logs and their tools. Returns `events(line)` and `commands(line)`, which add a line. */
export function makeLogs() {
  const filter = byId("filter");
  const lists = [byId("events"), byId("apdu")];
  const shown = () => lists.find((list) => !list.parentElement.hidden) ?? lists[0];

  /** @param {HTMLElement} line */
  function sift(line) {
    line.hidden = !(line.textContent ?? "").toLowerCase().includes(filter.value.trim().toLowerCase());
  }

  /**
   * @param {HTMLElement} list
   * @returns {(line: HTMLElement) => void}
   */
  function adder(list) {
    return (line) => {
      const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 24;
      sift(line);
      list.append(line);
      while (list.childElementCount > MOST_LINES) list.firstElementChild?.remove();
      if (atEnd) list.scrollTop = list.scrollHeight;
    };
  }

  filter.addEventListener("input", () => lists.forEach((list) => [...list.children].forEach(sift)));
  byId("clear-log").addEventListener("click", () => shown().replaceChildren());
  byId("copy-log").addEventListener("click", () => copy(shown()));
  return { events: adder(lists[0]), commands: adder(lists[1]) };
}

/**
 * Puts the visible lines on the clipboard.
 * @param {HTMLElement} list
 */
async function copy(list) {
  const lines = /** @type {HTMLElement[]} */ ([...list.children]).filter((line) => !line.hidden);
  const button = byId("copy-log");
  try {
    await navigator.clipboard.writeText(lines.map((line) => line.dataset.text ?? line.textContent).join("\n"));
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed"; // the browser keeps the clipboard to itself
  }
  setTimeout(() => (button.textContent = "Copy"), 1200);
}
