// Speaking to the watch: by the computer's microphone, by a WAV file that is dropped, by words that the computer speaks.

import { byId } from "./dom.js";
import { post, upload } from "./live.js";

const RATE_HZ = 16000;
const HOLD_S = 0.8; // long enough to be heard as one who wants to speak, too short to lock
const WAV = /\.wav$/i;

/** @type {Record<string, string>} why there is no microphone, by the name of the browser's error */
const WHY = {
  NotAllowedError: "The browser keeps the microphone from this page. Allow it beside the address, then press Speak again.",
  NotFoundError: "This computer has no microphone. Drop a WAV on the watch instead.",
  NotReadableError: "Another program has the microphone.",
};

/**
 * Binds the row below the watch.
 * @param {(input: object) => void} send
 * @param {(samples: ArrayBuffer) => void} sendSound
 * @param {{ nudge(): void }} body the drawn case
 * @param {(text: string, bad?: boolean) => void} log
 */
export function makeVoice(send, sendSound, body, log) {
  const row = byId("voice");
  const speak = byId("speak");
  const open = byId("ears");
  const told = byId("voice-told");
  /** @type {{ context: AudioContext, stream: MediaStream } | undefined} */
  let source;
  let listens = false; // the watch

  /**
   * @param {string} text
   * @param {boolean} [bad]
   */
  function tell(text, bad = false) {
    told.textContent = text;
    told.classList.toggle("bad", bad);
  }

  /** Lets the watch listen, as by holding its side button. */
  function hold() {
    if (listens) return;
    body.nudge();
    send({ type: "press", seconds: HOLD_S });
  }

  async function on() {
    if (source) return true;
    if (!navigator.mediaDevices) {
      tell("This browser has no microphone for this page. Open it at 127.0.0.1.", true);
      return false;
    }
    tell("Asking for the microphone…");
    try {
      source = await record((samples) => {
        if (listens) sendSound(samples);
      });
    } catch (error) {
      tell(WHY[error.name] ?? `The microphone cannot be used: ${error.message}`, true);
      return false;
    }
    open.checked = true;
    show();
    return true;
  }

  function off() {
    for (const track of source?.stream.getTracks() ?? []) track.stop();
    void source?.context.close();
    source = undefined;
    open.checked = false;
    show();
  }

  function show() {
    speak.setAttribute("aria-pressed", String(listens));
    speak.textContent = listens ? "Listening" : "Speak";
    if (listens) tell(source ? "The watch listens. Speak now." : "The watch listens.");
    else tell(source ? "Your microphone is heard while the watch listens." : "");
  }

  /**
   * Sound that waits until the watch listens, and the press that makes it listen.
   * @param {() => Promise<{ seconds: number }>} bring
   * @param {string} what
   */
  async function play(bring, what) {
    try {
      const { seconds } = await bring();
      log(`${what}, ${seconds.toFixed(1)} s`);
      hold();
    } catch (error) {
      tell(error.message, true);
    }
  }

  speak.addEventListener("click", async () => {
    if (listens) send({ type: "press" }); // a press ends it
    else if (await on()) hold();
  });
  open.addEventListener("change", () => (open.checked ? on().then((is) => (open.checked = is)) : off()));
  byId("say-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const text = byId("say").value.trim();
    if (text) void play(() => post("/say", { text }), `Says “${text}”`);
  });
  bindDrop(byId("watch"), (file) => {
    if (WAV.test(file.name)) void play(() => upload("/audio", file), file.name);
    else tell("Only WAV files can be dropped on the watch.", true);
  });

  return {
    /**
     * Shows what this watch and this computer can do.
     * @param {boolean} hears
     * @param {boolean} speaks
     */
    offer(hears, speaks) {
      row.hidden = !hears;
      byId("say-form").hidden = !hears || !speaks;
    },
    /**
     * The watch begins to listen, or stops.
     * @param {boolean} is
     */
    listening(is) {
      if (listens === is) return;
      listens = is;
      show();
    },
  };
}

/**
 * Records the computer's microphone until its tracks are stopped. Throws what the browser throws.
 * @param {(samples: ArrayBuffer) => void} take
 */
async function record(take) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false },
  });
  const [context, input] = connected(stream);
  await context.audioWorklet.addModule("recorder.js");
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  recorder.port.onmessage = (message) => take(message.data);
  input.connect(recorder);
  await context.resume();
  return { context, stream };
}

/**
 * A browser that cannot change the rate of a microphone leaves that to recorder.js.
 * @param {MediaStream} stream
 * @returns {[AudioContext, MediaStreamAudioSourceNode]}
 */
function connected(stream) {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  try {
    return [context, context.createMediaStreamSource(stream)];
  } catch {
    void context.close();
    const other = new AudioContext();
    return [other, other.createMediaStreamSource(stream)];
  }
}

/**
 * @param {HTMLElement} target
 * @param {(file: File) => void} take
 */
function bindDrop(target, take) {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("offered");
  });
  target.addEventListener("dragleave", () => target.classList.remove("offered"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("offered");
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
}
