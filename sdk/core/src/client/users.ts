import {
  type OwnPasswordJson,
  type User,
  type UserInputJson,
  type UserPatchJson,
  type UsersResponse,
  user,
  usersResponse,
} from "../contract/user.ts";
import { keysetPages } from "./pages.ts";
import type { ChangeOptions } from "./registries.ts";
import { type CallOptions, segment, type Transport } from "./transport.ts";

/** How to list people. */
export interface UserListOptions extends CallOptions {
  /** Users per request. */
  readonly pageSize?: number | undefined;
}

/** Calls about the people of the organization; for its owners and admins (extensions). */
export class UserCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All people of the organization, by e-mail address, fetched page by page. */
  list(options: UserListOptions = {}): AsyncGenerator<User, void, void> {
    return keysetPages<User, UsersResponse>(options.pageSize, (query) =>
      this.#transport.ask(
        {
          method: "GET",
          path: "/users",
          query,
          repeatability: "repeatable",
          signal: options.signal,
        },
        usersResponse,
      ),
    );
  }

  /** One person, or undefined where the organization has none of this id. */
  async get(id: string, options: CallOptions = {}): Promise<User | undefined> {
    return await this.#transport.find(
      { method: "GET", path: pathOf(id), repeatability: "repeatable", ...options },
      user,
    );
  }

  /** Whoever calls, or undefined for people whom an identity provider vouches for. */
  async me(options: CallOptions = {}): Promise<User | undefined> {
    return await this.#transport.find(
      { method: "GET", path: "/users/me", repeatability: "repeatable", ...options },
      user,
    );
  }

  /** Gives whoever calls another password; the client goes on with the old one, which no longer counts. */
  async changeOwnPassword(passwords: OwnPasswordJson, options: CallOptions = {}): Promise<void> {
    const path = "/users/me/password";
    await this.#transport.status(
      { method: "PUT", path, body: passwords, repeatability: "once", ...options },
      [],
    );
  }

  /** Adds a person. Without a password one is generated, which only this answer holds. */
  async create(properties: UserInputJson, options: CallOptions = {}): Promise<User> {
    return await this.#transport.ask(
      { method: "POST", path: "/users", body: { properties }, repeatability: "once", ...options },
      user,
    );
  }

  /** Changes role, name or password, and leaves what is not given. */
  async patch(id: string, changes: UserPatchJson, options: ChangeOptions = {}): Promise<User> {
    return await this.#transport.ask(
      { method: "PATCH", path: pathOf(id), body: changes, repeatability: "repeatable", ...options },
      user,
    );
  }

  /** Removes a person, who is let in no more at once; false where there was none. */
  async delete(id: string, options: ChangeOptions = {}): Promise<boolean> {
    return await this.#transport.remove({
      method: "DELETE",
      path: pathOf(id),
      repeatability: "repeatable",
      ...options,
    });
  }
}

function pathOf(id: string): string {
  return `/users/${segment(id)}`;
}
