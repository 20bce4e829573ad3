import {
  contentHash,
  isRecord,
  type KubeObject,
  metaOf,
  type NamedMatch,
  type Observed,
  type OwnedRule,
  objectsOf,
  type PathMatch,
  parseOwnerKey,
  refOf,
} from '../src/index.js';

export const GROUP = 'mesh.example.test';
export const VERSION = `${GROUP}/v1`;
export const KIND = 'ListRoute';

export interface ListRule {
  readonly name?: string;
  readonly path?: PathMatch;
  readonly headers?: readonly NamedMatch[];
  readonly to: readonly { readonly service: string; readonly weight: number }[];
  readonly rewrite?: string;
  readonly timeoutMs?: number;
  readonly mirror?: string;
  /** Left out at the gateway. */
  readonly meshOnly?: boolean;
  /** Fields that the adapter does not know must survive. */
  readonly [other: string]: unknown;
}

export function rulesOf(object: unknown): readonly ListRule[] {
  const spec = isRecord(object) && isRecord(object.spec) ? object.spec : {};
  return Array.isArray(spec.rules) ? spec.rules : [];
}

/** Ours are named `heddle/<kind>/<namespace>/<id>/<n>`. */
export function ownedIn(object: unknown): readonly OwnedRule[] {
  return rulesOf(object).flatMap((rule, index) => {
    const [, key = ''] = /^heddle\/(.+)\/\d+$/.exec(rule.name ?? '') ?? [];
    const owner = parseOwnerKey(key);
    return owner === undefined ? [] : [{ owner, ref: refOf(object), pointer: `/spec/rules/${index}`, hash: contentHash(rule) }];
  });
}

/** The ListRoute that counts for a service: the first by name. */
export function listFor(service: { namespace: string; name: string }, seen: Observed): KubeObject | undefined {
  return objectsOf(seen, GROUP, KIND)
    .filter((object) => metaOf(object).namespace === service.namespace && isRecord(object.spec) && object.spec.service === service.name)
    .sort((a, b) => (metaOf(a).name < metaOf(b).name ? -1 : 1))[0];
}

export function listRoute(
  name: string,
  service: string,
  rules: readonly ListRule[],
  more: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return { apiVersion: VERSION, kind: KIND, metadata: { name, namespace: 'shop' }, spec: { service, rules, ...more } };
}

export function serviceAndPod(name: string): readonly KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { selector: { app: name }, ports: [{ port: 8080 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-0`, namespace: 'shop', labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    },
  ];
}
