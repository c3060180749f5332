// The token exchange service of docs/bluetooth.md: one message and its answer in fragments, resumed after a lost link.

export const SERVICE = "7bfd1000-d44c-49ed-a19b-a26f1343b084";
const IN = "7bfd1001-d44c-49ed-a19b-a26f1343b084";
const OUT = "7bfd1002-d44c-49ed-a19b-a26f1343b084";
const STATE = "7bfd1003-d44c-49ed-a19b-a26f1343b084";
const HEADER = 8; // transfer (4), length (2), offset (2)
const PART = 180; // bytes of the message in a fragment
const MAX_MESSAGE = 4096;
const QUIET_MS = 8000; // without news the state is read
const TRIES = 6;
const VERSION = 1;
const [NOTHING, RECEIVING] = [0, 1];

/** The link is gone and does not come back, or the other side does not speak this protocol. */
export class LinkProblem extends Error {}

/** Carries messages to one watch. */
export class Transfers {
  /**
   * @param {any} gatt `device.gatt` of Web Bluetooth
   * @param {{quietMs?: number}} [options] for tests: how long nothing may come
   */
  constructor(gatt, options = {}) {
    this.gatt = gatt;
    this.quietMs = options.quietMs ?? QUIET_MS;
    this.turn = Promise.resolve();
    this.wake = () => {};
    this.news = /** @type {any} */ (null);
    this.taken = new Uint8Array();
    this.expected = 0;
    this.number = 0;
    this.input = this.state = /** @type {any} */ (null);
  }

  /**
   * Sends a message and returns its answer; one at a time. Throws LinkProblem.
   * @param {Uint8Array} message
   * @returns {Promise<Uint8Array>}
   */
  exchange(message) {
    const mine = this.turn.then(() => this.run(message));
    this.turn = mine.then(() => {}, () => {});
    return mine;
  }

  /** @param {Uint8Array} message */
  async run(message) {
    if (message.length > MAX_MESSAGE) throw new LinkProblem("the message is too long");
    this.begin();
    for (let tries = 0, held = 0; tries < TRIES; tries += 1) {
      const before = held + this.taken.length;
      try {
        await this.connect();
        held = await this.place();
        await this.send(message, held);
        return await this.answer(message);
      } catch (problem) {
        if (problem instanceof LinkProblem) throw problem;
        if (held + this.taken.length > before) tries = 0; // it moves on, however often the link goes
        await new Promise((done) => setTimeout(done, 200 * (tries + 1)));
      }
    }
    throw new LinkProblem("the watch does not answer");
  }

  begin() {
    this.number = crypto.getRandomValues(new Uint32Array(1))[0];
    this.taken = new Uint8Array();
    this.expected = 0;
  }

  async connect() {
    if (this.gatt.connected && this.input) return;
    this.input = null;
    const server = await this.gatt.connect();
    const service = await server.getPrimaryService(SERVICE);
    const [input, out, state] = await Promise.all([IN, OUT, STATE].map((one) => service.getCharacteristic(one)));
    out.addEventListener("characteristicvaluechanged", (/** @type {any} */ event) => this.fragment(event.target.value));
    state.addEventListener("characteristicvaluechanged", (/** @type {any} */ event) => this.told(event.target.value));
    await out.startNotifications();
    await state.startNotifications();
    this.state = state;
    this.input = input;
  }

  /** Bytes of this message that the watch holds; all of them (Infinity) if it has it whole. */
  async place() {
    const now = read(await this.state.readValue());
    if (now.version !== VERSION) throw new LinkProblem("the watch speaks another version");
    if (now.number !== this.number || now.phase === NOTHING) {
      this.begin();
      return 0;
    }
    return now.phase === RECEIVING ? now.held : Infinity;
  }

  /** @param {Uint8Array} message @param {number} from */
  async send(message, from) {
    this.news = null;
    for (let at = from; at < message.length; ) {
      const part = message.subarray(at, at + PART);
      await this.write(message.length, at, part);
      at += part.length;
      const news = /** @type {any} */ (this.news);
      if (news && news.number === this.number && news.phase === RECEIVING && news.held < at) at = news.held;
      this.news = null;
    }
    if (from === Infinity) await this.write(0, this.taken.length, new Uint8Array());
  }

  /** @param {Uint8Array} message */
  async answer(message) {
    for (let asked = 0; asked < TRIES; ) {
      if (this.expected && this.taken.length === this.expected) return this.taken;
      if (await this.something()) {
        asked = 0;
        continue;
      }
      asked += 1;
      const held = await this.place();
      if (held < message.length) await this.send(message, held);
      else await this.write(0, this.taken.length, new Uint8Array());
    }
    throw new LinkProblem("the watch does not answer");
  }

  /** True when a fragment comes, false when nothing does for a while; throws when the link is gone. */
  async something() {
    if (!this.gatt.connected) throw new Error("the link is gone");
    const length = this.taken.length;
    await new Promise((/** @type {(value?: any) => void} */ done) => {
      this.wake = done;
      setTimeout(done, this.quietMs);
      this.gatt.device?.addEventListener?.("gattserverdisconnected", done, { once: true });
    });
    if (!this.gatt.connected) throw new Error("the link is gone");
    return this.taken.length > length;
  }

  /** @param {number} length @param {number} offset @param {Uint8Array} part */
  async write(length, offset, part) {
    const data = new Uint8Array(HEADER + part.length);
    const view = new DataView(data.buffer);
    view.setUint32(0, this.number);
    view.setUint16(4, length);
    view.setUint16(6, offset);
    data.set(part, HEADER);
    await this.input.writeValueWithResponse(data);
  }

  /** @param {DataView} view */
  fragment(view) {
    if (view.byteLength < HEADER || view.getUint32(0) !== this.number) return;
    const [length, offset] = [view.getUint16(4), view.getUint16(6)];
    if (offset !== this.taken.length || length > MAX_MESSAGE) return; // what is missing is asked for again
    const part = new Uint8Array(view.buffer, view.byteOffset + HEADER, view.byteLength - HEADER);
    const whole = new Uint8Array(this.taken.length + part.length);
    whole.set(this.taken);
    whole.set(part, this.taken.length);
    this.taken = whole;
    this.expected = length;
    this.wake();
  }

  /** @param {DataView} view */
  told(view) {
    this.news = read(view);
  }
}

/** The parts of the characteristic `state`. @param {DataView} view */
function read(view) {
  if (view.byteLength < 10) throw new LinkProblem("the watch speaks another version");
  return {
    version: view.getUint8(0), phase: view.getUint8(1), number: view.getUint32(2),
    held: view.getUint16(6), answer: view.getUint16(8),
  };
}
