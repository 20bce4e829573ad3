import {
  type Decoded,
  defineMeshAdapter,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  type Observed,
  objectsOf,
  type ResourceKind,
  type RouteTable,
  type Rule,
  refOf,
  type ServiceRef,
  type Target,
  type View,
} from '../src/index.js';
import { encodeList } from './list-mesh-encode.js';
import { GROUP, KIND, type ListRule, listFor, ownedIn, rulesOf, VERSION } from './list-mesh-object.js';

const LIST_ROUTE: ResourceKind = {
  group: GROUP,
  kind: KIND,
  plural: 'listroutes',
  namespaced: true,
  versions: ['v1'],
  verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
};

export const MESH_VIEW: View = { plane: 'mesh', clients: {} };
const EDGE_VIEW: View = { plane: 'gateway', gateway: { namespace: 'edge', selector: { app: 'edge' } } };

export const listEnv: MeshEnvironment = { version: '1.0', served: { [KIND]: VERSION }, settings: {} };

/**
 * A mesh for core's own tests: a ListRoute holds the ordered rules of one Service of its namespace, first match wins, nothing
 * matches: 404. `spec.edge` opens it to the gateway as `<service>.example.test`. Without a ListRoute the Service itself answers.
 */
export const listMesh: MeshAdapter = defineMeshAdapter({
  id: 'list',
  title: 'List mesh',
  kinds: [
    LIST_ROUTE,
    ...['Service', 'Pod'].map(
      (kind): ResourceKind => ({ ...LIST_ROUTE, group: '', kind, plural: `${kind.toLowerCase()}s`, verbs: ['list'] }),
    ),
  ],
  facts: [],
  detect: (facts) =>
    facts.served.some(({ group, kind }) => group === GROUP && kind === KIND)
      ? { environment: listEnv, because: `kind ${KIND} is served` }
      : undefined,
  capabilities: () => ({
    'match.path.exact': 'supported',
    'match.path.segmentPrefix': 'supported',
    'match.path.rawPrefix': 'supported',
    'match.path.regex': 'supported',
    'match.header.exact': 'supported',
    'match.header.prefix': 'supported',
    'match.header.regex': 'supported',
    'match.header.present': 'supported',
    'match.query': { unsupported: 'its rules do not look at the query', instead: 'match on a header' },
    'to.service': 'supported',
    'view.mesh': 'supported',
    'view.gateway': 'supported',
    weights: 'supported',
  }),
  reads: (target) =>
    [...new Set(target.services.map(({ namespace }) => namespace))].flatMap((namespace) => [
      { group: '', kind: 'Service', namespace },
      { group: '', kind: 'Pod', namespace },
      { group: GROUP, kind: KIND, namespace },
    ]),
  affects: (change) => ({ services: change.services }),
  versions: () => [],
  inMesh: () => true,
  decode,
  owned: ownedIn,
  shadow: () => ({
    ok: { sidecar: true, podLabels: {}, podAnnotations: {}, serviceLabels: {}, serviceAnnotations: {}, serviceAccountToken: false },
    notes: [],
  }),
  encode: encodeList,
  accepted: () => ({ state: 'unknown' }),
});

function decode(target: Target, seen: Observed): Decoded {
  return { tables: target.services.flatMap((service) => tablesOf(service, seen)), problems: [], gaps: gapsOf(target, seen) };
}

function gapsOf(target: Target, seen: Observed): Decoded['gaps'] {
  const unread = [...seen].flatMap(([key, observation]) =>
    'unread' in observation ? [`${key.split('|')[1]}: ${observation.unread}`] : [],
  );
  return target.services.length === 0 ? [] : unread.map((message) => ({ feature: 'unread', message }));
}

function tablesOf(service: ServiceRef, seen: Observed): readonly RouteTable[] {
  const fqdn = `${service.name}.${service.namespace}.svc.cluster.local`;
  const list = listFor(service, seen);
  const head = { view: MESH_VIEW, port: service.port, protocol: 'http' as const, domains: [fqdn, `${service.name}.${service.namespace}`] };
  if (list === undefined)
    return [{ ...head, rules: [], otherwise: { to: [destination(service.name, 1, service, seen)] }, otherwiseLabel: 'implicit' }];
  const rules = rulesOf(list).map((rule, index) => toRule(rule, index, list, service, seen));
  const table: RouteTable = { ...head, rules, otherwise: { status: 404 }, otherwiseLabel: 'none' };
  const edge = (list.spec as { edge?: boolean }).edge === true;
  const atEdge = rules.filter((_, index) => rulesOf(list)[index]?.meshOnly !== true);
  return edge ? [table, { ...table, rules: atEdge, view: EDGE_VIEW, port: 80, domains: [`${service.name}.example.test`] }] : [table];
}

function toRule(rule: ListRule, index: number, list: Readonly<Record<string, unknown>>, service: ServiceRef, seen: Observed): Rule {
  const [owned] = ownedIn({ ...list, spec: { rules: [rule] } });
  const match = {
    ...(rule.path === undefined ? {} : { path: rule.path }),
    ...(rule.headers === undefined ? {} : { headers: rule.headers }),
  };
  return {
    match: Object.keys(match).length === 0 ? [] : [match],
    action: { to: rule.to.map((to) => destination(to.service, to.weight, service, seen)) },
    ...(rule.mirror === undefined ? {} : { mirrors: [{ destination: destination(rule.mirror, 1, service, seen), percent: 100 }] }),
    ...(rule.rewrite === undefined ? {} : { rewrite: { path: { prefix: rule.rewrite } } }),
    ...(rule.timeoutMs === undefined ? {} : { timeoutMs: rule.timeoutMs }),
    owner: owned?.owner ?? 'foreign',
    origins: [{ ref: refOf(list), pointer: `/spec/rules/${index}`, index, ...(rule.name === undefined ? {} : { name: rule.name }) }],
  };
}

function destination(name: string, weight: number, { namespace, port }: ServiceRef, seen: Observed) {
  const service = objectsOf(seen, '', 'Service').find((object) => metaOf(object).name === name && metaOf(object).namespace === namespace);
  const app = (service?.spec as { selector?: { app?: string } } | undefined)?.selector?.app;
  const pods = objectsOf(seen, '', 'Pod').filter(
    (pod) => metaOf(pod).namespace === namespace && metaOf(pod).labels.app === app && app !== undefined,
  );
  const endpoints = service === undefined ? ('no-cluster' as const) : pods.map((pod) => ({ namespace, name: metaOf(pod).name }));
  return { host: `${name}.${namespace}.svc.cluster.local`, port, weight, endpoints };
}
