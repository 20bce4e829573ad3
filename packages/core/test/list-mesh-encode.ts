import {
  type Change,
  type KubeObject,
  type Match,
  metaOf,
  type ObjectEdit,
  type Observed,
  type Owner,
  ownerKey,
  type Planned,
  refOf,
  type ServiceRef,
  sameOwner,
} from '../src/index.js';
import { KIND, type ListRule, listFor, ownedIn, rulesOf, VERSION } from './list-mesh-object.js';

/** A rule of ours and the foreign rule that it stands before, by number. */
interface Placed {
  readonly before: number;
  readonly owner: Owner;
  readonly rule: ListRule;
}

const CATCH_ALL = 'heddle-catch-all';

/** Copies of the foreign rules that lead to the service, each right before what it copies: sessions by id, then routes by id. */
export function encodeList(change: Change, seen: Observed): Planned<readonly ObjectEdit[]> {
  return { ok: change.services.flatMap((service) => encodeOne(change, service, listFor(service, seen))), notes: [] };
}

function encodeOne(change: Change, service: ServiceRef, list: KubeObject | undefined): readonly ObjectEdit[] {
  const why = `rules of ${ownerKey(change.owner)}`;
  if (list === undefined) {
    const body = ownList(change, service);
    return change.intents.length === 0 ? [] : [{ ref: refOf(body), stage: 'rules', why, op: 'create', body }];
  }
  const { uid = '', resourceVersion = '', labels } = metaOf(list);
  const at = { ref: refOf(list), stage: 'rules' as const, why, uid, resourceVersion };
  const [before, after] = [rulesOf(list), rearranged(change, service, list)];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const managed = labels['app.kubernetes.io/managed-by'] === 'heddle';
  if (managed && after.every(({ name }) => name === CATCH_ALL)) return [{ ...at, op: 'delete' }];
  return [{ ...at, op: 'replace', body: { ...list, spec: { ...(list.spec as object), rules: after } } }];
}

function ownList(change: Change, service: ServiceRef): KubeObject {
  const catchAll: ListRule = { name: CATCH_ALL, to: [{ service: service.name, weight: 1 }] };
  const rules = [...copiesOf(change, service, catchAll, 0).map(({ rule }) => rule), catchAll].map(numbered());
  const labels = { 'app.kubernetes.io/managed-by': 'heddle' };
  return {
    apiVersion: VERSION,
    kind: KIND,
    metadata: { name: `heddle-${service.name}`, namespace: service.namespace, labels },
    spec: { service: service.name, rules },
  };
}

function rearranged(change: Change, service: ServiceRef, list: KubeObject): readonly ListRule[] {
  const owned = new Map(ownedIn(list).map(({ pointer, owner }) => [Number(pointer.split('/').at(-1)), owner]));
  const foreign: ListRule[] = [];
  const placed: Placed[] = [];
  rulesOf(list).forEach((rule, index) => {
    const owner = owned.get(index);
    if (owner === undefined) foreign.push(rule);
    else if (!sameOwner(owner, change.owner)) placed.push({ before: foreign.length, owner, rule });
  });
  // What no rule matches is a 404 in the mesh, and the owner's there; at the gateway it is nobody's.
  const closed = foreign.some((rule) => rule.path === undefined && rule.headers === undefined);
  const rest: readonly ListRule[] = closed ? [] : [{ to: [{ service: service.name, weight: 1 }], meshOnly: true }];
  placed.push(...[...foreign, ...rest].flatMap((rule, index) => copiesOf(change, service, rule, index)));
  const rank = ({ owner: { kind, id } }: Placed) => `${kind === 'session' ? 0 : 1} ${id}`;
  placed.sort((a, b) => a.before - b.before || (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
  const gap = (at: number) => placed.filter(({ before }) => before === at).map(({ rule }) => rule);
  return [...foreign.flatMap((rule, index) => [...gap(index), rule]), ...gap(foreign.length)].map(numbered());
}

/** Names end in a number of their own within each owner. */
function numbered(): (rule: ListRule) => ListRule {
  const counts = new Map<string, number>();
  return (rule) => {
    const [, key] = /^heddle\/(.+)\/\d+$/.exec(rule.name ?? '') ?? [];
    if (key === undefined) return rule;
    counts.set(key, (counts.get(key) ?? -1) + 1);
    return { ...rule, name: `heddle/${key}/${counts.get(key)}` };
  };
}

function copiesOf(change: Change, service: ServiceRef, rule: ListRule, before: number): readonly Placed[] {
  if (!rule.to.some((each) => each.service === service.name)) return [];
  const everything: Match = {};
  return change.intents.flatMap((intent) => {
    if (!('to' in intent)) return [];
    const to = intent.to.map(({ version, weight }) => ({ service: serviceOf(change, version), weight }));
    const matches = intent.match.length === 0 ? [everything] : intent.match;
    return matches.map((match) => ({ before, owner: change.owner, rule: copy(change, rule, match, to) }));
  });
}

/** One path a rule: the copied one where there is one, so what is declared may name a path only where rules do not. */
function copy(change: Change, { name: _name, mirror: _mirror, ...kept }: ListRule, match: Match, to: ListRule['to']): ListRule {
  const path = kept.path ?? match.path;
  const headers = [...(kept.headers ?? []), ...(match.headers ?? [])];
  return {
    name: `heddle/${ownerKey(change.owner)}/0`,
    ...kept,
    ...(path === undefined ? {} : { path }),
    ...(headers.length === 0 ? {} : { headers }),
    to,
  };
}

function serviceOf(change: Change, id: string): string {
  const version = change.versions.find((each) => each.id === id);
  return version?.realise === 'service' ? version.service.name : 'unknown';
}
