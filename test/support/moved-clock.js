// Loaded by NODE_OPTIONS into every Node process of a test: their clocks are ahead of the machine's by as many
// milliseconds as a file says, read again and again.
import { readFileSync } from "node:fs";

const RealDate = Date;
const FILE = process.env["MOVED_CLOCK_FILE"] ?? "";
const READ_EVERY_MILLISECONDS = 50;
let ahead = 0;
let readAt = Number.NEGATIVE_INFINITY;

function now() {
  const elapsed = performance.now();
  if (elapsed - readAt > READ_EVERY_MILLISECONDS) {
    ahead = Number(readFileSync(FILE, "utf8"));
    readAt = elapsed;
  }
  return RealDate.now() + ahead;
}

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }

  static now() {
    return now();
  }

  static [Symbol.hasInstance](value) {
    return Object.prototype.toString.call(value) === "[object Date]";
  }
};
