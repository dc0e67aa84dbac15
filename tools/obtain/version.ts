/** The first `1.2.3` in what a tool prints about itself. */
export function findVersion(text: string): string | undefined {
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}

export function isAtLeast(version: string, versionMin: string): boolean {
  const parts = version.split(".").map(Number);
  const partsMin = versionMin.split(".").map(Number);
  for (const [index, partMin] of partsMin.entries()) {
    const part = parts[index] ?? 0;
    if (part !== partMin) return part > partMin;
  }
  return true;
}
