import type { FastifyInstance } from "fastify";
import { RegistryError } from "../../domain/errors.ts";
import { MANAGEMENT_BODY_BYTES_MAX } from "../../domain/limits.ts";
import { hasRepeatedMember } from "./repeated-members.ts";

const NOT_JSON = "it must be JSON";
const NOT_UTF_8 = "its text must be UTF-8";
const REPEATED = "no object in it may have two members of the same name";
const REACHES_PROTOTYPE = 'no object in it may have a member "__proto__" or "constructor"';

/**
 * Reads JSON in UTF-8, refusing members that would reach an object's prototype, or that an object has twice. An empty body is no body: clients declare a content type
 * on requests that have none.
 */
export function parseOnlyJson(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser("error", "error");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: MANAGEMENT_BODY_BYTES_MAX },
    (request, bytes: Buffer, done) => {
      if (bytes.length === 0) {
        done(null, undefined);
        return;
      }
      let text: string;
      try {
        text = decoder.decode(bytes);
      } catch (cause) {
        done(refusal(NOT_UTF_8, cause));
        return;
      }
      void parse(request, text, (cause, body) => {
        if (cause === null) {
          done(hasRepeatedMember(text, body) ? refusal(REPEATED) : null, body);
          return;
        }
        const problem = isJson(text) ? REACHES_PROTOTYPE : NOT_JSON;
        done(refusal(problem, cause));
      });
    },
  );
}

function refusal(problem: string, cause?: unknown): RegistryError {
  return new RegistryError("body-invalid", { problem }, { cause });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
