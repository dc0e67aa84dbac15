import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { FastifyInstance } from "fastify";
import { AddressRanges, plainAddress } from "../app/address-ranges.ts";
import { FORWARDED_HOPS_MAX } from "../domain/limits.ts";

/** What is known of the way between clients and the server. */
export interface ClientSideSettings {
  /** Addresses and CIDR ranges of proxies whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
  /** Where clients reach the server, without a path. */
  readonly publicUrl: string;
  /** `publicUrl` was not set, only guessed from the listener: what a trusted proxy says is better. */
  readonly isPublicUrlGuessed: boolean;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Where this client reaches the server: `https://host:port`, without a path. */
    readonly publicUrl: string;
  }
}

/**
 * Makes each request tell how it looks from the client's end: `ip`, `host`, `protocol` and `publicUrl`. A trusted proxy's `X-Forwarded-For`, `-Host`
 * and `-Proto` count; everybody else's are ignored. Of `X-Forwarded-For`, the right-most hop that is no trusted proxy is the client, since
 * whatever stands left of it the client may have made up; what is no address ends the way there. `Forwarded` (RFC 7239) is never
 * read: a proxy that writes the other headers passes a client's own `Forwarded` through.
 */
export function showClientSide(app: FastifyInstance, settings: ClientSideSettings): void {
  const proxies = new TrustedProxies(settings.trustedProxies);
  app.decorateRequest("ip", {
    getter() {
      return proxies.clientOf(this.raw);
    },
  });
  app.decorateRequest("host", {
    getter() {
      return proxies.forwarded(this.raw, "x-forwarded-host", HOST) ?? this.raw.headers.host ?? "";
    },
  });
  app.decorateRequest("protocol", {
    getter() {
      return protocolOf(proxies, this.raw);
    },
  });
  app.decorateRequest("publicUrl", {
    getter() {
      if (!settings.isPublicUrlGuessed || !HOST.test(this.host) || !proxies.describes(this.raw)) {
        return settings.publicUrl;
      }
      // 1.2.3.4.5 has the form of a name and is taken for an address that is none.
      const told = `${this.protocol}://${this.host}`;
      return URL.canParse(told) ? told : settings.publicUrl;
    },
  });
}

const HOST = /^(?:[a-z0-9_](?:[-a-z0-9_.]{0,253})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const PROTOCOL = /^https?$/i;

function protocolOf(proxies: TrustedProxies, request: IncomingMessage): "http" | "https" {
  const told = proxies.forwarded(request, "x-forwarded-proto", PROTOCOL)?.toLowerCase();
  const isSecure = told === undefined ? request.socket instanceof TLSSocket : told === "https";
  return isSecure ? "https" : "http";
}

class TrustedProxies {
  readonly #ranges: AddressRanges | undefined;

  constructor(entries: readonly string[]) {
    this.#ranges = entries.length === 0 ? undefined : new AddressRanges(entries);
  }

  /** The client's address; empty when the connection is gone. */
  clientOf(request: IncomingMessage): string {
    const peer = peerOf(request);
    const header = request.headers["x-forwarded-for"];
    if (this.#ranges === undefined || typeof header !== "string" || !this.#ranges.has(peer)) {
      return peer;
    }
    let client = peer;
    for (const hop of hopsFromRight(header)) {
      const address = plainAddress(withoutPort(hop));
      if (address === undefined) {
        break;
      }
      client = address;
      if (!this.#ranges.has(address)) {
        break;
      }
    }
    return client;
  }

  /** Whether a trusted proxy tells how the client addressed it. */
  describes(request: IncomingMessage): boolean {
    return (
      this.forwarded(request, "x-forwarded-proto", PROTOCOL) !== undefined ||
      this.forwarded(request, "x-forwarded-host", HOST) !== undefined
    );
  }

  /** What the nearest proxy says, if it is trusted and says something that can be. */
  forwarded(request: IncomingMessage, name: string, form: RegExp): string | undefined {
    const header = this.#ranges === undefined ? undefined : request.headers[name];
    if (typeof header !== "string" || this.#ranges?.has(peerOf(request)) !== true) {
      return undefined;
    }
    const value = header.slice(header.lastIndexOf(",") + 1).trim();
    return form.test(value) ? value : undefined;
  }
}

function peerOf({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? "";
  // A listener for both families has IPv4 clients in IPv6 spelling.
  return address.startsWith("::ffff:") || address.includes("%")
    ? (plainAddress(address) ?? address)
    : address;
}

function hopsFromRight(header: string): readonly string[] {
  return header
    .split(",")
    .slice(-FORWARDED_HOPS_MAX)
    .reverse()
    .map((hop) => hop.trim());
}

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const match = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop);
  return match?.[1] ?? match?.[2] ?? hop;
}
