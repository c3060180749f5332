// The speaker of the watch: one tone at a time, as loud as the watch says and never longer.

const LOUDEST = 0.25; // of what the computer can do: a watch is small
const EDGE_S = 0.008; // a tone that begins or ends at once clicks

/** Binds the computer's speaker. A browser lets it sound once the page has been touched. */
export function makeSound() {
  /** @type {AudioContext | undefined} */
  let context;
  /** @type {OscillatorNode | undefined} */
  let playing;

  return {
    /**
     * Plays a tone in place of the one that plays; one of 0 percent is silence.
     * @param {{ hz: number, ms: number, percent: number }} tone
     */
    play(tone) {
      playing?.stop();
      playing = undefined;
      if (!tone.percent) return;
      context ??= new AudioContext();
      void context.resume();
      const start = context.currentTime;
      const end = start + tone.ms / 1000;
      const loudness = context.createGain();
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime((LOUDEST * tone.percent) / 100, start + EDGE_S);
      loudness.gain.setValueAtTime((LOUDEST * tone.percent) / 100, Math.max(start + EDGE_S, end - EDGE_S));
      loudness.gain.linearRampToValueAtTime(0, Math.max(end, start + 2 * EDGE_S));
      playing = new OscillatorNode(context, { frequency: tone.hz });
      playing.connect(loudness).connect(context.destination);
      playing.start();
      playing.stop(Math.max(end, start + 2 * EDGE_S));
    },
  };
}
