import { type Note, type Observed, refuse } from '@heddle/core';
import { clustersOf } from '../decode/clusters.js';
import { isHttp } from '../decode/protocols.js';
import { readWorld } from '../decode/world.js';
import { serviceTag } from '../owned/ownership.js';
import type { EncodeTask } from './encode-task.js';
import { locksMesh, lockWarning } from './mirror-lock.js';

export function mirrorNotes({ base, wanted, env }: EncodeTask): readonly Note[] {
  if (!locksMesh(env) || !wanted.some(({ mirror }) => mirror !== undefined)) return [];
  return [{ code: 'mirror-locks', message: lockWarning(base.service, base.service.mesh, env) }];
}

/** Why a mirror would have nowhere to go, as things stand in `seen`. */
export function refuseDeadMirror({ base, wanted, env }: EncodeTask, seen: Observed): ReturnType<typeof refuse> | undefined {
  const world = readWorld(seen, env);
  // From 3.0 on destinations are resources, which say themselves what they carry.
  if (world.release.major >= 3) return undefined;
  const clusters = clustersOf(world, base.service.mesh);
  for (const { mirror } of wanted) {
    if (mirror === undefined) continue;
    const target = 'labels' in mirror.to ? base.service : mirror.to.service;
    const dead = base.ports.find(({ number }) => !isHttp(clusters.protocolOf(serviceTag({ ...target, port: number }))));
    if (dead === undefined) continue;
    return refuse(
      'mirror-not-ready',
      `Copies cannot go to ${target.namespace}/${target.name}:${dead.number}: it has no ready pod in the mesh, or carries no HTTP there`,
      'see that it has a ready pod with a sidecar, and appProtocol: http',
    );
  }
  return undefined;
}
