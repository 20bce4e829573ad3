import { type Destination, type Finding, finding, type KubeObject, type Origin, type Rule, refKey, type View } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import { parseDestination } from '../decode/parse-http-rule.js';
import { type Raw, record, records } from '../decode/raw.js';
import type { LintContext } from './context.js';
import { type Fault, faultOf } from './destination-faults.js';
import type { Group } from './groups.js';
import { describeViews, proxyIn } from './tables.js';

interface Found extends Fault {
  readonly origin: Origin;
  readonly pointer: string;
  readonly views: View[];
}

/** Destinations of rules that requests cannot reach, with what is missing: each once, for the callers whom it concerns. */
export function lintDestinations(context: LintContext, group: Group, tables: readonly DecidingTable[]): readonly Finding[] {
  const objects = objectsIn(group);
  const found = new Map<string, Found>();
  const concerned = new Map<string, Set<View>>();
  for (const { table } of tables) {
    const stated = new Set(table.rules.flatMap((rule) => (rule.owner === 'foreign' ? destinationsIn(rule).map(placeOf) : [])));
    for (const rule of table.rules) {
      const { owner } = rule;
      const origin = rule.origins.at(-1);
      if (origin === undefined || (owner !== 'foreign' && owner.kind === 'session')) continue;
      const at = `${refKey(origin.ref)}${origin.pointer}`;
      concerned.set(at, (concerned.get(at) ?? new Set()).add(table.view));
      for (const destination of destinationsIn(rule)) {
        if (destination.endpoints !== 'no-cluster' && destination.endpoints.length > 0) continue;
        // A standing route copies what others send nowhere: that is told of theirs.
        if (owner !== 'foreign' && stated.has(placeOf(destination))) continue;
        const place = placeIn(context, objects.get(refKey(origin.ref)), origin, destination);
        const fault = faultOf(context, destination, place?.stated ?? {}, proxyIn(table.view), table.protocol);
        if (fault === undefined) continue;
        const pointer = place === undefined ? origin.pointer : `${place.pointer}/${fault.field}`;
        const key = `${at} ${pointer} ${fault.text}`;
        const fix = owner === 'foreign' ? fault.fix : `${fault.fix}, or change the standing route: heddle route list -n ${owner.namespace}`;
        const known = found.get(key) ?? { ...fault, fix, origin, pointer, views: [] };
        known.views.push(table.view);
        found.set(key, known);
      }
    }
  }
  return [...found.values()].map(({ severity, code, text, fix, origin, pointer, views }) => {
    const all = concerned.get(`${refKey(origin.ref)}${origin.pointer}`)?.size === new Set(views).size;
    return finding(severity, code, origin.ref, `${text}${all ? '' : ` (for ${describeViews(views)})`}`, { pointer, fix });
  });
}

const placeOf = ({ host, port, subset }: Destination): string => `${host}:${port} ${subset}`;

const destinationsIn = ({ action, mirrors = [] }: Rule): readonly Destination[] => [
  ...(typeof action === 'object' && 'to' in action ? action.to : []),
  ...mirrors.map(({ destination }) => destination),
];

function objectsIn({ virtualServices }: Group): ReadonlyMap<string, KubeObject> {
  const all = virtualServices.flatMap((one) => [one, ...one.delegates, ...(one.routes ?? [])]);
  return new Map(all.map(({ ref, object }) => [refKey(ref), object]));
}

interface StatedDestination {
  readonly pointer: string;
  readonly stated: Raw;
}

/** The destination as the object that its rule is of states it. */
function placeIn(
  { world }: LintContext,
  object: KubeObject | undefined,
  { pointer, ref }: Origin,
  { host, subset = '' }: Destination,
): StatedDestination | undefined {
  const keys = pointer.split('/').slice(1);
  const rule = record(keys.reduce<unknown>((value, key) => (Array.isArray(value) ? value[Number(key)] : record(value)[key]), object));
  const stated: readonly StatedDestination[] = [
    ...records(rule.route).map((raw, index) => ({ stated: record(raw.destination), pointer: `${pointer}/route/${index}/destination` })),
    ...(rule.mirror == null ? [] : [{ stated: record(rule.mirror), pointer: `${pointer}/mirror` }]),
    ...records(rule.mirrors).map((raw, index) => ({ stated: record(raw.destination), pointer: `${pointer}/mirrors/${index}/destination` })),
  ];
  return stated.find((one) => {
    const read = parseDestination(one.stated, ref.namespace ?? '', world.domain);
    return read.host === host && read.subset === subset;
  });
}
