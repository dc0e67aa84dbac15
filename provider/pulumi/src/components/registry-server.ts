import { parseOptions } from "@moorage/core/deployment/deployment-error";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";
import { registryServerObjects, serverKeys } from "@moorage/core/deployment/registry-server";
import {
  type RegistryServerOptions,
  registryServerOptions,
} from "@moorage/core/deployment/server-options";
import * as pulumi from "@pulumi/pulumi";
import { declareObject, resourceNameOf } from "./declare-object.ts";
import type { Parts } from "./parts.ts";

/**
 * What a registry server is made from. The options decide which objects there are, so they are plain values; keys may be known
 * later. With `keysSecretName` and without keys, that Secret is expected to be there.
 */
export type RegistryServerArgs = RegistryServerOptions & {
  /** 32 random bytes in base64; generated and kept in state, encrypted, if left out. It never changes: it opens everything that is stored. */
  masterKey?: pulumi.Input<string> | undefined;
  /** The first owner's password; generated, if left out. Counts at the server's first start. */
  ownerPassword?: pulumi.Input<string> | undefined;
};

/** A registry server on Kubernetes, with everything that belongs to it. */
export class RegistryServerComponent extends pulumi.ComponentResource {
  /** Where clients reach the server; what `moorage:endpoint` is set to. */
  readonly endpoint: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** The first owner: what `moorage:username` is set to. */
  readonly ownerEmail: pulumi.Output<string>;
  /** Secret; absent where the Secret of the keys was there before. */
  readonly ownerPassword: pulumi.Output<string | undefined>;
  /** Secret; absent where the Secret of the keys was there before. */
  readonly masterKey: pulumi.Output<string | undefined>;

  /**
   * Declares a server.
   * @param parts what keys are made by
   * @param name the resource's name within the program
   * @param args what the server is to be
   * @param opts how Pulumi is to treat it
   */
  constructor(
    parts: Pick<Parts, "GeneratedKeys">,
    name: string,
    args: RegistryServerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("moorage:kubernetes:RegistryServer", name, {}, opts);
    const { masterKey, ownerPassword, ...options } = args;
    const plan = parseOptions(name, registryServerOptions, options);
    const isThere =
      masterKey === undefined &&
      ownerPassword === undefined &&
      options.keysSecretName !== undefined;
    const keys = isThere ? undefined : this.#keys(parts, name, masterKey, ownerPassword);
    const declared: pulumi.Resource[] = [];
    for (const object of registryServerObjects(options, keys)) {
      const namespace = plan.createNamespace ? declared.slice(0, 1) : [];
      const dependsOn = isWorkload(object) ? [...declared] : namespace;
      const inside = { parent: this, dependsOn };
      declared.push(declareObject(resourceNameOf(name, object), object, inside));
    }
    this.endpoint = pulumi.output(plan.publicUrl);
    this.namespace = pulumi.output(plan.namespace);
    this.ownerEmail = pulumi.output(plan.ownerEmail);
    this.ownerPassword = pulumi.output(keys?.ownerPassword);
    this.masterKey = pulumi.output(keys?.masterKey);
    this.registerOutputs({
      endpoint: this.endpoint,
      namespace: this.namespace,
      ownerEmail: this.ownerEmail,
      ownerPassword: this.ownerPassword,
      masterKey: this.masterKey,
    });
  }

  /** Those that are given, checked as soon as they are known; for each other one, a generated one. */
  #keys(
    parts: Pick<Parts, "GeneratedKeys">,
    name: string,
    masterKey: pulumi.Input<string> | undefined,
    ownerPassword: pulumi.Input<string> | undefined,
  ) {
    const areAllGiven = masterKey !== undefined && ownerPassword !== undefined;
    const generated = areAllGiven
      ? undefined
      : new parts.GeneratedKeys(`${name}-keys`, {}, { parent: this });
    const { masterKey: keySchema, ownerPassword: passwordSchema } = serverKeys.shape;
    const givenKey = masterKey && checked(`${name}.masterKey`, keySchema, masterKey);
    const givenPassword =
      ownerPassword && checked(`${name}.ownerPassword`, passwordSchema, ownerPassword);
    return {
      masterKey: pulumi.secret(givenKey ?? generated?.masterKey ?? ""),
      ownerPassword: pulumi.secret(givenPassword ?? generated?.ownerPassword ?? ""),
    };
  }
}

/** Its pods read settings and keys once, when they start: those must be in place before. */
function isWorkload({ kind }: KubernetesObject): boolean {
  return kind === "StatefulSet" || kind === "Deployment";
}

function checked(
  what: string,
  schema: typeof serverKeys.shape.masterKey,
  value: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.secret(value).apply((text) => parseOptions(what, schema, text));
}
