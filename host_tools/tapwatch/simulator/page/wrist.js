// The side button, and what happens to the watch as a whole: motion, charger, battery, vibration.

/** Binds the controls. `send(input)` takes input. Returns how to show what the simulator reports. */
export function makeWrist(send) {
  const watch = document.getElementById("watch");
  bindCrown(document.getElementById("crown"), send);
  for (const button of document.querySelectorAll(".segment button")) {
    const times = Number(button.dataset.times || 1);
    const seconds = Number(button.dataset.seconds || 0.06);
    button.addEventListener("click", () => send({ type: "press", times, seconds }));
  }
  document.getElementById("raise").addEventListener("click", () => send({ type: "raise" }));
  document.getElementById("move").addEventListener("click", () => send({ type: "motion", moving: true }));
  const power = bindPower(send);

  watch.addEventListener("animationend", () => watch.classList.remove("buzz"));
  return {
    power,
    /** Shakes the watch for a moment. */
    buzz() {
      watch.classList.remove("buzz");
      void watch.offsetWidth; // starts the animation again
      watch.classList.add("buzz");
    },
  };
}

function bindCrown(crown, send) {
  let down = false;

  function set(value) {
    if (down === value) return;
    down = value;
    crown.classList.toggle("down", value);
    send({ type: "button", down: value });
  }

  crown.addEventListener("pointerdown", (event) => {
    crown.setPointerCapture(event.pointerId);
    set(true);
  });
  crown.addEventListener("pointerup", () => set(false));
  crown.addEventListener("pointercancel", () => set(false));
  crown.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    set(true);
  });
  crown.addEventListener("keyup", () => set(false));
  crown.addEventListener("blur", () => set(false));
}

function bindPower(send) {
  const charger = document.getElementById("charger");
  const battery = document.getElementById("battery");
  const percent = document.getElementById("percent");

  function show() {
    percent.textContent = `${battery.value}%`;
  }
  function report() {
    show();
    send({ type: "power", percent: Number(battery.value), charging: charger.checked });
  }
  charger.addEventListener("change", report);
  battery.addEventListener("input", report);
  return (level, charging) => {
    battery.value = level;
    charger.checked = charging;
    show();
  };
}
