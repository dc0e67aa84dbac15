import assert from "node:assert/strict";
import { apiErrorResponse } from "@moorage/core/contract/errors";
import type { z } from "zod";

/** Checks status and content type, and reads the body by its schema in the contract. */
export async function answered<Schema extends z.ZodType>(
  response: Response,
  status: number,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  return schema.parse(JSON.parse(text));
}

/** Checks that an answer is a refusal in the contract's format, and returns its codes. */
export async function refused(response: Response, status: number): Promise<string[]> {
  const body = await answered(response, status, apiErrorResponse);
  assert.equal(body.httpStatus, status);
  assert.ok(body.messages !== null && body.messages.length > 0);
  for (const { message } of body.messages) {
    assert.ok(message.length > 10, message);
  }
  return body.messages.map(({ errorCode }) => errorCode);
}

/** Checks that an answer has this status and no body. */
export async function empty(response: Response, status: number): Promise<void> {
  assert.equal(await response.text(), "");
  assert.equal(response.status, status);
}

/** The same, where the answer may have no field that the schema does not know, and none that the schema would read as something else. */
export async function answeredExactly<Schema extends z.ZodType>(
  response: Response,
  status: number,
  schema: Schema,
): Promise<z.output<Schema>> {
  const raw: unknown = await response.clone().json();
  const body = await answered(response, status, schema);
  assert.deepEqual(body, raw);
  return body;
}
