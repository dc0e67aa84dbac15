/** Every limit of the management API's requests, with its unit in the name. */

/** Addresses and networks in `apiSubnetAllowList` (contract, section 2). */
export const ALLOW_LIST_ENTRIES_MAX = 25;
/** Characters of one entry of an allow-list: a full IPv6 address, a slash and a prefix length. */
export const ALLOW_LIST_ENTRY_CHARACTERS_MAX = 49;
/** Scopes of one token. */
export const SCOPES_MAX = 100;
/** Characters of a scope's name: as many as a repository's name may have (contract, section 1). */
export const SCOPE_NAME_CHARACTERS_MAX = 256;
/** Actions listed in one scope. */
export const SCOPE_ACTIONS_MAX = 8;
/** Characters of a token's description (extensions, added fields). */
export const DESCRIPTION_CHARACTERS_MAX = 256;
/** Characters of a location's id. */
export const LOCATION_CHARACTERS_MAX = 32;
/** Items of one page, when the request names no limit (contract, section 1). */
export const PAGE_ITEMS_DEFAULT = 100;
/** Items of one page at most (contract, section 1). */
export const PAGE_ITEMS_MAX = 1000;
/** Items that a page may skip. */
export const PAGE_OFFSET_MAX = 2_147_483_647;
/** Characters of the opaque `pagination.token`. */
export const PAGE_TOKEN_CHARACTERS_MAX = 2048;
/** Characters of a filter in a query. */
export const FILTER_CHARACTERS_MAX = 256;
/** How long a rotated token's old secret may stay valid (extensions, added paths): seven days. */
export const ROTATION_GRACE_SECONDS_MAX = 604_800;
/** How far ahead an expiry must lie (contract, section 2); judged by the server, which has the clock. */
export const EXPIRY_LEAD_SECONDS_MIN = 3600;
/** Characters of a repository's name (contract, section 1). */
export const REPOSITORY_NAME_CHARACTERS_MAX = 256;
/** Characters of a user's e-mail address (RFC 5321, section 4.5.3.1). */
export const EMAIL_CHARACTERS_MAX = 254;
/** Characters of an organization's name. */
export const ORGANIZATION_NAME_CHARACTERS_MAX = 128;
/** Characters of a user's displayed name. */
export const DISPLAY_NAME_CHARACTERS_MAX = 128;
/** Characters of a user's password. */
export const PASSWORD_CHARACTERS_MIN = 12;
/** Characters of a user's password; bounds the work of hashing it. */
export const PASSWORD_CHARACTERS_MAX = 256;
