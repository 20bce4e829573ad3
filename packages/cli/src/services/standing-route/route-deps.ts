import type { RouteDeps } from '@heddle/core';
import type { Output } from '../../terminal/output.js';
import type { Connection } from '../connections.js';
import type { MeshChooser } from '../mesh-choice.js';

export interface RouteDepsSource {
  readonly meshes: MeshChooser;
  readonly process: Pick<RouteDeps, 'clock' | 'identity' | 'isGone' | 'timing'>;
  readonly output: Output;
}

/** What core needs for the standing routes of one Service: the mesh is the one that this Service is in. */
export async function routeDeps({ meshes, output, process }: RouteDepsSource, connection: Connection, service: string): Promise<RouteDeps> {
  const { adapter, env } = await meshes.choose(connection, service);
  return {
    ...process,
    cluster: connection.cluster,
    adapter,
    env,
    log: (message, details) => output.detail(`${message} ${JSON.stringify(details ?? {})}`),
  };
}
