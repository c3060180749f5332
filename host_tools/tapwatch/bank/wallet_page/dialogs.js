// Questions in front of the page: a code, a yes, a history.

import { byId, button, element } from "./dom.js";
import { text } from "./texts.js";

/**
 * Asks where a code shall go and for the code itself.
 * @param {any} enrolment as the bank answered
 * @param {(method: string) => Promise<any>} challenge
 * @param {(code: string) => Promise<any>} answer
 * @returns {Promise<any>} the enrolment in its last state, null if the person gave up
 */
export function askCode(enrolment, challenge, answer) {
  const dialog = byId("code-dialog");
  const [choice, form, input, note] = ["code-methods", "code-form", "code", "code-note"].map(byId);
  let method = { method: "", address: "" };
  choice.replaceChildren(...enrolment.methods.map((/** @type {any} */ one) =>
    button(text(one.method, one.address), () => send(one), "wide")));
  show(false);
  dialog.showModal();

  return new Promise((done) => {
    dialog.onclose = () => done(enrolment.state === "challenged" || enrolment.state === "started" ? null : enrolment);
    byId("code-again").onclick = () => send(method);
    byId("code-cancel").onclick = () => dialog.close();
    form.onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      await busy(async () => {
        enrolment = await answer(input.value.trim());
        if (enrolment.state !== "challenged") return dialog.close();
        say(text("tries", enrolment.tries_left), true);
        input.select();
      });
    };
  });

  /** @param {any} one */
  async function send(one) {
    method = one;
    await busy(async () => {
      enrolment = await challenge(one.method);
      show(true);
      say(text("codeSent", one.address), false);
      input.value = "";
      input.focus();
    });
  }

  /** @param {() => Promise<any>} act */
  async function busy(act) {
    dialog.inert = true;
    try {
      await act();
    } catch (problem) {
      say(/** @type {any} */ (problem).hint || /** @type {any} */ (problem).message, true);
    } finally {
      dialog.inert = false;
    }
  }

  /** @param {boolean} sent */
  function show(sent) {
    choice.hidden = sent;
    form.hidden = !sent;
    byId("code-lead").hidden = sent;
    say("", false);
  }

  /** @param {string} words @param {boolean} bad */
  function say(words, bad) {
    note.textContent = words;
    note.dataset.bad = String(bad);
  }
}

/** Asks for a yes. @param {string} question @param {string} yes @returns {Promise<boolean>} */
export function askYes(question, yes) {
  const dialog = byId("yes-dialog");
  byId("yes-question").textContent = question;
  byId("yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.onclose = () => done(dialog.returnValue === "yes");
  });
}

/** Shows lines of two columns. @param {string} title @param {[string, string][]} lines */
export function showList(title, lines) {
  byId("list-title").textContent = title;
  const rows = lines.length ? lines : /** @type {[string, string][]} */ ([[text("nothing"), ""]]);
  byId("list").replaceChildren(...rows.map(([left, right]) => {
    const row = element("li");
    row.append(element("span", "", left), element("span", "soft", right));
    return row;
  }));
  byId("list-dialog").showModal();
}
