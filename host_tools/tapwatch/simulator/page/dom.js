// Small helpers around the document. Text always goes in as text, never as markup.

/**
 * The element with this id, which index.html is known to have.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * A new element with a class and a text.
 * @param {string} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {any}
 */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/**
 * Fills a select with [value, text] pairs.
 * @param {HTMLSelectElement} select
 * @param {[string | number, string][]} choices
 */
export function fill(select, choices) {
  for (const [value, text] of choices) {
    const option = element("option", "", text);
    option.value = String(value);
    select.append(option);
  }
}

/**
 * Turns a group of buttons with role radio into one choice, with arrow keys as on every radio group.
 * @param {HTMLElement} group
 * @param {(button: HTMLButtonElement) => void} choose called when the person chooses
 * @returns {(matches: (button: HTMLButtonElement) => boolean) => void} shows which one is chosen
 */
export function radios(group, choose) {
  const buttons = () => /** @type {HTMLButtonElement[]} */ ([...group.querySelectorAll("[role=radio]")]);
  group.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[role=radio]");
    if (button) choose(/** @type {HTMLButtonElement} */ (button));
  });
  walkByArrows(group, buttons, (button) => choose(button));
  return (matches) => {
    const all = buttons();
    const chosen = all.find(matches);
    for (const button of all) {
      button.setAttribute("aria-checked", String(button === chosen));
      button.tabIndex = button === (chosen ?? all[0]) ? 0 : -1;
    }
  };
}

/**
 * Left and right move the focus from one to the next.
 * @template {HTMLElement} T
 * @param {HTMLElement} group
 * @param {() => T[]} members
 * @param {(member: T) => void} arrive
 */
export function walkByArrows(group, members, arrive) {
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = members();
    const here = all.indexOf(/** @type {T} */ (document.activeElement));
    if (!step || here < 0) return;
    event.preventDefault();
    const next = all[(here + step + all.length) % all.length];
    next.focus();
    arrive(next);
  });
}
