import { serviceAddresses } from '../adapters/service-names.js';
import type { Gap, Problem } from '../contracts/mesh-adapter.js';
import { lintMesh, lintQueries } from '../lint/lint-mesh.js';
import { describeRef, type KubeObject, type ObjectRef, refKey, refOf } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import type { RouteTable } from '../model/table.js';
import { groupBy } from '../plan/group-by.js';
import { type DecodedMesh, decodeHosts } from './decode-mesh.js';
import type { RenderedSource } from './render-source.js';
import { isService, tablesFor } from './routing-of.js';
import { byRef, valueAt } from './source-field.js';
import type { Loss, MeshPart } from './types.js';
import { HOST, unroutedLosses } from './unrouted.js';

/** What of a source never comes to be rendered. */
export interface Unconverted {
  /** Tables that are for no Service's callers in the mesh, and what is lost of them. */
  readonly unrouted: { readonly tables: readonly RouteTable[]; readonly losses: readonly Loss[] };
  /** What its objects say besides routing, and what could not be read of them. */
  readonly losses: readonly Loss[];
  /** What they say that loses nothing, and is good to know. */
  readonly notes: readonly string[];
}

export function unconverted({ source, own, decoded }: RenderedSource, target: MeshPart, objects: readonly KubeObject[]): Unconverted {
  const ours = byRef(own);
  const isElsewhere = source.adapter.id !== target.adapter.id;
  const said = (source.adapter.besides?.(objects, source.env) ?? []).filter(
    ({ ref }) => isElsewhere || (ref !== undefined && ours.has(refKey(ref))),
  );
  const tables = !isElsewhere
    ? []
    : unroutedTables(
        source,
        decoded,
        objects,
        said.flatMap((problem) => hostOf(problem, ours)),
      );
  const lost = unroutedLosses(tables, ours, [source.env.envoy, target.env.envoy]);
  // A host that has a table is told with a witness.
  const isTold = (problem: Problem) =>
    hostOf(problem, ours).some((host) => lost.some(({ loss: { ref }, domains }) => domains.includes(host) && isSameRef(ref, problem.ref)));
  const isNote = ({ severity }: Problem) => severity === 'info';
  const besides = said.filter((problem) => !isNote(problem) && !isTold(problem)).map(lossOf);
  const notes = said.filter(isNote).map(({ message }) => `${message}.`);
  const unread = decoded.gaps.filter(({ ref }) => ref === undefined || ref.kind === 'Service' || ours.has(refKey(ref))).map(unreadLoss);
  return { unrouted: { tables, losses: lost.map(({ loss }) => loss) }, losses: [...besides, ...unread], notes };
}

function unroutedTables(
  source: MeshPart,
  { services }: DecodedMesh,
  objects: readonly KubeObject[],
  hosts: readonly string[],
): readonly RouteTable[] {
  const all = services.flatMap((one) => one.others);
  const names = new Set(services.flatMap(({ service }) => serviceAddresses({ ...service, host: service.name, addresses: [] })));
  const claimed = new Set(objects.filter(isService).flatMap((service) => tablesFor(service, all)));
  // Where a name of a Service has rules of its own, requests under it are compared with those of the Service.
  const isName = ({ view, domains }: RouteTable) => view.plane === 'mesh' && domains.some((domain) => names.has(domain));
  const others = all.filter((table) => !claimed.has(table) && !isName(table));
  return hosts.length === 0 ? others : [...others, ...decodeHosts(source, objects, hosts)];
}

/** The host that an adapter says is no Service's. */
function hostOf({ code, ref, pointer }: Problem, objects: ReadonlyMap<string, KubeObject>): readonly string[] {
  const host = code !== HOST || ref === undefined || pointer === undefined ? undefined : valueAt(objects.get(refKey(ref)), pointer);
  return typeof host === 'string' ? [host.toLowerCase()] : [];
}

const isSameRef = (a: ObjectRef | undefined, b: ObjectRef | undefined): boolean =>
  a !== undefined && b !== undefined && refKey(a) === refKey(b);

const lossOf = ({ code, message, ref, pointer, fix }: Problem): Loss => ({
  ...{ code, message },
  ...(ref === undefined ? {} : { ref }),
  ...(pointer === undefined ? {} : { pointer }),
  ...(fix === undefined ? {} : { instead: fix }),
});

const unreadLoss = ({ message, ref }: Gap): Loss => ({
  code: 'not-read',
  message: `${message}, so it is not converted`,
  ...(ref === undefined ? {} : { ref }),
  instead: 'convert it by hand',
});

/**
 * Objects that decide nothing, where the mesh says why: of them, or of a Service they name that it does not know. Nothing of them is
 * converted, and nothing is lost.
 */
export function idleNotes({ source, own, decoded }: RenderedSource, objects: readonly KubeObject[]): readonly string[] {
  const deciding = new Set(
    decoded.services
      .flatMap(({ service, others }) => [...service.tables, ...others])
      .flatMap(({ rules }) => rules.flatMap(({ origins }) => origins.map(({ ref }) => refKey(ref)))),
  );
  const { adapter, env } = source;
  const idle = own.filter((object) => !deciding.has(refKey(refOf(object))));
  const errors =
    idle.length > 0
      ? lintMesh(adapter, observeObjects(objects, lintQueries(adapter, env)), env).filter(({ severity }) => severity === 'error')
      : [];
  const reasons = groupBy(
    [...decoded.problems, ...errors].filter(({ ref }) => ref !== undefined),
    ({ ref }) => (ref === undefined ? '' : refKey(ref)),
  );
  const unknown = new Set(
    decoded.services
      .filter(({ service }) => service.tables.every(({ rules, otherwise }) => rules.length === 0 && otherwise === 'passthrough'))
      .map(({ service: { namespace, name } }) => refKey({ apiVersion: 'v1', kind: 'Service', namespace, name })),
  );
  const ofService = (object: KubeObject): Problem | undefined =>
    (adapter.mentions?.(object) ?? [])
      .map(({ namespace, name }) => refKey({ apiVersion: 'v1', kind: 'Service', namespace, name }))
      .flatMap((key) => (unknown.has(key) ? (reasons.get(key) ?? []) : []))[0];
  return idle.flatMap((object) => {
    const ref = refOf(object);
    const reason = reasons.get(refKey(ref))?.[0] ?? ofService(object);
    const name = describeRef(ref);
    return reason === undefined
      ? []
      : [`${name} decides nothing today, so nothing of it is converted: ${reason.message.replace(`${name}: `, '')}.`];
  });
}
