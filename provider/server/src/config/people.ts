import { z } from "zod";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../domain/limits.ts";

/** Who may sign in. */
export interface PeopleConfig {
  readonly admin: { readonly email: string; readonly password: string | undefined };
}

export const PEOPLE_SETTINGS = {
  MOORAGE_ADMIN_EMAIL: z.email("expected an e-mail address").default("admin@moorage.local"),
  MOORAGE_ADMIN_PASSWORD: z
    .string()
    .min(PASSWORD_LENGTH_MIN, `expected at least ${PASSWORD_LENGTH_MIN} characters`)
    .max(PASSWORD_LENGTH_MAX, `expected at most ${PASSWORD_LENGTH_MAX} characters`)
    .optional(),
};

const PEOPLE = z.object(PEOPLE_SETTINGS);

export function peopleConfig(settings: z.output<typeof PEOPLE>): PeopleConfig {
  return {
    admin: {
      email: settings.MOORAGE_ADMIN_EMAIL,
      password: settings.MOORAGE_ADMIN_PASSWORD,
    },
  };
}
