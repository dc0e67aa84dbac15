// How literals are laid out: on one line where they fit, else an item a line.
const COLUMNS_MAX = 80;

/** Text, or items between brackets. */
export type Piece =
  | string
  | { readonly open: string; readonly items: readonly Item[]; readonly close: string };

/** A piece with what stands before it, such as the name of a field. */
export interface Item {
  readonly before: string;
  readonly piece: Piece;
}

/** How a language writes lists of items. */
export interface Layout {
  readonly indentation: string;
  /** What stands inside the brackets on one line: a space, or nothing. */
  readonly padding: string;
  /** Whether what stands below one another begins in one column. */
  readonly isAligned: boolean;
  /** Whether items may stand on one line with their brackets. */
  readonly isFlat: (items: readonly Item[]) => boolean;
}

/** Items between brackets. */
export function group(open: string, items: readonly Item[], close: string): Piece {
  return { open, items, close };
}

/** The text of a piece that begins at a column, on a line of this indentation. */
export function laidOut(piece: Piece, layout: Layout, indentation = "", column = 0): string {
  if (typeof piece === "string") return piece;
  const { open, items, close } = piece;
  if (items.length === 0) return open + close;
  const flat = flatText(piece, layout);
  if (flat !== undefined && column + flat.length <= COLUMNS_MAX) return flat;
  const inner = indentation + layout.indentation;
  const lines = items.map(({ before, piece: each }) => {
    const value = laidOut(each, layout, inner, inner.length + before.length);
    return { before, value, isShort: !value.includes("\n") };
  });
  const texts = lines.map(({ before, value, isShort }, index) => {
    const width = layout.isAligned && isShort ? widthAt(lines, index) : 0;
    return `${inner}${before.padEnd(width)}${value},`;
  });
  return [open, ...texts, indentation + close].join("\n");
}

function flatText(piece: Piece, layout: Layout): string | undefined {
  if (typeof piece === "string") return piece;
  const { open, items, close } = piece;
  if (items.length === 0) return open + close;
  if (!layout.isFlat(items)) return undefined;
  const texts = items.map(({ before, piece: each }) => [before, flatText(each, layout)] as const);
  if (texts.some(([, text]) => text === undefined)) return undefined;
  const inside = texts.map(([before, text]) => before + text).join(", ");
  const padding = close === "}" ? layout.padding : "";
  return open + padding + inside + padding + close;
}

/** How wide the names are of the lines that stand with this one, uninterrupted by longer items. */
function widthAt(lines: readonly { before: string; isShort: boolean }[], index: number): number {
  const start = lines.findLastIndex(({ isShort }, at) => at < index && !isShort) + 1;
  const end = lines.findIndex(({ isShort }, at) => at > index && !isShort);
  const together = lines.slice(start, end === -1 ? undefined : end);
  return Math.max(...together.map(({ before }) => before.length));
}
