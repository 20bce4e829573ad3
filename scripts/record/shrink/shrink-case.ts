import { isRecord, type KubeObject } from '@heddle/core';
import type { Difference } from '../compare/difference.ts';
import type { CaseRequest, RoutingCase } from '../routing-case.ts';
import { pruned, removable } from './prune.ts';

/** Asks for the differences of many cases at once; those without an answer are absent. */
export type Examine = (
  cases: readonly RoutingCase[],
) => Promise<ReadonlyMap<string, { readonly text: string; readonly differences: readonly Difference[] }>>;

export interface Shrunk {
  readonly text: string;
  readonly difference: Difference;
}

const ROUNDS = 8;

/**
 * The smallest case that still shows a difference of the same kind: in each round every part is left out alone, then those that are
 * not needed are left out one after the other for as long as the difference stays.
 */
export async function shrinkCase(start: RoutingCase, difference: Difference, examine: Examine, batch: number): Promise<Shrunk | undefined> {
  const kind = kindOf(difference);
  const requests = difference.request < 0 ? [] : start.requests.filter((_, index) => index === difference.request);
  let current: RoutingCase = { ...start, requests: requests.length === 0 ? start.requests.slice(0, 1) : requests };
  let found = await shown([current], kind, examine);
  if (found.length === 0) return undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const parts = partsOf(current).slice(0, batch);
    const alone = await shown(
      parts.map((part) => without(current, [part])),
      kind,
      examine,
    );
    const needless = parts.filter((_, index) => alone.some(({ at }) => at === index));
    const chain = await shown(
      needless.map((_, index) => without(current, needless.slice(0, index + 1))),
      kind,
      examine,
    );
    const furthest = chain.at(-1);
    if (furthest === undefined) break;
    current = without(current, needless.slice(0, furthest.at + 1));
    found = [furthest];
  }
  const [last] = found;
  return last === undefined ? undefined : { text: last.text, difference: last.difference };
}

/** What is compared before the values: `outcomes`, `seen`, `status`, or that an object is refused. */
const kindOf = ({ says, request, envoy }: Difference): string =>
  `${envoy} ${request < 0 ? says.replace(/\(.*$/, '') : says.split(':', 1)[0]}`;

async function shown(cases: readonly RoutingCase[], kind: string, examine: Examine) {
  const numbered = cases.map((one, index) => ({ ...one, id: `${one.id}-${index}` }));
  const answers = await examine(numbered);
  return numbered.flatMap(({ id }, at) => {
    const answered = answers.get(id);
    const difference = answered?.differences.find((one) => kindOf(one) === kind);
    return answered === undefined || difference === undefined ? [] : [{ at, text: answered.text, difference }];
  });
}

/** Whole objects first, then parts of specs, then headers of the request. */
function partsOf({ objects, requests }: RoutingCase): readonly string[] {
  const whole = objects.map((_, index) => `/objects/${index}`);
  const inside = objects.flatMap((object, index) => (object.kind === 'Pod' ? [] : removable(object.spec, `/objects/${index}/spec`)));
  const headers = requests.flatMap(({ headers: all }, index) => all.map((_, at) => `/requests/${index}/headers/${at}`));
  const size = (pointer: string) => pointer.split('/').length;
  return [...whole, ...inside, ...headers].sort((a, b) => size(a) - size(b));
}

function without(one: RoutingCase, removed: readonly string[]): RoutingCase {
  const rest = pruned({ objects: one.objects, requests: one.requests }, new Set(removed));
  if (!isRecord(rest)) return one;
  return { ...one, objects: rest.objects as readonly KubeObject[], requests: rest.requests as readonly CaseRequest[] };
}
