import { z } from "zod";
import { requestObject } from "../contract/request-object.ts";

// Spellings that several options share. Each refusal says what would be right.

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A name of Kubernetes: a namespace, a Secret, a service account. */
export const objectName = z
  .string("must be a name")
  .max(63, "must have at most 63 characters")
  .regex(LABEL, "must be lower-case letters, digits and hyphens, such as moorage-keys");

/** A host name, without scheme and port. */
export const hostName = z
  .string("must be a host name")
  .regex(HOST, "must be a host name in lower case, such as registry.example.com");

/** An amount of storage, memory or processors, as Kubernetes spells it. */
export const quantity = z
  .string("must be an amount, such as 10Gi or 500m")
  .regex(/^\d+(?:\.\d+)?(?:m|[kMGTP]|[KMGTP]i)?$/, "must be an amount, such as 10Gi or 500m");

/** An address range. */
export const cidr = z.union(
  [z.cidrv4(), z.cidrv6()],
  "must be an address range, such as 10.0.0.0/8",
);

/** Labels or annotations. */
export const texts = z.record(
  z.string(),
  z.string("must be text; quote numbers and booleans"),
  "must be names with texts",
);

/** A TCP port. */
export const port = z
  .int("must be a port")
  .min(1, "must be a port from 1 to 65535")
  .max(65_535, "must be a port from 1 to 65535");

/** The Gateway that a route belongs to. */
export const gatewayParent = requestObject("a parent", {
  name: objectName.describe("The Gateway's name."),
  namespace: objectName.optional().describe("Its namespace; the route's own, if left out."),
}).meta(named("GatewayParent", "A Gateway that is there already."));

/** What languages call a type in which every type has a name. */
export function named(title: string, summary: string): { title: string; summary: string } {
  return { title, summary };
}
