// Draws the game on the television's canvas. A television is dark in every theme.

import { BALL, BAT_HIGH, HIGH, WIDE, brick } from "./bricks.js";

const ROWS = ["#ff6b4a", "#ffb627", "#32d26a", "#4a9eff", "#8c7bff"];
const GROUND = "#0b0c10";
const INK = "#eceef1";
const SOFT = "#a0a5ae";
const SIGNS = { off: "No controller", searching: "Searching", pairing: "Pairing", away: "Waiting for the watch", connected: "" };

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
   * @param {string} text
   * @param {number} y
   * @param {number} size
   * @param {string} ink
   */
  function say(text, y, size, ink) {
    pen.fillStyle = ink;
    pen.font = `600 ${size}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.fillText(text, WIDE / 2, y);
  }

  return {
    /**
     * One picture.
     * @param {ReturnType<typeof import("./bricks.js").newGame>} game
     * @param {string} state of the television
     */
    draw(game, state) {
      fit();
      pen.fillStyle = GROUND;
      pen.fillRect(0, 0, WIDE, HIGH);
      for (const one of game.wall) {
        pen.fillStyle = ROWS[one.row];
        pen.beginPath();
        pen.roundRect(one.x + 0.003, one.y + 0.003, brick.wide - 0.006, brick.high - 0.006, 0.006);
        pen.fill();
      }
      if (state !== "connected") {
        say(SIGNS[/** @type {keyof typeof SIGNS} */ (state)] ?? state, 0.42, 0.05, SOFT);
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
