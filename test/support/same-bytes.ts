import assert from "node:assert/strict";

/** Like `deepEqual`, but says where long bytes differ instead of printing them. */
export function assertSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  const [got, wanted] = [Buffer.from(actual), Buffer.from(expected)];
  if (!got.equals(wanted)) {
    const at = got.findIndex((byte, index) => byte !== wanted[index]);
    assert.fail(
      `${got.byteLength} bytes where ${wanted.byteLength} were expected; they differ from byte ${at < 0 ? got.byteLength : at} on`,
    );
  }
}
