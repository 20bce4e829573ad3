import type { KubeObject } from '@heddle/core';
import { dig, digList } from '../dig.js';

const VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
const PROFILES: readonly unknown[] = [undefined, 'RuntimeDefault', 'Localhost'];
const PROFILE = 'set % to "RuntimeDefault" or "Localhost"';
const quoted = (names: readonly unknown[]) => names.map((name) => `"${name}"`).join(', ');
const listed = (value: unknown) => (Array.isArray(value) ? (value as readonly unknown[]) : []);

/**
 * What the `restricted` level holds against a pod, in the words of Kubernetes 1.36; `undefined` when nothing.
 * (kubernetes.io/docs/concepts/security/pod-security-standards; the texts were seen on a live server.)
 */
export function violations(pod: KubeObject): string | undefined {
  const containers = [...digList(pod, 'spec.initContainers'), ...digList(pod, 'spec.containers')];
  const shared = (field: string) => dig(pod, `spec.securityContext.${field}`);
  /** The containers that a test on a field of their securityContext finds guilty, as words; nothing when there are none. */
  const guilty = (field: string, bad: (value: unknown) => boolean, before = '', after = '') => {
    const names = containers.filter((container) => bad(dig(container, `securityContext.${field}`))).map(({ name }) => name);
    return names.length === 0 ? [] : [`${before}container${names.length === 1 ? '' : 's'} ${quoted(names)}${after}`];
  };
  const must = (field: string, bad: (value: unknown) => boolean, what: string, before = '') =>
    guilty(field, bad, before, ` must ${what.replace('%', `securityContext.${field}`)}`);
  const host = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => dig(pod, `spec.${field}`) === true);
  const ports = containers.flatMap(({ name, ...rest }) => digList(rest, 'ports').map(({ hostPort }) => ({ name, hostPort })));
  const added = containers.flatMap(({ name, ...rest }) => {
    const bad = listed(dig(rest, 'securityContext.capabilities.add')).filter((capability) => capability !== 'NET_BIND_SERVICE');
    return bad.length === 0 ? [] : [`container "${name}" must not include ${quoted(bad)} in securityContext.capabilities.add`];
  });
  const volumes = digList(pod, 'spec.volumes').flatMap(({ name, ...source }) => Object.keys(source).map((type) => ({ name, type })));
  const restricted = volumes.filter(({ type }) => !VOLUMES.includes(type));
  const root = must('runAsNonRoot', (value) => value === false, 'not set %=false');
  const maybeRoot = (value: unknown) => value === undefined && shared('runAsNonRoot') !== true;
  const zero = [...(shared('runAsUser') === 0 ? ['pod'] : []), ...guilty('runAsUser', (value) => value === 0)].join(' and ');
  const unconfined = must('seccompProfile.type', (value) => !PROFILES.includes(value), 'not set % to "Unconfined"');
  const unset = (value: unknown) => value === undefined && shared('seccompProfile.type') === undefined;
  const found: readonly (readonly [title: string, texts: readonly string[]])[] = [
    ['host namespaces', host.map((field) => `${field}=true`)],
    ['hostPort', ports.filter(({ hostPort }) => hostPort).map(({ name, hostPort }) => `container "${name}" uses hostPort ${hostPort}`)],
    ['privileged', must('privileged', (value) => value === true, 'not set %=true')],
    ['allowPrivilegeEscalation != false', must('allowPrivilegeEscalation', (value) => value !== false, 'set %=false')],
    ['unrestricted capabilities', [...must('capabilities.drop', (value) => !listed(value).includes('ALL'), 'set %=["ALL"]'), ...added]],
    ['restricted volume types', restricted.map(({ name, type }) => `volume "${name}" uses restricted volume type "${type}"`)],
    ['runAsNonRoot != true', root.length > 0 ? root : must('runAsNonRoot', maybeRoot, 'set %=true', 'pod or ')],
    ['runAsUser=0', zero === '' ? [] : [`${zero} must not set runAsUser=0`]],
    ['seccompProfile', unconfined.length > 0 ? unconfined : must('seccompProfile.type', unset, PROFILE, 'pod or ')],
  ];
  const said = found.filter(([, texts]) => texts.length > 0).map(([title, texts]) => `${title} (${texts.join('; ')})`);
  return said.length === 0 ? undefined : `violates PodSecurity "restricted:latest": ${said.join(', ')}`;
}
