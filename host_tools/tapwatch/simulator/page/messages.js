// Notifications: ready ones, and one in the person's own words.

import { byId, element } from "./dom.js";

const MANY = 100;
const FIRST_ID = 1;
/** @type {[string, { src: string, title: string, body: string, reply?: boolean }][]} */
const PRESETS = [
  ["Anna", { src: "Messages", title: "Anna", body: "I am at the tea house. Are you on your way?", reply: true }],
  ["林", { src: "微信", title: "林小雨", body: "晚上八点一起吃饭吗?我在茶馆等你。", reply: true }],
  ["Long mail", { src: "Mail", title: "Ticket office", body: "Your train leaves from platform 4 at 17:52. Change in Harbour City at 19:10; the second train waits for the first. Seats 41 and 42 in coach 7 are yours. Please have this message at hand when the conductor asks for it." }],
  ["Odd text", { src: "Lab", title: "\u202Eabc אבג مرحبا", body: "😀 tab\there, a\u0000control, \uFFFD and averyverylongwordwithoutanyspacethatwillnotfitononeline" }],
];

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 */
export function makeMessages(say) {
  let id = FIRST_ID + Math.floor(Math.random() * 100_000) * 10; // a page that is opened again uses other numbers
  let latest = 0;

  /** @param {{ src: string, title: string, body: string, reply?: boolean }} fields */
  async function send(fields) {
    latest = id++;
    return say({ t: "notify", id: latest, ...fields }, `Sent: ${fields.title}`);
  }

  for (const [name, fields] of PRESETS) {
    const button = element("button", "", name);
    button.type = "button";
    button.addEventListener("click", () => send(fields));
    byId("presets").append(button);
  }
  const many = element("button", "", `${MANY} at once`);
  many.type = "button";
  many.addEventListener("click", async () => {
    const all = Array.from({ length: MANY }, (_, n) => send({ src: "Alarm centre", title: `Message ${n + 1}`, body: "One of many." }));
    await Promise.all(all);
  });
  byId("presets").append(many);

  byId("message-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    send({
      src: byId("message-app").value,
      title: byId("message-title").value,
      body: byId("message-body").value,
      reply: byId("message-reply").checked,
    });
  });
  byId("message-gone").addEventListener("click", () => {
    say({ t: "notify-", id: latest }, "Taken back: the latest message");
  });
}
