type Schema = Readonly<Record<string, unknown>>;

const WORDS_MAX = 24;

/** Text as HTML. */
export function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Text whose `words` are code. */
export function code(text: string): string {
  return html(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** Paragraphs, and lines that begin with an asterisk as a list. */
export function list(text: string): string {
  const strong = (line: string) => code(line).replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>");
  return text
    .split("\n\n")
    .map((part) =>
      part.startsWith("* ")
        ? `<ul>${part
            .split("\n")
            .map((line) => `<li>${strong(line.slice(2))}</li>`)
            .join("")}</ul>`
        : `<p>${strong(part)}</p>`,
    )
    .join("\n");
}

/** The name of a heading in links. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(" ", "-");
}

/** A JSON schema in words: its type and limits, and for an object its members. */
export function typeOf(schema: Schema): string {
  const { $ref, anyOf, enum: words } = schema;
  if (typeof $ref === "string") {
    const name = html($ref.split("/").at(-1) ?? "");
    return `<a href="#schema-${name}"><code>${name}</code></a>`;
  }
  if (Array.isArray(anyOf)) {
    return anyOf.map((one: Schema) => typeOf(one)).join(" or ");
  }
  if (Array.isArray(words)) {
    const shown = words.slice(0, WORDS_MAX).map((word) => `<code>${html(String(word))}</code>`);
    return `${shown.join(" ")}${limitsOf(schema)}`;
  }
  if (schema["type"] === "array") {
    return `list of ${typeOf((schema["items"] ?? {}) as Schema)}${limitsOf(schema)}`;
  }
  return Object.keys(schema["properties"] ?? {}).length === 0
    ? `${html(String(schema["type"] ?? "anything"))}${limitsOf(schema)}`
    : membersOf(schema);
}

function membersOf({ properties, required = [] }: Schema): string {
  const rows = Object.entries(properties as Readonly<Record<string, Schema>>).map(
    ([name, schema]) => {
      const isRequired = (required as readonly string[]).includes(name);
      return `<tr><td><code>${html(name)}</code>${isRequired ? "" : "?"}</td><td>${typeOf(schema)}</td></tr>`;
    },
  );
  return `<table>${rows.join("")}</table>`;
}

/** How limits are said: `#` stands for the value. */
const LIMITS: Readonly<Record<string, string>> = {
  format: "#",
  pattern: "like #",
  minimum: "at least #",
  maximum: "at most #",
  minLength: "at least # characters",
  maxLength: "at most # characters",
  maxItems: "at most # items",
  default: "default #",
};

function limitsOf(schema: Schema): string {
  const limits = Object.entries(LIMITS)
    .filter(([name]) => name in schema && schema[name] !== "")
    .map(([name, phrase]) =>
      phrase.replace("#", () => `<code>${html(String(schema[name]))}</code>`),
    );
  return limits.length === 0 ? "" : `, ${limits.join(", ")}`;
}
