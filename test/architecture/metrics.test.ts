import assert from "node:assert/strict";
import ts from "typescript";
import { factsOf, METRICS, type MetricName } from "../../provider/server/src/domain/metrics.ts";
import { code, codes, tableRows } from "./markdown.ts";
import { repositoryFiles, textOf } from "./repository-files.ts";
import { sourceFiles, visit } from "./source-files.ts";

const PAGE = "docs/reference/metrics.md";
const WATCHED = ["docs/observability/dashboard.json", "docs/observability/alerts.yaml"];
const HOW_TO = "docs/how-to/watch-a-server.md";
const NAMES = Object.keys(METRICS) as MetricName[];
const MENTION = /\b(?:moorage|process)_[a-z_]+\b/g;

describe("the metrics", () => {
  it("have one row each on their page, in the order of the code, with kind and labels", () => {
    const rows = tableRows(PAGE, "All metrics");
    assert.deepEqual(
      rows.map(([name, kind, labels]) => [code(name), kind, codes(labels)]),
      NAMES.map((name) => [name, factsOf(name).kind, [...factsOf(name).labels]]),
    );
    for (const row of rows) {
      assert.ok(
        row.every((cell) => cell !== ""),
        row.join(" | "),
      );
    }
  });

  it("are all taken somewhere", () => {
    const taken = new Set<string>();
    for (const source of sourceFiles()) {
      if (source.path.startsWith("provider/server/src/") && !source.path.endsWith("/metrics.ts")) {
        visit(source, (node) => {
          if (ts.isStringLiteral(node)) {
            taken.add(node.text);
          }
        });
      }
    }
    assert.deepEqual(
      NAMES.filter((name) => !taken.has(name)),
      [],
    );
  });

  for (const path of [...WATCHED, HOW_TO]) {
    it(`that ${path} names are all there`, () => {
      const text = textOf(path) ?? "";
      const named = new Set(text.match(MENTION) ?? []);
      assert.ok(named.size > 3, `${path} names metrics`);
      const known = new Set(NAMES.flatMap(seriesOf));
      assert.deepEqual(
        [...named].filter((name) => !known.has(name)),
        [],
      );
    });
  }

  it("that are counters are asked for by their rate in the dashboard and the alerts", () => {
    for (const path of WATCHED) {
      const text = textOf(path) ?? "";
      for (const name of NAMES.filter((each) => factsOf(each).kind === "counter")) {
        const plain = new RegExp(`(?<!(?:rate|increase)\\()\\b${name}\\b`);
        assert.ok(!plain.test(text), `${path}: ${name} without rate() or increase()`);
      }
    }
  });

  it("have alerts that the how-to explains, each by its name", () => {
    const alerts = (textOf(WATCHED[1] ?? "") ?? "").matchAll(/- alert: (\w+)/g);
    const explained = tableRows(HOW_TO, "At three in the morning").map(([name]) => code(name));
    assert.deepEqual(
      explained,
      Array.from(alerts, ([, name]) => name),
    );
  });

  it("have a dashboard that Grafana can read: panels with a title, a place and a question", () => {
    assert.ok(repositoryFiles().includes(WATCHED[0] ?? ""));
    const dashboard = JSON.parse(textOf(WATCHED[0] ?? "") ?? "") as Dashboard;
    assert.equal(dashboard.title, "Moorage");
    for (const { title, gridPos, targets } of dashboard.panels) {
      assert.ok(title.length > 0 && gridPos.w > 0 && gridPos.h > 0, title);
      assert.ok(targets.length > 0 && targets.every(({ expr }) => expr.length > 0), title);
    }
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

/** The names under which Prometheus keeps a metric. */
function seriesOf(name: MetricName): readonly string[] {
  return factsOf(name).kind === "histogram"
    ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
    : [name];
}
