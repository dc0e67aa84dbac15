/**
 * A line of JSON in which nothing is left that a terminal or a reader of lines could take for more than text: control characters beyond
 * ASCII, which JSON lets through, other ends of lines, and marks that turn the direction of writing. It stays the same JSON.
 */
export function printableLine(json: string): string {
  return NOT_ASCII.test(json) ? json.replace(UNPRINTABLE, escaped) : json;
}

const NOT_ASCII = /[^\n-~]/;
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
