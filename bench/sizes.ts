const MIB = 1024 * 1024;

/** How much each workload does. Everything is bounded: a run of all of them takes minutes, and a few GiB of disk. */
export interface Sizes {
  readonly rounds: number;
  /** How long a loop over small requests runs. */
  readonly seconds: number;
  /** Of each turn of the warm-up. */
  readonly warmUpSeconds: number;
  readonly pullBytes: number;
  readonly pulls: number;
  readonly pushBytesOfMany: number;
  readonly pushBytesOfOne: number;
  readonly pushes: number;
  readonly chunkBytes: number;
  readonly images: number;
  readonly tags: number;
  readonly tagsFew: number;
  readonly repositories: number;
  readonly referrers: number;
  readonly hugeBytes: number;
}

/** The sizes of `docs/performance.md`. */
export const FULL: Sizes = {
  rounds: 5,
  seconds: 3,
  warmUpSeconds: 0.5,
  pullBytes: 256 * MIB,
  pulls: 16,
  pushBytesOfMany: 64 * MIB,
  pushBytesOfOne: 128 * MIB,
  pushes: 16,
  chunkBytes: 5 * MIB,
  images: 200,
  tags: 5000,
  tagsFew: 1000,
  repositories: 2000,
  referrers: 500,
  hugeBytes: 1024 * MIB,
};

/** For a look: every workload, smaller. */
export const QUICK: Sizes = {
  rounds: 3,
  seconds: 0.7,
  warmUpSeconds: 0.2,
  pullBytes: 64 * MIB,
  pulls: 16,
  pushBytesOfMany: 16 * MIB,
  pushBytesOfOne: 64 * MIB,
  pushes: 8,
  chunkBytes: 5 * MIB,
  images: 40,
  tags: 1000,
  tagsFew: 200,
  repositories: 200,
  referrers: 100,
  hugeBytes: 128 * MIB,
};
