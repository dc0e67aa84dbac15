import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { forbiddenImports } from "./layers.ts";
import { type SourceFile, sourceFile, sourceFiles } from "./source-files.ts";

const SERVER = "provider/server/src";

describe("the layers", () => {
  it("are kept by every import", () => {
    assert.deepEqual(forbiddenImports(sourceFiles()), []);
  });

  it("keep the domain free of packages and of everything in Node but its assertions", () => {
    assert.deepEqual(foreignImports(sourceFiles(), /^node:assert(?:\/strict)?$/, "domain"), []);
  });

  it("keep packages out of the ports and the use cases", () => {
    for (const layer of ["ports", "app"]) {
      assert.deepEqual(foreignImports(sourceFiles(), /^node:/, layer), []);
    }
  });

  const forbidden: readonly [importer: string, specifier: string][] = [
    [`${SERVER}/domain/digest.ts`, "../ports/clock.ts"],
    [`${SERVER}/ports/clock.ts`, "../app/context.ts"],
    [`${SERVER}/app/pull-blob.ts`, "../http/server.ts"],
    [`${SERVER}/app/pull-blob.ts`, "../adapters/clock/system-clock.ts"],
    [`${SERVER}/http/ops/routes.ts`, "../management/routes.ts"],
    [`${SERVER}/http/ops/routes.ts`, "../server.ts"],
    [`${SERVER}/http/wire/etag.ts`, "../management/routes.ts"],
    [`${SERVER}/http/ops/routes.ts`, "@moorage/core/client/client"],
    [`${SERVER}/adapters/blob-sealed/reader.ts`, "../blob-filesystem/reader.ts"],
    [`${SERVER}/adapters/metadata-sql/tables.ts`, "../metadata-sqlite/store.ts"],
    [`${SERVER}/compose.ts`, "./http/server.ts"],
    [`${SERVER}/main.ts`, "./adapters/clock/system-clock.ts"],
    [`${SERVER}/new-layer/file.ts`, "../domain/digest.ts"],
    ["provider/pulumi/src/resources/token.ts", "../../../server/src/domain/token.ts"],
    ["provider/pulumi/src/resources/token.ts", "../dynamic/index.ts"],
    ["sdk/core/src/client/client.ts", "../../../../provider/server/src/domain/token.ts"],
    ["sdk/core/src/contract/token.ts", "@moorage/core/client/client"],
    ["tools/obtain/run.ts", "../../test/support/free-port.ts"],
  ];
  for (const [importer, specifier] of forbidden) {
    it(`notice ${specifier} in ${importer}`, () => {
      for (const code of [
        `import { a } from "${specifier}";`,
        `import type { A } from "${specifier}";`,
        `export * from "${specifier}";`,
        `const a = await import("${specifier}");`,
        `type A = import("${specifier}").A;`,
      ]) {
        assert.equal(forbiddenImports([sourceFile(importer, code)]).length, 1, code);
      }
    });
  }

  it("notice a package in the domain", () => {
    const source = sourceFile(`${SERVER}/domain/digest.ts`, 'import { z } from "zod";');
    assert.deepEqual(foreignImports([source], /^node:assert$/, "domain"), [
      `${SERVER}/domain/digest.ts:1: zod`,
    ]);
  });
});

/** Imports of one of the server's layers that lead out of the repository to something that is not `allowed`. */
function foreignImports(
  sources: readonly SourceFile[],
  allowed: RegExp,
  layer: string,
): readonly string[] {
  return sources
    .filter(({ path }) => path.startsWith(`${SERVER}/${layer}/`))
    .flatMap((source) => importsOf(source))
    .filter(({ path, specifier }) => path === undefined && !allowed.test(specifier))
    .map(({ place, specifier }) => `${place}: ${specifier}`);
}
