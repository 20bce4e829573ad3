import type { MeshAdapter, MeshEnvironment, Problem } from '../contracts/mesh-adapter.js';
import type { ServiceRef } from '../model/change.js';
import { isRecord, metaOf, type ObjectQuery } from '../model/object.js';
import { type Observed, objectsOf, queryKey } from '../model/observed.js';
import { distinctFindings } from './finding.js';
import { noCatchAll } from './no-catch-all.js';
import { unreachedRules } from './unreached-rules.js';

/** What to read before `lintMesh`: all that any object of the mesh can depend on, and the Pods of all namespaces. */
export function lintQueries(adapter: MeshAdapter, env: MeshEnvironment): readonly ObjectQuery[] {
  const queries = [
    ...adapter.reads({ services: [] }, new Map(), env),
    ...['Service', 'Pod', 'Namespace'].map((kind) => ({ group: '', kind })),
  ];
  return [...new Map(queries.map((query) => [queryKey(query), query])).values()];
}

/** What is wrong with all that was seen of a mesh; each finding once. */
export function lintMesh(adapter: MeshAdapter, seen: Observed, env: MeshEnvironment): readonly Problem[] {
  const ofMesh = adapter.lint === undefined ? fromDecode(adapter, seen, env) : adapter.lint(seen, env);
  return distinctFindings(ofMesh);
}

/** For an adapter that has no more to say than its tables show. */
function fromDecode(adapter: MeshAdapter, seen: Observed, env: MeshEnvironment): readonly Problem[] {
  const { tables, problems } = adapter.decode({ services: allServices(seen) }, seen, env);
  return [...problems, ...unreachedRules(tables), ...noCatchAll(tables)];
}

function allServices(seen: Observed): readonly ServiceRef[] {
  return objectsOf(seen, '', 'Service').flatMap((service) => {
    const { namespace = '', name } = metaOf(service);
    const spec = isRecord(service.spec) ? service.spec : {};
    const ports = Array.isArray(spec.ports) ? spec.ports.filter(isRecord) : [];
    return ports.flatMap(({ port }) => (typeof port === 'number' ? [{ namespace, name, port }] : []));
  });
}
