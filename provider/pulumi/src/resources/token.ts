import { formatTimestamp } from "@moorage/core/contract/timestamp";
import type { Token, TokenInputJson } from "@moorage/core/contract/token";
import { autoName } from "./auto-name.ts";
import { SHOP } from "./example.ts";
import { changedKeys, inputFailures } from "./inputs.ts";
import { dockerConfigJson, dockerLogin } from "./login.ts";
import { type Context, type PropertyBag, type Resource, ResourceError } from "./resource.ts";
import { IMPORTED, patchOf, renewalsOf, updatesOf } from "./token-changes.ts";
import {
  lifetimeFailures,
  rotationFailures,
  type TokenInputs,
  tokenInputs,
  tokenOutputs,
} from "./token-inputs.ts";
import { expiryAfter, graceSeconds, isInPlace } from "./token-rotation.ts";

/*
 * A token's life. It is created with an expiry, computed once from `expiresIn` and kept in state, so that
 * runs do not drift. Every run's diff looks at the clock and asks the server: within `rotateBefore` of
 * its expiry, expired, or gone, the token is replaced, and so when a trigger changes. Replacing creates
 * the new token (under a new automatic name), then updates what depends on it, then deletes the old
 * one: there is always one that works.
 *
 * A token with a name of its own cannot stand beside its successor. While it exists, rotation gives it a
 * new secret in place, and the old secret works on for the grace period; so it is for others that
 * ask for `rotation: "in-place"`. A crash between the new expiry and the
 * new secret leaves state as it was: the next run begins again.
 */

const REPLACING = ["registryId", "name"];

/** A robot's credentials for one registry. */
export const token: Resource = {
  type: "Token",
  description:
    "The credentials of a robot for one registry. When a token has expired, is gone, or is within `rotateBefore` of its expiry, the next `pulumi up` makes a new one.",
  example: {
    resources: {
      shop: SHOP,
      ci: {
        type: "Token",
        properties: {
          registryId: "${shop.registryId}",
          scopes: [{ type: "repository", name: "*", actions: ["pull", "push"] }],
          expiresIn: "90d",
          rotateBefore: "14d",
        },
      },
    },
    outputs: { username: "${ci.username}", password: "${ci.password}" },
  },
  inputs: tokenInputs,
  outputs: tokenOutputs,
  isAutoNamed: true,
  importId: ["registryId", "tokenId"],
  replacing: REPLACING,
  secrets: ["password", "dockerConfigJson", "dockerLogin"],

  describe: (properties) => `token "${String(properties["resourceName"])}"`,

  check(request) {
    const failures = [
      ...inputFailures(tokenInputs, request),
      ...lifetimeFailures(request),
      ...rotationFailures(request),
    ];
    return { inputs: request.news, failures };
  },

  async diff(context, request) {
    const { state, news, unknown } = request;
    const wanted = { ...news, name: news["name"] ?? state["name"] };
    const moved = changedKeys(REPLACING, state, wanted, unknown);
    const renewals = await renewalsOf(context, request);
    const isKept = isInPlace(news) && !renewals.includes("tokenId");
    return {
      changes: [...moved, ...updatesOf(request), ...renewals],
      replaces: [...moved, ...(isKept ? [] : renewals)],
    };
  },

  async create(context, bag) {
    const wanted = tokenInputs.parse(bag);
    const endpoint = await endpointOf(context, wanted.registryId);
    const created = await createToken(context, wanted);
    return { id: created.id, state: stateOf(wanted, created, endpoint) };
  },

  async read(context, id, state) {
    const registryId = String(state["registryId"]);
    const found = await context.client.tokens.get(registryId, id);
    if (found === undefined) return undefined;
    const endpoint = await endpointOf(context, registryId);
    const { scopes, description } = found.properties;
    // What was never read, because it is being imported, is taken over with its scopes.
    const isImported = state["tokenId"] === undefined;
    const isManaged = state["scopes"] !== undefined || isImported;
    const seen = {
      ...state,
      ...(isManaged && { scopes: (scopes ?? []).map(({ id: _, ...fields }) => fields) }),
      description: description ?? "",
      ...(isImported && { [IMPORTED]: true }),
    };
    return { id, state: stateOf(seen, found, endpoint) };
  },

  async update(context, id, state, bag) {
    const wanted = tokenInputs.parse(bag);
    const { registryId } = wanted;
    const endpoint = await endpointOf(context, registryId);
    const request = { id, state, news: bag, unknown: new Set<string>() };
    const isRotated = (await renewalsOf(context, request)).length > 0;
    const changes = patchOf(context.clock.now(), state, wanted, isRotated);
    let current = await context.client.tokens.patch(registryId, id, changes);
    if (isRotated) {
      const gracePeriodSeconds = graceSeconds(wanted.gracePeriod) ?? 0;
      current = await context.client.tokens.rotate(registryId, id, { gracePeriodSeconds });
    }
    return stateOf({ ...wanted, password: state["password"] }, current, endpoint);
  },

  async renewed(context, request) {
    const isRotated = (await renewalsOf(context, request)).length > 0;
    const isRedated = isRotated || updatesOf(request).includes("expiresIn");
    return [
      ...(isRotated ? token.secrets : []),
      ...(isRedated && request.news["expiresIn"] !== undefined ? ["expiryDate"] : []),
    ];
  },

  inputsFrom({ expiryDate, ...others }) {
    // A span and its date exclude each other.
    return others["expiresIn"] === undefined ? { ...others, expiryDate } : others;
  },

  async delete({ client }, id, state) {
    await client.tokens.delete(String(state["registryId"]), id);
  },
};

async function createToken(context: Context, wanted: TokenInputs): Promise<Token> {
  const { client, clock, suffix } = context;
  const { registryId, expiresIn } = wanted;
  const properties: TokenInputJson = {
    name: wanted.name ?? autoName(wanted.resourceName, suffix()),
    scopes: wanted.scopes ?? [],
    expiryDate:
      expiresIn === undefined ? (wanted.expiryDate ?? null) : expiryAfter(clock.now(), expiresIn),
    status: wanted.status,
    oneTime: wanted.oneTime,
    description: wanted.description,
  };
  return await client.tokens.create(registryId, properties);
}

async function endpointOf({ client }: Context, registryId: string): Promise<string> {
  const registry = await client.registries.get(registryId);
  if (registry === undefined) throw new ResourceError(`there is no registry ${registryId}`);
  return registry.properties.endpoint ?? registry.properties.hostname ?? "";
}

/** What is asked for, overlaid with what the server says. Only a new secret stands in an answer. */
function stateOf(known: PropertyBag, { id, properties }: Token, endpoint: string): PropertyBag {
  const { username } = properties.credentials;
  const password = properties.credentials.password || String(known["password"] ?? "");
  const login = { endpoint, username, password };
  const expiry = properties.expiryDate ?? undefined;
  return {
    ...known,
    tokenId: id,
    name: properties.name,
    status: properties.status ?? "enabled",
    oneTime: properties.oneTime ?? false,
    expiryDate: expiry === undefined ? undefined : formatTimestamp(new Date(expiry)),
    username,
    password,
    dockerConfigJson: dockerConfigJson(login),
    dockerLogin: dockerLogin(login),
  };
}
