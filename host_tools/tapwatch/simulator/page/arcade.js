// Draws the game on the television's canvas. A television is dark in every theme.

import { BALL, BAT_HIGH, FADE_S, HIGH, WIDE, brick } from "./bricks.js";

const ROWS = ["#ff6b4a", "#ffb627", "#32d26a", "#4a9eff", "#8c7bff"];
const GROUND = "#0b0c10";
const INK = "#eceef1";
const SOFT = "#a0a5ae";
const SIGNS = { off: "No controller", searching: "Searching", pairing: "Pairing", away: "Waiting for the watch", asleep: "Asleep" };

/**
 * @param {HTMLCanvasElement} canvas its height is 0.6 of its width
 */
export function makeArcade(canvas) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

  /** As many pixels as the screen has. */
  function fit() {
    const wide = Math.round(canvas.clientWidth * devicePixelRatio) || 480;
    if (canvas.width !== wide) {
      canvas.width = wide;
      canvas.height = Math.round(wide * HIGH);
    }
    pen.setTransform(canvas.width / WIDE, 0, 0, canvas.width / WIDE, 0, 0);
  }

  /**
   * Text is set in pixels: fonts smaller than one unit are drawn with their letters on top of each other.
   * @param {string} text
   * @param {number} y
   * @param {number} size
   * @param {string} ink
   */
  function say(text, y, size, ink) {
    const scale = canvas.width / WIDE;
    pen.save();
    pen.resetTransform();
    pen.fillStyle = ink;
    pen.font = `600 ${Math.round(size * scale)}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.fillText(text, (WIDE / 2) * scale, y * scale);
    pen.restore();
  }

  /**
   * What stands there instead of a game.
   * @param {string} state
   * @param {string} code six digits to compare, or nothing
   */
  function sign(state, code) {
    if (code) say("Same digits on the watch?", 0.36, 0.036, SOFT);
    if (code) say(code, 0.47, 0.1, INK);
    else say(SIGNS[/** @type {keyof typeof SIGNS} */ (state)] ?? "", 0.42, 0.05, SOFT);
  }

  /**
   * @param {import("./bricks.js").Brick} one
   * @param {number} gone 0 there, up to 1: swells and fades
   */
  function block(one, gone) {
    const more = gone * 0.012 - 0.003;
    pen.globalAlpha = 1 - gone;
    pen.fillStyle = ROWS[one.row];
    pen.beginPath();
    pen.roundRect(one.x - more, one.y - more, brick.wide + 2 * more, brick.high + 2 * more, 0.006);
    pen.fill();
    pen.globalAlpha = 1;
  }

  return {
    /**
     * One picture.
     * @param {ReturnType<typeof import("./bricks.js").newGame>} game
     * @param {string} state of the television
     * @param {string} code six digits to compare, or nothing
     */
    draw(game, state, code) {
      fit();
      pen.fillStyle = GROUND;
      pen.fillRect(0, 0, WIDE, HIGH);
      if (state === "asleep") return sign(state, "");
      for (const one of game.wall) block(one, 0);
      for (const one of game.gone) block(one, one.age / FADE_S);
      if (state !== "connected") {
        sign(state, code);
        return;
      }
      pen.fillStyle = INK;
      pen.beginPath();
      pen.roundRect(game.bat.x - game.bat.wide / 2, game.bat.y, game.bat.wide, BAT_HIGH, BAT_HIGH / 2);
      pen.fill();
      pen.beginPath();
      pen.arc(game.ball.x, game.ball.y, BALL, 0, 7);
      pen.fill();
      if (game.over) say("Game over", 0.4, 0.07, INK);
      if (game.ball.rests) say(game.over ? "Press A for another" : "Press A", 0.47, 0.036, SOFT);
    },
  };
}
