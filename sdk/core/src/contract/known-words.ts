import { z } from "zod";

/**
 * Text of an answer that is one of these words where this version of the server speaks. Read leniently, because newer servers may
 * have more words; the OpenAPI description lists these.
 */
export function known(...words: readonly string[]): z.ZodString {
  return z.string().meta({ enum: [...words] });
}
