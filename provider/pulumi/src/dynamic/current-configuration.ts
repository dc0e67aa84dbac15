import type { Lookup } from "../resources/settings.ts";
import { stackConfiguration } from "../resources/stack-configuration.ts";

/*
 * When a run begins with the program (`up`, `preview`), the engine hands over the stack's configuration as it
 * is now, and checks every resource first. When it does without the program (`refresh`, `destroy`, and the
 * refresh before an `up`), it hands over what it remembers in state from the last `up`: a password
 * changed since would be refused. So a process that has seen no check asks the CLI, once, for the
 * configuration as it is now, and makes do with what was handed over where there is no CLI to ask.
 */

/** The stack's configuration, as a dynamic provider is handed it. */
export interface Configuration {
  get(key: string): string | undefined;
}

let isHandedOverNow = false;

/** Looks settings up in the configuration as it is now. */
export async function currentConfiguration(
  handedOver: Configuration,
  operation: string,
  stack: string,
): Promise<Lookup> {
  if (operation === "check") isHandedOverNow = true;
  const remembered: Lookup = (name) => handedOver.get(name);
  if (isHandedOverNow) return remembered;
  return (await stackConfiguration(stack)) ?? remembered;
}
