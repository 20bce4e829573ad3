import { type CleanReport, type Clock, type Cluster, closest, type SessionDeps, type SessionSummary } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import type { Output } from '../terminal/output.js';
import type { CleanService } from './clean.js';
import type { Connection, Connections } from './connections.js';
import { type SessionDocument, sessionDocument } from './session-document.js';

export interface SessionsService {
  summaries(cluster: Cluster, scope: { readonly namespace?: string }): Promise<readonly SessionSummary[]>;
  orphans: CleanService['orphans'];
  list(options: { readonly allNamespaces: boolean }): Promise<{ readonly sessions: readonly SessionDocument[] }>;
  /** Asks the session's live process to end it, and waits until it has. */
  stop(id: string): Promise<{ readonly id: string; readonly namespace: string; readonly stopped: true }>;
  /** Finishes the clean-up of a session whose process is gone. */
  recover(id: string, options: { readonly force: boolean }): Promise<CleanReport>;
}

/** The functions of core that this service calls. */
export interface SessionsCore {
  listSessions(
    cluster: Cluster,
    scope: { readonly namespace?: string },
    identity: Pick<SessionDeps, 'isGone'>,
  ): Promise<readonly SessionSummary[]>;
  askToStop(cluster: Cluster, session: { readonly namespace: string; readonly id: string }): Promise<void>;
}

export interface SessionsServiceDeps {
  readonly connections: Connections;
  readonly core: SessionsCore;
  readonly isGone: SessionDeps['isGone'];
  readonly clean: CleanService;
  readonly clock: Clock;
  readonly output: Output;
}

/** What is said of rules that nobody looks after: requests that match them are still sent to a shadow. */
function orphanText(orphans: readonly string[], flags: string): string {
  const what = orphans.length === 1 ? 'One owner without a record still has' : `${orphans.length} owners without a record still have`;
  return `${what} rules or a shadow in the cluster (${orphans.join(', ')}): requests that match them may fail. Remove them: heddle clean ${flags}`;
}

/** The drain of a live process takes a few seconds; a minute means that it hangs. */
const STOP_TIMEOUT_MS = 60_000;
const STOP_POLL_MS = 500;

export function createSessionsService(deps: SessionsServiceDeps): SessionsService {
  const listed: SessionsService['summaries'] = (cluster, scope) => deps.core.listSessions(cluster, scope, { isGone: deps.isGone });
  const find = async (connection: Connection, id: string) => {
    const { cluster, namespace } = connection;
    const sessions = await listed(cluster, { namespace });
    const found = sessions.find((session) => session.id === id);
    if (found !== undefined) return found;
    const ids = sessions.map((session) => session.id);
    const guess = closest(id, ids);
    throw cliError(
      'unknown-session',
      `There is no session ${id} in namespace ${namespace}${ids.length === 0 ? '' : `; there is ${ids.join(', ')}`}.`,
      [...(guess === undefined ? [] : [`Did you mean ${guess}?`]), `Look in all namespaces: heddle sessions list -A${connection.flags}`],
    );
  };
  return {
    summaries: listed,
    orphans: (connection, scope) => deps.clean.orphans(connection, scope),
    list: async ({ allNamespaces }) => {
      const connection = await deps.connections.open();
      const { cluster, namespace } = connection;
      const scope = allNamespaces ? {} : { namespace };
      const sessions = await listed(cluster, scope);
      const orphans = await deps.clean.orphans(connection, scope);
      if (orphans.length > 0) deps.output.warn(orphanText(orphans, `${allNamespaces ? '-A' : `-n ${namespace}`}${connection.flags}`));
      return { sessions: sessions.map(sessionDocument) };
    },
    stop: async (id) => {
      const connection = await deps.connections.open();
      const { cluster, namespace } = connection;
      const session = await find(connection, id);
      if (session.abandoned || session.expired) {
        throw cliError('session-dead', `The process of session ${id} is gone, so nobody is there to stop it.`, [
          `Finish its clean-up: heddle sessions recover ${id} -n ${namespace}${connection.flags}`,
        ]);
      }
      await deps.core.askToStop(cluster, { namespace, id });
      deps.output.progress(`Asked ${session.holder.user}@${session.holder.host} to end session ${id}; waiting until it is gone.`);
      const deadline = deps.clock.monotonic() + STOP_TIMEOUT_MS;
      while ((await listed(cluster, { namespace })).some((each) => each.id === id)) {
        if (deps.clock.monotonic() > deadline) {
          throw cliError('stop-timeout', `Session ${id} was asked to stop, but is still there after ${STOP_TIMEOUT_MS / 1000} seconds.`, [
            `Look again: heddle sessions list -n ${namespace}${connection.flags}`,
            `Recover it once its record has expired: heddle sessions recover ${id} -n ${namespace}${connection.flags}`,
          ]);
        }
        await deps.clock.sleep(STOP_POLL_MS);
      }
      return { id, namespace, stopped: true };
    },
    recover: async (id, { force }) => {
      const connection = await deps.connections.open();
      const session = await find(connection, id);
      return deps.clean.recover(connection, session, { force });
    },
  };
}
