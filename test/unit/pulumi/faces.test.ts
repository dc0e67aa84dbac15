import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type * as dynamicFace from "@moorage/pulumi";
import type * as kubernetes from "@moorage/pulumi/kubernetes";
import type * as pluginFace from "@moorage/pulumi/plugin";
import type * as pulumi from "@pulumi/pulumi";
import { COMPONENTS } from "../../../provider/pulumi/src/components/all.ts";
import { RESOURCES } from "../../../provider/pulumi/src/resources/all.ts";
import { FACES, faces, writtenFaces } from "../../../tools/faces/write-faces.ts";
import { REPOSITORY } from "../../../tools/repository.ts";
import { type Declared, type Faces, runMocked } from "../../support/pulumi-mocks.ts";

/*
 * What the type checker holds the faces to: each line below fails `npm run types` where a class of one face takes other
 * arguments, or has other outputs, than that of the other.
 */

/** Both, or no type at all. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? One : never) : never;
type Class = new (name: string, args: never, opts?: pulumi.CustomResourceOptions) => unknown;
type Args<Type> = Type extends new (
  name: string,
  args: infer Given,
  ...others: never[]
) => unknown
  ? Given
  : never;
type Outputs<Type extends Class> = Omit<InstanceType<Type>, keyof pulumi.CustomResource>;

type Dynamic = typeof dynamicFace;
type Plugin = typeof pluginFace;
/** What the plugin's face has beside classes of resources. */
type PluginOnly = "Provider" | keyof typeof kubernetes;
type ClassesOf<Face> = {
  [Name in keyof Face as Face[Name] extends Class ? Exclude<Name, PluginOnly> : never]: Face[Name];
};

const classes: Same<keyof ClassesOf<Dynamic>, keyof ClassesOf<Plugin>>[] = [
  "Registry",
  "Token",
  "Scope",
  "GCSchedule",
  "Repository",
  "User",
  "GeneratedKeys",
];
type Compared = {
  [Name in keyof ClassesOf<Dynamic>]: {
    args: Same<Args<Dynamic[Name]>, Args<Plugin[Name]>>;
    outputs: Same<Outputs<Dynamic[Name]>, Outputs<Plugin[Name]>>;
  };
};
// The name of a class whose two faces differ is no key of this type.
type Agreeing = {
  [Name in keyof Compared]: [Compared[Name]["args"]] extends [never]
    ? never
    : [Compared[Name]["outputs"]] extends [never]
      ? never
      : Name;
}[keyof Compared];
const agreeing: Same<Agreeing, keyof ClassesOf<Dynamic>>[] = classes;
// What a component of the dynamic face takes and has, that of the plugin's does, too; the entry point of the former is another one.
type Takes<Name extends keyof typeof kubernetes> =
  Args<(typeof kubernetes)[Name]> extends Args<Plugin[Name]> ? true : false;
type Has<Name extends keyof typeof kubernetes> = Same<
  Omit<InstanceType<(typeof kubernetes)[Name]>, keyof pulumi.ComponentResource>,
  Omit<InstanceType<Plugin[Name]>, keyof pulumi.ComponentResource>
>;
const components: {
  [Name in keyof typeof kubernetes]: [Takes<Name>, [Has<Name>] extends [never] ? false : true];
} = {
  RegistryServer: [true, true],
  PullSecret: [true, true],
  HostedRegistry: [true, true],
};
// @ts-expect-error: a token is no registry, and the checks above would say so.
const odd: Same<Args<Dynamic["Token"]>, Args<Plugin["Registry"]>> = { location: "de/fra" };

/** One of each class, by what both faces have. */
function program(face: Dynamic | Plugin): void {
  const registryId = "5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
  new face.Registry("shop", { location: "de/fra", visibility: "public" });
  new face.Token("ci", { registryId, expiresIn: "90d" });
  new face.Scope("team", { registryId, tokenId: registryId, name: "team/*", actions: ["pull"] });
  new face.GCSchedule("weekly", { registryId, days: ["Sunday"], time: "03:30" });
  new face.Repository("app", { registryId, name: "team/app" });
  new face.GeneratedKeys("keys");
  new face.User("ops", { email: "ops@example.com", role: "developer", password: "long enough" });
}

describe("the two faces for TypeScript", () => {
  it("have the classes of all resources, with the same arguments and outputs", () => {
    assert.deepEqual(agreeing, [...RESOURCES.keys()]);
    assert.ok(odd);
    const types = Object.keys(components).map((name) => `moorage:kubernetes:${name}`);
    assert.deepEqual(types, [...COMPONENTS.keys()]);
  });

  it("are as `npm run generate` writes them", async function () {
    this.timeout(60_000);
    const written = await faces();
    assert.deepEqual(await writtenFaces(), [...written.keys()].sort(), "run `npm run generate`");
    for (const [file, text] of written) {
      const found = await readFile(path.join(FACES, file), "utf8");
      assert.ok(found === text, `provider/pulumi/src/${file}: run \`npm run generate\``);
    }
  });

  it("register the same properties, of which the same are secret", async () => {
    const dynamic = await registered((imported) => program(imported));
    const plugin = await registered((imported) => program(imported.plugin));
    const types = [...RESOURCES.keys()].sort();
    assert.deepEqual(
      typesOf(plugin),
      types.map((type) => `moorage:index:${type}`),
    );
    assert.deepEqual(
      typesOf(dynamic),
      types.map((type) => `pulumi-nodejs:dynamic/moorage:${type}`),
    );
    assert.deepEqual(dynamic.map(said), plugin.map(said));
    assert.deepEqual(plugin.find(({ name }) => name === "ops")?.secrets, ["password"]);
  });

  it("take the version that the plugin's face asks for from the packages", async () => {
    const manifest = path.join(REPOSITORY, "provider", "pulumi", "package.json");
    const { version, exports } = JSON.parse(await readFile(manifest, "utf8"));
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(Object.keys(exports).slice(0, 2), [".", "./plugin"]);
  });
});

async function registered(declare: (imported: Faces) => void): Promise<Declared[]> {
  const { resources } = await runMocked(declare);
  const ours = resources.filter(({ type }) => type.includes("moorage:"));
  return ours.sort((one, other) => one.name.localeCompare(other.name));
}

function typesOf(resources: readonly Declared[]): string[] {
  return resources.map(({ type }) => type).sort();
}

/** What a program says of a resource, without what is the dynamic provider's own. */
function said({ name, inputs, secrets }: Declared): unknown {
  const { __provider: _, resourceName: __, ...properties } = inputs;
  return { name, properties, secrets };
}
