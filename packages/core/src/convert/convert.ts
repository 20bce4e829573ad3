import { asWritten } from '../adapters/as-written.js';
import { type KubeObject, refKey, refOf } from '../model/object.js';
import { meshKind } from './belongs-to.js';
import { compareSource } from './compare-source.js';
import { decodeMesh } from './decode-mesh.js';
import { follow } from './follow.js';
import { knownCallers } from './known-callers.js';
import { mergedDifferences, mergedLosses } from './merge-losses.js';
import { overlay } from './overlay.js';
import { renderSource } from './render-source.js';
import { ownerNotes } from './sessions.js';
import { byRef } from './source-field.js';
import type { Conversion, ConvertInput, Followed } from './types.js';
import { idleNotes, unconverted } from './unconverted.js';
import { unreadyNotes } from './unready.js';

/**
 * Objects of some meshes as those of another, and all that is not the same then. Both are decoded and requests are followed through
 * both, so that a loss comes with a request that shows it, and what no loss foresaw is one too.
 * Throws `BugError` when the target's adapter cannot render.
 */
export function convert({ objects, sources, target }: ConvertInput): Conversion {
  const keeps = (object: KubeObject) => {
    const kind = meshKind(target.adapter, object);
    return kind !== undefined && kind.legacy !== true;
  };
  const kept = objects.filter(keeps);
  const around = objects.filter((object) => ![target, ...sources].some(({ adapter }) => meshKind(adapter, object) !== undefined));
  const parts = sources.flatMap((source) => {
    const own = objects.filter((object) => !keeps(object) && meshKind(source.adapter, object) !== undefined);
    return own.length === 0 ? [] : [renderSource(source, target, { own, all: objects, around, kept })];
  });
  const foundations = parts.flatMap((part) => part.objects.slice(0, part.foundations));
  const rendered = [...foundations, ...parts.flatMap((part) => part.objects.slice(part.foundations))];
  const isMesh = (object: KubeObject) => meshKind(target.adapter, object) !== undefined;
  // What is rendered besides is of Kubernetes: Services of versions, and Services that are amended.
  const cluster = overlay(
    around,
    rendered.filter((object) => !isMesh(object)),
  );
  const isElsewhere = sources.some(({ adapter }) => adapter.id !== target.adapter.id);
  const adopted = isElsewhere ? (target.adapter.adopt?.(cluster, target.env) ?? cluster) : cluster;
  const then = decodeMesh(target, overlay(adopted, [...kept, ...rendered.filter(isMesh)]));
  const runs = byRef(adopted);
  const callers = knownCallers(
    objects,
    (pod) => runs.has(refKey(refOf(pod))) && [target, ...sources].some(({ adapter }) => adapter.inMesh(pod)),
  );
  const comparisons = parts.map((part) => ({
    services: compareSource(part, target, then, {
      ...{ objects, callers },
      kept: [...kept, ...rendered.filter((one) => !part.objects.includes(one))],
    }),
    ...unconverted(part, target, objects),
    envoys: [part.source.env.envoy, target.env.envoy] as const,
  }));
  const services = comparisons.flatMap((one) => one.services);
  const found = services.flatMap((one) => one.losses);
  return {
    objects: [...kept, ...rendered].map(asWritten),
    foundations: kept.length + foundations.length,
    from: kept.length + parts.reduce((sum, { own }) => sum + own.length, 0),
    losses: mergedLosses([
      ...comparisons.flatMap(({ unrouted, losses }) => [...unrouted.losses, ...losses]),
      ...found.filter(({ unmet }) => unmet !== true).map(({ loss }) => loss),
    ]),
    differences: mergedDifferences(services.flatMap(({ differences }) => differences)),
    notes: [
      ...new Set([
        ...unreadyNotes(parts.length === 0 ? [] : objects),
        ...parts.flatMap((part) => [...part.notes, ...ownerNotes(part.decoded.owners), ...idleNotes(part, objects)]),
        ...comparisons.flatMap((one) => one.notes),
        ...then.gaps.map(({ message }) => `${message}, so what becomes of those requests is not compared.`),
      ]),
    ],
    witnesses: services.reduce((sum, { witnesses }) => sum + witnesses, 0),
    follow: (client, request) => together(comparisons.map((one) => follow(one, client, request))),
  };
}

/** Of several sources, those that have something to say of a request. */
function together(all: readonly Followed[]): Followed {
  const difference = all.find((one) => one.difference !== undefined)?.difference;
  return {
    ...(difference === undefined ? {} : { difference }),
    losses: all.flatMap(({ losses }) => losses),
    differences: all.flatMap(({ differences }) => differences),
  };
}
