import { type MeshEnvironment, refuse, type ServiceRef } from '@heddle/core';

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

/** Where nobody could find out which it is, all that do it. */
const releaseIn = ({ version }: MeshEnvironment): string => version ?? 'up to 2.14.3';

/** What somebody should know who mirrors requests to a Service's Pods; without a full stop. */
export function lockWarning({ namespace, name }: Omit<ServiceRef, 'port'>, mesh: string, env: MeshEnvironment): string {
  return `Should ${namespace}/${name} have no ready pod at all while it is mirrored, Kuma ${releaseIn(env)} can configure no proxy of mesh ${mesh}, and no new pod starts until the mirror is cleared (releases after 2.14.3 and 2.13.10 do without it then)`;
}

/** A Service that is one version alone may lose its last pod any day. */
export function refuseLock({ namespace, name }: Omit<ServiceRef, 'port'>, env: MeshEnvironment): ReturnType<typeof refuse> {
  return refuse(
    'mirror',
    `Should Service ${namespace}/${name}, which would get the copies, have no ready pod one day, Kuma ${releaseIn(env)} could configure no proxy of the mesh, and no new pod would start`,
    "give the version's pods the selector's labels of the service and a label version, so that a tag tells it; or upgrade Kuma past 2.14.3 (2.13.10)",
  );
}
