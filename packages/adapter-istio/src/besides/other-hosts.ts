import { describeRef, groupOf, type KubeObject, type MeshEnvironment, metaOf, type Problem, refOf } from '@heddle/core';
import { hostsMatch, isWildcard, resolveHost } from '../decode/hosts.js';
import { record, texts } from '../decode/raw.js';
import { NETWORKING } from '../decode/world.js';

/** Hosts for which VirtualServices hold in the mesh and that are no Service here. */
export function otherHosts(objects: readonly KubeObject[], env: MeshEnvironment): readonly Problem[] {
  const domain = env.settings.clusterDomain ?? 'cluster.local';
  const services = objects.filter(isA('', 'Service')).map((object) => {
    const { namespace = '', name } = metaOf(object);
    return `${name}.${namespace}.svc.${domain}`;
  });
  return objects.filter(isA(NETWORKING, 'VirtualService')).flatMap((object) => {
    const ref = refOf(object);
    const spec = record(object.spec);
    const gateways = texts(spec.gateways);
    if (gateways.length > 0 && !gateways.includes('mesh')) return [];
    return texts(spec.hosts).flatMap((host, index): readonly Problem[] => {
      const full = resolveHost(host.toLowerCase(), ref.namespace ?? '', domain);
      if (services.some((service) => (isWildcard(full) ? hostsMatch(full, service) : full === service))) return [];
      const message = `${describeRef(ref)}: it is also for ${host}, which is no Service of these objects: its rules do not hold there`;
      const fix = 'add the Service to the files, if it is one; else write a route for the host by hand';
      return [{ code: 'host', message, ref, pointer: `/spec/hosts/${index}`, fix }];
    });
  });
}

const isA =
  (group: string, kind: string) =>
  (object: KubeObject): boolean =>
    object.kind === kind && groupOf(refOf(object).apiVersion) === group;
