const NAME_CHARACTERS_MAX = 63;

/**
 * A name made from a program's resource name and a suffix, such as `shop-3f9a1c2`; what a registry's
 * or token's name cannot contain becomes a hyphen.
 */
export function autoName(resourceName: string, suffix: string): string {
  const words = resourceName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, NAME_CHARACTERS_MAX - suffix.length - 1)
    .replace(/-+$/, "");
  return `${words === "" ? "moorage" : words}-${suffix}`;
}
