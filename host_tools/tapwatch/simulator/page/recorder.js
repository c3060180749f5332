// Runs beside the page, on the thread of the sound: the computer's microphone as blocks of 20 ms of 16-bit samples at 16 kHz.

const RATE_HZ = 16000;
const BLOCK = 320;
const FULL = 32767;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE_HZ; // samples of the computer for one of the watch
    this.room = this.step;
    this.sum = 0;
    this.block = new Int16Array(BLOCK);
    this.at = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process([[channel]]) {
    for (const sample of channel ?? []) this.add(sample);
    return true;
  }

  /**
   * Each sample of the watch is the mean of the time that it stands for.
   * @param {number} sample
   */
  add(sample) {
    let left = 1;
    while (left > 1e-9) {
      const part = Math.min(left, this.room);
      this.sum += sample * part;
      this.room -= part;
      left -= part;
      if (this.room > 1e-9) continue;
      this.put(this.sum / this.step);
      this.room = this.step;
      this.sum = 0;
    }
  }

  /** @param {number} value */
  put(value) {
    this.block[this.at++] = Math.round(FULL * Math.max(-1, Math.min(1, value)));
    if (this.at < BLOCK) return;
    this.port.postMessage(this.block.buffer, [this.block.buffer]);
    this.block = new Int16Array(BLOCK);
    this.at = 0;
  }
}

registerProcessor("recorder", Recorder);
