import { type Client, createClient } from "@moorage/core/client/client";
import type { Context } from "../../provider/pulumi/src/resources/resource.ts";
import { OWNER_EMAIL, OWNER_PASSWORD } from "./running-server.ts";

/** What a resource of the Pulumi provider works with, over a real server, its clock in the test's hand. */
export interface TestContext extends Context, AsyncDisposable {
  readonly client: Client;
  /** Moves the provider's clock; the server's goes on as it does. */
  advance(milliseconds: number): void;
}

/** A context for the server at this address, as its owner. */
export function pulumiContext(url: string): TestContext {
  const client = createClient({ endpoint: url, username: OWNER_EMAIL, password: OWNER_PASSWORD });
  let ahead = 0;
  let names = 0;
  return {
    client,
    clock: {
      now: () => new Date(Date.now() + ahead),
      wait: async () => {
        await new Promise(setImmediate);
      },
    },
    suffix: () => {
      names += 1;
      return `test${names}`;
    },
    advance(milliseconds) {
      ahead += milliseconds;
    },
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}
