import assert from "node:assert/strict";
import { readConfig, SECRET_SETTINGS, SETTINGS } from "../../provider/server/src/config.ts";
import { code, page, tableRows } from "./markdown.ts";
import { repositoryFiles, textOf } from "./repository-files.ts";

const PAGE = "docs/reference/configuration.md";
/** Settings that have no default that could be written down: the page says in words what happens without them. */
const WITHOUT_DEFAULT = new Set([
  "MOORAGE_WORKERS",
  "MOORAGE_ADMIN_PASSWORD",
  "MOORAGE_OIDC_AUDIENCE",
  "MOORAGE_OIDC_FILE",
  "MOORAGE_OIDC_ISSUER",
  "MOORAGE_OIDC_ROLES",
  "MOORAGE_PUBLIC_URL",
  "MOORAGE_MASTER_KEY",
  "MOORAGE_WORKERS",
  "MOORAGE_TLS_CERT_FILE",
  "MOORAGE_TLS_KEY_FILE",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_HEADERS",
]);
const VARIABLE = /\b(?:MOORAGE|OTEL)_[A-Z]+(?:_[A-Z]+)*\b/g;

describe("the page on settings", () => {
  const rows = () => tableRows(PAGE, "The server");

  it("lists every setting of the server, in the order of the code, and no other", () => {
    assert.deepEqual(
      rows().map(([name]) => code(name)),
      [...SETTINGS],
    );
  });

  it("says the default of each", () => {
    const untouched = readConfig({});
    for (const [cell, said] of rows()) {
      const name = code(cell) ?? "";
      if (WITHOUT_DEFAULT.has(name)) {
        assert.equal(code(said), undefined, `${name} has no default to quote`);
        assert.ok((said ?? "").length > 0, `${name}: say what happens without it`);
      } else {
        assert.ok(code(said) !== undefined, `${name}: the default is missing`);
        assert.deepEqual(readConfig({ [name]: code(said) }), untouched, `${name}: ${said}`);
      }
    }
  });

  it("says the default of what has no value of its own in the configuration", () => {
    const [, said] = rows().find(([name]) => code(name) === "MOORAGE_ALLOW_HTTP") ?? [];
    const exposed = { MOORAGE_LISTEN: "0.0.0.0:5000" };
    assert.throws(() => readConfig({ ...exposed, MOORAGE_ALLOW_HTTP: code(said) }));
    assert.throws(() => readConfig(exposed));
  });

  it("says which settings can come from a file", () => {
    const fromFile = rows().flatMap(([name, , meaning]) =>
      meaning?.includes(`\`${code(name)}_FILE\``) ? [code(name)] : [],
    );
    assert.deepEqual(fromFile, [...SECRET_SETTINGS]);
  });

  it("names every variable that the code reads, and only those", () => {
    const inCode = new Set(
      repositoryFiles()
        .filter((path) => /^(?:provider|sdk|tools|examples)\/.*\.ts$/.test(path))
        .flatMap((path) => textOf(path)?.match(VARIABLE) ?? []),
    );
    const files = SECRET_SETTINGS.map((name) => `${name}_FILE`);
    const onPage = new Set(page(PAGE).match(VARIABLE) ?? []);
    assert.deepEqual([...onPage].sort(), [...new Set([...inCode, ...files])].sort());
  });
});
