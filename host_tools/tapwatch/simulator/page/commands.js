// The log of card commands: name, status word and time; opened, the bytes and what is in them.

import { element } from "./dom.js";

/** @typedef {{ depth: number, tag: string, name: string, value: string }} Field */
/** @typedef {{ name: string, command: string, answer: string, elapsed_ms: number, fields: Field[] }} Exchange */

/**
 * Binds the log.
 * @param {(line: HTMLElement) => void} add
 */
export function makeCommands(add) {
  return {
    /**
     * Adds a whole tap.
     * @param {{ amount: string, outcome: string, card_ms: number, exchanges: Exchange[] }} result
     */
    tap(result) {
      const head = element("li", "group", `${result.amount}, ${result.outcome}`);
      head.append(element("span", "", `${result.card_ms.toFixed(0)} ms`));
      head.dataset.text = `-- ${result.amount}, ${result.outcome}, ${result.card_ms.toFixed(0)} ms`;
      add(head);
      for (const exchange of result.exchanges) add(exchangeLine(exchange));
    },
  };
}

/** @param {Exchange} exchange */
function exchangeLine(exchange) {
  const word = exchange.answer.slice(-4).toUpperCase();
  const good = word === "9000" || word.startsWith("61");
  const details = element("details");
  const summary = element("summary");
  summary.append(
    element("span", "", exchange.name),
    element("span", good ? "word" : "word bad", word || "card lost"),
    element("span", "time", `${exchange.elapsed_ms.toFixed(1)} ms`),
  );
  details.append(summary);
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(bytes(exchange)));
  const line = element("li");
  line.dataset.text = asText(exchange);
  line.append(details);
  return line;
}

/** @param {Exchange} exchange */
function bytes(exchange) {
  const box = element("div", "bytes");
  box.append(hexLine("to card", exchange.command), hexLine("from card", exchange.answer));
  const tlv = element("div", "tlv");
  for (const field of exchange.fields) {
    const tag = element("span", "tag", "  ".repeat(field.depth));
    tag.append(element("b", "", field.tag), element("i", "", field.name));
    tlv.append(tag, element("span", "value", field.value));
  }
  box.append(tlv);
  return box;
}

/**
 * @param {string} name
 * @param {string} hex
 */
function hexLine(name, hex) {
  const line = element("p", "hex", `${name}  `);
  line.append(element("b", "", spaced(hex) || "nothing"));
  return line;
}

/** @param {Exchange} exchange */
function asText(exchange) {
  const fields = exchange.fields.map((field) => `   ${"  ".repeat(field.depth)}${field.tag} ${field.name}: ${field.value}`);
  return [`${exchange.name}`, `>> ${spaced(exchange.command)}`, `<< ${spaced(exchange.answer)}`, ...fields].join("\n");
}

/** @param {string} hex */
function spaced(hex) {
  return hex.toUpperCase().replace(/(..)(?=.)/g, "$1 ");
}
