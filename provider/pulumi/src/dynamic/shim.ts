import * as pulumi from "@pulumi/pulumi";

/**
 * The dynamic provider of one resource type. Pulumi writes the source of its methods, and what they
 * capture, into the state of every resource. So there are two methods, which capture the names of the type
 * and the stack alone: the others come into being when the engine hands over the configuration, and fetch the code that
 * does the work when they run. No setting and no secret can get into state this way, and a newer package
 * works on what an older one created.
 */
export function shim(type: string): pulumi.dynamic.ResourceProvider {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  return {
    // No await before the methods exist: the engine calls them for other resources meanwhile.
    async configure({ config }) {
      for (const name of ["check", "diff", "create", "read", "update", "delete"] as const) {
        const run = async (...args: unknown[]): Promise<unknown> =>
          (await import("@moorage/pulumi/provider")).call(type, config, name, args, stack);
        Object.assign(this, { [name]: run });
      }
    },
    async create() {
      throw new Error("not configured");
    },
  };
}
