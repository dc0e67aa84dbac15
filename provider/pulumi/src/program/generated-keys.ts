// Written by `npm run generate` from the package's schema; do not edit.
import type { Shape } from "./shape.ts";

/** What a `GeneratedKeys` is made from. */
export type GeneratedKeysArgs = Readonly<Record<string, never>>;

/** What the classes `GeneratedKeys` of both faces have in common. */
export const generatedKeysShape: Shape = {
  type: "GeneratedKeys",
  inputs: [],
  outputs: ["masterKey", "ownerPassword"],
  secretInputs: [],
  secretOutputs: ["masterKey", "ownerPassword"],
};
