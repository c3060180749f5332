// The connection to the simulator: pixels and events come in, input goes out; and requests that have an answer.

const token = location.hash.slice(1);

/** Connects and keeps connected. `handlers`: pixels(ArrayBuffer), event(kind, data), connection(bool). */
export function connect(handlers) {
  let socket = null;

  function open() {
    socket = new WebSocket(`ws://${location.host}/live`, ["tapwatch", token]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => handlers.connection(true);
    socket.onmessage = (message) => {
      if (typeof message.data !== "string") return handlers.pixels(message.data);
      const event = JSON.parse(message.data);
      handlers.event(event.kind, event.data);
    };
    socket.onclose = () => {
      handlers.connection(false);
      setTimeout(open, 1000);
    };
  }

  if (token) open();
  else handlers.connection(false);
  return {
    /** Sends input such as {type: "point", down: true, x: 1, y: 2}; dropped while there is no connection. */
    send(input) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(input));
    },
  };
}

/** Posts JSON and returns the answer. Throws an Error whose message a person can act on. */
export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  let problem = text.trim();
  try {
    const { error, hint } = JSON.parse(text);
    problem = [error, hint].filter(Boolean).join(" ");
  } catch {
    // Not JSON: the text of the server says it.
  }
  throw new Error(problem || `The simulator answered ${answer.status}.`);
}
