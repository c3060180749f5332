// Tabs as the ARIA practices describe them: one in the tab order, arrow keys between them.

import { byId, walkByArrows } from "./dom.js";

/** Binds every tablist of the page and opens its first tab. */
export function makeTabs() {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[role=tablist]"))) bind(list);
}

/** @param {HTMLElement} list */
function bind(list) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);

  /** @param {HTMLElement} chosen */
  function open(chosen) {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls") ?? "").hidden = tab !== chosen;
    }
  }

  for (const tab of tabs) tab.addEventListener("click", () => open(tab));
  walkByArrows(list, () => tabs, open);
  open(tabs[0]);
}
