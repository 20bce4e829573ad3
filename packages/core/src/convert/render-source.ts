import { BugError } from '../errors/bug-error.js';
import { type KubeObject, refKey } from '../model/object.js';
import type { RenderLoss, RoutedService } from '../model/routing.js';
import type { RouteTable } from '../model/table.js';
import { type DecodedMesh, decodeMesh } from './decode-mesh.js';
import { withoutOpaque } from './opaque-rules.js';
import { withFreeNames } from './overlay.js';
import { byRef } from './source-field.js';
import type { MeshPart } from './types.js';

/** One mesh's objects, what they do, and the target's objects that say so. */
export interface RenderedSource {
  readonly source: MeshPart;
  /** The objects that are converted. */
  readonly own: readonly KubeObject[];
  readonly decoded: DecodedMesh;
  readonly objects: readonly KubeObject[];
  /** How many of them, from the first, have to be there before the others. */
  readonly foundations: number;
  readonly losses: readonly RenderLoss[];
  readonly notes: readonly string[];
}

export interface SourceObjects {
  readonly own: readonly KubeObject[];
  readonly all: readonly KubeObject[];
  /** Those of no mesh. */
  readonly around: readonly KubeObject[];
  /** Those of the target mesh, which stay. */
  readonly kept: readonly KubeObject[];
}

/** Throws `BugError` when the target's adapter cannot render: whoever asks has looked. */
export function renderSource(source: MeshPart, target: MeshPart, { own, all, around, kept }: SourceObjects): RenderedSource {
  if (target.adapter.render === undefined) throw new BugError(`adapter ${target.adapter.id} has no render`);
  const decoded = decodeMesh(source, all);
  const ours = byRef(own);
  const routed = decoded.services
    .map(({ service }) => service)
    .filter((service) => source.adapter.id !== target.adapter.id || isRoutedBy(service, ours));
  const read = routed.map(withoutOpaque);
  const originals = new Map<RouteTable, RouteTable>(read.flatMap((one) => [...one.originals]));
  const rendered = target.adapter.render({ services: read.map(({ service }) => service), objects: [...around, ...kept] }, target.env);
  const named = withFreeNames(rendered.objects, byRef(kept));
  const losses = rendered.losses.map((loss) =>
    loss.table === undefined ? loss : { ...loss, table: originals.get(loss.table) ?? loss.table },
  );
  return {
    ...{ source, own, decoded },
    objects: named.objects,
    foundations: rendered.foundations ?? 0,
    losses: [...read.flatMap((one) => one.losses), ...losses],
    notes: [...rendered.notes, ...named.notes],
  };
}

/** Whether one of these objects decides something for a Service. */
function isRoutedBy({ tables }: RoutedService, objects: ReadonlyMap<string, KubeObject>): boolean {
  return tables.some(({ rules }) => rules.some(({ origins }) => origins.some(({ ref }) => objects.has(refKey(ref)))));
}
