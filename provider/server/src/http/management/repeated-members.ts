/**
 * Whether an object in a JSON text has two members of one name. Parsers keep either, so that who checks a request on its way can read another
 * one than we do (RFC 8259, section 4). `text` is valid JSON and `value` what it was parsed to: then it has as many names as members, or more.
 */
export function hasRepeatedMember(text: string, value: unknown): boolean {
  return countNames(text) > countMembers(value);
}

/** In valid JSON a string before a colon is a name, and every other one a value. */
function countNames(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start);
    let next = end + 1;
    while (/\s/.test(text[next] ?? "")) {
      next++;
    }
    if (text[next] === ":") {
      count++;
    }
    start = text.indexOf('"', next);
  }
  return count;
}

/** Where the quote stands that ends the string which begins at `start`: the next one that is not escaped. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

/** Without recursion: a body can be as deep as it is long. */
function countMembers(value: unknown): number {
  let count = 0;
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "object" && next !== null) {
      const members = Object.values(next);
      count += Array.isArray(next) ? 0 : members.length;
      for (const member of members) {
        left.push(member);
      }
    }
  }
  return count;
}
