import { ownPassword, userPatch, userRequest, usersQuery } from "@moorage/core/contract/user";
import { changeOwnPassword, findOneself } from "../../app/change-own-password.ts";
import { changePerson, deletePerson } from "../../app/change-person.ts";
import { createPerson } from "../../app/create-person.ts";
import { findPerson } from "../../app/find-person.ts";
import { listPeople } from "../../app/list-people.ts";
import type { UserId } from "../../domain/ids.ts";
import { etagOf, parseIfMatch } from "../wire/etag.ts";
import { parseId, parseRequest } from "./parse-request.ts";
import type { RouteParts } from "./route-parts.ts";
import { personChangeOf, personDraftOf, usersView, userView } from "./user-view.ts";

interface AtUser {
  readonly Params: { readonly userId: string };
}

/** The people of the caller's organization (extensions, "Added paths"). */
export function userRoutes({ instance, context, callerOf }: RouteParts): void {
  instance.get("/users", async (request) => {
    const query = parseRequest(usersQuery, request.query);
    return usersView(await listPeople(context, callerOf(request), query), query, request.hrefs);
  });

  instance.post("/users", async (request, reply) => {
    const draft = personDraftOf(parseRequest(userRequest, request.body).properties);
    const { user, password } = await createPerson(context, callerOf(request), draft);
    return reply
      .code(201)
      .header("location", request.hrefs.user(user.id))
      .header("etag", etagOf(user.revision))
      .send(userView(user, request.hrefs, password));
  });

  instance.get("/users/me", async (request, reply) => {
    const user = await findOneself(context, callerOf(request));
    return reply.header("etag", etagOf(user.revision)).send(userView(user, request.hrefs));
  });

  instance.put("/users/me/password", async (request, reply) => {
    const caller = callerOf(request);
    await changeOwnPassword(context, caller, parseRequest(ownPassword, request.body));
    return reply.code(204).send();
  });

  instance.get<AtUser>("/users/:userId", async (request, reply) => {
    const id = parseId<UserId>(request.params.userId);
    const user = await findPerson(context, callerOf(request), id);
    return reply.header("etag", etagOf(user.revision)).send(userView(user, request.hrefs));
  });

  instance.patch<AtUser>("/users/:userId", async (request, reply) => {
    const id = parseId<UserId>(request.params.userId);
    const change = personChangeOf(parseRequest(userPatch, request.body));
    const expected = parseIfMatch(request.headers["if-match"]);
    const user = await changePerson(context, callerOf(request), id, change, expected);
    return reply.header("etag", etagOf(user.revision)).send(userView(user, request.hrefs));
  });

  instance.delete<AtUser>("/users/:userId", async (request, reply) => {
    const id = parseId<UserId>(request.params.userId);
    const expected = parseIfMatch(request.headers["if-match"]);
    await deletePerson(context, callerOf(request), id, expected);
    return reply.code(204).send();
  });
}
