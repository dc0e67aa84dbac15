import assert from "node:assert/strict";
import * as sdk from "@ionos-cloud/sdk-nodejs-container-registry";
import { repositoryFiles, textOf } from "./repository-files.ts";

describe("the SDK that others generated from the contract", () => {
  it("is tested with every call that it has", () => {
    const calls = Object.entries(sdk)
      .filter(([name, value]) => name.endsWith("Api") && typeof value === "function")
      .flatMap(([, api]) => Object.getOwnPropertyNames(Reflect.get(Object(api), "prototype")))
      .filter((name) => name !== "constructor");
    assert.ok(calls.length > 20, `${calls.length}`);
    const tests = repositoryFiles().filter((path) => /^test\/clients\/node-sdk.*\.ts$/.test(path));
    const text = tests.map((path) => textOf(path) ?? "").join();
    assert.deepEqual(
      calls.filter((call) => !text.includes(`.${call}(`)),
      [],
    );
  });
});
