import assert from "node:assert/strict";
import type { KubernetesObject } from "@moorage/core/deployment/kubernetes-object";

/** Asserts that an object has everything that was applied. The API server adds defaults and its own notes, and takes nothing away. */
export function assertKept(kept: unknown, { stringData, ...applied }: KubernetesObject): void {
  const expected = isObject(stringData) ? { ...applied, data: encoded(stringData) } : applied;
  assert.deepEqual(shared(kept, expected), expected, `${applied.kind} ${applied.metadata.name}`);
}

/** What of `kept` stands in `expected`, too; lists are compared place by place and whole. */
function shared(kept: unknown, expected: unknown): unknown {
  if (Array.isArray(kept) && Array.isArray(expected)) {
    return kept.map((item, index) => shared(item, expected[index]));
  }
  if (!isObject(kept) || !isObject(expected)) return kept;
  return Object.fromEntries(
    Object.entries(kept)
      .filter(([key]) => key in expected)
      .map(([key, value]) => [key, shared(value, expected[key])]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the API server makes of `stringData`. */
function encoded(texts: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString("base64")]),
  );
}
