// Runs a staged tree (JSON: {"files": {path: source}, "steps": [source]}) in MicroPython's WebAssembly port.
// What it prints is printed. The port collects garbage between two steps only.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , port, stage] = process.argv;
const { loadMicroPython } = await import(pathToFileURL(port).href);
const { files, steps } = JSON.parse(readFileSync(stage, "utf8"));
const mp = await loadMicroPython({ heapsize: 2 * 1024 * 1024, stdout: (line) => console.log(line), linebuffer: true });

for (const [path, source] of Object.entries(files)) {
  const parts = path.split("/").slice(0, -1);
  parts.forEach((_, depth) => {
    const folder = "/" + parts.slice(0, depth + 1).join("/");
    if (!mp.FS.analyzePath(folder).exists) mp.FS.mkdir(folder);
  });
  mp.FS.writeFile("/" + path, source);
}
for (const step of steps) mp.runPython(step);
