// The two logs: card commands, decoded, and events. All text goes in as text, never as markup.

const MOST_LINES = 400;
const NAMES = { a4: "SELECT", a8: "GET PROCESSING OPTIONS", b2: "READ RECORD", ae: "GENERATE AC", ca: "GET DATA", "2a": "COMPUTE CRYPTOGRAPHIC CHECKSUM" };

/** A new element with a class and a text. */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Binds both logs and their clear buttons. */
export function makeLogs() {
  const apdu = bindLog("apdu");
  const events = bindLog("events");
  return {
    /** Adds a whole tap. */
    tap(result) {
      const head = element("li", "group", `${result.amount}, ${result.outcome}`);
      head.append(element("span", "", `${result.card_ms.toFixed(0)} ms`));
      apdu(head);
      for (const exchange of result.exchanges) apdu(exchangeLine(exchange));
    },
    /** Adds one command that the firmware reported. */
    command(exchange) {
      const name = NAMES[exchange.command.slice(2, 4).toLowerCase()] || "Command";
      apdu(exchangeLine({ name, elapsed_ms: 0, fields: [], ...exchange }));
    },
    /** Adds an event. */
    event(text, bad = false) {
      const line = element("li", bad ? "event bad" : "event");
      line.append(element("span", "time", new Date().toLocaleTimeString("en-GB")), element("span", "what", text));
      events(line);
    },
  };
}

function bindLog(id) {
  const list = document.getElementById(id);
  document.getElementById(`clear-${id}`).addEventListener("click", () => list.replaceChildren());
  return (line) => {
    const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 24;
    list.append(line);
    while (list.childElementCount > MOST_LINES) list.firstElementChild.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
}

function exchangeLine(exchange) {
  const word = exchange.answer.slice(-4).toUpperCase();
  const good = word === "9000" || word.startsWith("61");
  const details = element("details");
  const summary = element("summary");
  summary.append(
    element("span", "", exchange.name),
    element("span", good ? "word" : "word bad", word || "card lost"),
    element("span", "time", exchange.elapsed_ms ? `${exchange.elapsed_ms.toFixed(1)} ms` : ""),
  );
  details.append(summary);
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(bytes(exchange)));
  const line = element("li");
  line.append(details);
  return line;
}

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

function hexLine(name, hex) {
  const line = element("p", "hex", `${name}  `);
  line.append(element("b", "", hex.toUpperCase().replace(/(..)(?=.)/g, "$1 ") || "nothing"));
  return line;
}
