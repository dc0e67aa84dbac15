import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { Provider } from "oidc-provider";
import { freePort } from "./free-port.ts";
import { basic } from "./management.ts";

export type ClaimSet = Readonly<Record<string, unknown>>;

/** What the server under test is called at the provider. */
export const AUDIENCE = "moorage";
const SECRET = "a secret for tests only";

export interface IssueOptions {
  readonly audience?: string;
  readonly seconds?: number;
}

/** A real OpenID Connect provider on the loopback interface. Anybody may ask it for a JWT under any name, with any claims. */
export class IdentityProviderUnderTest {
  readonly issuer: string;
  /** How often its keys were asked for. */
  keyRequests = 0;
  readonly #port: number;
  readonly #wanted = new Map<string, { readonly claims: ClaimSet } & IssueOptions>();
  #keys: readonly JWK[] = [];
  #provider: Provider | undefined;
  #server: Server | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.issuer = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<IdentityProviderUnderTest> {
    const provider = new IdentityProviderUnderTest(await freePort());
    await provider.rotateKeys();
    await provider.listen();
    return provider;
  }

  /** The private key that it signs with now. */
  get key(): JWK {
    const [key] = this.#keys;
    assert.ok(key !== undefined);
    return key;
  }

  /** A new key takes the place of all that were there. */
  async rotateKeys(): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const kid = `key-${Math.random().toString(36).slice(2)}`;
    this.#keys = [{ ...(await exportJWK(privateKey)), kid, use: "sig", alg: "RS256" }];
    this.#provider = new Provider(this.issuer, this.#configuration());
  }

  async listen(): Promise<void> {
    this.#server = createServer((request, response) => {
      if (request.url === "/jwks") {
        this.keyRequests++;
      }
      this.#provider
        ?.callback()(request, response)
        .catch((error: Error) => response.destroy(error));
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** A JWT that the provider issues (OAuth 2.0, client credentials; the access token of a resource is a JWT, RFC 9068). */
  async issue(subject: string, claims: ClaimSet = {}, options: IssueOptions = {}): Promise<string> {
    this.#wanted.set(subject, { claims, ...options });
    const [username = "", password = ""] = [subject, SECRET].map(encodeURIComponent);
    const answer = await fetch(`${this.issuer}/token`, {
      method: "POST",
      headers: { authorization: basic({ username, password }) },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: "urn:moorage" }),
    });
    const body = (await answer.json()) as { readonly access_token?: string };
    assert.ok(body.access_token !== undefined, JSON.stringify(body));
    return body.access_token;
  }

  /** A JWT that it would not issue: with its own key unless told otherwise, and these claims over sensible ones. */
  async forge(
    claims: ClaimSet,
    {
      key = this.key,
      header = {},
    }: {
      readonly key?: JWK | Uint8Array;
      readonly header?: { readonly [name: string]: string };
    } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const sensible = { iss: this.issuer, aud: AUDIENCE, sub: "forger", iat: now, exp: now + 300 };
    return new SignJWT({ ...sensible, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: this.key.kid ?? "", ...header })
      .sign(key);
  }

  #configuration(): object {
    const wanted = this.#wanted;
    return {
      jwks: { keys: this.#keys },
      adapter: clientsOfAnyName(),
      cookies: { keys: [SECRET] },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_: unknown, __: unknown, client: { clientId: string }) => ({
            scope: "",
            audience: wanted.get(client.clientId)?.audience ?? AUDIENCE,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
      ttl: {
        ClientCredentials: (_: unknown, __: unknown, client: { clientId: string }) =>
          wanted.get(client.clientId)?.seconds ?? 300,
      },
      extraTokenClaims: (_: unknown, token: { clientId: string }) =>
        wanted.get(token.clientId)?.claims,
    };
  }
}

/** The provider's storage: it knows every client, and forgets everything else. */
function clientsOfAnyName() {
  return (model: string) => ({
    find: async (id: string) =>
      model === "Client"
        ? {
            client_id: id,
            client_secret: SECRET,
            grant_types: ["client_credentials"],
            redirect_uris: [],
            response_types: [],
          }
        : undefined,
    upsert: async () => {},
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    consume: async () => {},
    destroy: async () => {},
    revokeByGrantId: async () => {},
  });
}
