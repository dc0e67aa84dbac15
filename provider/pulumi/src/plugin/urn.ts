/** What a resource is called, and of which type it is, from its URN. */
export interface Called {
  /** The last part of the type, such as `Token`. */
  readonly type: string;
  /** The name that the program gave it. */
  readonly name: string;
}

/** Reads `urn:pulumi:<stack>::<project>::<types of parents>$<type>::<name>`; a name may hold `::`. */
export function called(urn: string): Called {
  const [, , types = "", ...name] = urn.split("::");
  return { type: lastPart(types), name: name.join("::") };
}

/** The last part of a type or a function, such as `getToken` of `moorage:index:getToken`. */
export function lastPart(token: string): string {
  return token.split(":").at(-1) ?? "";
}

/** The stack's name, from a URN of it. */
export function stackOf(urn: string): string {
  return lastPart(urn.split("::")[0] ?? "");
}
