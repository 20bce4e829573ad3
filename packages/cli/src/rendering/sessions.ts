import type { SessionDocument } from '../services/session-document.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

/** `flags`: what another command needs to reach the same cluster. */
export function renderSessions(sessions: readonly SessionDocument[], where: string, flags: string, paper: Paper): string {
  if (sessions.length === 0) return `No sessions ${where}.`;
  const rows = sessions.map((session) => [
    paper.style.bold(session.id),
    session.namespace,
    `${session.service}:${session.ports.join(',')}`,
    `${session.holder.user}@${session.holder.host}`,
    stateText(session, paper),
    session.requests,
  ]);
  const dead = sessions.filter((session) => session.abandoned || session.expired);
  const [first] = dead;
  const everywhere = new Set(dead.map(({ namespace }) => namespace)).size > 1;
  return [
    table(['ID', 'NAMESPACE', 'SERVICE', 'HOLDER', 'STATE', 'REQUESTS'], rows, paper),
    ...(first === undefined
      ? []
      : [
          '',
          `Clean up after the dead: heddle sessions recover ${first.id} -n ${first.namespace}${flags}${dead.length > 1 ? `, or all of them: heddle clean ${everywhere ? '-A' : `-n ${first.namespace}`}${flags}` : ''}`,
        ]),
  ].join('\n');
}

function stateText(session: SessionDocument, { style }: Paper): string {
  if (session.abandoned) return style.red(`${session.state}, process gone`);
  if (session.expired) return style.red(`${session.state}, expired`);
  if (session.problem !== undefined) return style.red(`${session.state} (${session.problem})`);
  if (session.condition !== undefined) return style.yellow(`${session.state} (${session.condition.name})`);
  return session.state === 'active' ? style.green(session.state) : session.state;
}
