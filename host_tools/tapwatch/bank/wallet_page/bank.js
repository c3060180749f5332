// The bank's HTTP interface (docs/bank.md): CBOR maps with text keys both ways.

import { decode, encode } from "./cbor.js";

/** The bank answered with an error, or not at all (status 0). */
export class BankRefused extends Error {
  /** @param {string} message @param {string} hint @param {number} status */
  constructor(message, hint, status) {
    super(message);
    this.hint = hint;
    this.status = status;
  }
}

/**
 * Asks the bank; returns the answer as an object. Throws BankRefused.
 * @param {string} method
 * @param {string} path
 * @param {any} [body]
 * @param {string} [bearer] of a session or a watch
 * @returns {Promise<any>}
 */
export async function ask(method, path, body = null, bearer = "") {
  const headers = bearer ? { Authorization: `Bearer ${bearer}` } : {};
  const options = { method, headers, body: body === null ? undefined : encode(body) };
  const answer = await fetch(path, /** @type {any} */ (options)).catch(() => null);
  if (!answer) throw new BankRefused("", "", 0);
  const got = plain(decode(new Uint8Array(await answer.arrayBuffer())));
  if (!answer.ok) throw new BankRefused(String(got.error ?? answer.status), String(got.hint ?? ""), answer.status);
  return got;
}

/** Maps with text keys as objects, all the way down. @param {any} value @returns {any} */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Map ? Object.fromEntries([...value].map(([name, item]) => [name, plain(item)])) : value;
}
