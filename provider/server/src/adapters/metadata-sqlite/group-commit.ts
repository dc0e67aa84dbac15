import { setTimeout as delay } from "node:timers/promises";
import { RegistryError } from "../../domain/errors.ts";
import {
  DATABASE_ATTEMPT_MILLISECONDS,
  DATABASE_BUSY_MILLISECONDS_MAX,
  DATABASE_EAGER_ATTEMPTS_MAX,
  DATABASE_RETRY_AFTER_SECONDS,
  TRANSACTIONS_PER_COMMIT_MAX,
  TRANSACTIONS_PER_COMMIT_MILLISECONDS_MAX,
} from "../../domain/limits.ts";
import { type Histogram, type Meter, NO_METER } from "../../ports/meter.ts";
import type { SqlSession } from "../metadata-sql/sql-database.ts";
import { countChanges } from "./change-counts.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { isBusy } from "./sqlite-failures.ts";

/*
 * Transactions that wait at the same time share one commit, and so one fsync.
 *
 *   transaction():  waiting += job;  if nobody drains: drain at the end of this turn of the event loop
 *   drain():        until nothing waits:
 *                     BEGIN IMMEDIATE          another process writes: try again later, without stopping the loop
 *                     for each waiting job:    (up to a number and a time, so that the loop gets its turn)
 *                       run it        it fails: ROLLBACK; all that ran so far wait again, and the next group runs them apart:
 *                       SAVEPOINT; run it; RELEASE        it fails: ROLLBACK TO, which undoes this job alone
 *                     count the topics that were touched, for the caches of all processes
 *                     COMMIT; tell the caches of this process
 *                     now, and not earlier, the jobs' promises are settled
 *
 * Hardly any job fails, and a savepoint costs a copy of every page that is changed after it, so the first way is the usual one. A job that
 * fails with none before it in its group is told at once: what it met was committed.
 *
 * Any other failure waits for the commit too: it may be about what a job before it in the group has written (a name taken, say), which
 * is not true until it is durable. A crash before the commit loses the whole group, of which nobody was told anything.
 *
 * Some failures (a full disk) make SQLite undo the whole transaction. Then the job that met it fails, and those before it, which are
 * undone with it, run again. A commit that fails fails all.
 */

interface GroupLimits {
  readonly jobsPerGroupMax: number;
  readonly groupMillisecondsMax: number;
  readonly busyMillisecondsMax: number;
}

const LIMITS: GroupLimits = {
  jobsPerGroupMax: TRANSACTIONS_PER_COMMIT_MAX,
  groupMillisecondsMax: TRANSACTIONS_PER_COMMIT_MILLISECONDS_MAX,
  busyMillisecondsMax: DATABASE_BUSY_MILLISECONDS_MAX,
};

interface Job {
  /** Runs the work and returns how to tell its caller. */
  run(session: SqlSession): Promise<() => void>;
  reject(error: unknown): void;
}

interface Ran {
  readonly job: Job;
  readonly settle: () => void;
}

/** Runs transactions on one connection, in the order in which they came. */
export class GroupCommit {
  readonly #connection: SqliteConnection;
  readonly #session: SqlSession;
  readonly #limits: GroupLimits;
  readonly #committed: () => void;
  readonly #transactions: Histogram;
  readonly #seconds: Histogram;
  #waiting: Job[] = [];
  #draining: Promise<void> | undefined;
  #group: Promise<void> | undefined;
  /** Whether the next group keeps its jobs apart, because one of them has failed. */
  #keepsApart = false;

  /** `committed` is called after a commit that has changed something, and before anybody is told of it. */
  constructor(
    connection: SqliteConnection,
    limits: Partial<GroupLimits> = {},
    committed: () => void = () => {},
    meter: Meter = NO_METER,
  ) {
    this.#connection = connection;
    this.#committed = committed;
    this.#transactions = meter.histogram("moorage_database_transactions_per_commit", {});
    this.#seconds = meter.histogram("moorage_database_commit_duration_seconds", {});
    this.#limits = { ...LIMITS, ...limits };
    this.#session = { execute: async (query) => connection.execute(query) };
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({
      run: async (session) => {
        const value = await work(session);
        return () => resolve(value);
      },
      reject,
    });
    this.#draining ??= this.#drain();
    return promise;
  }

  /** Whether a group is under way whose changes must not be seen yet; resolves when it has ended. */
  get group(): Promise<void> | undefined {
    return this.#group;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await endOfTurn();
      if (await this.#begin()) {
        this.#group = this.#runGroup();
        await this.#group;
        this.#group = undefined;
      }
    }
    this.#draining = undefined;
  }

  /** Gets the right to write. When that fails, all who wait are told. */
  async #begin(): Promise<boolean> {
    const start = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        this.#connection.run("begin immediate");
        return true;
      } catch (error) {
        if (!isBusy(error)) {
          this.#rejectAll(error);
          return false;
        }
        if (performance.now() - start > this.#limits.busyMillisecondsMax) {
          const detail = { retryAfterSeconds: DATABASE_RETRY_AFTER_SECONDS };
          this.#rejectAll(new RegistryError("service-unavailable", detail, { cause: error }));
          return false;
        }
      }
      await (attempt <= DATABASE_EAGER_ATTEMPTS_MAX
        ? endOfTurn()
        : delay(DATABASE_ATTEMPT_MILLISECONDS));
    }
  }

  /** Never rejects: every failure belongs to a job. */
  async #runGroup(): Promise<void> {
    const ran: Ran[] = [];
    const start = performance.now();
    const { jobsPerGroupMax, groupMillisecondsMax } = this.#limits;
    const isApart = this.#keepsApart;
    this.#keepsApart = false;
    while (ran.length < jobsPerGroupMax && performance.now() - start < groupMillisecondsMax) {
      const job = this.#waiting.shift();
      if (job === undefined) {
        break;
      }
      const settle = await (isApart ? this.#runApart(job) : this.#runJob(job, ran.length > 0));
      if (settle === undefined || !this.#connection.isInTransaction) {
        settle?.();
        const again = settle === undefined ? [job] : [];
        this.#waiting.unshift(...ran.map((each) => each.job), ...again);
        return;
      }
      ran.push({ job, settle });
    }
    try {
      countChanges(this.#connection);
      const begin = performance.now();
      this.#connection.run("commit");
      this.#seconds.observe((performance.now() - begin) / 1000);
      this.#transactions.observe(ran.length);
    } catch (error) {
      this.#rollBack();
      for (const { job } of ran) {
        job.reject(error);
      }
      return;
    } finally {
      this.#committed();
    }
    for (const { settle } of ran) {
      settle();
    }
  }

  /** `undefined`: it has failed, and everything is undone; whether it really fails, it shows when it runs apart. */
  async #runJob(job: Job, isFollowing: boolean): Promise<(() => void) | undefined> {
    try {
      const settle = await job.run(this.#session);
      if (!this.#connection.isInTransaction) {
        throw new Error("a transaction went on after SQLite had undone it");
      }
      return settle;
    } catch (error) {
      this.#rollBack();
      if (isFollowing) {
        this.#keepsApart = true;
        return undefined;
      }
      return () => job.reject(error);
    }
  }

  async #runApart(job: Job): Promise<() => void> {
    try {
      this.#connection.run("savepoint job");
      const settle = await job.run(this.#session);
      this.#connection.run("release job");
      return settle;
    } catch (error) {
      if (this.#connection.isInTransaction) {
        this.#connection.run("rollback to job");
        this.#connection.run("release job");
      }
      return () => job.reject(error);
    }
  }

  #rollBack(): void {
    if (this.#connection.isInTransaction) {
      this.#connection.run("rollback");
    }
  }

  #rejectAll(error: unknown): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const job of all) {
      job.reject(error);
    }
  }
}

/** Lets everything that has already arrived be handled first, so that its transactions join the group. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
