import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, FEATURES, type KubeObject, type MeshEnvironment, metaOf } from '@heddle/core';
import { load, loadAll } from 'js-yaml';
import type { Case } from './case.js';
import { parseStep } from './parse-step.js';
import { bad, list, map, maybe, number, oneOf, type Raw, text, texts } from './shape.js';

/**
 * Reads all `*.yaml` files of a folder, in order of name; what a case lists under `parts` is taken from `parts/<name>.yaml` there.
 * Throws a usage error `bad-case` that names the place and what was expected.
 */
export async function loadCases(folder: string): Promise<readonly Case[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map((name) => loadCase(folder, name)));
}

async function loadCase(folder: string, name: string): Promise<Case> {
  const raw = load(await readFile(join(folder, name), 'utf8'));
  const parts = texts(map(raw, name).parts, `${name}: parts`);
  const shared = await Promise.all(parts.map((part) => readFile(join(folder, 'parts', `${part}.yaml`), 'utf8')));
  return parseCase(raw, name, shared.flatMap((part) => loadAll(part)) as KubeObject[]);
}

const KEYS = [
  'id',
  'number',
  'title',
  'mesh',
  'features',
  'environment',
  'namespace',
  'service',
  'port',
  'clients',
  'parts',
  'objects',
  'steps',
];

/** Reads one case; `file` is named in errors. `shared`: objects of its parts, which its own of the same name replace. */
export function parseCase(value: unknown, file: string, shared: readonly KubeObject[] = []): Case {
  const raw = map(value, file, KEYS);
  const namespace = raw.namespace === undefined ? 'shop' : text(raw.namespace, `${file}: namespace`);
  const service = raw.service === undefined ? 'cart' : text(raw.service, `${file}: service`);
  const port = raw.port === undefined ? 8080 : number(raw.port, `${file}: port`);
  const own = raw.objects === undefined ? [] : loadAll(text(raw.objects, `${file}: objects`)).filter((one) => one !== null);
  const objects = [...shared, ...(own as KubeObject[])].map((object) => inNamespace(object, namespace));
  const steps = list(raw.steps, `${file}: steps`).map((step, index) => parseStep(step, `${file}: steps[${index}]`, { service, port }));
  if (steps.length === 0) throw bad(`${file}: steps`, 'at least one step', raw.steps);
  return {
    id: text(raw.id, `${file}: id`),
    number: number(raw.number, `${file}: number`),
    title: text(raw.title, `${file}: title`),
    mesh: text(raw.mesh, `${file}: mesh`),
    features: texts(raw.features, `${file}: features`).map((one) => oneOf(one, [...FEATURES, 'cluster' as const], `${file}: features`)),
    environment: raw.environment === undefined ? {} : environmentOf(raw.environment, `${file}: environment`),
    namespace,
    service,
    port,
    clients: clientsOf(raw.clients, `${file}: clients`, namespace),
    objects: [...new Map(objects.map((object) => [keyOf(object), object])).values()],
    steps,
  };
}

function environmentOf(value: unknown, path: string): Partial<MeshEnvironment> {
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

const keyOf = (object: KubeObject): string => JSON.stringify([object.kind, metaOf(object).namespace, metaOf(object).name]);

const CLUSTER_WIDE = new Set(['Namespace']);

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (CLUSTER_WIDE.has(String(object.kind)) || metaOf(object).namespace !== undefined) return object;
  const { name, ...metadata } = object.metadata as Raw;
  return { ...object, metadata: { name, namespace, ...metadata } };
}

function clientsOf(value: unknown, path: string, namespace: string): Readonly<Record<string, Client>> {
  const given = Object.entries(value === undefined ? {} : map(value, path)).map(([name, one]): [string, Client] => {
    const raw = map(one, `${path}.${name}`, ['kind', 'namespace', 'labels']);
    const kind = oneOf(raw.kind, ['sidecar', 'gateway', 'none'], `${path}.${name}.kind`);
    if (kind === 'none') return [name, { kind }];
    const where = raw.namespace === undefined ? namespace : text(raw.namespace, `${path}.${name}.namespace`);
    const labels = Object.entries(raw.labels === undefined ? {} : map(raw.labels, `${path}.${name}.labels`)).map(([key, label]) => [
      key,
      String(label),
    ]);
    return [name, { kind, namespace: where, labels: Object.fromEntries(labels) }];
  });
  return { mesh: { kind: 'sidecar', namespace, labels: {} }, ...Object.fromEntries(given) };
}
