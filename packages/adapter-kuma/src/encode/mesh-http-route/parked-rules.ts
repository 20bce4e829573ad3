import { canonicalJson, type KubeObject, type Owner } from '@heddle/core';
import { type Raw, record, records } from '../../decode/raw.js';
import { PARKING_HEADER, parkingPlace } from '../park.js';

/** The same destinations for no request. */
export function parked(object: KubeObject, owner: Owner): KubeObject {
  const spec = record(object.spec);
  return { ...object, spec: { ...spec, to: parkedItems(records(spec.to), owner) } };
}

/**
 * An object as it is to be, with what leaves it beside that, parked: rules that have a destination which it sends to no more. `undefined`:
 * there are none.
 */
export function besideLeaving(live: KubeObject, body: KubeObject, owner: Owner): KubeObject | undefined {
  const [from, to] = [itemsOf(live), itemsOf(body)];
  const kept = new Set(to.flatMap(({ rules }) => records(rules).flatMap(destinationsOf)));
  const leaves = (rule: Raw) => !isParked(rule) && destinationsOf(rule).some((one) => !kept.has(one));
  const leaving = from.map((item) => ({ ...item, rules: records(item.rules).filter(leaves) })).filter(({ rules }) => rules.length > 0);
  if (leaving.length === 0) return undefined;
  return { ...body, spec: { ...record(body.spec), to: [...to, ...parkedItems(leaving, owner)] } };
}

const itemsOf = (object: KubeObject): readonly Raw[] => records(record(object.spec).to);

function parkedItems(items: readonly Raw[], owner: Owner): readonly Raw[] {
  let index = 0;
  const park = (rule: Raw): Raw => {
    const headers = [{ type: 'Exact', name: PARKING_HEADER, value: parkingPlace(owner, index++) }];
    return { ...rule, matches: [{ path: { type: 'PathPrefix', value: '/' }, headers }] };
  };
  return items.map((item) => ({ ...item, rules: records(item.rules).map(park) }));
}

const isParked = ({ matches }: Raw): boolean =>
  records(matches).some(({ headers }) => records(headers).some(({ name }) => name === PARKING_HEADER));

/** Whatever their shares are. */
const destinationsOf = (rule: Raw): readonly string[] =>
  records(record(rule.default).backendRefs).map(({ weight: _weight, ...ref }) => canonicalJson(ref));
