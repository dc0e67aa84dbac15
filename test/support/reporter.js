// What `npm test` prints: mocha's usual tree, then one line that scripts can read:
// `N passed, N failed, N skipped`. In CI a test that did not run is a failure, by name: a machine
// that lacks a tool must not look like one on which everything passed.
import Mocha from "mocha";

class CountingReporter extends Mocha.reporters.Spec {
  #skippedTitles = [];

  constructor(runner, options) {
    super(runner, options);
    runner.on(Mocha.Runner.constants.EVENT_TEST_PENDING, (test) => {
      this.#skippedTitles.push(test.fullTitle());
    });
  }

  done(failures, finish) {
    const counts = countResults({
      passed: this.stats.passes ?? 0,
      failed: failures,
      skipped: this.#skippedTitles.length,
      isSkippingAllowed: !process.env["CI"],
    });
    if (counts.failed > failures) {
      const titles = this.#skippedTitles.map(
        (title) => `    skipped, but in CI all must run: ${title}\n`,
      );
      process.stdout.write(`${titles.join("")}\n`);
    }
    process.stdout.write(
      `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
    );
    finish(counts.failed);
  }
}

export function countResults({ passed, failed, skipped, isSkippingAllowed }) {
  if (isSkippingAllowed) return { passed, failed, skipped };
  return { passed, failed: failed + skipped, skipped: 0 };
}

// Mocha requires its reporter; under this name `require` gives the class itself.
export { CountingReporter as "module.exports" };
