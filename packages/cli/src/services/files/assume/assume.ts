import type { KubeObject, MeshAdapter } from '@heddle/core';
import type { Assume } from '../types.js';
import { podsOfGateways } from './gateway-pods.js';
import { namedServices } from './named-services.js';
import type { Assumed } from './ready-pod.js';
import { podsOfServices } from './service-pods.js';
import { isServing, podsOfWorkloads } from './workload-pods.js';

const nothing: Assumed = { objects: [], notes: [] };

/**
 * What files leave out of a world and what an answer needs: as little as possible, each a note. Workloads stand for their Pods. Services
 * get Pods only where the files hold no Pod and no workload at all, and are made up only where they hold no Service at all. Proxies of
 * gateways are not part of an application, so one stands in for each kind that none is there of.
 */
export function assumed(objects: readonly KubeObject[], adapters: readonly MeshAdapter[], assume: Assume): Assumed {
  const isBare = !objects.some((object) => object.kind === 'Pod' || isServing(object));
  const there = objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
  const mentions =
    isBare || there.length === 0 ? objects.flatMap((object) => adapters.flatMap((adapter) => adapter.mentions?.(object) ?? [])) : [];
  const services = there.length > 0 ? nothing : namedServices(mentions, assume.port);
  const pods = isBare ? podsOfServices([...there, ...services.objects], mentions) : podsOfWorkloads(objects);
  const gateways = assume.gateways === true ? podsOfGateways([...objects, ...pods.objects], adapters) : nothing;
  return together([services, pods, gateways]);
}

function together(parts: readonly Assumed[]): Assumed {
  return { objects: parts.flatMap(({ objects }) => objects), notes: parts.flatMap(({ notes }) => notes) };
}
