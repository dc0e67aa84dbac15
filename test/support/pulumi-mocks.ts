import * as pulumi from "@pulumi/pulumi";

/** What a program has declared, by its URN's parts that matter. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** The inputs that Pulumi encrypts. */
  readonly secrets: readonly string[];
  readonly provider: string | undefined;
}

/** Outputs that the engine would add to what was declared, by type. */
export type MockOutputs = Readonly<Record<string, (name: string) => Record<string, unknown>>>;

/** The key that marks a secret on its way to the engine. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** What programs import from this package; it cannot be loaded where there is no stack. */
export type Faces = typeof import("@moorage/pulumi") &
  typeof import("@moorage/pulumi/kubernetes") & {
    readonly plugin: typeof import("@moorage/pulumi/plugin");
  };

/** Runs a program without an engine, and returns the resources in the order of their registration, and what the program returned. */
export async function runMocked<T>(
  program: (faces: Faces) => T,
  outputs: MockOutputs = {},
): Promise<{ resources: Declared[]; result: T }> {
  const resources: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ id, inputs, name, provider, type }) => {
        const secrets = Object.keys(inputs).filter((key) => SECRET_MARK in Object(inputs[key]));
        resources.push({ type, name, inputs: plain(inputs), secrets, provider });
        const more = outputs[type]?.(name) ?? {};
        return { id: id || `${name}-id`, state: { ...inputs, ...more } };
      },
      call: ({ inputs }) => inputs,
    },
    "project",
    "stack",
    false,
    "organization",
  );
  const faces = {
    ...(await import("@moorage/pulumi")),
    ...(await import("@moorage/pulumi/kubernetes")),
    plugin: await import("@moorage/pulumi/plugin"),
  };
  let result: T | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    result = program(faces);
  });
  await pulumi.runtime.disconnect();
  return { resources, result: result as T };
}

/** The value of an output, once it is known. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** The same without the envelopes of secrets. */
function plain<T>(inputs: T): T {
  return JSON.parse(
    JSON.stringify(inputs, (_key, value) => (SECRET_MARK in Object(value) ? value.value : value)),
  );
}
