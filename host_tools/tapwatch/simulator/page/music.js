// The player of the phone. Its keys are on this page and on the watch, and both do the same.

import { byId } from "./dom.js";

const TRACKS = [
  { artist: "Mira Holm", album: "Low Tide", track: "Paper Boats", dur: 214 },
  { artist: "陈默", album: "雨城", track: "夜航", dur: 187 },
  { artist: "The Night Ferries", album: "Timetables", track: "Last Stop, Harbour City", dur: 251 },
];
const SKIP_S = 10;
const LOUDER = 10;

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 */
export function makeMusic(say) {
  let at = 0;
  let playing = false;
  let volume = 50;
  let position = 0; // seconds, when `since` was now
  let since = 0;

  const elapsed = () => Math.min(TRACKS[at].dur, position + (playing ? (performance.now() - since) / 1000 : 0));

  /**
   * @param {boolean} play
   * @param {number} seconds
   */
  function go(play, seconds) {
    playing = play;
    position = Math.max(0, seconds);
    since = performance.now();
  }

  /** @param {number} step */
  function turn(step) {
    at = (at + step + TRACKS.length) % TRACKS.length;
    go(playing, 0);
  }

  const keys = {
    play: () => go(true, elapsed()),
    pause: () => go(false, elapsed()),
    playpause: () => go(!playing, elapsed()),
    next: () => turn(1),
    previous: () => turn(-1),
    forward: () => go(playing, Math.min(elapsed() + SKIP_S, TRACKS[at].dur)),
    rewind: () => go(playing, elapsed() - SKIP_S),
    volumeup: () => (volume = Math.min(100, volume + LOUDER)),
    volumedown: () => (volume = Math.max(0, volume - LOUDER)),
  };

  function show() {
    const { track, artist, album } = TRACKS[at];
    byId("track").textContent = track;
    byId("artist").textContent = `${artist}, ${album}`;
    byId("playpause").classList.toggle("playing", playing);
    byId("volume").textContent = `${volume} %`;
  }

  /** @param {string} name */
  async function key(name) {
    if (!Object.hasOwn(keys, name)) return;
    keys[name]();
    show();
    if (name.startsWith("volume")) return;
    const { artist, album, track, dur } = TRACKS[at];
    await say({ t: "musicinfo", artist, album, track, dur, c: TRACKS.length, n: at + 1 }, "");
    const state = playing ? "play" : "pause";
    await say({ t: "musicstate", state, position: Math.floor(elapsed()), shuffle: 0, repeat: 0 }, `Music: ${state}, ${track}`);
  }

  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-key]"))) {
    button.addEventListener("click", () => key(button.dataset.key ?? ""));
  }
  show();
  return {
    /** A key of the watch was pressed: Gadgetbridge's name of it. */
    key,
  };
}
