import { createHash } from "node:crypto";
import type { CheckRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { autoName } from "../resources/auto-name.ts";
import type { CheckFailure, PropertyBag } from "../resources/resource.ts";

/*
 * A resource without a name of its own gets one when its inputs are checked, so that a preview can show it. The name
 * stands among the inputs in state from then on, with a mark beside it: the resource itself must see that
 * the program gave none, since a token with a name of its own is rotated in another way. The engine hides keys that begin
 * with two underscores.
 */

const MARK = "__autoNamed";
const SUFFIX_CHARACTERS = 7;

/** Inputs with a name in them, and what is wrong where none can be made. */
export interface Named {
  readonly inputs: PropertyBag;
  readonly failures: readonly CheckFailure[];
}

/** Names a resource whose program gives it no name: as it was before, or anew. */
export function named(
  request: CheckRequest,
  resourceName: string,
  olds: PropertyBag,
  news: PropertyBag,
): Named {
  if (news["name"] !== undefined) return { inputs: news, failures: [] };
  if (olds["name"] !== undefined) {
    return { inputs: { ...news, name: olds["name"], [MARK]: true }, failures: [] };
  }
  const options = request.getAutonaming();
  const mode = options?.getMode();
  if (mode === pb.CheckRequest.AutonamingOptions.Mode.DISABLE) {
    const reason =
      "name is missing, and pulumi:autonaming is disabled: give a name, or let Pulumi make one";
    return { inputs: news, failures: [{ property: "name", reason }] };
  }
  const isEnforced = mode === pb.CheckRequest.AutonamingOptions.Mode.ENFORCE;
  const proposed = options?.getProposedName() ?? "";
  const name = isEnforced ? proposed : autoName(resourceName, suffixFrom(request));
  return { inputs: { ...news, name, [MARK]: true }, failures: [] };
}

/** The inputs as the program gave them. */
export function programInputs(inputs: PropertyBag): PropertyBag {
  const { name, ...others } = withoutMarks(inputs);
  return name === undefined || inputs[MARK] === true ? others : { ...others, name };
}

/** The inputs to create a resource from: its name among them, whoever gave it. */
export function withoutMarks(inputs: PropertyBag): PropertyBag {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}

/** The mark, for inputs that have it; what a refresh hands back keeps it. */
export function markOf(inputs: PropertyBag): PropertyBag {
  return inputs[MARK] === true ? { [MARK]: true } : {};
}

/** The same suffix for the same seed: a plan and the run that follows it agree on the name. */
function suffixFrom(request: CheckRequest): string {
  const seed = request.getRandomseed_asU8();
  // An engine that sends no seed does not plan; the URN and the time make the name unique.
  const source = seed.length > 0 ? seed : `${request.getUrn()} ${process.hrtime.bigint()}`;
  return createHash("sha256")
    .update(source)
    .update(request.getUrn())
    .digest("hex")
    .slice(0, SUFFIX_CHARACTERS);
}
