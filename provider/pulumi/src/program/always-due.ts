import * as pulumi from "@pulumi/pulumi";
import { isAlwaysDue } from "../resources/token-rotation.ts";
import type { TokenArgs } from "./token.ts";

/** Warns of a token that every run would make anew. */
export function remarkIfAlwaysDue(token: pulumi.Resource, args: TokenArgs | undefined): void {
  if (!isAlwaysDue(args?.expiresIn, args?.rotateBefore)) return;
  const sentence = "rotateBefore is not shorter than expiresIn: every run makes a new token";
  void pulumi.log.warn(sentence, token);
}
