import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../../../tools/repository.ts";

const LOCK_FILE = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

describe("the lock file", () => {
  let packages: z.infer<typeof LOCK_FILE>["packages"];

  before(async () => {
    const text = await readFile(path.join(REPOSITORY, "package-lock.json"), "utf8");
    ({ packages } = LOCK_FILE.parse(JSON.parse(text)));
  });

  it("holds the optional packages of every platform, without which npm ci refuses it", () => {
    const optional = Object.values(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    const locked = new Set(Object.keys(packages).map((key) => key.split("node_modules/").at(-1)));
    assert.deepEqual(
      optional.filter((name) => !locked.has(name)),
      [],
    );
  });

  it("names no package registry, so that everybody's own is used", () => {
    const addresses = Object.values(packages).map(({ resolved }) => resolved ?? "");
    assert.deepEqual(
      addresses.filter((address) => address.includes("://")),
      [],
    );
  });
});
