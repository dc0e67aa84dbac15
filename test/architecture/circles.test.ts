import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";
import { type SourceFile, sourceFile, sourceFiles } from "./source-files.ts";

describe("imports", () => {
  it("never run in a circle, those of types included", () => {
    assert.deepEqual(circles(sourceFiles()), []);
  });

  it("lead to a file that exists", () => {
    const paths = new Set(sourceFiles().map(({ path }) => path));
    const lost = sourceFiles()
      .flatMap((source) => importsOf(source))
      .filter(({ path }) => path?.endsWith(".ts") && !paths.has(path))
      .map(({ place, path }) => `${place}: there is no ${path}`);
    assert.deepEqual(lost, []);
  });

  it("are found in a circle of types, of re-exports and of a file with itself", () => {
    const files = [
      sourceFile("tools/a.ts", 'import type { B } from "./b.ts";'),
      sourceFile("tools/b.ts", 'export * from "./c.ts";'),
      sourceFile("tools/c.ts", 'const a = await import("./a.ts");'),
      sourceFile("tools/self.ts", 'import "./self.ts";'),
      sourceFile("tools/free.ts", 'import "./a.ts";'),
    ];
    assert.deepEqual(circles(files), [
      ["tools/a.ts", "tools/b.ts", "tools/c.ts"],
      ["tools/self.ts"],
    ]);
  });
});

/** Groups of files that reach each other by imports, each sorted (Tarjan's strongly connected components). */
function circles(sources: readonly SourceFile[]): string[][] {
  const targets = new Map(sources.map((source) => [source.path, targetsOf(source)]));
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];

  const enter = (path: string): number => {
    const index = order.size;
    order.set(path, index);
    lowest.set(path, index);
    stack.push(path);
    for (const target of targets.get(path) ?? []) {
      const reached = !order.has(target)
        ? enter(target)
        : stack.includes(target)
          ? order.get(target)
          : undefined;
      lowest.set(path, Math.min(lowest.get(path) ?? index, reached ?? index));
    }
    if (lowest.get(path) === index) {
      const group = stack.splice(stack.indexOf(path));
      if (group.length > 1 || targets.get(path)?.includes(path)) {
        found.push(group.sort());
      }
    }
    return lowest.get(path) ?? index;
  };

  for (const path of targets.keys()) {
    if (!order.has(path)) {
      enter(path);
    }
  }
  return found;
}

function targetsOf(source: SourceFile): readonly string[] {
  return importsOf(source).flatMap(({ path }) => (path === undefined ? [] : [path]));
}
