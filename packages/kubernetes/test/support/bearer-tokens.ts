import { type ApiServer, status } from './api-server.js';

export interface BearerTokens {
  /** The `authorization` headers that are let in; none: all are. */
  accepted: readonly string[];
}

/** Has a test's API server answer 401 to whoever is not let in. */
export function demandTokens(server: ApiServer): BearerTokens {
  const tokens: BearerTokens = { accepted: [] };
  server.on(({ headers }, response) => {
    if (tokens.accepted.length === 0 || tokens.accepted.includes(headers.authorization ?? '')) return false;
    return status(response, 401, 'Unauthorized', 'Unauthorized');
  });
  return tokens;
}
