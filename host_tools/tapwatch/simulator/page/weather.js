// The weather, as the phone's weather service would tell it.

import { byId, fill } from "./dom.js";

const KELVIN = 273.15;
/** @type {[number, string, number][]} condition code of OpenWeatherMap, what it is, chance of rain in percent */
const SKIES = [
  [800, "Clear", 0], [801, "A few clouds", 10], [804, "Clouds", 20], [300, "Drizzle", 60], [500, "Rain", 90],
  [211, "Thunderstorm", 80], [601, "Snow", 70], [741, "Fog", 10],
];

/**
 * Binds the panel.
 * @param {import("./phone.js").Say} say
 */
export function makeWeather(say) {
  fill(byId("weather-sky"), SKIES.map(([code, text]) => [code, text]));
  byId("weather-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const [code, txt, rain] = SKIES.find(([code]) => code === Number(byId("weather-sky").value)) ?? SKIES[0];
    const loc = byId("weather-place").value;
    const air = { temp: kelvin("weather-now"), hi: kelvin("weather-high"), lo: kelvin("weather-low") };
    const rest = { hum: 60, rain, uv: 3, wind: 14, wdir: 90 };
    say({ t: "weather", ...air, ...rest, code, txt: txt.toLowerCase(), loc }, `Weather: ${txt.toLowerCase()} in ${loc || "nowhere"}`);
  });
}

/** @param {string} id of a field in degrees Celsius; phones send whole kelvin */
function kelvin(id) {
  return Math.floor(Number(byId(id).value) + KELVIN);
}
