import { ClusterError, groupOf, type ServedKind } from '@heddle/core';
import { jsonOf, type Transport } from '../transport/transport.js';
import { type GroupKinds, readAggregated, readGroupList, readResourceList, readVersions } from './discovery-documents.js';
import { inParallel } from './in-parallel.js';

export interface Discovered {
  readonly kinds: readonly ServedKind[];
  /** Groups that the server lists and gives nothing about: their own API server is down. */
  readonly silent: ReadonlySet<string>;
}

export interface Discovery {
  all(): Promise<Discovered>;
  /**
   * A kind in the version asked for, else in the server's preferred one; asks the server again when it is not known.
   * Throws `ClusterError` `NotFound`.
   */
  find(group: string, kind: string, apiVersion?: string): Promise<{ readonly served: ServedKind; readonly apiVersion: string }>;
  /** Makes the next `find` or `all` ask the server. */
  forget(): void;
}

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Many kinds asked for in a row that are not there must not each cost a round of discovery. */
const FRESH_MS = 1_000;

export function createDiscovery(transport: Transport): Discovery {
  let cached: { readonly at: number; readonly found: Promise<Discovered> } | undefined;

  function ask(): Promise<Discovered> {
    const found = discover(transport);
    const entry = { at: performance.now(), found };
    cached = entry;
    found.catch(() => {
      if (cached === entry) cached = undefined;
    });
    return found;
  }

  async function find(group: string, kind: string, apiVersion?: string) {
    const began = performance.now();
    const look = async (found: Promise<Discovered>) => choose(await found, group, kind, apiVersion);
    const known = await look(cached?.found ?? ask());
    if (known !== undefined) return known;
    const again = cached === undefined || cached.at < began - FRESH_MS ? ask() : cached.found;
    const fresh = await look(again);
    if (fresh !== undefined) return fresh;
    throw noSuchKind(await again, group, kind, apiVersion, transport);
  }

  return {
    all: () => cached?.found ?? ask(),
    find,
    forget() {
      cached = undefined;
    },
  };
}

async function discover(transport: Transport): Promise<Discovered> {
  const [core, groups] = await Promise.all([root(transport, '/api'), root(transport, '/apis')]);
  return { kinds: [...core.kinds, ...groups.kinds], silent: new Set([...core.silent, ...groups.silent]) };
}

async function fetchJson(transport: Transport, path: string, accept?: string): Promise<unknown> {
  const act = { words: 'ask which kinds the API server serves' };
  const response = await transport.send({ act, method: 'GET', path, ...(accept === undefined ? {} : { accept }) });
  return jsonOf(response, act, transport.place);
}

/** `/api` or `/apis`: one document on a server from 1.26 on, else one for each group and version. */
async function root(transport: Transport, path: '/api' | '/apis'): Promise<{ kinds: readonly ServedKind[]; silent: readonly string[] }> {
  const document = await fetchJson(transport, path, AGGREGATED);
  const aggregated = readAggregated(document);
  if (aggregated !== undefined) return merge(aggregated);
  const versions = path === '/api' ? readVersions(document) : readGroupList(document);
  return merge(
    await inParallel(versions, async (apiVersion) => {
      try {
        return readResourceList(await fetchJson(transport, `${path}/${apiVersion}`), apiVersion);
      } catch (error) {
        // One aggregated API that is down must not hide the others.
        if (error instanceof Error && 'status' in error && Number(error.status) >= 404) return { apiVersion, kinds: [], silent: true };
        throw error;
      }
    }),
  );
}

/** Puts a kind's versions together, in the order in which they are listed. */
function merge(groups: readonly GroupKinds[]): { kinds: readonly ServedKind[]; silent: readonly string[] } {
  const kinds = new Map<string, ServedKind & { versions: string[] }>();
  for (const { apiVersion, kinds: found } of groups) {
    const group = groupOf(apiVersion);
    const version = apiVersion.slice(group === '' ? 0 : group.length + 1);
    for (const { kind, plural, namespaced } of found) {
      const key = `${group}/${kind}`;
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, { group, versions: [version], kind, plural, namespaced });
      else if (!known.versions.includes(version)) known.versions.push(version);
    }
  }
  return { kinds: [...kinds.values()], silent: groups.filter((group) => group.silent).map(({ apiVersion }) => groupOf(apiVersion)) };
}

function choose({ kinds }: Discovered, group: string, kind: string, apiVersion?: string) {
  const served = kinds.find((candidate) => candidate.group === group && candidate.kind === kind);
  const version = apiVersion === undefined ? served?.versions[0] : apiVersion.slice(group === '' ? 0 : group.length + 1);
  if (served === undefined || version === undefined || !served.versions.includes(version)) return undefined;
  return { served, apiVersion: group === '' ? version : `${group}/${version}` };
}

function noSuchKind(found: Discovered, group: string, kind: string, apiVersion: string | undefined, { place }: Transport): ClusterError {
  const served = found.kinds.find((candidate) => candidate.group === group && candidate.kind === kind);
  const what = `${kind}${group === '' ? '' : ` (${group})`}`;
  if (served === undefined && found.silent.has(group)) {
    return new ClusterError({
      reason: 'ServiceUnavailable',
      status: 503,
      message: `the API ${group} of the cluster of context "${place.context}" does not answer, so ${kind} cannot be used`,
      next: ['See which server it comes from: kubectl get apiservices'],
    });
  }
  return new ClusterError({
    reason: 'NotFound',
    status: 404,
    message:
      served === undefined
        ? `the cluster of context "${place.context}" does not serve ${what}`
        : `the cluster of context "${place.context}" serves ${what} as ${served.versions.join(', ')}, not as ${apiVersion}`,
    next: [
      served === undefined
        ? 'Check that what brings this kind is installed there, and that the context is right.'
        : 'Check that the context is right.',
    ],
  });
}
