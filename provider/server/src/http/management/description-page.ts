import { createHash } from "node:crypto";
import type { OpenApiDocument } from "@moorage/core/contract/openapi/document";
import { anchorOf, code, html, list, typeOf } from "./description-text.ts";

/*
 * The API's description as one page without scripts, fonts or pictures: nothing is loaded from anywhere, so that it works in a
 * closed network, and its policy allows its own style alone.
 */

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; }
details { margin: .4rem 0; border: 1px solid #8884; border-radius: .4rem; padding: .3rem .8rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-top: 1px solid #8883; }
`;

/** For the route that serves the page: nothing but its style, and nobody may frame it. */
export const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: [`'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** The parts of an operation that are shown. */
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content; readonly required: boolean };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

type Content = Readonly<Record<string, { readonly schema?: Readonly<Record<string, unknown>> }>>;

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

const METHODS = ["get", "head", "post", "put", "patch", "delete"];

/** The page, whole. */
export function descriptionPage(document: OpenApiDocument): string {
  const { title, version, description } = document.info as Readonly<Record<string, string>>;
  const topics = document.tags.map(({ name }) => topicSection(document, name));
  const schemas = Object.entries(document.components["schemas"] ?? {}).map(schemaSection);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${html(title ?? "")}</title><style>${STYLE}</style></head><body>
<h1>${html(title ?? "")} ${html(version ?? "")}</h1>
<p>The same for programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${list(description ?? "")}
<p>${document.tags.map(({ name }) => `<a href="#${anchorOf(name)}">${html(name)}</a>`).join(" · ")} · <a href="#schemas">Schemas</a></p>
${topics.join("\n")}
<h2 id="schemas">Schemas</h2>
<p>Members with <code>?</code> may be missing.</p>
${schemas.join("\n")}
</body></html>
`;
}

function topicSection(document: OpenApiDocument, topic: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item)
      // Built from our own table of operations.
      .map((method) => ({ path, method, operation: item[method] as Operation, item }))
      .filter(({ operation }) => operation.tags.includes(topic)),
  );
  const shown = operations.map(({ path, method, operation, item }) => {
    const shared = (item["parameters"] ?? []) as readonly Parameter[];
    const parameters = [...shared, ...(operation.parameters ?? [])];
    return `<details id="${operation.operationId}"><summary><b>${method.toUpperCase()}</b> <code>${html(path)}</code> ${html(operation.summary)}</summary>
${operation.description === undefined ? "" : `<p>${code(operation.description)}</p>`}${operation.security === undefined ? "" : "<p>Without credentials.</p>"}
${parametersTable(parameters)}${requestLine(operation)}${answersTable(document, operation)}</details>`;
  });
  return `<h2 id="${anchorOf(topic)}">${html(topic)}</h2>\n${shown.join("\n")}`;
}

function parametersTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${html(name)}</code></td><td>${place}${required ? ", required" : ""}</td><td>${typeOf(schema)}</td><td>${code(description)}</td></tr>`,
  );
  return rows.length === 0
    ? ""
    : `<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>${rows.join("")}</table>`;
}

function requestLine({ requestBody }: Operation): string {
  return requestBody === undefined
    ? ""
    : `<p>Body: ${contentOf(requestBody.content)}${requestBody.required ? "" : ", optional"}</p>`;
}

function answersTable(document: OpenApiDocument, { responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, given]) => {
    const shared = document.components["responses"]?.[given.$ref?.split("/").at(-1) ?? ""];
    const { description = "", headers = {}, content = {} } = (shared ?? given) as Answer;
    const names = Object.keys(headers).map((name) => `<code>${name}</code>`);
    return `<tr><td>${status}</td><td>${contentOf(content)}</td><td>${names.join(" ")}</td><td>${code(description)}</td></tr>`;
  });
  return `<table><tr><th>status</th><th>body</th><th>headers</th><th></th></tr>${rows.join("")}</table>`;
}

function contentOf(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) =>
      schema === undefined ? `<code>${html(type)}</code>` : typeOf(schema),
    )
    .join(" or ");
}

function schemaSection([name, schema]: [string, unknown]): string {
  // A link to something inside opens what is folded up around it.
  return `<details><summary><code>${name}</code></summary><div id="schema-${name}">${typeOf(schema as Readonly<Record<string, unknown>>)}</div></details>`;
}
