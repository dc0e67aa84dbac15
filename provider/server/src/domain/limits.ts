/** Every limit of the server, in one place, with its unit in its name. */

const KIB = 1024;
const MIB = 1024 * KIB;

// Names and references (OCI distribution 1.1, "Pulling manifests").
export const REPOSITORY_NAME_LENGTH_MAX = 255;
export const TAG_LENGTH_MAX = 128;
export const TAGS_PER_PUSH_MAX = 100;

// Documents.
/** OCI distribution 1.1 asks registries to accept manifests of at least 4 MiB. */
export const MANIFEST_BYTES_MAX = 4 * MIB;
/** Of what a manifest says it is; RFC 6838, section 4.2: 127 characters on each side of the slash. */
export const ARTIFACT_TYPE_LENGTH_MAX = 255;
/** Manifests that a page of referrers is read from; a page ends with the one that goes beyond. */
export const REFERRERS_BYTES_MAX = 4 * MIB;
export const MANIFEST_DESCRIPTORS_MAX = 10_000;
export const MANAGEMENT_BODY_BYTES_MAX = 1 * MIB;
export const REQUEST_HEADER_BYTES_MAX = 32 * KIB;
export const CREDENTIALS_LENGTH_MAX = 16 * KIB;

// Blobs.
/** Sealing, range reads and resumption all work in blocks of this many plain bytes. */
export const BLOB_BLOCK_BYTES = 256 * KIB;
/** Blobs of up to this size live, sealed, in the metadata store. */
export const BLOB_INLINE_BYTES_MAX = 64 * KIB;
/** How much of a blob may lie in a connection's buffers; more waits for the client to take some. Where many pull, a block does. */
export const BLOB_BYTES_IN_FLIGHT_MAX = 512 * KIB;
/** How much of an upload may be lost to a crash in the middle of one request. */
export const UPLOAD_CHECKPOINT_BYTES = 64 * MIB;
export const UPLOADS_PER_REGISTRY_MAX = 10_000;
/** Uploads whose running digests a process remembers between requests. */
export const LIVE_UPLOADS_MAX = 10_000;
export const UPLOAD_IDLE_MILLISECONDS_MAX = 24 * 60 * 60 * 1000;
/** How long a request waits for another one that writes to the same upload. */
export const UPLOAD_TURN_MILLISECONDS_MAX = 10_000;
/** How long an upload belongs to a worker that has died; prolonged three times as often while one writes to it. */
export const UPLOAD_CLAIM_MILLISECONDS = 5000;
/** The longest pause before a request that waits for another worker's looks again whether that has ended. */
export const UPLOAD_CLAIM_POLL_MILLISECONDS = 20;
/** How long a worker holds an upload open for its next chunk. Other workers of the process ask for it; other processes wait so long. */
export const UPLOAD_HELD_MILLISECONDS = 500;
/** Uploads that a worker holds open between requests; each may have a block in memory. */
export const UPLOADS_HELD_MAX = 64;
/** Blocks that a reader of a blob fetches in one go, ahead of what its consumer has taken. */
export const BLOB_READ_AHEAD_BLOCKS = 4;
/** So many readers of a worker do; those that come beyond hold a single block each: a thousand slow pulls must not hold two GiB. */
export const BLOB_READERS_FAR_AHEAD_MAX = 32;
/** How much of an object gathers before it is written. While that is under way, as much again may gather. */
export const OBJECT_STAGING_BYTES = 1 * MIB;
/** So many buffers of a worker have that size; those that are taken beyond are smaller. */
export const OBJECT_STAGING_BUFFERS_MAX = 32;
export const OBJECT_STAGING_BYTES_AMONG_MANY = 128 * KIB;
/** Buffers that a worker keeps although it does not need them now. */
export const OBJECT_STAGING_BUFFERS_KEPT_MAX = 8;
/** After so many bytes in its cache the kernel is told to write them out, while more arrive: less is left to wait for at the end. */
export const OBJECT_SYNC_BYTES = 4 * MIB;
/** Directories whose names are known to be durable; forgetting one costs an fsync. */
export const DURABLE_DIRECTORIES_MAX = 20_000;
/** Of the repositories that hold a blob, how many are looked at for one that the caller may mount it from. */
export const MOUNT_SOURCES_MAX = 100;

// Pages.
export const PAGE_LENGTH_DEFAULT = 100;
export const PAGE_LENGTH_MAX = 1000;

// Credentials.
export const TOKEN_SECRET_BYTES = 32;
export const BEARER_LIFETIME_SECONDS = 300;
/** An upload that was begun with a bearer token may be finished with it for so long after it has expired. */
export const BEARER_UPLOAD_GRACE_SECONDS = 24 * 60 * 60;
export const BEARER_SCOPES_MAX = 32;
export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 256;
/** Of one that is generated. */
export const PASSWORD_BYTES = 24;
/** A password that was found right is not put through scrypt again for this long. */
export const PASSWORD_CACHE_MILLISECONDS = 60_000;
export const PASSWORD_CACHE_ENTRIES_MAX = 1000;
/** Checked passwords at once; scrypt takes 16 MiB and a thread for each. */
export const PASSWORD_CHECKS_AT_ONCE_MAX = 2;
/** Checks that may wait for their turn; further ones are refused, so that a flood of guesses cannot pile up. */
export const PASSWORD_CHECKS_WAITING_MAX = 64;
/** Bearer tokens whose signature was found right and need not be checked again until they expire. */
export const BEARER_CACHE_ENTRIES_MAX = 10_000;
/** Registries whose data key is kept in memory. */
export const DATA_KEYS_IN_MEMORY_MAX = 10_000;

// Identity providers.
export const IDENTITY_PROVIDERS_MAX = 50;
export const IDENTITY_RULES_MAX = 500;
/** Of a claim that a role or a rule goes by; a longer value counts for nothing. */
export const IDENTITY_CLAIM_LENGTH_MAX = 512;
/** Of one claim, and of those only that a role or a rule goes by. */
export const IDENTITY_CLAIM_VALUES_MAX = 32;
/** OpenID Connect Core 1.0, section 2, "sub". */
export const IDENTITY_SUBJECT_LENGTH_MAX = 255;
export const IDENTITY_NAME_LENGTH_MAX = 254;
/** How far a provider's clock and ours may be apart. */
export const IDENTITY_CLOCK_SKEW_SECONDS = 60;
/** JWTs that were found right and need not be checked again until their provider's keys change. */
export const IDENTITY_CACHE_ENTRIES_MAX = 10_000;
/** After so long a provider is asked for its keys anew: as long counts a key that it has withdrawn. */
export const PROVIDER_KEYS_FRESH_MILLISECONDS = 10 * 60_000;
/** While a provider does not answer, its last keys go on for so long. */
export const PROVIDER_KEYS_STALE_MILLISECONDS_MAX = 24 * 60 * 60_000;
/** Between two attempts to ask a provider, whatever JWTs arrive. */
export const PROVIDER_COOL_DOWN_MILLISECONDS = 30_000;
export const PROVIDER_ANSWER_MILLISECONDS_MAX = 5000;
export const PROVIDER_ANSWER_BYTES_MAX = 1 * MIB;

// Registries, tokens and people (management API).
/** A change that was decided on what somebody else has changed meanwhile is decided anew, so many times in all. */
export const CHANGE_TRIES_MAX = 5;
/** As many as one request can carry, so that what single scopes add up to can also be sent back whole. */
export const SCOPES_PER_TOKEN_MAX = 100;
export const TOKEN_EXPIRY_AHEAD_MILLISECONDS_MIN = 60 * 60 * 1000;
export const EXPIRED_TOKENS_PER_SWEEP_MAX = 500;

// Browsing (management API).
/** A list this long is sorted for a page in an order that no index has; a longer one comes in its indexed orders alone. */
export const SORTED_ENTRIES_MAX = 100_000;
export const ORGANIZATION_USAGE_ENTRIES_MAX = 10_000;
export const VULNERABILITY_ID_LENGTH_MAX = 64;
export const PLATFORMS_PER_TAG_MAX = 100;

// Statistics, written behind.
export const USAGE_FLUSH_MILLISECONDS = 5000;
/** Manifests, and tokens, that a batch can hold; a full one is written at once. */
export const USAGE_NOTES_MAX = 10_000;
/** Others write in between. */
export const USAGE_NOTES_PER_TRANSACTION_MAX = 200;

// The audit log.
/** Of any text from outside in an event: a user name, a user agent. */
export const AUDIT_TEXT_LENGTH_MAX = 256;
/** Refusals are written behind; what is alike within so long becomes one event. A process that dies loses so much. */
export const REFUSALS_FLUSH_MILLISECONDS = 5000;
/** Different refusals that a worker keeps in memory; further ones are only counted. */
export const REFUSALS_NOTED_MAX = 1000;
/** Events of refusals that an organization's log takes, from all workers together, within so long: 14,400 a day. */
export const REFUSAL_EVENTS_MAX = 500;
export const REFUSAL_EVENTS_MILLISECONDS = 50 * 60_000;
/** How often it takes an event that counts the others. */
export const OTHER_REFUSALS_EVERY_MILLISECONDS = 60_000;
/** Organizations and actions whose other refusals are counted. */
export const REFUSAL_SUMS_MAX = 10_000;
/** Events that an export reads at a time. */
export const AUDIT_EXPORT_ENTRIES_PER_QUERY_MAX = 500;

/** How long the audit log can be told to keep events. */
export const AUDIT_RETENTION_DAYS_MAX = 36_500;
/** Removed in one transaction, which others wait for. */
export const AUDIT_EVENTS_PER_REMOVAL_MAX = 1000;

// Background jobs.
export const EXPIRE_TOKENS_EVERY_MILLISECONDS = 60_000;
export const EXPIRE_UPLOADS_EVERY_MILLISECONDS = 10 * 60_000;
export const EXPIRE_AUDIT_EVENTS_EVERY_MILLISECONDS = 6 * 60 * 60_000;
export const FORGET_LEASES_EVERY_MILLISECONDS = 60 * 60_000;
export const SWEEP_REGISTRIES_EVERY_MILLISECONDS = 60 * 60_000;
export const SWEEP_ORPHANS_EVERY_MILLISECONDS = 6 * 60 * 60_000;
/** How often a worker looks whether another one has made the first owner. */
export const OWNER_POLL_MILLISECONDS = 5;
/** Bytes that no row names are left alone until nobody has written to them for so long. */
export const ORPHAN_AGE_MILLISECONDS_MIN = 60 * 60_000;
export const COLLECT_GARBAGE_EVERY_MILLISECONDS = 5000;
/** A slot that the server has missed for longer than this is not made up for. */
export const SLOT_LATE_MILLISECONDS_MAX = 24 * 60 * 60 * 1000;
export const DUE_COLLECTIONS_PER_QUERY_MAX = 100;
/** Manifests that one step of the search for untagged ones looks at. */
export const MANIFESTS_PER_WALK_MAX = 4000;
export const UNTAGGED_PER_REMOVAL_MAX = 250;
/** What is beyond goes with the next run. */
export const UNTAGGED_PER_RUN_MAX = 200_000;
/** Manifests of which a worker remembers that it has promised them. */
export const PROMISED_MANIFESTS_MAX = 10_000;
/** Blobs that the collector looks at in one transaction: other work waits for so many. */
export const BLOBS_PER_MARKING_MAX = 4000;
/** Should the collector die while a registry is read-only, it is so for this long at most: less than a push waits. */
export const READ_ONLY_HOLD_MILLISECONDS = 5000;
export const READ_ONLY_WAIT_MILLISECONDS_MAX = 60 * 60_000;
export const GARBAGE_GRACE_MILLISECONDS_MAX = 365 * 24 * 60 * 60_000;
/** How often a request that waits for a registry looks whether it is writable again. */
export const READ_ONLY_POLL_MILLISECONDS = 50;
export const READ_ONLY_RETRY_AFTER_SECONDS = 5;
export const MARKED_BLOBS_PER_REMOVAL_MAX = 250;
/** Removals of bytes at once. */
export const BYTES_REMOVED_AT_ONCE_MAX = 8;
/** Of each registry. */
export const COLLECTION_RUNS_KEPT_MAX = 100;
export const IDLE_UPLOADS_PER_SWEEP_MAX = 500;
export const ENDED_UPLOADS_PER_SWEEP_MAX = 5000;
export const SWEPT_REGISTRIES_PER_QUERY_MAX = 200;
export const UNNAMED_OBJECTS_PER_QUERY_MAX = 500;
/** How long a job outlives its process in the eyes of the others; prolonged three times as often while it runs. */
export const JOB_LEASE_MILLISECONDS = 60_000;

// Requests.
/** A connection on which nothing moves for so long is cut. */
export const REQUEST_IDLE_MILLISECONDS_MAX = 60_000;
/** A body that brings less than this in that time is cut too: about 1 KiB a second. */
export const REQUEST_BODY_BYTES_PER_WINDOW_MIN = 64 * KIB;
/** How much of a body that nobody wants is taken, so that its sender sees the answer. */
export const UNREAD_BODY_BYTES_MAX = 16 * MIB;
/** Requests that one worker handles at once; more are told to come back. */
export const REQUESTS_AT_ONCE_MAX = 2000;
export const OVERLOAD_RETRY_AFTER_SECONDS = 1;
export const SHUTDOWN_DRAIN_MILLISECONDS = 10_000;

/** Of a longer way through proxies, so many hops count. */
export const FORWARDED_HOPS_MAX = 32;
/** Longer than the pools of common proxies keep a connection, so that it is they who close it. */
export const KEEP_ALIVE_MILLISECONDS = 72_000;
/** How long a browser that came by HTTPS uses nothing else. */
export const STRICT_TRANSPORT_SECONDS = 365 * 24 * 60 * 60;
/** How long a browser remembers what a page of another origin may do. */
export const PREFLIGHT_SECONDS = 600;
export const TLS_HANDSHAKE_MILLISECONDS_MAX = 10_000;
/** A certificate's files are read when they have not changed for so long, since two are rarely written at once. */
export const CERTIFICATE_SETTLE_MILLISECONDS = 200;
/** For so long a certificate and a key may not fit before that is a problem. */
export const CERTIFICATE_DOUBT_MILLISECONDS = 2000;
/** How often the files are read where nothing tells of their changes, as on some network file systems. */
export const CERTIFICATE_POLL_MILLISECONDS = 5000;

// The metadata store.
/** Secrets that rotations left valid for a while; one more ends the one that would have ended first. */
export const OLD_SECRETS_PER_TOKEN_MAX = 10;
/** Values of one query that looks up many: few enough for every database's limit on parameters. */
export const VALUES_PER_QUERY_MAX = 500;
/** Prepared statements that a connection keeps; the least recently used one goes first. */
export const PREPARED_STATEMENTS_MAX = 256;
export const DATABASE_CACHE_BYTES = 16 * MIB;
/** To this size the write-ahead log is cut back after something large. */
export const DATABASE_LOG_BYTES_MAX = 64 * MIB;
/** Transactions that share one commit: so many, or as many as run in so long; then the event loop gets its turn. */
export const TRANSACTIONS_PER_COMMIT_MAX = 128;
export const TRANSACTIONS_PER_COMMIT_MILLISECONDS_MAX = 8;
/** While another process holds the database: how often to ask at every turn of the event loop, how often then, and for how long. */
export const DATABASE_EAGER_ATTEMPTS_MAX = 20;
export const DATABASE_ATTEMPT_MILLISECONDS = 2;
export const DATABASE_BUSY_MILLISECONDS_MAX = 10_000;
export const DATABASE_RETRY_AFTER_SECONDS = 5;

// Workers.
export const WORKERS_MAX = 64;
/** A worker that died is replaced after this pause, so that one that dies at its start does not keep a core busy. */
export const WORKER_RESTART_MILLISECONDS = 200;
/** Beyond its own deadline, before it is ended from outside. */
export const WORKER_STOP_GRACE_MILLISECONDS = 2000;

// Registries' own ports.
/** How soon a worker learns that a registry has come or gone. */
export const REGISTRY_PORTS_POLL_MILLISECONDS = 50;
/** How often a port that something else listens at is tried again. */
export const REGISTRY_PORT_RETRY_MILLISECONDS = 2000;

// Answers kept in memory, by each worker.
/** Of each kind: tokens, registries, people. */
export const CACHED_ROWS_MAX = 10_000;
export const COMPILED_ALLOW_LISTS_MAX = 1000;
export const CACHED_MANIFEST_BYTES_MAX = 16 * MIB;
export const CACHED_BLOB_BYTES_MAX = 16 * MIB;

// Counting callers, for all workers and processes.
/** Room for about 16,000 addresses, names and pairs of both. */
export const TALLY_MEMORY_BYTES = 1 * MIB;
/** How often processes tell each other what they have counted. */
export const TALLY_SHARE_MILLISECONDS = 1000;
/** Of more keys, the rest is told a moment later: each blocks the event loop for 5 µs. */
export const TALLY_KEYS_PER_SHARE_MAX = 500;
/** The part of a rate that a process may use up before it asks what others have used. */
export const TALLY_UNSHARED_PART_MAX = 1 / 20;
/** How long a thread waits for the file of counts, which is written within microseconds. */
export const TALLY_BUSY_MILLISECONDS_MAX = 20;
export const RATE_COUNT_MAX = 1_000_000;
export const RATE_WINDOW_MILLISECONDS_MIN = 5000;
export const RATE_WINDOW_MILLISECONDS_MAX = 24 * 60 * 60_000;

// Guessing passwords; see `app/sign-in-guard.ts`.
/** Of one user name from one address. */
export const FAILED_SIGN_INS_OF_PAIR_MAX = 10;
/** From one address, under whatever names. */
export const FAILED_SIGN_INS_OF_ADDRESS_MAX = 50;
/** Of one user name, from wherever: beyond, it is slowed down, but never locked. */
export const FAILED_SIGN_INS_OF_NAME_MAX = 100;
export const FAILED_SIGN_INS_MILLISECONDS = 10 * 60_000;
/** Password checks of a name that is being guessed at, in so long, from addresses that nobody has signed in from under it. */
export const SLOWED_CHECKS_OF_NAME_MAX = 5;
export const SLOWED_CHECKS_MILLISECONDS = 5000;
/** The same of a name at an address where it has failed too often: whoever shares the address waits for seconds, not for the window. */
export const SLOWED_CHECKS_OF_PAIR_MAX = 1;
export const SLOWED_CHECKS_OF_PAIR_MILLISECONDS = 15_000;
/** The same at an address where too much has failed, all names together. */
export const SLOWED_CHECKS_OF_ADDRESS_MAX = 2;
export const SLOWED_CHECKS_OF_ADDRESS_MILLISECONDS = 10_000;
/** For so long after a sign-in, what others do at the same address or under the same name does not slow the person down. */
export const KNOWN_PAIR_MILLISECONDS = 7 * 24 * 60 * 60_000;
/** How often one reason for refusing to check passwords is told to the log. */
export const SIGN_IN_SLOWED_EVENT_MILLISECONDS = 60_000;

// Traces, of each worker.
/** Spans that wait for the collector; beyond, they are dropped. */
export const SPANS_WAITING_MAX = 4096;
export const SPANS_PER_EXPORT_MAX = 512;
export const SPAN_ATTRIBUTE_LENGTH_MAX = 256;
export const TRACE_EXPORT_EVERY_MILLISECONDS = 1000;
export const TRACE_EXPORT_MILLISECONDS_MAX = 5000;
/** At the stop of the server. */
export const TRACE_FLUSH_MILLISECONDS_MAX = 2000;
export const TRACE_FAILURE_TOLD_EVERY_MILLISECONDS = 60_000;

// Measures, for each worker.
/** Numbers: a series of a histogram takes about twenty, any other one. */
export const METRIC_PAGE_SLOTS_MAX = 16 * KIB;
/** Names and labels of the series. */
export const METRIC_PAGE_DIRECTORY_BYTES = 512 * KIB;
export const METRIC_PAGE_BYTES = 8 + METRIC_PAGE_DIRECTORY_BYTES + 8 * METRIC_PAGE_SLOTS_MAX;
/** How often a worker takes its own measures. */
export const METRIC_SAMPLE_MILLISECONDS = 2000;
/** How long the command `healthcheck` waits for an answer. */
export const HEALTHCHECK_MILLISECONDS_MAX = 4000;

// Commands.
/** How often a backup copies the metadata anew because a blob was removed meanwhile. */
export const BACKUP_ROUNDS_MAX = 5;
export const BACKUP_BLOBS_AT_ONCE_MAX = 4;
/** How long a command waits for a database that another process writes to. */
export const COMMAND_DATABASE_BUSY_MILLISECONDS_MAX = 30_000;
/** Rows that a check of the content looks at in one query; each may hold a whole manifest. */
export const VERIFIED_ROWS_PER_QUERY_MAX = 16;
/** Repositories that are named beside a damaged blob. */
export const DAMAGED_BLOB_HOLDERS_MAX = 10;
export const COPIED_BYTES_PER_READ = 1 * MIB;
