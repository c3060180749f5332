// The game on the television: a ball, a bat and a wall. No drawing here; everything in parts of the field's width.

export const WIDE = 1;
export const HIGH = 0.6;
export const BALL = 0.012;
export const BAT_HIGH = 0.016;
const BAT_Y = HIGH - 0.045;
const COLUMNS = 10;
const ROWS = 5;
const WALL_TOP = 0.06;
const BRICK_HIGH = 0.034;
const BAT_SPEED = 1.1; // widths a second at full deflection
const FIRST_SPEED = 0.55;
const FASTER = 1.012; // with each brick
const FASTEST = 1.1;
const STEEPEST = 1.1; // radians from upright at the edge of the bat
const LONGEST_STEP_S = 1 / 120; // a step moves the ball by less than a brick
const LIVES = 3;
export const FADE_S = 0.25; // how long a brick that was hit is still seen

/**
 * @typedef {{ x: number, y: number, row: number }} Brick
 */

/** A new game: the ball lies on the bat. */
export function newGame() {
  return {
    score: 0,
    lives: LIVES,
    round: 1,
    over: false,
    bat: { x: WIDE / 2, y: BAT_Y, wide: 0.19 },
    ball: { x: WIDE / 2, y: BAT_Y - BALL, dx: 0, dy: 0, rests: true },
    wall: newWall(),
    /** @type {(Brick & { age: number })[]} */
    gone: [],
    hits: 0,
  };
}

/** @returns {Brick[]} */
function newWall() {
  const wall = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      wall.push({ x: column / COLUMNS, y: WALL_TOP + row * BRICK_HIGH, row });
    }
  }
  return wall;
}

/** Size of a brick. */
export const brick = { wide: WIDE / COLUMNS, high: BRICK_HIGH };

/**
 * Lets time pass.
 * @param {ReturnType<typeof newGame>} game
 * @param {number} seconds
 * @param {number} steer -1 to 1
 */
export function step(game, seconds, steer) {
  for (const one of game.gone) one.age += seconds;
  game.gone = game.gone.filter((one) => one.age < FADE_S);
  for (let left = Math.min(seconds, 0.1); left > 0; left -= LONGEST_STEP_S) {
    const part = Math.min(left, LONGEST_STEP_S);
    moveBat(game, part, steer);
    moveBall(game, part);
  }
}

/**
 * The button: serves the ball, or begins anew.
 * @param {ReturnType<typeof newGame>} game
 */
export function fire(game) {
  if (game.over) Object.assign(game, newGame());
  else if (game.ball.rests) {
    const speed = Math.min(FIRST_SPEED * FASTER ** game.hits, FASTEST);
    Object.assign(game.ball, { rests: false, dx: speed * 0.2, dy: -speed });
  }
}

/**
 * @param {ReturnType<typeof newGame>} game
 * @param {number} seconds
 * @param {number} steer
 */
function moveBat(game, seconds, steer) {
  const { bat, ball } = game;
  const half = bat.wide / 2;
  bat.x = Math.min(Math.max(bat.x + steer * BAT_SPEED * seconds, half), WIDE - half);
  if (ball.rests) Object.assign(ball, { x: bat.x, y: bat.y - BALL });
}

/**
 * @param {ReturnType<typeof newGame>} game
 * @param {number} seconds
 */
function moveBall(game, seconds) {
  const { bat, ball } = game;
  if (ball.rests || game.over) return;
  ball.x += ball.dx * seconds;
  ball.y += ball.dy * seconds;
  if (ball.x < BALL || ball.x > WIDE - BALL) ball.dx = ball.x < BALL ? Math.abs(ball.dx) : -Math.abs(ball.dx);
  if (ball.y < BALL) ball.dy = Math.abs(ball.dy);
  if (ball.dy > 0 && ball.y + BALL >= bat.y && ball.y < bat.y + BAT_HIGH) bounce(game);
  hitWall(game);
  if (ball.y > HIGH + BALL) lose(game);
}

/** @param {ReturnType<typeof newGame>} game */
function bounce({ bat, ball }) {
  const off = (ball.x - bat.x) / (bat.wide / 2 + BALL);
  if (Math.abs(off) > 1) return;
  const speed = Math.hypot(ball.dx, ball.dy);
  ball.dx = speed * Math.sin(off * STEEPEST);
  ball.dy = -speed * Math.cos(off * STEEPEST);
}

/** @param {ReturnType<typeof newGame>} game */
function hitWall(game) {
  const { ball } = game;
  const at = game.wall.findIndex(
    (one) =>
      ball.x > one.x - BALL && ball.x < one.x + brick.wide + BALL && ball.y > one.y - BALL && ball.y < one.y + brick.high + BALL,
  );
  if (at < 0) return;
  const [one] = game.wall.splice(at, 1);
  game.gone.push({ ...one, age: 0 });
  const beside = ball.x < one.x || ball.x > one.x + brick.wide;
  if (beside) ball.dx = -ball.dx;
  else ball.dy = -ball.dy;
  game.score += 10 * (ROWS - one.row);
  game.hits += 1;
  const faster = Math.hypot(ball.dx, ball.dy) < FASTEST ? FASTER : 1;
  ball.dx *= faster;
  ball.dy *= faster;
  if (!game.wall.length) {
    game.round += 1;
    game.wall = newWall();
    ball.rests = true;
  }
}

/** @param {ReturnType<typeof newGame>} game */
function lose(game) {
  game.lives -= 1;
  game.ball.rests = true;
  game.over = game.lives === 0;
}
