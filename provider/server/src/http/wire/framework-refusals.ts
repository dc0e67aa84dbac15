import { RegistryError } from "../../domain/errors.ts";

/**
 * What an error of the HTTP framework is in the registry's own words, where a client caused it by its body. `bytesMax`: how large that
 * may be.
 */
export function refusalOfFramework(error: unknown, bytesMax: number): RegistryError | undefined {
  switch (frameworkCodeOf(error)) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new RegistryError("body-too-large", { bytesMax });
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new RegistryError("body-invalid", {
        problem: "it is not as long as the header Content-Length says",
      });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      // What the right one is differs.
      return undefined;
    default:
      return isOfClient(error)
        ? new RegistryError("body-invalid", { problem: error.message }, { cause: error })
        : undefined;
  }
}

function isOfClient(error: unknown): error is Error {
  return (
    frameworkCodeOf(error).startsWith("FST_") &&
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode < 500
  );
}

/** The framework's code of an error; empty for any other error. */
export function frameworkCodeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
