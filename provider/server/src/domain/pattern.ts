/**
 * Compares a text with a pattern in which `*` stands for any run of characters, `/` included. Linear in the product of both
 * lengths at worst: no regular expression is made from what a user sent.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let atPattern = 0;
  let atText = 0;
  let star = -1;
  let resumeAt = 0;
  while (atText < text.length) {
    if (pattern[atPattern] === "*") {
      star = atPattern++;
      resumeAt = atText;
    } else if (pattern[atPattern] === text[atText]) {
      atPattern++;
      atText++;
    } else if (star >= 0) {
      atPattern = star + 1;
      atText = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[atPattern] === "*") {
    atPattern++;
  }
  return atPattern === pattern.length;
}
