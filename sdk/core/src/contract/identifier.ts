import { z } from "zod";

const UUID = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/;

/** The id of a registry, token, scope, run or user (contract, section 0): a UUID of any version. */
export const identifier = z
  .string("id must be a UUID, such as 5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11")
  .regex(UUID, "id must be a UUID, such as 5d1c7a52-0f3e-4a6e-9b52-0c9a3c1f0e11");
