import assert from "node:assert/strict";
import { autoName } from "../../../provider/pulumi/src/resources/auto-name.ts";
import { parseDuration } from "../../../provider/pulumi/src/resources/duration.ts";
import { dockerConfigJson, dockerLogin } from "../../../provider/pulumi/src/resources/login.ts";
import { currentSettings } from "../../../provider/pulumi/src/resources/settings.ts";
import {
  expiryAfter,
  isRotationDue,
} from "../../../provider/pulumi/src/resources/token-rotation.ts";

const HOUR = 3_600_000;

describe("spans of time", () => {
  it("are numbers with units", () => {
    assert.equal(parseDuration("90m"), 1.5 * HOUR);
    assert.equal(parseDuration("1d12h"), 36 * HOUR);
    assert.equal(parseDuration("2w"), 14 * 24 * HOUR);
    for (const text of ["", "5", "h", "-1h", "1.5h", "0s", "1 h", "99999999w", "1y"]) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });
});

describe("automatic names", () => {
  it("are the resource's name and a suffix, within the rules for names", () => {
    assert.equal(autoName("shop", "1a2b3c4"), "shop-1a2b3c4");
    assert.equal(autoName("Team A/shop_2", "x"), "team-a-shop-2-x");
    assert.equal(autoName("42", "x"), "moorage-x");
    const long = autoName("a".repeat(200), "1a2b3c4");
    assert.equal(long.length, 63);
    assert.match(long, /^[a-z][-a-z0-9]{1,61}[a-z0-9]$/);
  });
});

describe("logins", () => {
  const login = { endpoint: "127.0.0.1:5000/shop", username: "ci", password: "it's" };

  it("name the registry by path and by host, so that every client finds them", () => {
    const { auths } = JSON.parse(dockerConfigJson(login));
    assert.deepEqual(Object.keys(auths), ["127.0.0.1:5000/shop", "127.0.0.1:5000"]);
    assert.equal(auths["127.0.0.1:5000"].auth, Buffer.from("ci:it's").toString("base64"));
    const byHost = JSON.parse(dockerConfigJson({ ...login, endpoint: "shop.cr.example" }));
    assert.deepEqual(Object.keys(byHost.auths), ["shop.cr.example"]);
  });

  it("hand the password over on standard input, quoted", () => {
    assert.equal(
      dockerLogin(login),
      "printf %s 'it'\\''s' | docker login --username 'ci' --password-stdin 127.0.0.1:5000",
    );
  });
});

describe("the provider's settings", () => {
  const environment: Record<string, string> = {
    MOORAGE_ENDPOINT: "http://environment:1",
    MOORAGE_USERNAME: "ops",
    MOORAGE_PASSWORD: "p",
  };
  const none = (): undefined => undefined;

  it("come from the stack's configuration before the environment", () => {
    const configuration: Record<string, string> = { "moorage:endpoint": "http://configured:1" };
    const settings = currentSettings(
      (name) => configuration[name],
      (name) => environment[name],
    );
    assert.equal(settings.endpoint, "http://configured:1");
    assert.equal(settings.username, "ops");
  });

  it("are missed by name", () => {
    assert.throws(() => currentSettings(none, none), {
      message:
        "the endpoint of the Moorage server is not set: run `pulumi config set moorage:endpoint …` or set MOORAGE_ENDPOINT",
    });
    const { MOORAGE_PASSWORD: _, ...rest } = environment;
    const lookup = (name: string): string | undefined => new Map(Object.entries(rest)).get(name);
    assert.throws(() => currentSettings(none, lookup), /config set --secret moorage:password/);
  });
});

describe("a token's expiry", () => {
  const now = new Date("2030-01-01T00:00:00.400Z");

  it("is counted from now, in whole seconds", () => {
    assert.equal(expiryAfter(now, "12h"), "2030-01-01T12:00:01Z");
  });

  it("leaves the shortest span some seconds, because the server counts later", () => {
    assert.equal(expiryAfter(now, "1h"), "2030-01-01T01:00:31Z");
  });

  it("is due for rotation within the window before it", () => {
    assert.equal(isRotationDue("2030-01-02T00:00:00Z", "1d", now), true);
    assert.equal(isRotationDue("2030-01-02T00:00:01Z", "1d", now), false);
    assert.equal(isRotationDue("2030-01-02T00:00:00Z", undefined, now), false);
    assert.equal(isRotationDue(undefined, "1d", now), false);
  });
});
