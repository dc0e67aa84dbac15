import { refusalsOf } from "@moorage/core/contract/refusals";
import type { z } from "zod";
import { RegistryError } from "../../domain/errors.ts";
import { parseUuid } from "../../domain/ids.ts";

/**
 * Reads a part of a request by its schema in the contract.
 * @throws RegistryError `input-invalid`
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const outcome = schema.safeParse(value);
  if (!outcome.success) {
    const problems = refusalsOf(outcome.error).map(({ errorCode, message }) => ({
      code: errorCode,
      message,
    }));
    throw new RegistryError("input-invalid", { problems }, { cause: outcome.error });
  }
  return outcome.data;
}

/**
 * Reads an id of a path.
 * @throws RegistryError `input-invalid`
 */
export function parseId<Id extends NonNullable<ReturnType<typeof parseUuid>>>(text: string): Id {
  const id = parseUuid<Id>(text);
  if (id === undefined) {
    const message =
      "an id in the path must be a UUID, such as 5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11";
    throw new RegistryError("input-invalid", { problems: [{ code: "invalid-id", message }] });
  }
  return id;
}
