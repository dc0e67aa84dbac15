import path from "node:path";
import { REPOSITORY } from "../../tools/repository.ts";

/** Where the stand-in of Pulumi's Kubernetes provider is: the engine finds it on `PATH`. */
export const KUBERNETES_PROVIDER = path.join(REPOSITORY, "test", "support", "kubernetes-provider");
