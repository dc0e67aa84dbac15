import type { z } from "zod";

/** Options that cannot be deployed: a line for each thing that is wrong, with its place. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

/**
 * Options as their schema takes them, defaults filled in.
 * @param what how the message calls the options, for example `registryServer`
 * @throws DeploymentError
 */
export function parseOptions<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    return `${[what, ...path.map(String)].join(".")}: ${message}`;
  });
  throw new DeploymentError(lines.join("\n"));
}
