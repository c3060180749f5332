// The screen: draws rectangles of RGB565, and turns mouse, finger and wheel into touches.

const HEADER = 8; // x, y, w, h, 16 bits each
const LEAST_PX = 300; // height of the glass on the page, however low the window
const MOST_PX = 502; // one to one for the largest panel
const SMALL_MOST_PX = 360; // one and a half to one for the small panel: it is a smaller watch, and looks like one
const AROUND_PX = 316; // height of what is above and below the watch, and of its case
const BESIDE_PX = 76;
const WHEEL_STEP = 60; // pixels of scrolling that make one swipe; a notch of a mouse wheel is about 100
const WHEEL_PAUSE_MS = 350; // a wheel that keeps turning swipes again after this time

/**
 * Binds a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} watch everything that is drawn as the watch
 * @param {(input: object) => void} send takes touches
 */
export function makeGlass(canvas, watch, send) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  let corner = 0;

  bindPointer(canvas, watch, send);
  bindWheel(canvas, send);

  function fit() {
    const most = corner ? MOST_PX : SMALL_MOST_PX;
    const room = /** @type {HTMLElement} */ (watch.parentElement).clientWidth - BESIDE_PX;
    const straps = 2 * parseFloat(getComputedStyle(watch).getPropertyValue("--strap-out"));
    const height = Math.max(window.innerHeight - AROUND_PX - straps, LEAST_PX);
    const scale = Math.min(room / canvas.width, most / canvas.height, height / canvas.height);
    watch.style.setProperty("--w", `${canvas.width * scale}px`);
    watch.style.setProperty("--h", `${canvas.height * scale}px`);
    watch.style.setProperty("--r", `${corner * scale}px`);
    watch.classList.toggle("square", !corner);
  }

  return {
    fit,
    /**
     * Takes on the size of the panel.
     * @param {number} width
     * @param {number} height
     * @param {number} corner_px radius of the round corners, 0 for a square panel
     */
    resize(width, height, corner_px) {
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      corner = corner_px;
      fit();
    },
    /**
     * Draws one rectangle as the simulator sends it: big-endian RGB565.
     * @param {ArrayBuffer} buffer
     */
    draw(buffer) {
      const view = new DataView(buffer);
      const [x, y, w, h] = [0, 2, 4, 6].map((offset) => view.getUint16(offset));
      const image = context.createImageData(w, h);
      const out = new Uint32Array(image.data.buffer);
      for (let from = HEADER, to = 0; from < buffer.byteLength; from += 2, to++) out[to] = rgba(view.getUint16(from));
      context.putImageData(image, x, y);
    },
    /**
     * Shows the light.
     * @param {number} brightness 0 to 255
     * @param {boolean} asleep
     */
    light(brightness, asleep) {
      // An eye gets used to a panel that is not at its brightest; what it notices is the step to dim, and to dark.
      const level = asleep ? 0 : Math.sqrt(Math.sqrt(brightness / 255));
      canvas.style.filter = level === 1 ? "" : `brightness(${level})`;
      watch.classList.toggle("dark", level === 0);
    },
  };
}

/**
 * Alpha, blue, green, red from the top, as a little-endian computer keeps the bytes of a picture.
 * @param {number} pixel
 */
function rgba(pixel) {
  const red = pixel >> 11, green = (pixel >> 5) & 63, blue = pixel & 31;
  return (0xff << 24) | (((blue << 3) | (blue >> 2)) << 16) | (((green << 2) | (green >> 4)) << 8) | (red << 3) | (red >> 2);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} watch
 * @param {(input: object) => void} send
 */
function bindPointer(canvas, watch, send) {
  let finger = -1; // the pointer that is on the glass; a second one is no second finger
  let last = "";

  /**
   * @param {PointerEvent} event
   * @param {boolean} down
   */
  function report(event, down) {
    const box = canvas.getBoundingClientRect();
    let x = clamp(((event.clientX - box.left) * canvas.width) / box.width, canvas.width);
    let y = clamp(((event.clientY - box.top) * canvas.height) / box.height, canvas.height);
    if (watch.classList.contains("turned")) {
      x = canvas.width - 1 - x;
      y = canvas.height - 1 - y;
    }
    const text = `${down} ${x} ${y}`;
    if (text === last) return;
    last = text;
    send({ type: "point", down, x, y });
  }

  /** @param {PointerEvent} event */
  function release(event) {
    if (event.pointerId !== finger) return;
    finger = -1;
    watch.classList.remove("pressed");
    report(event, false);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || finger >= 0) return;
    finger = event.pointerId;
    canvas.setPointerCapture(finger);
    watch.classList.add("pressed");
    report(event, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId === finger) report(event, true);
  });
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("lostpointercapture", release); // for example to a dialog that opens
  canvas.addEventListener("contextmenu", (event) => event.preventDefault()); // a finger that holds is for the watch
}

/**
 * The wheel is a crown: it turns pages, and to the side as well, where it can.
 * @param {HTMLCanvasElement} canvas
 * @param {(input: object) => void} send
 */
function bindWheel(canvas, send) {
  let turned = 0;
  let swiped = -WHEEL_PAUSE_MS;
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const now = performance.now();
    if (now - swiped < WHEEL_PAUSE_MS) return;
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const delta = sideways ? event.deltaX : event.deltaY;
    turned = Math.sign(turned) === Math.sign(delta) ? turned + delta : delta;
    if (Math.abs(turned) < WHEEL_STEP) return;
    const [forth, back] = sideways ? ["left", "right"] : ["up", "down"];
    send({ type: "swipe", direction: turned > 0 ? forth : back });
    turned = 0;
    swiped = now;
  }, { passive: false });
}

/**
 * @param {number} value
 * @param {number} size
 */
function clamp(value, size) {
  return Math.min(Math.max(Math.floor(value), 0), size - 1);
}
