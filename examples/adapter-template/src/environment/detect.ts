import { type ClusterFacts, type Detection, imageVersion, metaOf, type ObjectQuery, objectsOf, servedVersions } from '@heddle/core';
import { CONTROLLER, GATEWAY_API, HTTP_ROUTE } from '../names.js';
import { record, records, text } from '../raw.js';
import { kinds } from './kinds.js';

/** The Gateway API is a contract without a proxy: an implementation must be there that obeys routes with a Service as parent. */
export const facts: readonly ObjectQuery[] = [
  { group: GATEWAY_API, kind: 'GatewayClass' },
  { group: 'apps', kind: 'Deployment', labelSelector: 'app=istiod' },
];

/**
 * The Gateway API runs here when HTTPRoutes are served and Istio is seen. Other implementations are not claimed: in which order
 * they try regular expressions, on which the catch-all of a session relies, has not been measured.
 */
export function detect({ served, seen }: ClusterFacts): Detection | undefined {
  if (!served.some(({ group, kind }) => group === GATEWAY_API && kind === HTTP_ROUTE)) return undefined;
  const istiod = objectsOf(seen, 'apps', 'Deployment').find((object) => metaOf(object).labels.app === 'istiod');
  const gatewayClass = objectsOf(seen, GATEWAY_API, 'GatewayClass').find(({ spec }) => record(spec).controllerName === CONTROLLER);
  if (istiod === undefined && gatewayClass === undefined) return undefined;
  const version = versionOf(istiod);
  const envoy = version === undefined ? undefined : envoyOf(version);
  return {
    title: 'Gateway API on Istio',
    environment: {
      ...(version === undefined ? {} : { version }),
      ...(envoy === undefined ? {} : { envoy }),
      served: servedVersions(kinds, served),
      settings: istiod === undefined ? {} : { rootNamespace: metaOf(istiod).namespace ?? 'istio-system' },
    },
    because: [
      `CRD httproutes.${GATEWAY_API}`,
      gatewayClass === undefined ? 'no GatewayClass of Istio seen' : `GatewayClass ${metaOf(gatewayClass).name} (${CONTROLLER})`,
      istiod === undefined ? 'istiod not seen' : `istiod ${version ?? 'of unknown version'} in ${metaOf(istiod).namespace}`,
    ].join(', '),
  };
}

function versionOf(deployment: unknown): string | undefined {
  const template = record(record(record(deployment).spec).template);
  const images = records(record(template.spec).containers).map(({ image }) => text(image));
  return images.map(imageVersion).find((version) => version !== undefined);
}

/** The Envoy that an Istio release ships: minor version plus eight (release notes). It decides how repeated headers are matched. */
function envoyOf(version: string): string | undefined {
  const minor = /^1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : `1.${Number(minor) + 8}`;
}
