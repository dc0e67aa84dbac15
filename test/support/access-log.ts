/** One line of the server's log about a request that was answered. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** The requests that a server's log tells of, in the order of their answers. The query is not in it. */
export function loggedRequests(log: string): LoggedRequest[] {
  const requests: LoggedRequest[] = [];
  for (const line of log.split("\n")) {
    if (line.includes('"event":"request"')) {
      requests.push(JSON.parse(line));
    }
  }
  return requests;
}
