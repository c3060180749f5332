// Deterministic CBOR (RFC 8949 section 4.2.1) for the messages of docs/formats.md: no tags, no floats, maps as Map.

const MAX_DEPTH = 16;
const SIMPLE = new Map([[0xf4, false], [0xf5, true], [0xf6, null]]);

/** The bytes are not deterministic CBOR, or the value has no such form. */
export class CborProblem extends Error {}

/**
 * The one deterministic encoding of a value: null, boolean, whole number, text, Uint8Array, array, Map or plain object.
 * @param {any} value
 * @returns {Uint8Array}
 */
export function encode(value) {
  const parts = /** @type {Uint8Array[]} */ ([]);
  write(value, parts, 0);
  return joined(parts);
}

/**
 * The value whose deterministic encoding is exactly `data`. Throws CborProblem.
 * @param {Uint8Array} data
 * @returns {any}
 */
export function decode(data) {
  const reader = new Reader(data);
  const value = reader.item(0);
  if (reader.at !== data.length) throw new CborProblem("bytes follow the item");
  return value;
}

/** @param {any} value @param {Uint8Array[]} out @param {number} depth */
function write(value, out, depth) {
  if (depth > MAX_DEPTH) throw new CborProblem("nested too deep");
  if (value === null || typeof value === "boolean") out.push(Uint8Array.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4));
  else if (Number.isSafeInteger(value)) out.push(value >= 0 ? head(0, value) : head(1, -1 - value));
  else if (value instanceof Uint8Array) out.push(head(2, value.length), value);
  else if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    out.push(head(3, text.length), text);
  } else if (Array.isArray(value)) {
    out.push(head(4, value.length));
    for (const item of value) write(item, out, depth + 1);
  } else if (typeof value === "object") writeMap(value instanceof Map ? [...value] : Object.entries(value), out, depth);
  else throw new CborProblem(`no form for ${typeof value}`);
}

/** @param {[any, any][]} entries @param {Uint8Array[]} out @param {number} depth */
function writeMap(entries, out, depth) {
  const pairs = entries.map(([key, item]) => {
    const own = /** @type {Uint8Array[]} */ ([]);
    write(item, own, depth + 1);
    return [encode(key), joined(own)];
  });
  pairs.sort(([one], [other]) => compare(one, other));
  out.push(head(5, pairs.length), ...pairs.flat());
}

/** @param {number} major @param {number} argument */
function head(major, argument) {
  const top = major << 5;
  if (argument < 24) return Uint8Array.of(top | argument);
  const size = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const made = new Uint8Array(1 + size);
  made[0] = top | 24 + Math.log2(size);
  for (let place = size, rest = argument; place > 0; place -= 1, rest = Math.floor(rest / 256)) made[place] = rest % 256;
  return made;
}

class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  /** @param {number} depth @returns {any} */
  item(depth) {
    if (depth > MAX_DEPTH) throw new CborProblem("nested too deep");
    const first = this.take(1)[0];
    const major = first >> 5;
    if (major === 7) {
      if (!SIMPLE.has(first)) throw new CborProblem("floats and other simple values are not allowed");
      return SIMPLE.get(first);
    }
    if (major === 6) throw new CborProblem("tags are not allowed");
    const argument = this.argument(first & 0x1f);
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return this.take(argument);
    if (major === 3) return this.text(argument);
    if (argument > this.data.length - this.at) throw new CborProblem("more items than bytes");
    return major === 4 ? Array.from({ length: argument }, () => this.item(depth + 1)) : this.map(argument, depth);
  }

  /** @param {number} count @param {number} depth */
  map(count, depth) {
    const made = new Map();
    let before = new Uint8Array();
    for (let left = count; left > 0; left -= 1) {
      const start = this.at;
      const key = this.item(depth + 1);
      const bytes = this.data.subarray(start, this.at);
      if (typeof key === "object" || typeof key === "boolean") throw new CborProblem("a wrong kind of key");
      if (compare(bytes, before) <= 0) throw new CborProblem("keys are repeated or out of order");
      before = bytes;
      made.set(key, this.item(depth + 1));
    }
    return made;
  }

  /** @param {number} size */
  text(size) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(size));
    } catch (problem) {
      if (problem instanceof CborProblem) throw problem;
      throw new CborProblem("text is not UTF-8");
    }
  }

  /** @param {number} low */
  argument(low) {
    if (low < 24) return low;
    if (low > 27) throw new CborProblem("an indefinite or reserved length");
    const bytes = this.take(1 << low - 24);
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < [24, 0x100, 0x10000, 0x100000000][low - 24]) throw new CborProblem("not the shortest form");
    if (!Number.isSafeInteger(value)) throw new CborProblem("a number is too large for this page");
    return value;
  }

  /** @param {number} size */
  take(size) {
    if (size > this.data.length - this.at) throw new CborProblem("the bytes end early");
    this.at += size;
    return this.data.slice(this.at - size, this.at);
  }
}

/** Bytewise order, shorter first where one begins the other. @param {Uint8Array} one @param {Uint8Array} other */
function compare(one, other) {
  const place = one.findIndex((byte, index) => byte !== other[index]);
  return place < 0 ? one.length - other.length : place < other.length ? one[place] - other[place] : 1;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
