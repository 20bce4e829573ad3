import {
  canonicalJson,
  type Destination,
  type KubeObject,
  type Labels,
  labelsIn,
  type MeshEnvironment,
  metaOf,
  type RouteTable,
  type Routing,
  type Rule,
} from '@heddle/core';
import { records, text } from '../decode/raw.js';
import { versionName } from '../decode/route-rule/version-name.js';
import { completeHost, fqdnOf } from '../encode/hosts.js';
import { specOf } from '../encode/virtual-service.js';
import { hostFrom, type ServiceName, serviceOf } from './hosts.js';
import { type Written, writtenObject } from './objects.js';
import type { Surroundings } from './surroundings.js';

interface Subset {
  readonly name: string;
  readonly labels: Labels;
  /** Somebody's DestinationRule defines it. */
  readonly given: boolean;
}

/** The subsets by which the versions of Services are told apart. */
export interface Versions {
  /** The subset of a destination with labels; `undefined`: all of the Service. */
  subset(destination: Destination): string | undefined;
  /** A subset that is defined nowhere, so that nothing is there. */
  missing(service: ServiceName, wanted: string | undefined): string;
  /** One DestinationRule for each Service with subsets that have been asked for and are not there yet. */
  objects(): readonly Written[];
}

/** By the names that people know: the subset's, the version's, else of the labels. Of two that choose the same Pods the first counts. */
export function versionsIn({ services }: Routing, around: Surroundings, env: MeshEnvironment): Versions {
  const found = new Map<string, { readonly service: ServiceName; readonly subsets: Subset[] }>();
  const of = (service: ServiceName) => {
    const key = `${service.namespace}/${service.name}`;
    const known = found.get(key) ?? { service, subsets: givenSubsets(service, around, env) };
    found.set(key, known);
    return known.subsets;
  };
  const used = new Set<Subset>();
  const isThere = ({ endpoints }: Destination) => endpoints !== 'no-cluster';
  for (const destination of services.flatMap(({ tables }) => tables.flatMap(destinationsIn)).filter(isThere)) {
    const service = serviceOf(destination.host);
    const labels = around.podLabels(destination);
    if (service === undefined || Object.keys(labels).length === 0) continue;
    const subsets = of(service);
    if (subsets.some((one) => sameLabels(one.labels, labels))) continue;
    const wanted = destination.subset ?? destination.version ?? versionName(labels);
    subsets.push({ name: freeName(subsetLabel(wanted), subsets), labels, given: false });
  }
  return {
    subset: (destination) => {
      const service = serviceOf(destination.host);
      const labels = around.podLabels(destination);
      if (service === undefined || Object.keys(labels).length === 0) return undefined;
      const subset = of(service).find((one) => sameLabels(one.labels, labels));
      if (subset !== undefined) used.add(subset);
      return subset?.name;
    },
    missing: (service, wanted) => freeName(subsetLabel(wanted ?? 'missing'), of(service)),
    objects: () =>
      [...found.values()].flatMap(({ service, subsets }) => {
        const needed = subsets.filter((one) => !one.given && used.has(one));
        return needed.length === 0 ? [] : [destinationRule(service, needed, around, env)];
      }),
  };
}

/** Where a table sends requests and copies. */
export const destinationsIn = ({ rules, otherwise }: RouteTable): readonly Destination[] =>
  [...rules, { action: otherwise }].flatMap(({ action, mirrors = [] }: Pick<Rule, 'action' | 'mirrors'>) => [
    ...(typeof action === 'object' && 'to' in action ? action.to : []),
    ...mirrors.map(({ destination }) => destination),
  ]);

const sameLabels = (a: Labels, b: Labels): boolean => canonicalJson(a) === canonicalJson(b);

/** A DNS label, as subsets are named. */
function subsetLabel(name: string): string {
  const fit = name.replace(/[^a-zA-Z0-9-]+/g, '-').slice(0, 60);
  return fit.replace(/^-+|-+$/g, '') || 'version';
}

function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!names.has(name)) return name;
  }
}

/** Those that DestinationRules of the Service's namespace define, beside which ours count (istio `destination_rule.go`, 1.31). */
function givenSubsets(service: ServiceName, around: Surroundings, env: MeshEnvironment): Subset[] {
  return rulesFor(service, around, env).flatMap((rule) =>
    records(specOf(rule).subsets).map((one) => ({ name: text(one.name), labels: labelsIn(one.labels), given: true })),
  );
}

const rulesFor = (service: ServiceName, { written }: Surroundings, env: MeshEnvironment): readonly KubeObject[] =>
  written.filter((object) => {
    const { namespace = '' } = metaOf(object);
    return (
      object.kind === 'DestinationRule' &&
      namespace === service.namespace &&
      completeHost(specOf(object).host, namespace, env) === fqdnOf(service, env)
    );
  });

function destinationRule(service: ServiceName, subsets: readonly Subset[], around: Surroundings, env: MeshEnvironment): Written {
  const [beside] = rulesFor(service, around, env);
  // Beside another for the host, only one with the very same exportTo adds its subsets to it.
  const exportTo = beside === undefined ? publicIf(env.settings.defaultDestinationRuleExportTo) : specOf(beside).exportTo;
  const spec = {
    host: hostFrom(service.namespace, service, env),
    ...(Array.isArray(exportTo) ? { exportTo } : {}),
    subsets: subsets.map(({ name, labels }) => ({ name, labels })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return writtenObject('DestinationRule', service, spec, around, env);
}

/** Where objects are for their own namespace unless they say otherwise, ours says so. */
export const publicIf = (setting: string | undefined): readonly string[] | undefined =>
  setting === undefined || setting === '' || setting === '*' ? undefined : ['*'];
