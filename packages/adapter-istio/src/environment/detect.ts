import {
  type ClusterFacts,
  type Detection,
  imageVersion,
  type KubeObject,
  metaOf,
  type ObjectQuery,
  objectsOf,
  servedVersions,
} from '@heddle/core';
import { record, records, text, texts } from '../decode/raw.js';
import { LEGACY } from '../decode/route-rule/legacy-group.js';
import { NETWORKING } from '../decode/world.js';
import { kinds } from './kinds.js';
import { meshSettings } from './mesh-config.js';

/** Where Istio is installed unless somebody chose otherwise. */
const USUAL_NAMESPACE = 'istio-system';

/** istiod's Deployment or Pods give the version, its ConfigMap the mesh's settings. All may be unreadable. */
export const facts: readonly ObjectQuery[] = [
  { group: 'apps', kind: 'Deployment', labelSelector: 'app=istiod' },
  { group: '', kind: 'Pod', labelSelector: 'app=istiod' },
  { group: '', kind: 'ConfigMap', namespace: USUAL_NAMESPACE, name: 'istio' },
];

/** Istio runs here when its VirtualServices are served, or RouteRules, as before 0.8; the rest is read from istiod as far as it can be seen. */
export function detect({ served, seen }: ClusterFacts): Detection | undefined {
  const serves = (group: string, kind: string) => served.some((one) => one.group === group && one.kind === kind);
  const crd = serves(NETWORKING, 'VirtualService')
    ? `virtualservices.${NETWORKING}`
    : serves(LEGACY, 'RouteRule')
      ? `routerules.${LEGACY}`
      : undefined;
  if (crd === undefined) return undefined;
  const deployment = objectsOf(seen, 'apps', 'Deployment').find(isIstiod);
  const pod = objectsOf(seen, '', 'Pod').find(isIstiod);
  const template = deployment === undefined ? pod?.spec : record(record(deployment.spec).template).spec;
  const containers = records(record(template).containers);
  const version = containers.map(({ image }) => imageVersion(text(image))).find((found) => found !== undefined);
  const namespace = metaOf(deployment ?? pod).namespace;
  const config = objectsOf(seen, '', 'ConfigMap').find((object) => metaOf(object).name === 'istio');
  const domain = clusterDomain(containers);
  const envoy = version === undefined ? undefined : envoyOf(version);
  return {
    environment: {
      ...(version === undefined ? {} : { version }),
      ...(envoy === undefined ? {} : { envoy }),
      served: servedVersions(kinds, served),
      settings: {
        ...(namespace === undefined ? {} : { rootNamespace: namespace }),
        ...(domain === undefined ? {} : { clusterDomain: domain }),
        ...meshSettings(text(record(config?.data).mesh)),
      },
    },
    because: [
      `CRD ${crd}`,
      namespace === undefined ? 'istiod not seen' : `istiod ${version ?? 'of unknown version'} in ${namespace}`,
      ...(config === undefined ? ['mesh settings not readable, defaults assumed'] : []),
    ].join(', '),
  };
}

const isIstiod = (object: KubeObject): boolean => metaOf(object).labels.app === 'istiod';

/** The Envoy that an Istio release ships: minor version plus eight, so 1.22 has 1.30 and 1.31 has 1.39 (release notes). */
function envoyOf(version: string): string | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === '1' && minor !== undefined ? `1.${Number(minor) + 8}` : undefined;
}

function clusterDomain(containers: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  for (const { args } of containers) {
    const words = texts(args);
    const at = words.indexOf('--domain');
    const joined = words.find((word) => word.startsWith('--domain='));
    const found = joined === undefined ? (at < 0 ? undefined : words[at + 1]) : joined.slice('--domain='.length);
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}
