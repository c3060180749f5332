// Which language: what the person chose before, else the browser's.

import { WORDS } from "./words.js";

const KEY = "tapwatch.wallet.language";
/** @type {"en" | "zh"} */
let language = "en";

/** The text of a name, with `{0}` replaced. @param {string} name @param {...any} values */
export function text(name, ...values) {
  const words = /** @type {any} */ (WORDS[language]);
  return String(words[name] ?? name).replace(/\{(\d)\}/g, (_, place) => String(values[Number(place)] ?? ""));
}

/** True if there is a text of that name. @param {string} name */
export function known(name) {
  return name in WORDS.en;
}

/** @param {"en" | "zh"} wanted */
export function use(wanted) {
  language = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = text(/** @type {HTMLElement} */ (place).dataset.text ?? "");
  }
  for (const place of document.querySelectorAll("[data-hint]")) {
    place.setAttribute("placeholder", text(/** @type {HTMLElement} */ (place).dataset.hint ?? ""));
  }
  document.title = text("title");
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // A browser that keeps nothing still changes its language.
  }
}

/** @returns {"en" | "zh"} */
export function first() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // The browser's language it is.
  }
  return (kept ?? navigator.language).startsWith("zh") ? "zh" : "en";
}

/** An amount with its currency. @param {number} minor @param {number} currency ISO numeric */
export function money(minor, currency) {
  const code = { 156: "CNY", 978: "EUR", 840: "USD", 826: "GBP", 392: "JPY" }[currency] ?? "";
  const digits = currency === 392 ? 0 : 2;
  const value = minor / 10 ** digits;
  if (!code) return value.toFixed(digits);
  return new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: code }).format(value);
}
