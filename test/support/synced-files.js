// Loaded by NODE_OPTIONS into a server of a test: notes the path of each file and directory that it has made durable, once that is done.
import fs, { appendFileSync, readlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const FILE = process.env["SYNCED_FILES"] ?? "";

function note(path) {
  appendFileSync(FILE, `${path}\n`);
}

function pathOf(descriptor) {
  return readlinkSync(`/proc/self/fd/${descriptor}`);
}

for (const name of ["fsync", "fdatasync"]) {
  const real = fs[name];
  fs[name] = (descriptor, done) => {
    const path = pathOf(descriptor);
    real(descriptor, (error) => {
      if (!error) {
        note(path);
      }
      done(error);
    });
  };
}

const handle = await open("/dev/null");
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ["sync", "datasync"]) {
  const real = prototype[name];
  prototype[name] = async function () {
    const path = pathOf(this.fd);
    await real.call(this);
    note(path);
  };
}
syncBuiltinESMExports();
