import type { z } from "zod";

/**
 * An object of an answer in which this version of the server sends every member, but those that are named. Read leniently, because other
 * servers speak this API too; the OpenAPI description requires them.
 */
export function sentWhole<Shape extends z.ZodRawShape>(
  object: z.ZodObject<Shape>,
  but: readonly (keyof Shape & string)[] = [],
): z.ZodObject<Shape> {
  const members: readonly string[] = Object.keys(object.shape);
  const left: readonly string[] = but;
  return object.meta({ required: members.filter((member) => !left.includes(member)) });
}
