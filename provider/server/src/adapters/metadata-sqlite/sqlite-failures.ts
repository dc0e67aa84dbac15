import { RegistryError } from "../../domain/errors.ts";

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
/** An extended code carries its primary code in its lowest byte. */
const PRIMARY_CODE = 0xff;

/** Whether another connection holds the database at this moment. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === SQLITE_BUSY;
}

/** Says a failure of SQLite in the registry's words, where there are any. */
export function translate(error: unknown): unknown {
  return codeOf(error) === SQLITE_FULL
    ? new RegistryError("storage-full", {}, { cause: error })
    : error;
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & PRIMARY_CODE
    : undefined;
}
