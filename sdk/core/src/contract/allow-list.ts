import { z } from "zod";
import { ALLOW_LIST_ENTRIES_MAX, ALLOW_LIST_ENTRY_CHARACTERS_MAX } from "./limits.ts";

const ENTRY =
  "an entry must be an IPv4 or IPv6 address or network, such as 192.0.2.0/24 or 2001:db8::/32";
const LIST = `apiSubnetAllowList must be a list of at most ${ALLOW_LIST_ENTRIES_MAX} addresses or networks`;

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** One address or network; without a prefix length it is that single address. Spelling is kept. */
export const allowListEntry = z
  .string(ENTRY)
  .max(ALLOW_LIST_ENTRY_CHARACTERS_MAX, { error: ENTRY, abort: true })
  .refine((text) => address.safeParse(text).success, ENTRY);

/** `apiSubnetAllowList` (contract, section 2): order and spelling are kept; empty = no restriction. */
export const allowList = z
  .array(allowListEntry, LIST)
  .max(ALLOW_LIST_ENTRIES_MAX, { error: LIST, abort: true });
export type AllowList = z.output<typeof allowList>;
