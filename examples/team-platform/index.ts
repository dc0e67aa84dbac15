// A platform for many teams: each entry of `teams.ts` becomes a registry, a token for the team's pipeline, one for
// where it deploys, and a schedule for the collection of garbage.
import { GCSchedule, Registry, Token } from "@moorage/pulumi";
import { TEAMS, type Team } from "./teams.ts";

function platformFor({ name, collectsAt, pushes, isPublic = false }: Team) {
  const { registryId, endpoint } = new Registry(name, {
    location: "de/fra",
    visibility: isPublic ? "public" : "private",
    // The platform can be taken away with what was pushed. Leave this out where content matters.
    forceDestroy: true,
  });
  new GCSchedule(name, { registryId, days: ["Sunday"], time: collectsAt });
  const pipeline = new Token(`${name}-ci`, {
    registryId,
    description: `Pushes what the pipelines of ${name} build`,
    scopes: pushes.map((repository) => ({
      type: "repository" as const,
      name: repository,
      actions: ["pull" as const, "push" as const],
    })),
    expiresIn: "30d",
    rotateBefore: "7d",
  });
  const deployment = new Token(`${name}-pull`, {
    registryId,
    description: `Pulls what ${name} deploys`,
    scopes: [{ type: "repository", name: "*", actions: ["pull"] }],
    expiresIn: "90d",
    rotateBefore: "30d",
  });
  return {
    endpoint,
    ciUsername: pipeline.username,
    ciPassword: pipeline.password,
    pullSecret: deployment.dockerConfigJson,
  };
}

/** By team: where it pushes, and with what. */
export const teams = Object.fromEntries(TEAMS.map((team) => [team.name, platformFor(team)]));
