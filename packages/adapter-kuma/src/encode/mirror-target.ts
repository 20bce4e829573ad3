import { type MeshEnvironment, type Note, type Observed, refuse, type ServiceRef } from '@heddle/core';
import { clustersOf } from '../decode/clusters.js';
import { isHttp } from '../decode/protocols.js';
import { readWorld } from '../decode/world.js';
import { serviceTag } from '../owned/ownership.js';
import type { EncodeTask } from './encode-task.js';

/**
 * Whether a mirror locks its mesh when no pod behind its destination is ready: Kuma then finds no cluster for it and configures no proxy
 * that the policy is for (kuma `meshhttproute/xds/filters/requestmirror.go` up to 2.14.3 and 2.13.10; seen with 2.14.3: the proxies that
 * run keep what they have, and no new pod gets ready, not even one of the destination). Later releases leave the mirror out (kuma #17676).
 */
export function locksMesh({ version = '' }: MeshEnvironment): boolean {
  const [major = 2, minor = 0, patch = 0] = (/^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major !== 2 || minor > 14) return major < 2;
  return minor < 13 || patch <= (minor === 14 ? 3 : 10);
}

/** A Service that is one version alone may lose its last pod any day. */
export function refuseLock({ namespace, name }: Omit<ServiceRef, 'port'>, env: MeshEnvironment): ReturnType<typeof refuse> {
  return refuse(
    'mirror',
    `Should Service ${namespace}/${name}, which would get the copies, have no ready pod one day, Kuma ${env.version ?? '2.x'} could configure no proxy of the mesh, and no new pod would start`,
    "give the version's pods the selector's labels of the service and a label version, so that a tag tells it; or upgrade Kuma past 2.14.3 (2.13.10)",
  );
}

export function mirrorNotes({ base, wanted, env }: EncodeTask): readonly Note[] {
  if (!locksMesh(env) || !wanted.some(({ mirror }) => mirror !== undefined)) return [];
  const { namespace, name, mesh } = base.service;
  const message = `Should ${namespace}/${name} have no ready pod at all while it is mirrored, Kuma ${env.version ?? '2.x'} can configure no proxy of mesh ${mesh}, and no new pod starts until the mirror is cleared (releases after 2.14.3 and 2.13.10 do without it then)`;
  return [{ code: 'mirror-locks', message }];
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
