// The watch as this page sees it: the messages of docs/formats.md, and the errands that take more than one of them.

import * as bank from "./bank.js";
import { decode, encode } from "./cbor.js";
import { SERVICE, Transfers } from "./transfer.js";

const [HELLO, TRUST, ATTEST, TOKEN_REQUEST, TOKEN_PACKAGE, RECEIPTS, NOTICE, SET_CLOCK, WALLET, CARD_ART] =
  [1, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const [LICENCE, REVOCATIONS, APP_PAYMENTS] = [19, 20, 24];
const ART_PART = 2048;
/** What a watch answers that has a licence or a list already, or would refuse the same bytes for ever. */
const SETTLED = ["replayed", "bad-input", "bad-signature", "app-signer"];
/** What a watch calls itself, by its setting (docs/bluetooth.md). It advertises no service of its own. */
const NAMES = ["Tapwatch", "Espruino Tapwatch"];
const NOTICES = "tapwatch.notice.";
const PARCELS = "tapwatch.parcel.";

/** The watch answered with an error code, which is in `status`. */
export class WatchRefused extends Error {
  /** @param {string} status */
  constructor(status) {
    super(status);
    this.status = status;
  }
}

/** One watch. */
export class Watch {
  /** @param {any} device of Web Bluetooth */
  constructor(device) {
    this.device = device;
    this.transfers = new Transfers(device.gatt);
    this.sequence = 0;
    this.id = this.bearer = "";
    this.hello = new Map();
    this.cards = /** @type {Map<number, any>[]} */ ([]);
  }

  /** Lets the person choose a watch, and connects. */
  static async choose() {
    const bluetooth = /** @type {any} */ (navigator).bluetooth;
    const filters = NAMES.map((namePrefix) => ({ namePrefix }));
    const watch = new Watch(await bluetooth.requestDevice({ filters, optionalServices: [SERVICE] }));
    watch.hello = await watch.ask(HELLO, null);
    watch.id = hex((await sha256(watch.hello.get(3))).slice(0, 8));
    return watch;
  }

  /**
   * Sends one message; returns the body of the answer. Throws WatchRefused or LinkProblem.
   * @param {number} kind
   * @param {any} body
   */
  async ask(kind, body) {
    this.sequence += 1;
    const answer = decode(await this.transfers.exchange(encode([kind, this.sequence, body])));
    const [gotKind, gotSequence, status, got] = answer;
    if (gotKind !== kind || gotSequence !== this.sequence) throw new WatchRefused("wrong-answer");
    if (status !== "ok" && status !== "kept") throw new WatchRefused(status);
    return got;
  }

  /** Makes watch and bank known to each other. */
  async register() {
    if (this.bearer) return;
    const certificate = this.hello.get(7);
    if (!(certificate instanceof Uint8Array)) throw new WatchRefused(this.hello.get(4) === "new" ? "new" : "old");
    const service = await bank.ask("GET", "/v1/service");
    await this.ask(TRUST, service.certificate);
    const { challenge } = await bank.ask("POST", "/v1/challenges");
    const attestation = await this.ask(ATTEST, challenge);
    this.bearer = (await bank.ask("POST", "/v1/devices", { certificate, attestation })).bearer;
  }

  /** What a phone does when it comes by: payments of apps, notices, receipts, keys for whoever wants some, pictures. */
  async sync() {
    await this.register();
    await this.carryPayments();
    await this.bringNotices();
    await this.hand(await this.ask(RECEIPTS, null));
    const wanted = await this.report();
    for (const token of wanted.keys) await this.fill(token);
    for (const digest of wanted.art) await this.bringArt(digest);
    if (wanted.keys.length) await this.report();
  }

  /** Reads the cards of the watch, and asks the bank what is to be brought. */
  async report() {
    this.cards = await this.ask(WALLET, null);
    return bank.ask("POST", `/v1/devices/${this.id}/wallet`, { wallet: this.cards }, this.bearer);
  }

  /** Fetches a batch of keys for a token; false if the watch is locked and opens it later. @param {Uint8Array} token */
  async fill(token) {
    await this.register();
    const { issuer_id } = await bank.ask("GET", "/v1/service");
    const request = await this.ask(TOKEN_REQUEST, [token, issuer_id]);
    const made = await bank.ask("POST", "/v1/token-requests", { request });
    const receipt = await this.ask(TOKEN_PACKAGE, made.package);
    await this.hand(receipt === null ? [] : [receipt]);
    return receipt !== null;
  }

  /** @param {Uint8Array[]} receipts */
  async hand(receipts) {
    if (receipts.length) await bank.ask("POST", "/v1/receipts", { receipts });
  }

  /** Takes to the bank what its wearer has agreed to pay in apps. What it refuses as no payment is answered, too. */
  async carryPayments() {
    let answered = /** @type {Uint8Array[]} */ ([]);
    for (;;) {
      const waiting = await this.ask(APP_PAYMENTS, answered).catch((problem) => {
        if (problem.status !== "bad-input") throw problem;
        return []; // a watch that came before the message
      });
      if (!waiting.length) return;
      for (const [code, payment] of waiting) {
        await bank.ask("POST", "/v1/merchant-payments", { payment, code }).catch((problem) => {
          if (problem.status < 400 || problem.status === 429 || problem.status >= 500) throw problem;
        });
      }
      answered = await Promise.all(waiting.map((/** @type {any[]} */ [code]) => sha256(new TextEncoder().encode(code))));
    }
  }

  /** Carries the bank's word on cards and payments, oldest first; then licences and the revocation list. */
  async bringNotices() {
    const path = `/v1/devices/${this.id}/notices?parcels=${known(PARCELS, this.id)}&since=`;
    const { notices, parcels } = await bank.ask("GET", path + known(NOTICES, this.id), null, this.bearer)
      .catch((problem) => {
        if (problem.status !== 400) throw problem;
        return bank.ask("GET", `${path}0`, null, this.bearer); // the bank counts anew, and so do we
      });
    for (const notice of notices) {
      await this.ask(NOTICE, notice).catch((problem) => {
        if (problem.status !== "replayed") throw problem;
      });
      remember(NOTICES, this.id, decode(decode(notice)[2]).get(2));
    }
    await this.bringParcels(parcels);
  }

  /** What the watch has no room for now comes next time. @param {[number, number, Uint8Array][]} parcels */
  async bringParcels(parcels) {
    for (const [number, kind, body] of parcels) {
      if (kind === LICENCE || kind === REVOCATIONS) {
        const refused = await this.ask(kind, decode(body)).then(() => "", (problem) => {
          if (!(problem instanceof WatchRefused)) throw problem;
          return problem.status;
        });
        if (refused && !SETTLED.includes(refused)) return;
      }
      remember(PARCELS, this.id, number);
    }
  }

  /** @param {Uint8Array} digest */
  async bringArt(digest) {
    const { art } = await bank.ask("GET", `/v1/art/${hex(digest)}`);
    for (let at = 0; at < art.length; at += ART_PART) {
      await this.ask(CARD_ART, [digest, at, art.length, art.subarray(at, at + ART_PART)]);
    }
  }

  /** Sets the time that the watch shows to that of this computer. */
  async setTime() {
    await this.ask(SET_CLOCK, [Math.floor(Date.now() / 1000), -new Date().getTimezoneOffset()]);
  }
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Uint8Array} data */
async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {any} */ (data)));
}

/** Number of the last one that a watch took from this browser. @param {string} what @param {string} id */
function known(what, id) {
  try {
    return Number(localStorage.getItem(what + id) ?? 0);
  } catch {
    return 0;
  }
}

/** @param {string} what @param {string} id @param {number} number */
function remember(what, id, number) {
  try {
    localStorage.setItem(what + id, String(number));
  } catch {
    // A browser that keeps nothing brings it again; the watch knows it then.
  }
}
