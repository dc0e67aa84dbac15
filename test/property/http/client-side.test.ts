import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { createServer } from "../../../provider/server/src/http/server.ts";
import { type Application, startApplication } from "../../support/application.ts";

const PEER = "192.0.2.1";
const TRUSTED = ["192.0.2.0/24", "2001:db8::/32"];

const proxy = fc.constantFrom("192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7", "192.0.2.7:443");
const stranger = fc.constantFrom("203.0.113.9", "2001:db9::9", "10.0.0.1", "127.0.0.1", "::1");
const garbage = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.replaceAll(",", ";")),
  fc.constantFrom(
    "unknown",
    "_hidden",
    "1.2.3",
    "1.2.3.4.5",
    "::g",
    "[::1",
    "'; drop table",
    "%00",
  ),
);
const hop = fc.oneof(proxy, stranger, garbage);

describe("clients behind proxies", () => {
  let application: Application;
  let server: ReturnType<typeof createServer>;

  before(async () => {
    application = await startApplication();
    server = createServer(application.context, {
      clientSide: {
        trustedProxies: TRUSTED,
        isPublicUrlGuessed: true,
        publicUrl: "http://127.0.0.1:5000",
      },
    });
  });
  after(async () => {
    await server.close();
    await application.close();
  });

  async function ask(remoteAddress: string, headers: Record<string, string>) {
    const path = "/v2/";
    const answer = await server.inject({ method: "GET", url: path, remoteAddress, headers });
    const remote = application.events.named("request").at(-1)?.fields?.["remote"];
    const realm = /realm="([^"]*)"/.exec(String(answer.headers["www-authenticate"]))?.[1];
    return { status: answer.statusCode, remote, realm };
  }

  it("are addresses, and never make a fault, whatever headers hold", async () => {
    const text = fc.oneof(fc.string({ maxLength: 100 }), hop);
    await fc.assert(
      fc.asyncProperty(fc.array(hop), text, text, async (hops, protocol, host) => {
        const { status, remote, realm } = await ask(PEER, {
          "x-forwarded-for": hops.join(","),
          "x-forwarded-proto": protocol,
          "x-forwarded-host": host,
        });
        assert.equal(status, 401);
        assert.notEqual(isIP(String(remote)), 0, String(remote));
        assert.match(String(realm), /^https?:\/\/[-\w.:[\]]+\/token$/);
      }),
      { numRuns: 300, examples: [[[], "", "1.2.3.4.5"]] },
    );
  });

  it("are the right-most that is no proxy, whatever stands to the left", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hop),
        stranger,
        fc.array(proxy, { maxLength: 10 }),
        async (left, client, right) => {
          const { remote } = await ask(PEER, {
            "x-forwarded-for": [...left, client, ...right].join(", "),
          });
          assert.equal(remote, client);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are whoever connects, where that is no proxy, whatever it says", async () => {
    await fc.assert(
      fc.asyncProperty(stranger, fc.array(hop), hop, async (peer, hops, host) => {
        const { remote, realm } = await ask(peer, {
          "x-forwarded-for": hops.join(","),
          "x-forwarded-proto": "https",
          "x-forwarded-host": host,
        });
        assert.equal(remote, peer);
        assert.equal(realm, "http://127.0.0.1:5000/token");
      }),
      { numRuns: 200 },
    );
  });

  it("have their IPv4 address where the listener is one for both families", async () => {
    assert.equal((await ask("::ffff:203.0.113.9", {})).remote, "203.0.113.9");
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    assert.equal((await ask(`::ffff:${PEER}`, forwarded)).remote, "203.0.113.9");
  });
});
