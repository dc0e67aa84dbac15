import { readdir, readlink } from "node:fs/promises";

/** The files below a directory that this process has open (Linux). */
export async function openFilesBelow(directory: string): Promise<string[]> {
  const links = (await readdir("/proc/self/fd")).map((descriptor) =>
    readlink(`/proc/self/fd/${descriptor}`).catch(() => ""),
  );
  return (await Promise.all(links)).filter((path) => path.startsWith(directory));
}
