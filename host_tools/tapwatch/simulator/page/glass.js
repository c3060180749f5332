// The screen: draws rectangles of RGB565 and turns mouse, finger and keys into touches.

const HEADER = 8; // x, y, w, h, 16 bits each
const LEAST_PX = 300; // height of the glass on the page, however low the window
const MOST_PX = 502; // one to one for the largest panel
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Binds a canvas. `send(input)` takes touches. */
export function makeGlass(canvas, watch, send) {
  const context = canvas.getContext("2d", { alpha: false });

  bindPointer(canvas, watch, send);
  bindKeys(canvas, send);

  return {
    /** Takes on the size of the panel and fits the watch into the page. */
    resize(width, height, corner) {
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      const beside = (window.innerWidth - 96) / width;
      const above = (window.innerHeight - 400) / height;
      const scale = Math.min(beside, MOST_PX / height, Math.max(above, LEAST_PX / height));
      watch.style.setProperty("--w", `${width * scale}px`);
      watch.style.setProperty("--h", `${height * scale}px`);
      watch.style.setProperty("--r", `${corner * scale}px`);
      watch.classList.toggle("square", !corner);
    },
    /** Draws one rectangle as the simulator sends it. */
    draw(buffer) {
      const view = new DataView(buffer);
      const [x, y, w, h] = [0, 2, 4, 6].map((offset) => view.getUint16(offset));
      const image = context.createImageData(w, h);
      const out = image.data;
      for (let from = HEADER, to = 0; from < buffer.byteLength; from += 2, to += 4) {
        const pixel = view.getUint16(from);
        const red = pixel >> 11, green = (pixel >> 5) & 63, blue = pixel & 31;
        out[to] = (red << 3) | (red >> 2);
        out[to + 1] = (green << 2) | (green >> 4);
        out[to + 2] = (blue << 3) | (blue >> 2);
        out[to + 3] = 255;
      }
      context.putImageData(image, x, y);
    },
    /** Shows the light: 0 to 255, or off while the panel sleeps. */
    light(brightness, asleep) {
      // An eye gets used to a panel that is not at its brightest; what it notices is the step to dim, and to dark.
      const level = asleep ? 0 : Math.sqrt(Math.sqrt(brightness / 255));
      canvas.style.filter = level === 1 ? "" : `brightness(${level})`;
    },
  };
}

function bindPointer(canvas, watch, send) {
  let last = "";

  function report(event, down) {
    const box = canvas.getBoundingClientRect();
    const x = clamp(((event.clientX - box.left) * canvas.width) / box.width, canvas.width);
    const y = clamp(((event.clientY - box.top) * canvas.height) / box.height, canvas.height);
    const text = `${down} ${x} ${y}`;
    if (text === last) return;
    last = text;
    send({ type: "point", down, x, y });
  }

  function release(event) {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    canvas.releasePointerCapture(event.pointerId);
    watch.classList.remove("pressed");
    report(event, false);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    watch.classList.add("pressed");
    report(event, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) report(event, true);
  });
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
}

function bindKeys(canvas, send) {
  canvas.addEventListener("keydown", (event) => {
    if (KEYS[event.key]) send({ type: "swipe", direction: KEYS[event.key] });
    else if (event.key === "Enter") send({ type: "touch", x: canvas.width >> 1, y: canvas.height >> 1 });
    else return;
    event.preventDefault();
  });
}

function clamp(value, size) {
  return Math.min(Math.max(Math.floor(value), 0), size - 1);
}
