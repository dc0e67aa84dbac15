import { z } from "zod";
import { isProviderUrl } from "../../domain/identity-provider.ts";
import { PROVIDER_ANSWER_BYTES_MAX } from "../../domain/limits.ts";

/** Kinds of keys whose public half checks a signature. A secret key, which a provider has no reason to publish, is passed over. */
const PUBLIC_KEY_TYPES = new Set(["RSA", "EC", "OKP"]);

const DISCOVERY = z.object({ issuer: z.string(), jwks_uri: z.string() });
const KEY_SET = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
export type KeySet = z.output<typeof KEY_SET>;

/**
 * Asks a provider for its keys (OpenID Connect Discovery 1.0, section 4; RFC 7517): first for where they are, then for them.
 * @throws Error that says what was wrong with the answers, or that there was none in time
 */
export async function fetchKeySet(
  issuer: string,
  millisecondsMax: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<KeySet> {
  const signal = AbortSignal.timeout(millisecondsMax);
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const discovery = DISCOVERY.safeParse(await fetchJson(address, headers, signal));
  if (!discovery.success) {
    throw new Error(`${address} has no issuer or no jwks_uri`);
  }
  const { issuer: named, jwks_uri: keysAt } = discovery.data;
  if (named !== issuer) {
    throw new Error(`${address} is of another issuer: ${JSON.stringify(named)}`);
  }
  if (!isProviderUrl(keysAt) || isSafe(issuer) !== isSafe(keysAt)) {
    throw new Error(`${address} names keys that are not at an https address`);
  }
  const keySet = KEY_SET.safeParse(await fetchJson(keysAt, headers, signal));
  if (!keySet.success) {
    throw new Error(`${keysAt} is no set of keys`);
  }
  return { keys: keySet.data.keys.filter(({ kty }) => PUBLIC_KEY_TYPES.has(kty)) };
}

function isSafe(url: string): boolean {
  return url.startsWith("https:");
}

async function fetchJson(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await fetch(address, {
    headers: { ...headers, accept: "application/json" },
    redirect: "error",
    signal,
  });
  const text = await textOf(answer, address);
  if (answer.status !== 200) {
    throw new Error(`${address} answers ${answer.status}`);
  }
  return JSON.parse(text);
}

async function textOf(answer: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > PROVIDER_ANSWER_BYTES_MAX) {
      throw new Error(`${address} answers more than ${PROVIDER_ANSWER_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
