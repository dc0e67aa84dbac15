import { z } from "zod";

/** One thing that is wrong with a request: a stable code for programs, a sentence for people. */
export const errorMessage = z.object({ errorCode: z.string(), message: z.string() });
export type ErrorMessage = z.output<typeof errorMessage>;

/** The body of every error (contract, section 0, "Error body"). `messages` may be null. */
export const apiErrorResponse = z.object({
  httpStatus: z.int(),
  messages: z.array(errorMessage).nullable(),
});
export type ApiErrorResponse = z.output<typeof apiErrorResponse>;
