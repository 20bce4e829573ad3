import type { ExposedPort, Match, Version } from '@heddle/core';

/** What `heddle mesh` was asked for. */
export interface MeshRequest {
  readonly service: string;
  readonly ports: readonly ExposedPort[];
  /** Absent: a header of the session's own. */
  readonly match?: Match;
  readonly dryRun: boolean;
  readonly onLost: 'fallback' | 'fail';
  readonly sidecar: 'auto' | 'off';
  readonly realise: Version['realise'];
  readonly image?: string;
  readonly acceptPolicyGap: boolean;
  /** The words after `--`; empty when the application runs already. */
  readonly command: readonly string[];
}

/** Whether a match leaves other people's requests alone: it asks for a header, a parameter or a host that they do not send by themselves. */
export function isPersonal(match: Match | undefined): boolean {
  if (match === undefined) return true;
  const conditions = [...(match.headers ?? []), ...(match.query ?? [])];
  return conditions.some(({ is }) => !('absent' in is || 'not' in is)) || match.authority !== undefined;
}
