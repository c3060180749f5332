// The connection to the simulator: pixels and events come in, input goes out; and requests that have an answer.

const token = location.hash.slice(1);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/**
 * What the page does with what comes in.
 * @typedef {object} Handlers
 * @property {(rectangle: ArrayBuffer) => void} pixels
 * @property {(kind: string, data: any) => void} event
 * @property {(up: boolean) => void} connection
 * @property {() => void} refused the token is missing or of another run
 */

/**
 * Connects and keeps connected. After each connection the simulator describes the watch and sends the whole picture.
 * @param {Handlers} handlers
 */
export function connect(handlers) {
  /** @type {WebSocket | null} */
  let socket = null;
  let pause = FIRST_PAUSE_MS;

  function open() {
    socket = new WebSocket(`ws://${location.host}/live`, ["tapwatch", token]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      pause = FIRST_PAUSE_MS;
      handlers.connection(true);
    };
    socket.onmessage = (message) => {
      if (typeof message.data !== "string") return handlers.pixels(message.data);
      const event = JSON.parse(message.data);
      handlers.event(event.kind, event.data);
    };
    socket.onclose = async () => {
      handlers.connection(false);
      if (await tokenRefused()) return handlers.refused();
      setTimeout(open, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    };
  }

  if (token) open();
  else handlers.refused();
  return {
    /**
     * Sends input such as {type: "point", down: true, x: 1, y: 2}; dropped while there is no connection.
     * @param {object} input
     */
    send(input) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(input));
    },
    /**
     * Sends live sound, 16-bit samples at 16 kHz; dropped while there is no connection.
     * @param {ArrayBuffer} samples
     */
    sound(samples) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(samples);
    },
  };
}

/** A simulator that has ended cannot be asked: then it is not the token. */
async function tokenRefused() {
  try {
    return (await fetch("/state.json", { headers: { Authorization: `Bearer ${token}` } })).status === 401;
  } catch {
    return false;
  }
}

/**
 * Posts JSON and returns the answer. Throws an Error whose message a person can act on.
 * @param {string} path
 * @param {object} body
 */
export function post(path, body) {
  return ask(path, "application/json", JSON.stringify(body));
}

/**
 * Posts a sound file; otherwise as `post`.
 * @param {string} path
 * @param {Blob} file
 */
export function upload(path, file) {
  return ask(path, "audio/wav", file);
}

/**
 * @param {string} path
 * @param {string} type
 * @param {BodyInit} body
 */
async function ask(path, type, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": type };
  const answer = await fetch(path, { method: "POST", headers, body });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  let problem = text.trim();
  try {
    const { error, hint } = JSON.parse(text);
    problem = [error, hint].filter(Boolean).join(/[.!?]$/.test(error) ? " " : ": ");
  } catch {
    // Not JSON: the text of the server says it.
  }
  throw new Error(problem || `The simulator answered ${answer.status}.`);
}
