// MicroPython's WebAssembly port as a board on a serial line: standard input and output are its console.
// Its raw-paste mode reads from a console that this port does not have; asked for that, it says that it has none.

import { pathToFileURL } from "node:url";

const CTRL_E = 5;
const { loadMicroPython } = await import(pathToFileURL(process.argv[2]).href);
const port = await loadMicroPython({
  heapsize: 2 * 1024 * 1024,
  linebuffer: false,
  stdout: (data) => process.stdout.write(data),
});
port.replInit();
let skipped = 0;
process.stdin.on("data", (data) => {
  for (const byte of data) {
    if (byte === CTRL_E) {
      skipped = 3;
      process.stdout.write("R\0");
    }
    if (skipped > 0) skipped -= 1;
    else port.replProcessChar(byte);
  }
});
