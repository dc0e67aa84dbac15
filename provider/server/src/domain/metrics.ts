/**
 * Everything that the server measures; `docs/reference/metrics.md` explains it for whoever watches a server. Labels are few and their
 * values come from the code: never a name, an address or a part of a path that a client chose.
 */
interface MetricFacts {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper ends of a histogram's buckets, ascending; everything else is in `+Inf`. */
  readonly buckets?: readonly number[];
}

const SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;
const COMMIT_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
] as const;
const AT_ONCE = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

export const METRICS = {
  moorage_http_requests_total: {
    kind: "counter",
    help: "Requests that have ended, by route and status; aborted where the client left before its answer.",
    labels: ["api", "route", "method", "status"],
  },
  moorage_http_request_duration_seconds: {
    kind: "histogram",
    help: "Time from a request's headers to the end of its answer.",
    labels: ["api", "route", "method"],
    buckets: SECONDS,
  },
  moorage_http_requests_in_flight: {
    kind: "gauge",
    help: "Requests under way.",
    labels: [],
  },
  moorage_http_received_bytes_total: {
    kind: "counter",
    help: "Bytes that requests brought, headers included, counted when a request ends.",
    labels: ["api", "route"],
  },
  moorage_http_sent_bytes_total: {
    kind: "counter",
    help: "Bytes that answers took, headers included, counted when a request ends.",
    labels: ["api", "route"],
  },
  moorage_http_requests_shed_total: {
    kind: "counter",
    help: "Requests answered with 503 because too many were under way.",
    labels: [],
  },
  moorage_http_refusals_total: {
    kind: "counter",
    help: "Refused requests, by the reason in the reference of errors.",
    labels: ["reason"],
  },
  moorage_uploads_open: {
    kind: "gauge",
    help: "Upload sessions that have neither ended nor expired.",
    labels: [],
  },
  moorage_cache_lookups_total: {
    kind: "counter",
    help: "Look-ups that a cache answered (hit) or passed on (miss).",
    labels: ["cache", "result"],
  },
  moorage_database_transactions_per_commit: {
    kind: "histogram",
    help: "Transactions that shared one commit, and so one fsync.",
    labels: [],
    buckets: AT_ONCE,
  },
  moorage_database_commit_duration_seconds: {
    kind: "histogram",
    help: "Time that a commit took, fsync included.",
    labels: [],
    buckets: COMMIT_SECONDS,
  },
  moorage_garbage_collection_runs_total: {
    kind: "counter",
    help: "Garbage collections that have ended, without dry runs.",
    labels: ["outcome"],
  },
  moorage_garbage_collection_freed_blobs_total: {
    kind: "counter",
    help: "Blobs that garbage collections have marked for removal.",
    labels: [],
  },
  moorage_garbage_collection_freed_bytes_total: {
    kind: "counter",
    help: "Bytes of the blobs that garbage collections have marked for removal.",
    labels: [],
  },
  moorage_garbage_collection_last_run_timestamp_seconds: {
    kind: "gauge",
    help: "When a garbage collection last ended, in Unix time.",
    labels: [],
  },
  moorage_garbage_collection_last_run_duration_seconds: {
    kind: "gauge",
    help: "How long the garbage collection that ended last took.",
    labels: [],
  },
  moorage_job_runs_total: {
    kind: "counter",
    help: "Runs of background jobs in this process.",
    labels: ["job", "outcome"],
  },
  moorage_job_last_success_timestamp_seconds: {
    kind: "gauge",
    help: "When a background job last ended well in this process, in Unix time.",
    labels: ["job"],
  },
  moorage_job_last_run_duration_seconds: {
    kind: "gauge",
    help: "How long the last run of a background job took.",
    labels: ["job"],
  },
  moorage_job_lag_seconds: {
    kind: "gauge",
    help: "By how much a background job's last run began later than its interval says.",
    labels: ["job"],
  },
  moorage_event_loop_delay_seconds: {
    kind: "gauge",
    help: "How late a worker's event loop came to what was due, in the last seconds.",
    labels: ["worker", "quantile"],
  },
  moorage_worker_heap_bytes: {
    kind: "gauge",
    help: "Memory that a worker's JavaScript objects take.",
    labels: ["worker"],
  },
  moorage_worker_last_sign_timestamp_seconds: {
    kind: "gauge",
    help: "When a worker last took its own measures, in Unix time; it does so every few seconds unless it hangs.",
    labels: ["worker"],
  },
  moorage_worker_deaths_total: {
    kind: "counter",
    help: "Workers that died and were replaced.",
    labels: [],
  },
  moorage_metrics_series_dropped_total: {
    kind: "counter",
    help: "Series that found no room in the memory for metrics.",
    labels: [],
  },
  process_cpu_seconds_total: {
    kind: "counter",
    help: "Processor time of the whole process, user and system.",
    labels: [],
  },
  process_resident_memory_bytes: {
    kind: "gauge",
    help: "Memory of the whole process that is in RAM.",
    labels: [],
  },
  process_open_fds: {
    kind: "gauge",
    help: "Open files and sockets of the process (Linux).",
    labels: [],
  },
  process_start_time_seconds: {
    kind: "gauge",
    help: "When the process began, in Unix time.",
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricFacts>>;

export type MetricName = keyof typeof METRICS;

/** Names of the metrics of one kind. */
export type MetricOf<Kind extends MetricFacts["kind"]> = {
  [Name in MetricName]: (typeof METRICS)[Name]["kind"] extends Kind ? Name : never;
}[MetricName];

/** A value for each of a metric's labels. */
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]["labels"][number], string>
>;

export function factsOf(name: MetricName): MetricFacts {
  return METRICS[name];
}
