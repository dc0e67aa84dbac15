import type * as pulumi from "@pulumi/pulumi";

/** The resources that a shim can stand for. */
export type ResourceType = "Registry" | "Token" | "Scope" | "GCSchedule";

/** A dynamic provider that remembers nothing but where this run's configuration is. */
interface Shim extends pulumi.dynamic.ResourceProvider {
  config: pulumi.dynamic.Config | undefined;
}

/**
 * The dynamic provider of one resource type. Pulumi writes the source of these methods, and what they
 * capture, into the state of every resource: so they capture the type's name alone and fetch the
 * code that does the work when they run. No setting and no secret can get into state this way, and
 * a newer package works on what an older one created.
 */
export function shim(type: ResourceType): pulumi.dynamic.ResourceProvider {
  const made: Shim = {
    config: undefined,
    async configure(request) {
      this.config = request.config;
    },
    async check(olds, news) {
      return (await import("@moorage/pulumi/provider")).face(type, this.config).check(olds, news);
    },
    async diff(id, olds, news) {
      return (await import("@moorage/pulumi/provider"))
        .face(type, this.config)
        .diff(id, olds, news);
    },
    async create(inputs) {
      return (await import("@moorage/pulumi/provider")).face(type, this.config).create(inputs);
    },
    async read(id, props) {
      return (await import("@moorage/pulumi/provider")).face(type, this.config).read(id, props);
    },
    async update(id, olds, news) {
      return (await import("@moorage/pulumi/provider"))
        .face(type, this.config)
        .update(id, olds, news);
    },
    async delete(id, props) {
      await (await import("@moorage/pulumi/provider")).face(type, this.config).delete(id, props);
    },
  };
  return made;
}
