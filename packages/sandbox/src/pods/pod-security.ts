import type { KubeObject } from '@heddle/core';
import { dig, digList } from '../dig.js';

const VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const quoted = (names: readonly unknown[]) => names.map((name) => `"${name}"`).join(', ');
const those = (names: readonly unknown[]) => `container${names.length === 1 ? '' : 's'} ${quoted(names)}`;
const listed = (value: unknown) => (Array.isArray(value) ? (value as readonly unknown[]) : []);

/**
 * What the `restricted` level holds against a pod, in the words of Kubernetes 1.36; `undefined` when nothing.
 * (kubernetes.io/docs/concepts/security/pod-security-standards; the texts were seen on a live server.)
 */
export function violations(pod: KubeObject): string | undefined {
  const containers = [...digList(pod, 'spec.initContainers'), ...digList(pod, 'spec.containers')];
  /** Names of the containers that a test on a field of their securityContext finds guilty. */
  const guilty = (field: string, bad: (value: unknown) => boolean) =>
    containers.filter((container) => bad(dig(container, `securityContext.${field}`))).map(({ name }) => name);
  const shared = (field: string) => dig(pod, `spec.securityContext.${field}`);
  const found: string[] = [];
  const say = (title: string, ...texts: readonly string[]) => {
    if (texts.length > 0) found.push(`${title} (${texts.join('; ')})`);
  };
  const blame = (names: readonly unknown[], must: string, prefix = '') =>
    names.length === 0 ? [] : [`${prefix}${those(names)} must ${must}`];

  const host = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => dig(pod, `spec.${field}`) === true);
  say('host namespaces', ...host.map((field) => `${field}=true`));
  const hostPorts = containers.flatMap(({ name, ...rest }) => digList(rest, 'ports').map(({ hostPort }) => ({ name, hostPort })));
  say(
    'hostPort',
    ...hostPorts.filter(({ hostPort }) => hostPort).map(({ name, hostPort }) => `container "${name}" uses hostPort ${hostPort}`),
  );
  say(
    'privileged',
    ...blame(
      guilty('privileged', (value) => value === true),
      'not set securityContext.privileged=true',
    ),
  );
  const escalating = guilty('allowPrivilegeEscalation', (value) => value !== false);
  say('allowPrivilegeEscalation != false', ...blame(escalating, 'set securityContext.allowPrivilegeEscalation=false'));
  const added = containers.map(({ name, ...rest }) => {
    const bad = listed(dig(rest, 'securityContext.capabilities.add')).filter((capability) => capability !== 'NET_BIND_SERVICE');
    return bad.length === 0 ? [] : [`container "${name}" must not include ${quoted(bad)} in securityContext.capabilities.add`];
  });
  const undropped = guilty('capabilities.drop', (value) => !listed(value).includes('ALL'));
  say('unrestricted capabilities', ...blame(undropped, 'set securityContext.capabilities.drop=["ALL"]'), ...added.flat());
  const volumes = digList(pod, 'spec.volumes').flatMap(({ name, ...source }) => Object.keys(source).map((type) => ({ name, type })));
  const restricted = volumes.filter(({ type }) => !VOLUMES.includes(type));
  say('restricted volume types', ...restricted.map(({ name, type }) => `volume "${name}" uses restricted volume type "${type}"`));
  const root = guilty('runAsNonRoot', (value) => value === false);
  const maybeRoot = guilty('runAsNonRoot', (value) => value === undefined && shared('runAsNonRoot') !== true);
  if (root.length > 0) say('runAsNonRoot != true', ...blame(root, 'not set securityContext.runAsNonRoot=false'));
  else say('runAsNonRoot != true', ...blame(maybeRoot, 'set securityContext.runAsNonRoot=true', 'pod or '));
  const zero = guilty('runAsUser', (value) => value === 0);
  const who = [...(shared('runAsUser') === 0 ? ['pod'] : []), ...(zero.length === 0 ? [] : [those(zero)])].join(' and ');
  say('runAsUser=0', ...(who === '' ? [] : [`${who} must not set runAsUser=0`]));
  const unconfined = guilty('seccompProfile.type', (value) => ![undefined, 'RuntimeDefault', 'Localhost'].includes(value as string));
  const unset = guilty('seccompProfile.type', (value) => value === undefined && shared('seccompProfile.type') === undefined);
  const allowed = 'set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  if (unconfined.length > 0) say('seccompProfile', ...blame(unconfined, 'not set securityContext.seccompProfile.type to "Unconfined"'));
  else say('seccompProfile', ...blame(unset, allowed, 'pod or '));
  return found.length === 0 ? undefined : `violates PodSecurity "restricted:latest": ${found.join(', ')}`;
}
