import { canonicalJson, type KubeObject, type Labels, labelsMatch, metaOf } from '@heddle/core';
import { maybeRecord, record } from '../decode/raw.js';
import type { Service } from '../decode/world-types.js';
import { freeName, namesTaken, type Surroundings } from './surroundings.js';

/** Characters that a Service's name may have. */
const LABEL_LENGTH = 63;

/** How the Pods of one version are told from the others of their Service. */
export interface Versions {
  /** By tags, or as a Service of its own. `name`: what people call it. */
  of(service: Service, labels: Labels, name: string | undefined): { readonly tags: Labels } | { readonly service: ServiceName };
  /** The Services that had to be made, as far as these objects name them. */
  objects(routes: readonly KubeObject[]): readonly KubeObject[];
  /** Whether any version is told by tags. */
  areTags(): boolean;
}

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** What a tag may be (kuma `pkg/core/resources/apis/mesh/validators.go`, 2.14). */
const TAG = /^[\w.\-:/]+$/;
const isTag = ([key, value]: readonly [string, string]): boolean => TAG.test(key) && TAG.test(value);

/**
 * Kuma makes tags of the labels of Pods; from 3.0 on, and where the control plane makes none, every version needs a Service of its own
 * (kuma `UPGRADE.md`, 3.0). One that is there and selects the same Pods is taken.
 */
export function versionsIn(objects: readonly KubeObject[], around: Surroundings): Versions {
  const made = new Map<string, KubeObject>();
  const byNamespace = new Map<string, Set<string>>();
  let tags = false;
  const serviceOf = (base: Service, labels: Labels, wanted: string | undefined) => {
    const { namespace } = base;
    const selector = { ...base.selector, ...labels };
    const key = `${namespace}/${base.name} ${canonicalJson(selector)}`;
    const known = made.get(key);
    if (known !== undefined) return metaOf(known).name;
    const same = around.world.services.find((one) => one.namespace === namespace && isSame(one, base, selector));
    if (same !== undefined) return same.name;
    const taken = byNamespace.get(namespace) ?? new Set(namesTaken(objects, 'Service', namespace));
    byNamespace.set(namespace, taken);
    const name = freeName(`${base.name}-${nameIn(wanted ?? Object.values(labels).join('-'))}`, taken, LABEL_LENGTH);
    taken.add(name);
    made.set(key, versionService(base, name, selector));
    return name;
  };
  return {
    of: (service, labels, wanted) => {
      if (around.hasTags && Object.entries(labels).every(isTag)) {
        tags = true;
        return { tags: labels };
      }
      const name = serviceOf(service, labels, wanted);
      return { service: { namespace: service.namespace, name } };
    },
    objects: (routes) => [...made.values()].filter((object) => isNamedIn(object, JSON.stringify(routes))),
    areTags: () => tags,
  };
}

const isSame = (one: Service, base: Service, selector: Labels): boolean =>
  canonicalJson(one.selector) === canonicalJson(selector) &&
  labelsMatch(base.selector, one.selector) &&
  base.ports.every(({ number, target }) => one.ports.some((port) => port.number === number && port.target === target));

/** By itself, or by the tag `kuma.io/service`. */
function isNamedIn(service: KubeObject, written: string): boolean {
  const { namespace = '', name } = metaOf(service);
  return written.includes(`"${name}"`) || written.includes(`"${name}_${namespace}_svc_`);
}

/** The base's ports and selector, with the version's labels. */
function versionService(base: Service, name: string, selector: Labels): KubeObject {
  const ports = record(base.object.spec).ports;
  const own = (Array.isArray(ports) ? ports : []).map((port: unknown) => {
    const { nodePort: _nodePort, ...rest } = record(port);
    return rest;
  });
  const annotations = Object.entries(maybeRecord(record(base.object.metadata).annotations) ?? {}).filter(([key]) =>
    key.endsWith('.service.kuma.io/protocol'),
  );
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: base.namespace,
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    spec: { selector, ports: own },
  };
}

/** As a DNS label has it. */
const nameIn = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'version';
