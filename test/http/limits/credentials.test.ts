import assert from "node:assert/strict";
import {
  BEARER_SCOPES_MAX,
  CREDENTIALS_LENGTH_MAX,
  REQUEST_HEADER_BYTES_MAX,
} from "../../../provider/server/src/domain/limits.ts";
import { bearerFor, bearing } from "../../support/bearer.ts";
import { assertRefused, assertStatus } from "../../support/distribution-client.ts";
import { send } from "../../support/http-request.ts";
import { LocalRegistry } from "../../support/local-registry.ts";
import { basic } from "../../support/management.ts";

describe("the limits of headers and credentials", () => {
  let local: LocalRegistry;
  before(async () => {
    local = await LocalRegistry.start();
  });
  after(() => local.close());

  it("take headers up to a size, and answer 431 beyond", async () => {
    const asking = (bytes: number) =>
      local.client.send("GET", "/v2/", { headers: { "x-filler": "x".repeat(bytes) } });
    assertStatus(await asking(REQUEST_HEADER_BYTES_MAX - 1024), 200);
    assertStatus(await asking(REQUEST_HEADER_BYTES_MAX), 431);
    assertStatus(await asking(10 * REQUEST_HEADER_BYTES_MAX), 431);
    const path = `/v2/?${"x".repeat(REQUEST_HEADER_BYTES_MAX)}`;
    assertStatus(await local.client.send("GET", path), 431);
  });

  it("refuse a password, a user name or a bearer token that is longer than any", async () => {
    const long = "p".repeat(CREDENTIALS_LENGTH_MAX);
    for (const authorization of [
      basic({ username: local.token.username, password: long }),
      basic({ username: long, password: local.token.password }),
      `Bearer ${long}x`,
    ]) {
      const answer = await send(local.url, "GET", "/v2/", { headers: { authorization } });
      assertRefused(answer, 401, "UNAUTHORIZED");
    }
  });

  it("refuse a form of credentials that is longer than any", async () => {
    const form = new URLSearchParams({
      grant_type: "password",
      username: local.token.username,
      password: "p".repeat(3 * CREDENTIALS_LENGTH_MAX),
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = form.toString();
    assertStatus(await send(local.url, "POST", "/token", { headers, body }), 413);
  });

  it("grant the first 32 scopes that a token request names, and no more", async () => {
    const scopes = Array.from(
      { length: BEARER_SCOPES_MAX + 1 },
      (_, index) => `repository:shop/r${index}:pull,push`,
    );
    const bearer = await bearerFor(local.url, local.token, ...scopes);
    const push = (index: number) =>
      local.client.anonymous().ask("POST", `r${index}`, "blobs/uploads/", {
        headers: bearing(bearer),
      });
    assertStatus(await push(BEARER_SCOPES_MAX - 1), 202);
    const beyond = await push(BEARER_SCOPES_MAX);
    assertRefused(beyond, 401, "UNAUTHORIZED");
    assert.match(beyond.headers["www-authenticate"] ?? "", /insufficient_scope/);
  });
});
