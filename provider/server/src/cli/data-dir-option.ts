import { z } from "zod";
import { type Config, readConfig } from "../config.ts";
import type { GivenOptions, Surroundings, ValueOption } from "./command.ts";

const NAME = "data-dir";

/** Names another data directory than the settings do. */
export const DATA_DIR: ValueOption = {
  name: NAME,
  placeholder: "directory",
  meaning: "The data directory; MOORAGE_DATA_DIR, where it is not given.",
  schema: z.string().min(1, "--data-dir: expected a directory"),
  isOptional: true,
};

/** The settings, with the data directory of the option. */
export function configWith(given: GivenOptions, { environment }: Surroundings): Config {
  const dataDir = given.find(NAME);
  return readConfig(
    dataDir === undefined ? environment : { ...environment, MOORAGE_DATA_DIR: dataDir },
  );
}
