import { regexCache } from '../evaluate/re2.js';
import { seenPods } from '../lint/seen-pods.js';
import type { KubeObject } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import type { PodRef } from '../model/table.js';
import { allIn, attribute, type ScopedLoss } from './attribute.js';
import { comparePair, isNamed, servicePairs } from './compare-service.js';
import type { DecodedMesh, DecodedService } from './decode-mesh.js';
import type { JudgeContext } from './judge.js';
import type { KnownCallers } from './known-callers.js';
import type { RenderedSource } from './render-source.js';
import { byRef } from './source-field.js';
import type { MeshDifference, MeshPart } from './types.js';
import { PATH_NORMALISATION, sortUnforeseen } from './unforeseen.js';

/** Requests followed through both meshes, over all tables; large ones are tried with fewer values then. */
const BUDGET = 24_000;
const LEAST_PER_PAIR = 200;
const FEW = 50;

/** A Service before and after, and all that was found to differ. */
export interface ComparedService {
  readonly before: DecodedService;
  readonly after: DecodedService;
  readonly context: JudgeContext;
  readonly losses: readonly ScopedLoss[];
  readonly differences: readonly MeshDifference[];
  readonly witnesses: number;
}

/** Follows requests for each Service of a source through its mesh and through the target's, as that is afterwards. */
export function compareSource(
  { source, decoded, losses }: RenderedSource,
  target: MeshPart,
  after: DecodedMesh,
  {
    objects,
    kept,
    callers,
  }: { readonly objects: readonly KubeObject[]; readonly kept: readonly KubeObject[]; readonly callers: KnownCallers },
): readonly ComparedService[] {
  const later = new Map(after.services.map((one) => [nameOf(one.service), one]));
  const known = { source: byRef(objects), kept: byRef(kept), callers };
  const ready = readyPods(objects);
  const regexes = regexCache();
  const all = decoded.services.map((before) => {
    const is = later.get(nameOf(before.service)) ?? { service: { ...before.service, tables: [] }, others: [] };
    return { before, after: is, pairs: servicePairs(before, is) };
  });
  const routed = all
    .flatMap(({ pairs }) => pairs)
    .filter((pair) => [pair.before, pair.after].some((table) => (table?.rules ?? []).length > 0));
  const budget = Math.max(LEAST_PER_PAIR, Math.floor(BUDGET / Math.max(1, routed.length)));
  return all.map(({ before, after: is, pairs }): ComparedService => {
    const context: JudgeContext = { envoys: [source.env.envoy, target.env.envoy], direct: ready(before), regexes };
    // Under another name than its own a Service is reached by few: that is looked at apart, and briefly.
    const [named = [], others = []] = [true, false].map((own) =>
      pairs.filter((pair) => isNamed(pair.address.authority, before.service, pair.client) === own),
    );
    const compared = named.map((pair) => comparePair(pair, context, budget));
    const misnamed = others.map((pair) => comparePair(pair, context, FEW));
    const own = losses.filter(({ service, code }) => nameOf(service) === nameOf(before.service) && code !== PATH_NORMALISATION.code);
    const { losses: foreseen, unforeseen } = attribute(before.service, own, compared, known.source);
    const { losses: more, differences } = sortUnforeseen(before, is, [...unforeseen, ...allIn(misnamed)], known);
    const witnesses = [...compared, ...misnamed].reduce((sum, one) => sum + one.witnesses, 0);
    return { before, after: is, context, losses: [...foreseen, ...more], differences, witnesses };
  });
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;

/** Who answers what no mesh routes: the ready Pods behind a Service; `undefined` where its endpoints are made by hand. */
function readyPods(objects: readonly KubeObject[]): (before: DecodedService) => readonly PodRef[] | undefined {
  const pods = seenPods(observeObjects(objects, [{ group: '', kind: 'Pod' }]));
  return ({ service: { namespace, selector } }) =>
    selector === undefined
      ? undefined
      : pods.selected(namespace, selector).flatMap(({ name, ready }) => (ready ? [{ namespace, name }] : []));
}
