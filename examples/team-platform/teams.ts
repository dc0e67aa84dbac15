// The one list that the platform is made from. Whoever adds a team adds an entry here, and nothing else.

/** What a team gets. */
export interface Team {
  /** The registry's name begins with it. */
  readonly name: string;
  /** When its garbage is collected, on Sundays, in UTC: spread over the night. */
  readonly collectsAt: `0${number}:${number}${number}`;
  /** Repositories that its pipeline may push to; `*` for all. */
  readonly pushes: readonly string[];
  /** Anyone may pull. */
  readonly isPublic?: boolean;
}

export const TEAMS: readonly Team[] = [
  { name: "accounts", collectsAt: "01:00", pushes: ["*"] },
  { name: "billing", collectsAt: "01:15", pushes: ["api", "worker"] },
  { name: "catalogue", collectsAt: "01:30", pushes: ["*"] },
  { name: "checkout", collectsAt: "01:45", pushes: ["*"] },
  { name: "delivery", collectsAt: "02:00", pushes: ["*"] },
  { name: "identity", collectsAt: "02:15", pushes: ["server", "tools/*"] },
  { name: "payments", collectsAt: "02:30", pushes: ["*"] },
  { name: "platform", collectsAt: "02:45", pushes: ["*"], isPublic: true },
  { name: "search", collectsAt: "03:00", pushes: ["*"] },
  { name: "storefront", collectsAt: "03:15", pushes: ["web"] },
];
