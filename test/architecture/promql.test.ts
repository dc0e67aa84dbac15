import assert from "node:assert/strict";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { factsOf, METRICS, type MetricName } from "../../provider/server/src/domain/metrics.ts";
import { API_ANSWERS } from "../../provider/server/src/http/wire/api-errors.ts";
import { textOf } from "./repository-files.ts";

/** What Prometheus adds by itself, and what a histogram has. */
const ADDED = ["job", "instance", "le"];
/** Metrics that are Prometheus' own. */
const OWN = ["up"];
/** Grafana puts values into a question before it asks. */
const VARIABLE = /\$__?[a-z_]+|\$\{?\w+\}?/g;

interface Rules {
  readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[];
}
interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

describe("questions to Prometheus", () => {
  const asked = new Map<string, string>();
  const { groups } = parse(textOf("docs/observability/alerts.yaml") ?? "") as Rules;
  for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
    asked.set(`the alert ${alert}`, expr);
  }
  const { panels } = JSON.parse(textOf("docs/observability/dashboard.json") ?? "") as Dashboard;
  for (const { title, targets } of panels) {
    for (const [index, { expr }] of targets.entries()) {
      asked.set(`the panel ${title}, ${index + 1}`, expr.replaceAll(VARIABLE, inItsPlace));
    }
  }

  it("are there", () => {
    assert.ok(asked.size > 20, `${asked.size}`);
  });

  it("that are not right are noticed", () => {
    assert.notDeepEqual(problemsOf("sum by (le (up))"), []);
    assert.notDeepEqual(problemsOf("rate(moorage_http_requests_total[5m)"), []);
    assert.notDeepEqual(problemsOf("moorage_uploads_opened"), []);
    assert.notDeepEqual(problemsOf('moorage_http_requests_total{state="200"}'), []);
    assert.notDeepEqual(problemsOf("sum by (state) (moorage_http_requests_total)"), []);
    assert.notDeepEqual(problemsOf('moorage_http_refusals_total{reason=~"no-such-reason"}'), []);
  });

  for (const [what, expression] of asked) {
    it(`of ${what} are PromQL, about metrics, labels and reasons that there are`, () => {
      assert.deepEqual(problemsOf(expression), []);
    });
  }
});

/** A range where one belongs, or else a word within quotes. */
function inItsPlace(variable: string): string {
  return variable.startsWith("$__") ? "5m" : "moorage";
}

function problemsOf(expression: string): string[] {
  const problems: string[] = [];
  const labels = new Set<string>();
  const known = new Set(ADDED);
  let isAboutReasons = false;
  parser.parse(expression).iterate({
    enter({ type, name, from, to, node }) {
      const text = expression.slice(from, to);
      if (type.isError) {
        problems.push(`not PromQL at ${from}: ${expression.slice(from)}`);
      } else if (name === "Identifier" && node.parent?.name === "VectorSelector") {
        const metric = metricOf(text);
        if (metric === undefined && !OWN.includes(text)) {
          problems.push(`no metric ${text}`);
        }
        for (const label of metric === undefined ? [] : factsOf(metric).labels) {
          known.add(label);
        }
      } else if (name === "LabelName") {
        labels.add(text);
        isAboutReasons = text === "reason";
      } else if (name === "StringLiteral" && isAboutReasons) {
        isAboutReasons = false;
        const reasons = text.slice(1, -1).split("|");
        const unknown = reasons.filter((reason) => !(reason in API_ANSWERS));
        problems.push(...unknown.map((reason) => `no reason ${reason}`));
      }
    },
  });
  const strange = [...labels].filter((label) => !known.has(label));
  return [...problems, ...strange.map((label) => `no label ${label}`)];
}

/** By a name under which Prometheus keeps it. */
function metricOf(series: string): MetricName | undefined {
  return (Object.keys(METRICS) as MetricName[]).find(
    (name) =>
      name === series ||
      (factsOf(name).kind === "histogram" &&
        ["_bucket", "_sum", "_count"].some((part) => `${name}${part}` === series)),
  );
}
