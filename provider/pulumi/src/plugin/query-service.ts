import { status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { QUERIES } from "../resources/all.ts";
import { refusals } from "../resources/inputs.ts";
import { decode, encode, UNKNOWN } from "./codec.ts";
import type { Configuration } from "./configuration.ts";
import { checkFailures, RefusedCall } from "./failures.ts";
import type { Operations } from "./operation.ts";
import { lastPart } from "./urn.ts";

/** What programs ask the server without declaring anything. */
export class QueryService {
  readonly #configuration: Configuration;
  readonly #operations: Operations;

  constructor(configuration: Configuration, operations: Operations) {
    this.#configuration = configuration;
    this.#operations = operations;
  }

  async invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const name = lastPart(request.getTok());
    const query = QUERIES.get(name);
    if (query === undefined) {
      const known = [...QUERIES.keys()].join(", ");
      const sentence = `there is no function ${request.getTok()}; there are ${known}`;
      throw new RefusedCall(status.INVALID_ARGUMENT, sentence);
    }
    const { values, secret, unknown } = decode(request.getArgs());
    const response = new pb.InvokeResponse();
    const keys = Object.keys(query.outputs.shape);
    if (unknown.size > 0 || !this.#configuration.isKnown) {
      response.setReturn(encode(Object.fromEntries(keys.map((key) => [key, UNKNOWN]))));
      return response;
    }
    const refused = refusals(query.inputs, values);
    if (refused.length > 0) {
      const failures = refused.map((reason) => ({ property: "", reason }));
      response.setFailuresList(checkFailures(failures, secret));
      return response;
    }
    const answer = await this.#operations.run(name, 0, (context) => query.ask(context, values));
    // An answer to a secret question may tell it.
    response.setReturn(encode(answer, secret.size > 0 ? new Set(keys) : secret));
    return response;
  }
}
