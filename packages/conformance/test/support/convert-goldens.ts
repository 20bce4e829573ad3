import {
  type Conversion,
  convert,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  parseRequest,
  refKey,
  refOf,
  withPodLabels,
} from '@heddle/core';
import { type Golden, withoutRefused } from '../../src/goldens/index.js';

/** How the requests of cases fare: the same, otherwise within a listed loss, otherwise as the meshes are, and otherwise unsaid. */
export interface Tally {
  same: number;
  lost: number;
  mesh: number;
  readonly hidden: string[];
  readonly codes: Record<string, number>;
}

export const emptyTally = (): Tally => ({ same: 0, lost: 0, mesh: 0, hidden: [], codes: {} });

export interface ConvertedMesh {
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
}

/** Converts a recorded case to another mesh and back, and follows its requests through each step. */
export function convertGolden(whole: Golden, source: ConvertedMesh, target: ConvertedMesh, there: Tally, back: Tally): void {
  const golden = withoutRefused(whole, source.adapter, source.env);
  const first = convert({ objects: golden.objects, sources: [source], target });
  count(golden, first, there);
  const objects = worldAfter(golden.objects, source.adapter, target, first);
  count(golden, convert({ objects, sources: [target], target: source }), back);
}

/** The case's cluster as it is with the converted objects. */
export function worldAfter(
  objects: readonly KubeObject[],
  source: MeshAdapter,
  target: ConvertedMesh,
  { objects: made }: Conversion,
): readonly KubeObject[] {
  const isSource = (object: KubeObject) =>
    source.kinds.some(
      ({ group, kind }) => group.includes('.') && kind === object.kind && String(object.apiVersion).startsWith(`${group}/`),
    );
  const around = objects.filter((object) => !isSource(object));
  const adopted = target.adapter.adopt?.(around, target.env) ?? around;
  return [...new Map([...adopted, ...made].map((object) => [refKey(refOf(object)), object])).values()];
}

function count(golden: Golden, conversion: Conversion, tally: Tally): void {
  const pods = golden.objects.filter(({ kind }) => kind === 'Pod');
  for (const { code } of conversion.losses) tally.codes[code] = (tally.codes[code] ?? 0) + 1;
  for (const recorded of golden.requests) {
    const { difference, losses, differences } = conversion.follow(withPodLabels(golden.client, pods), parseRequest(recorded));
    if (difference === undefined) tally.same += 1;
    else if (losses.length > 0) tally.lost += 1;
    else if (differences.length > 0) tally.mesh += 1;
    else tally.hidden.push(`${golden.id} ${recorded.method} ${recorded.url}: ${difference.before} → ${difference.after}`);
  }
}
