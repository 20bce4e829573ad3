import { contentHash, type Owner } from '@heddle/core';

const PREFIX = 'heddle-';
/** Subsets are named by DNS labels (istio `pkg/config/validation`, validateSubsetName, 1.31). */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LIMIT = 63;

/** The subset that a session's shadow is, in a DestinationRule of our own. Ids of sessions are fit to be part of a DNS label. */
export const subsetName = (session: string): string => `${PREFIX}${session}`;

/**
 * The subset that standing routes have of a version, in the same object: `heddle-8080--v1`, after the ports in the owner's id, since the
 * object is for one service. A version that is no part of a DNS label gets one. `undefined`: the ports are too many for a name.
 */
export function versionSubsetName(owner: Owner, version: string): string | undefined {
  const head = `${PREFIX}${portsOf(owner)}--`;
  const name = `${head}${version}`;
  if (name.length <= LIMIT && LABEL.test(name)) return name;
  const hash = contentHash(version).slice(0, 8);
  const room = LIMIT - head.length - hash.length - 1;
  if (room < 0) return undefined;
  const plain = version
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, room)
    .replace(/^-+|-+$/g, '');
  return `${head}${plain === '' ? '' : `${plain}-`}${hash}`;
}

/** Whose a subset for a service is, by its name; `undefined` for names that are not of our form. */
export function ownerOfSubset(name: unknown, service: { readonly namespace: string; readonly name: string }): Owner | undefined {
  const { namespace } = service;
  const [, session, ports] =
    (typeof name === 'string' ? /^heddle-(?:([a-z0-9]+)|(\d+(?:-\d+)*|ports-[0-9a-f]+)--.+)$/.exec(name) : null) ?? [];
  if (session !== undefined) return { kind: 'session', namespace, id: session };
  return ports === undefined ? undefined : { kind: 'route', namespace, id: `${service.name}.${ports}` };
}

/** Whether a subset's name is of our form. */
export const isOwnSubset = (name: unknown): boolean => ownerOfSubset(name, { namespace: '', name: '' }) !== undefined;

const portsOf = ({ id }: Owner): string => id.slice(id.indexOf('.') + 1);
