import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Example } from "../resources/example.ts";
import type { Parts } from "./parts.ts";

/**
 * A component as other languages see it. What is known without Pulumi stands here, so that a plugin which makes no component
 * loads nothing for it; the rest is fetched when the first one is made.
 */
export interface ComponentDefinition {
  /** The class that a program makes, for example `PullSecret`. */
  readonly type: string;
  /** What the component is, in sentences; the first one stands alone. */
  readonly description: string;
  /** A program that makes one. */
  readonly example: Example;
  /**
   * What a program says of it, each property described. What {@link mayBeLater} marks may be known late and be secret; the rest decides
   * which objects there are, and must be plain values.
   */
  readonly inputs: z.ZodObject;
  /** What it has besides, each property described. */
  readonly outputs: z.ZodObject;
  /** Outputs that are always secret. */
  readonly secrets: readonly string[];
  /** Declares the component with the engine; throws, in sentences, where inputs are wrong. */
  make(
    parts: Parts,
    name: string,
    args: Readonly<Record<string, unknown>>,
    opts: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.ComponentResource>;
}

/** Marks an input that may be an output of another resource. */
export function mayBeLater<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), mayBeLater: true });
}
