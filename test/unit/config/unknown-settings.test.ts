import assert from "node:assert/strict";
import { readConfig } from "../../../provider/server/src/config.ts";

describe("variables that look like settings and are none", () => {
  const unknown = (environment: Readonly<Record<string, string>>) =>
    readConfig({ MOORAGE_DATA_DIR: "data", ...environment }).unknownSettings;

  it("are known by their names", () => {
    const mistyped = { MOORAGE_LISTENN: "127.0.0.1:1", MOORAGE_WORKERS: "1", OTHER_THING: "x" };
    assert.deepEqual(unknown(mistyped), ["MOORAGE_LISTENN"]);
    assert.deepEqual(unknown({ MOORAGE_PORT: "5000", MOORAGE_SERVICE: "x" }), [
      "MOORAGE_PORT",
      "MOORAGE_SERVICE",
    ]);
  });

  it("are not those that Kubernetes makes for a service of that name, which change no setting either", () => {
    const injected = {
      MOORAGE_SERVICE_HOST: "10.0.0.1",
      MOORAGE_SERVICE_PORT: "5000",
      MOORAGE_SERVICE_PORT_HTTP: "5000",
      MOORAGE_PORT: "tcp://10.0.0.1:5000",
      MOORAGE_PORT_5000_TCP: "tcp://10.0.0.1:5000",
      MOORAGE_PORT_5000_TCP_PROTO: "tcp",
      MOORAGE_PORT_5000_TCP_PORT: "5000",
      MOORAGE_PORT_5000_TCP_ADDR: "10.0.0.1",
      MOORAGE_REGISTRY_PORT: "tcp://10.0.0.2:80",
      MOORAGE_METRICS_SERVICE_HOST: "10.0.0.3",
    };
    assert.deepEqual(unknown(injected), []);
    assert.deepEqual(readConfig({ ...injected }), readConfig({}));
  });
});
