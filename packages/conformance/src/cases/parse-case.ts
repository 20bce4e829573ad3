import { type Client, FEATURES, type KubeObject, type MeshEnvironment, metaOf, SESSION_LABEL } from '@heddle/core';
import { loadAll } from 'js-yaml';
import { type Case, type Level, OTHER_NEEDS } from './case.js';
import type { ObjectChange } from './change-spec.js';
import { parseStep } from './parse-step.js';
import { bad, list, map, maybe, number, oneOf, type Raw, text, texts } from './shape.js';
import type { Step } from './step.js';

/** What a case may leave out; the kit's own cases all play here. */
export const SHOP = { namespace: 'shop', service: 'cart', port: 8080 } as const;

const KEYS = [
  'id',
  'number',
  'level',
  'title',
  'mesh',
  'features',
  'environment',
  'namespace',
  'service',
  'port',
  'clients',
  'parts',
  'world',
  'worlds',
  'everyVersion',
  'objects',
  'steps',
];

/** Where a case plays, beside what it says itself. */
export interface Place {
  /** Objects that its own of the same kind and name replace. */
  readonly objects?: readonly KubeObject[];
  /** Such objects as they are written, some without a namespace. */
  readonly parts?: readonly KubeObject[];
  readonly client?: Client;
  readonly world?: {
    readonly name: string;
    readonly objects: readonly KubeObject[];
    readonly mutations: Readonly<Record<string, readonly ObjectChange[]>>;
  };
  /** Appended to the id where a case plays in several worlds. */
  readonly suffix?: string;
  readonly without?: string;
}

/** Reads one case; `file` is named in errors. Throws a usage error `bad-case`: path, expected, received. */
export function parseCase(value: unknown, file: string, place: Place = {}): Case {
  const raw = map(value, file, KEYS);
  const at = (key: string) => `${file}: ${key}`;
  const namespace = raw.namespace === undefined ? SHOP.namespace : text(raw.namespace, at('namespace'));
  const service = raw.service === undefined ? SHOP.service : text(raw.service, at('service'));
  const port = raw.port === undefined ? SHOP.port : number(raw.port, at('port'));
  const own = parseObjects(raw.objects, at('objects'), namespace);
  const steps = list(raw.steps, at('steps')).map((step, index) => parseStep(step, at(`steps[${index}]`), { namespace, service, port }));
  const parts = (place.parts ?? []).map((object) => inNamespace(object, namespace));
  const given = [...(place.objects ?? []), ...(place.world?.objects ?? []), ...parts];
  const present = place.world === undefined ? given : given.filter(withShadowsOf(steps));
  if (steps.length === 0) throw bad(at('steps'), 'at least one step', raw.steps);
  return {
    id: `${text(raw.id, at('id'))}${place.suffix ?? ''}`,
    ...maybe(raw, 'number', number, `${file}:`),
    level: raw.level === undefined ? 'extended' : oneOf<Level>(raw.level, ['core', 'extended'], at('level')),
    title: text(raw.title, at('title')),
    ...maybe(raw, 'mesh', text, `${file}:`),
    ...(place.world === undefined ? {} : { world: place.world.name }),
    ...(place.without === undefined ? {} : { without: place.without }),
    everyVersion: raw.everyVersion === true,
    features: texts(raw.features, at('features')).map((one) => oneOf(one, [...FEATURES, ...OTHER_NEEDS], at('features'))),
    environment: raw.environment === undefined ? {} : parseEnvironment(raw.environment, at('environment')),
    namespace,
    service,
    port,
    clients: clientsOf(raw.clients, at('clients'), namespace, place.client),
    objects: distinct([...present, ...own]),
    worldObjects: place.world?.objects ?? [],
    mutations: place.world?.mutations ?? {},
    steps,
  };
}

/** Of the shop's shadows only those of sessions that the case speaks of are there. */
function withShadowsOf(steps: readonly Step[]): (object: KubeObject) => boolean {
  const sessions = new Set(steps.flatMap((step) => ('change' in step ? [step.change.session] : 'session' in step ? [step.session] : [])));
  return (object) => {
    const session = metaOf(object).labels[SESSION_LABEL];
    return session === undefined || sessions.has(session);
  };
}

/** YAML documents in one text. */
export function parseObjects(value: unknown, path: string, namespace: string): readonly KubeObject[] {
  if (value === undefined) return [];
  const documents = loadAll(text(value, path)).filter((one) => one !== null);
  return documents.map((one, index) => inNamespace(map(one, `${path}[${index}]`), namespace));
}

export function parseEnvironment(value: unknown, path: string): Partial<MeshEnvironment> {
  const raw = map(value, path, ['version', 'envoy', 'served', 'settings']);
  const strings = (one: unknown, at: string) =>
    Object.fromEntries(Object.entries(map(one, at)).map(([key, item]) => [key, text(item, `${at}.${key}`)]));
  return {
    ...maybe(raw, 'version', text, path),
    ...maybe(raw, 'envoy', text, path),
    ...maybe(raw, 'served', strings, path),
    ...maybe(raw, 'settings', strings, path),
  };
}

/** Later ones replace earlier ones of the same kind and name. */
export function distinct(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((object) => [keyOf(object), object])).values()];
}

const keyOf = (object: KubeObject): string => JSON.stringify([object.kind, metaOf(object).namespace, metaOf(object).name]);

/** A namespace that is left out is the case's; `namespace: null` says that the kind has none. */
export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name, namespace: given, ...metadata } = object.metadata as Raw;
  if (given === null) return { ...object, metadata: { name, ...metadata } };
  if (object.kind === 'Namespace' || given !== undefined) return object;
  return { ...object, metadata: { name, namespace, ...metadata } };
}

export function parseClient(value: unknown, path: string, namespace: string): Client {
  const raw = map(value, path, ['kind', 'namespace', 'labels']);
  const kind = oneOf(raw.kind, ['sidecar', 'gateway', 'none'], `${path}.kind`);
  if (kind === 'none') return { kind };
  const where = raw.namespace === undefined ? namespace : text(raw.namespace, `${path}.namespace`);
  const labels = Object.entries(raw.labels === undefined ? {} : map(raw.labels, `${path}.labels`)).map(([key, label]) => [
    key,
    String(label),
  ]);
  return { kind, namespace: where, labels: Object.fromEntries(labels) };
}

function clientsOf(value: unknown, path: string, namespace: string, usual: Client | undefined): Readonly<Record<string, Client>> {
  const given = Object.entries(value === undefined ? {} : map(value, path));
  const mesh: Client = usual ?? { kind: 'sidecar', namespace, labels: {} };
  return { mesh, ...Object.fromEntries(given.map(([name, one]) => [name, parseClient(one, `${path}.${name}`, namespace)])) };
}
