// Dark and light: as the system has it, or as the person chose; the choice is kept in this browser.

import { byId, radios } from "./dom.js";

const KEY = "tapwatch.theme";

/** Applies what was chosen before, and binds the switch. */
export function makeTheme() {
  const show = radios(byId("theme"), (button) => choose(button.dataset.theme ?? ""));

  /** @param {string} theme */
  function choose(theme) {
    document.documentElement.dataset.theme = theme;
    show((button) => button.dataset.theme === theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // A browser that keeps nothing still changes its colours.
    }
  }

  choose(kept());
}

function kept() {
  try {
    return localStorage.getItem(KEY) || "system";
  } catch {
    return "system";
  }
}
