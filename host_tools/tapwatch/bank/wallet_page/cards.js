// The customer's cards: what each is, where it is, and what can be done with it.

import { button, element } from "./dom.js";
import { text } from "./texts.js";
import { hex } from "./watch.js";

/**
 * One entry of the list.
 * @param {any} card of GET /v1/my/cards
 * @param {any[]} tokens of that card that are not deleted
 * @param {import("./watch.js").Watch | null} watch
 * @param {any} act what the buttons do: add, refill, state, remove, history
 */
export function cardRow(card, tokens, watch, act) {
  const here = tokens.find((token) => watch && hex(token.device_id) === watch.id);
  const shown = here ?? tokens[0];
  const row = element("li", "card");
  const plate = element("span", "plate", `•••• ${card.last_four}`);
  plate.style.setProperty("--tint", `#${card.accent.toString(16).padStart(6, "0")}`);
  plate.dataset.off = String(shown?.state === "suspended");
  const words = element("div");
  words.append(element("b", "", card.label), element("p", "soft", place(here, shown, watch)));
  const actions = element("div", "actions");
  actions.append(...buttons(card, here, shown, watch, act));
  row.append(plate, words, actions);
  return row;
}

/** Where a card is, in words. @param {any} here @param {any} shown @param {any} watch */
function place(here, shown, watch) {
  if (!shown) return text(watch ? "notOn" : "nowhere");
  if (shown.state === "suspended") return text("suspendedWord");
  if (!here) return text("onOther");
  const status = watch.cards.find((/** @type {Map<number, any>} */ one) => hex(one.get(1)) === hex(here.token_id));
  if (!status) return text("waiting");
  return `${text("onWatch")} · ${status.get(3) ? text("keys", status.get(3)) : text("noKeys")}`;
}

/** @param {any} card @param {any} here @param {any} shown @param {any} watch @param {any} act */
function* buttons(card, here, shown, watch, act) {
  if (watch && !here) yield button(text("add"), () => act.add(card), "primary");
  if (!shown) return;
  if (here && here.state === "active") yield button(text("refill"), () => act.refill(here));
  const [name, next] = shown.state === "suspended" ? ["resume", "active"] : ["suspend", "suspended"];
  yield button(text(name), () => act.state(shown, next));
  yield button(text("history"), () => act.history(card, shown));
  yield button(text("remove"), () => act.remove(card, shown), "danger");
}

/**
 * One watch of the customer, to be reported lost.
 * @param {any} watch of GET /v1/my/devices
 * @param {any} act what the buttons do: lost, found, wipe
 */
export function watchRow(watch, act) {
  const row = element("li");
  const lost = watch.state === "lost";
  row.append(element("b", "", watch.name), element("p", "soft", text(lost ? "isLost" : "isFine")));
  const line = element("div", "line");
  if (lost) {
    line.append(button(text("found"), () => act.found(watch), "primary"));
  } else {
    const label = element("label", "grow wide-field");
    const input = element("input");
    input.maxLength = 80;
    input.placeholder = text("finderHint");
    label.append(element("span", "", text("finder")), input);
    line.append(label, button(text("report"), () => act.lost(watch, input.value)));
  }
  line.append(button(text("wipe"), () => act.wipe(watch), "danger"));
  row.append(line);
  return row;
}
