import assert from "node:assert/strict";
import { z } from "zod";
import { RESOURCES } from "../../provider/pulumi/src/resources/all.ts";
import { type Declared, declaredBy, driftRows, FATES, type Row } from "../support/drift-rows.ts";
import { manage } from "../support/management.ts";
import { PulumiStack } from "../support/pulumi-stack.ts";
import { RunningServer } from "../support/running-server.ts";
import { YamlStack } from "../support/yaml-stack.ts";

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        id: z.string().optional(),
        outputs: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});
const previewed = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })) });
const wrapped = z.object({ properties: z.record(z.string(), z.unknown()) });

const ROWS = driftRows();

describe("what happens behind a stack's back", () => {
  it("is thought of for every property of every resource", () => {
    // What is local is in the stack alone, and nothing can happen to it behind that.
    const elsewhere = [...RESOURCES.values()].filter(({ isLocal }) => isLocal !== true);
    assert.deepEqual(Object.keys(FATES).sort(), elsewhere.map(({ type }) => type).sort());
    for (const { type, inputs } of elsewhere) {
      const properties = Object.keys(inputs.shape).filter((key) => key !== "resourceName");
      assert.deepEqual(Object.keys(FATES[type] ?? {}).sort(), properties.sort(), type);
    }
  });

  describeFace("the dynamic provider", ["--refresh"], async (url) => {
    const stack = await PulumiStack.create(url);
    await stack.write(declaredBy(ROWS).map(inTypeScript).join("\n"));
    return { stack, remove: () => stack[Symbol.asyncDispose]() };
  });

  // It asks for a refresh before each update by itself.
  describeFace("the plugin", [], async (url) => {
    const yaml = await YamlStack.create(url);
    await yaml.write(`resources:\n${declaredBy(ROWS).map(inYaml).join("\n")}`);
    return { stack: yaml.cli, remove: () => yaml[Symbol.asyncDispose]() };
  });
});

interface Made {
  readonly stack: PulumiStack;
  remove(): Promise<void>;
}

/** One stack with a resource for each row: one run shows them all, and another mends them all. */
function describeFace(
  face: string,
  options: readonly string[],
  make: (url: string) => Promise<Made>,
): void {
  describe(`by ${face}`, function () {
    this.timeout(400_000);
    let server: RunningServer;
    let made: Made;
    const untouched = new Map<string, unknown>();
    before(async () => {
      server = await RunningServer.start();
      made = await make(server.url);
      await made.stack.up();
    });
    after(async () => {
      await made?.remove();
      await server.stop();
    });

    const call = async (method: string, where: string, body?: unknown): Promise<string> => {
      const answer = await manage(server.url, method, where, body);
      const text = await answer.text();
      assert.ok(answer.ok, `${method} ${where}: ${text}`);
      return text;
    };
    const placeOf = async ({ resource }: Row): Promise<Place> => {
      const { resources } = exported.parse(JSON.parse(await state())).deployment;
      const found = resources.find(({ urn }) =>
        urn.endsWith(`:${resource.type}::${resource.name}`),
      );
      assert.ok(found?.id, `state has no ${resource.name}`);
      return placeIn(resource.type, found.id, found.outputs ?? {});
    };
    let cached: string | undefined;
    const state = async (): Promise<string> => {
      cached ??= (await made.stack.run(["stack", "export"])).output;
      return cached;
    };
    const held = async (row: Row): Promise<unknown> => {
      const { path, within } = await placeOf(row);
      const { properties } = wrapped.parse(JSON.parse(await call("GET", path)));
      const holder = within === undefined ? properties : properties[within];
      const value = z.record(z.string(), z.unknown()).parse(holder)[row.key ?? ""];
      return Array.isArray(value) ? value.map(withoutId) : value;
    };

    it("is shown by a preview", async () => {
      for (const row of ROWS) {
        if (row.key !== undefined) untouched.set(row.resource.name, await held(row));
        await happens(row, await placeOf(row), call);
      }
      const args = ["preview", "--json", ...options];
      const { code, output, errors } = await made.stack.run(args);
      assert.equal(code, 0, output + errors);
      const { steps } = previewed.parse(JSON.parse(output));
      for (const { resource, key } of ROWS) {
        const own = steps.filter(({ urn }) => urn.endsWith(`:${resource.type}::${resource.name}`));
        const ops = own.map(({ op }) => op).filter((op) => !["refresh", "same"].includes(op));
        assert.deepEqual(ops, [key === undefined ? "create" : "update"], resource.name);
      }
    });

    it("is mended by an update, and then forgotten", async () => {
      await made.stack.must(["up", "--yes", "--skip-preview", ...options]);
      cached = undefined;
      for (const row of ROWS) {
        if (row.key === undefined) await call("GET", (await placeOf(row)).path);
        else assert.deepEqual(await held(row), untouched.get(row.resource.name), row.resource.name);
      }
      await made.stack.must(["preview", "--expect-no-changes", ...options]);
    });
  });
}

/** Where a resource is on the server, and in which of the properties there. */
interface Place {
  readonly path: string;
  readonly within?: string;
}

function placeIn(type: string, id: string, outputs: Readonly<Record<string, unknown>>): Place {
  const registry = `/registries/${String(outputs["registryId"])}`;
  switch (type) {
    case "Token":
      return { path: `${registry}/tokens/${id}` };
    case "Scope":
      return { path: `${registry}/tokens/${String(outputs["tokenId"])}/scopes/${id}` };
    case "GCSchedule":
      return { path: registry, within: "garbageCollectionSchedule" };
    case "User":
      return { path: `/users/${id}` };
    default:
      // A repository is there as long as its registry is.
      return { path: registry };
  }
}

async function happens(
  { resource: { type, properties }, key, to }: Row,
  { path, within }: Place,
  call: (method: string, where: string, body?: unknown) => Promise<string>,
): Promise<void> {
  const changed = { ...(key !== undefined && { [key]: to }) };
  if (within !== undefined) {
    await call("PATCH", path, {
      [within]: key === undefined ? null : { ...properties, ...changed },
    });
  } else if (key === undefined) {
    await call("DELETE", path);
  } else if (type === "Scope") {
    await call("PUT", path, { properties: { type: "repository", ...properties, ...changed } });
  } else {
    await call("PATCH", path, changed);
  }
}

function withoutId(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { id: _, ...others } = { id: undefined, ...value };
  return others;
}

function inTypeScript({ name, type, properties, references }: Declared): string {
  const given = Object.entries(properties).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}`,
  );
  const referred = Object.entries(references).map(
    ([key, { resource, output }]) => `${key}: ${resource}.${output}`,
  );
  return `const ${name} = new ${type}("${name}", { ${[...given, ...referred].join(", ")} });`;
}

/** JSON is YAML. */
function inYaml({ name, type, properties, references }: Declared): string {
  const referred = Object.entries(references).map(([key, { resource, output }]) => [
    key,
    `\${${resource}.${output}}`,
  ]);
  const all = { ...properties, ...Object.fromEntries(referred) };
  return `  ${name}: ${JSON.stringify({ type: `moorage:${type}`, properties: all })}`;
}
