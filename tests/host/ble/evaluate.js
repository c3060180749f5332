// What JavaScript itself makes of each line of a file in Latin-1: a JSON value, or null where it is an error.
const fs = require("fs");
const vm = require("vm");

function plain(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), plain(one)]));
  }
  if (typeof value === "function" || (typeof value === "number" && !Number.isFinite(value))) throw new Error("no data");
  return value;
}

const context = vm.createContext({ atob });
for (const line of fs.readFileSync(process.argv[2], "latin1").split("\n").slice(0, -1)) {
  let said = "null";
  try {
    said = JSON.stringify({ value: plain(vm.runInContext(`(${line})`, context, { timeout: 100 })) });
  } catch (error) {
    // An error of the language, which is what this line means.
  }
  console.log(said);
}
