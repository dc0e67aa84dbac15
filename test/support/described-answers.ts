import { type OpenApiDocument, openApiDocument } from "@moorage/core/contract/openapi/document";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** An answer of a server, as a client received it. */
export interface SeenAnswer {
  readonly method: string;
  /** With its query, as it was sent. */
  readonly path: string;
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the other two APIs answer is described elsewhere. */
const ELSEWHERE = /^\/(?:v2|token)(?:[/?]|$)/;
const PREFIX = /^\/containerregistries(?=\/)/;
/** Refusals of what stands in no description: an unknown path, an unknown method, and what is no HTTP that the server reads. */
const UNDESCRIBED = new Set([400, 401, 403, 404, 405, 408, 413, 415, 429, 431, 500, 503]);

interface DescribedAnswer {
  readonly headers: Readonly<Record<string, Validate>>;
  /** By media type; `undefined`: anything. */
  readonly content: ReadonlyMap<string, Validate | undefined>;
}

interface DescribedPath {
  readonly form: RegExp;
  readonly template: string;
  readonly item: Readonly<Record<string, unknown>>;
}

type Validate = ValidateFunction;

/** Says of answers what the OpenAPI description does not allow. */
export class AnswerRules {
  readonly #document: OpenApiDocument;
  readonly #paths: readonly DescribedPath[];
  readonly #ajv: Ajv2020;
  readonly #answers = new Map<string, DescribedAnswer>();
  readonly #error: Validate;

  constructor(document: OpenApiDocument = openApiDocument()) {
    this.#document = document;
    this.#paths = Object.entries(document.paths).map(([template, item]) => ({
      form: formOf(template),
      template,
      item,
    }));
    this.#ajv = new Ajv2020({ strict: false });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, "openapi");
    this.#error = this.#compiled("/components/schemas/Error");
  }

  /** Nothing, if it is as described. */
  problemsOf(answer: SeenAnswer): string[] {
    const { method, status } = answer;
    const path = (answer.path.split("?")[0] ?? "").replace(PREFIX, "");
    if (ELSEWHERE.test(answer.path) || method === "OPTIONS") {
      return [];
    }
    const found = this.#paths.find(({ form }) => form.test(path));
    const name = nameOf(method, found?.item);
    const problems =
      found === undefined || name === undefined
        ? this.#problemsOfUndescribed(answer)
        : this.#problemsOf(answer, this.#described(found, name, status));
    return problems.map(
      (problem) => `${method} ${answer.path} was answered with ${status}: ${problem}`,
    );
  }

  #problemsOfUndescribed(answer: SeenAnswer): string[] {
    const { method, status, headers } = answer;
    if (!UNDESCRIBED.has(status)) {
      return ["nothing of the kind is described"];
    }
    const content = new Map([["application/json", this.#error]]);
    return [
      ...(status === 405 && headers["allow"] === undefined ? ["it has no Allow"] : []),
      ...(method === "HEAD" ? [] : this.#problemsOf(answer, { headers: {}, content })),
    ];
  }

  #problemsOf(answer: SeenAnswer, described: DescribedAnswer | undefined): string[] {
    if (described === undefined) {
      return ["this status is not described"];
    }
    const headers = Object.entries(described.headers).flatMap(([name, validate]) => {
      const value = answer.headers[name.toLowerCase()];
      if (value === undefined) {
        return [`it has no ${name}`];
      }
      return validate(value) ? [] : [`its ${name} is ${value}`];
    });
    return [...headers, ...(answer.method === "HEAD" ? [] : bodyProblems(answer, described))];
  }

  #described(
    { template, item }: DescribedPath,
    method: string,
    status: number,
  ): DescribedAnswer | undefined {
    const key = `${method} ${template} ${status}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const { responses } = item[method] as { responses: Record<string, { $ref?: string }> };
    const given = responses[String(status)];
    if (given === undefined) {
      return undefined;
    }
    const pointer =
      given.$ref?.slice(1) ??
      `/paths/${template.replaceAll("/", "~1")}/${method}/responses/${status}`;
    const made = this.#answerAt(pointer);
    this.#answers.set(key, made);
    return made;
  }

  #answerAt(pointer: string): DescribedAnswer {
    const { headers = {}, content = {} } = resolve(this.#document, pointer) as {
      headers?: Record<string, unknown>;
      content?: Record<string, { schema?: unknown }>;
    };
    return {
      headers: Object.fromEntries(
        Object.keys(headers).map((name) => [
          name,
          this.#compiled(`${pointer}/headers/${name}/schema`),
        ]),
      ),
      content: new Map(
        Object.entries(content).map(([type, { schema }]) => [
          type,
          schema === undefined
            ? undefined
            : this.#compiled(`${pointer}/content/${type.replaceAll("/", "~1")}/schema`),
        ]),
      ),
    };
  }

  #compiled(pointer: string): Validate {
    // Braces of templates are no characters of a URI.
    const fragment = pointer.replaceAll("{", "%7B").replaceAll("}", "%7D");
    return this.#ajv.compile({ $ref: `openapi#${fragment}` });
  }
}

function bodyProblems({ headers, body }: SeenAnswer, { content }: DescribedAnswer): string[] {
  if (content.size === 0) {
    return body.length === 0 ? [] : ["it has a body, and none is described"];
  }
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  if (!content.has(type)) {
    return [`its Content-Type is ${type}`];
  }
  const validate = content.get(type);
  if (validate === undefined) {
    return [];
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    return ["its body is no JSON"];
  }
  if (validate(value)) {
    return [];
  }
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)} in ${body.toString("utf8").slice(0, 1000)}`,
  );
}

/** The operation that answers a method; that for GET answers HEAD, too. */
function nameOf(method: string, item: Readonly<Record<string, unknown>> = {}): string | undefined {
  const name = method.toLowerCase();
  if (name in item) {
    return name;
  }
  return method === "HEAD" && "get" in item ? "get" : undefined;
}

function formOf(template: string): RegExp {
  const form = template
    .replaceAll(".", "\\.")
    .replace("/names/{name}", "/names/.+")
    .replace(/\{[A-Za-z]+\}/g, "[^/]+");
  return new RegExp(`^${form}$`);
}

function resolve(document: object, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>(
      (value, step) => Reflect.get(Object(value), step.replaceAll("~1", "/")),
      document,
    );
}
