import { type Finding, finding, type MeshEnvironment, type Observed, objectsOf, refOf } from '@heddle/core';
import { record, text as textOf } from '../decode/raw.js';
import { LEGACY } from '../decode/route-rule/legacy-group.js';

const NOW: Readonly<Record<string, string>> = {
  RouteRule: 'write it as a VirtualService, with subsets in a DestinationRule for the labels that it sends to',
  DestinationPolicy: 'write it as trafficPolicy of a DestinationRule',
  EgressRule: 'write it as a ServiceEntry',
};

/** Kinds that Istio had before 1.0 and has not looked at since (istio/api dd1d174, July 2018). */
export function lintLegacy(seen: Observed, { version }: MeshEnvironment): readonly Finding[] {
  if (version !== undefined && /^0\./.test(version)) return [];
  return Object.entries(NOW).flatMap(([kind, fix]) =>
    objectsOf(seen, LEGACY, kind).map((object) => {
      const ref = refOf(object);
      const name = textOf(record(record(object.spec).destination).name);
      const then = kind === 'RouteRule' && name !== '' ? `: requests for ${name} go where they went without it, to all of its Pods` : '';
      return finding('error', 'legacy-ignored', ref, `no Istio since 1.0 looks at a ${kind}${then}`, { pointer: '/apiVersion', fix });
    }),
  );
}
