/** Whether free text can be kept as it is: no database takes half a surrogate pair, and PostgreSQL no NUL. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
