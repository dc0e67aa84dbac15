import { type Settings, STACK_NAME_DEFAULT } from "./settings.ts";

/** What to type next, once the stack is up. No secret is in it, only the command that reads one. */
export function nextSteps(outputs: Record<string, unknown>, settings: Settings): string {
  const registry = `${outputs["endpoint"]}`;
  const host = registry.split("/")[0];
  const user = `${outputs["ciUsername"]}`;
  const stack = settings.stackName === STACK_NAME_DEFAULT ? "" : ` --stack ${settings.stackName}`;
  const password = `npm run --silent pulumi -- stack output ciPassword --show-secrets${stack}`;
  const skipTls = settings.endpoint.startsWith("http:") ? "--tls-verify=false " : "";
  const skipTlsTo = settings.endpoint.startsWith("http:") ? "--dest-tls-verify=false " : "";
  return `
Your registry is ${registry}, its CI token's name is ${user}.
The token's password is in the stack, encrypted. Log in with it, then push:

  docker:
    ${password} | docker login --username ${user} --password-stdin ${host}
    docker tag debian:stable ${registry}/debian:stable
    docker push ${registry}/debian:stable

  skopeo:
    ${password} | skopeo login ${skipTls}--username ${user} --password-stdin ${host}
    skopeo copy ${skipTlsTo}docker://docker.io/library/debian:stable docker://${registry}/debian:stable

  crane:
    ${password} | crane auth login --username ${user} --password-stdin ${host}
    crane copy debian:stable ${registry}/debian:stable

\`npm run pulumi -- stack output\` shows all that the stack made; \`npm run down\` takes it away.`;
}
