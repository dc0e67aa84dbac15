import { z } from "zod";
import { flag } from "./spellings.ts";

/** Where traces go; the settings are OpenTelemetry's own, as far as they are listed here. */
export interface TracingConfig {
  /** Absent: nothing is traced. */
  readonly tracing: TraceSettings | undefined;
}

export interface TraceSettings {
  /** Where spans go by POST. */
  readonly url: string;
  /** Credentials of the collector, mostly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly sampler: (typeof SAMPLERS)[number];
  /** The part of traces that the samplers with a ratio keep, from 0 to 1. */
  readonly samplerRatio: number;
}

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

const HEADERS_EXPECTED =
  "expected <name>=<value>, several separated by commas, values percent-encoded";

const headers = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const pairs: [string, string][] = [];
  for (const part of text.split(",")) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=(.*)$/.exec(part) ?? [];
    const decoded = value === undefined ? undefined : percentDecoded(value.trim());
    if (name === undefined || decoded === undefined) {
      // Never the value, which may be a secret.
      context.addIssue(HEADERS_EXPECTED);
      return z.NEVER;
    }
    pairs.push([name, decoded]);
  }
  return Object.fromEntries(pairs);
});

export const TRACING_SETTINGS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: "expected http(s)://<host>[:<port>][/<path>]" })
    .refine((url) => !/[?#@]/.test(url), {
      error: "expected http(s)://<host>[:<port>][/<path>], without credentials or a query",
    })
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .literal("http/json", 'expected "http/json": spans go as JSON over HTTP, no other way')
    .default("http/json"),
  OTEL_SERVICE_NAME: z.string().max(255).default("moorage"),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS, `expected one of ${SAMPLERS.join(", ")}`)
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/, "expected a number from 0 to 1, such as 0.05")
    .transform(Number)
    .prefault("1"),
  OTEL_SDK_DISABLED: flag.prefault("false"),
};

const TRACING = z.object(TRACING_SETTINGS);

export function tracingConfig(settings: z.output<typeof TRACING>): TracingConfig {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || settings.OTEL_SDK_DISABLED) {
    return { tracing: undefined };
  }
  return {
    tracing: {
      url: `${endpoint.replace(/\/$/, "")}/v1/traces`,
      headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {},
      serviceName: settings.OTEL_SERVICE_NAME,
      sampler: settings.OTEL_TRACES_SAMPLER,
      samplerRatio: settings.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
