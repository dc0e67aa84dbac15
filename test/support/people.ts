import type { Context } from "../../provider/server/src/app/context.ts";
import type { User } from "../../provider/server/src/domain/user.ts";
import type { UserStore } from "../../provider/server/src/ports/user-store.ts";
import { type Credentials, OWNER } from "./management.ts";

/** How a person differs from the owner, by the name before `@people.example`; the password is the owner's. */
export type People = Readonly<Record<string, Partial<Pick<User, "role" | "organizationId">>>>;

export function person(name: string): Credentials {
  return { username: `${name}@people.example`, password: OWNER.password };
}

/** The same server with more people. */
export function withPeople(context: Context, people: People): Context {
  const { metadata } = context;
  const { users } = metadata;
  const findByEmail: UserStore["findByEmail"] = async (email) => {
    const [name = "", host] = email.split("@");
    const differences = host === "people.example" ? people[name] : undefined;
    const user = await users.findByEmail(differences === undefined ? email : OWNER.username);
    return user && { ...user, email, ...differences };
  };
  return {
    ...context,
    metadata: overriding(metadata, { users: overriding(users, { findByEmail }) }),
  };
}

/** The same object with some of its parts replaced. */
export function overriding<Whole extends object>(whole: Whole, parts: Partial<Whole>): Whole {
  const known = new Map<string | symbol, unknown>(Object.entries(parts));
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = known.get(name) ?? Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
