import {
  type CleanDeps,
  type CleanReport,
  describeRef,
  isUserError,
  metaOf,
  refOf,
  type SessionSummary,
  type UserError,
} from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import type { Output } from '../terminal/output.js';
import type { Connection, Connections } from './connections.js';
import { listLeftPods, removePod } from './image-pull/remove-pod.js';
import type { MeshChooser } from './mesh-choice.js';

/** The functions of core that this service calls. */
export interface CleanCore {
  clean(deps: CleanDeps, options: { readonly namespace?: string; readonly dryRun: boolean; readonly force: boolean }): Promise<CleanReport>;
  recoverSession(
    deps: CleanDeps,
    session: { readonly namespace: string; readonly id: string },
    options: { readonly force: boolean },
  ): Promise<CleanReport>;
}

export interface CleanOptions {
  readonly allNamespaces: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
}

export interface CleanService {
  /**
   * Removes what dead sessions left: theirs whose process is gone or whose lease has expired, and rules without a record.
   * Also the pod of a `doctor --pull` that was killed.
   */
  clean(options: CleanOptions): Promise<CleanReport>;
  /**
   * Sessions whose rules or shadow stand though their record is gone, as `session/NAMESPACE/ID`: nobody looks after them any more.
   * None where the objects of the mesh may not be listed.
   */
  orphans(connection: Connection, scope: { readonly namespace?: string }): Promise<readonly string[]>;
  recover(connection: Connection, session: SessionSummary, options: { readonly force: boolean }): Promise<CleanReport>;
}

export interface CleanServiceDeps {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly core: CleanCore;
  readonly process: Pick<CleanDeps, 'clock' | 'identity' | 'isGone' | 'timing'>;
  readonly output: Output;
}

export function createCleanService(deps: CleanServiceDeps): CleanService {
  const targetOf = async (connection: Connection): Promise<CleanDeps> => ({
    ...deps.process,
    cluster: connection.cluster,
    meshes: await deps.meshes.all(connection),
    log: (message, details) => deps.output.detail(`${message} ${JSON.stringify(details ?? {})}`),
  });
  return {
    clean: async ({ allNamespaces, dryRun, force }) => {
      const connection = await deps.connections.open();
      const scope: { readonly namespace?: string } = allNamespaces ? {} : { namespace: connection.namespace };
      const where = allNamespaces ? 'in all namespaces' : `in namespace ${connection.namespace}`;
      if (force && !dryRun) await deps.output.consent(`This ends the sessions of everybody ${where}, live ones too. Go on?`);
      const report = await deps.core.clean(await targetOf(connection), { ...scope, dryRun, force });
      const pods = await listLeftPods(connection.cluster, scope.namespace);
      if (!dryRun) for (const pod of pods) await removePod(connection.cluster, refOf(pod), metaOf(pod).uid);
      return { ...report, removed: [...report.removed, ...pods.map((pod) => ({ ref: refOf(pod), how: 'deleted' as const }))] };
    },
    orphans: async (connection, scope) => {
      try {
        const report = await deps.core.clean(await targetOf(connection), { ...scope, dryRun: true, force: false });
        return [...new Set(report.orphans.map(({ owner }) => owner))];
      } catch (error) {
        if (!isUserError(error)) throw error;
        deps.output.detail(`Not looked for rules without a record: ${error.message}`);
        return [];
      }
    },
    recover: async (connection, session, { force }) => {
      const { id, namespace, holder } = session;
      // No process looks after a standing route, so nobody can be asked or overruled: core says what it is, or finishes what was begun.
      if (session.kind === 'route') return deps.core.recoverSession(await targetOf(connection), { namespace, id }, { force });
      if (!session.abandoned && !session.expired && !force) {
        throw cliError('session-live', `Session ${id} belongs to a process of ${holder.user}@${holder.host} that may be running.`, [
          `Ask it to stop: heddle sessions stop ${id} -n ${namespace}${connection.flags}`,
          'Wait until its record has expired, some five minutes after its last sign of life.',
          `Take it over all the same: heddle sessions recover ${id} -n ${namespace}${connection.flags} --force`,
        ]);
      }
      if (force) await deps.output.consent(`This ends session ${id} of ${holder.user}@${holder.host}, even if it is running. Go on?`);
      return deps.core.recoverSession(await targetOf(connection), { namespace, id }, { force });
    },
  };
}

/** What to say, and with which exit code to end, when something is left in the cluster. */
export function leftError(
  left: CleanReport['left'],
  { namespace, flags }: { readonly namespace?: string; readonly flags: string },
): UserError | undefined {
  const [first, ...others] = left;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return cliError('partly-undone', `Something is left in the cluster: ${describeRef(first.ref)}${more}.`, [
    `Remove what stands in the way, then try again: heddle clean${namespace === undefined ? ' -A' : ` -n ${namespace}`}${flags}`,
  ]);
}
