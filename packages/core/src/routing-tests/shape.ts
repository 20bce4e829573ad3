import { closest } from '../adapters/closest.js';
import { isRecord } from '../model/object.js';
import type { CasePath, CaseProblem } from './routing-test.js';

/** A value of a case file and where it stands; what is wrong with it is collected, so that one reading tells all of it. */
export interface Place {
  readonly value: unknown;
  readonly path: CasePath;
  readonly problems: CaseProblem[];
}

export function wrong({ path, problems, value }: Place, expected: string, received = shown(value)): undefined {
  problems.push({ path, expected, received });
  return undefined;
}

/** A member of a mapping. */
export const at = (place: Place, key: string): Place => ({
  ...place,
  value: isRecord(place.value) && Object.hasOwn(place.value, key) ? place.value[key] : undefined,
  path: [...place.path, key],
});

/** A mapping that has these keys only; `undefined`, with a problem, for anything else. */
export function mapping(place: Place, keys: readonly string[], expected = 'a mapping'): Readonly<Record<string, unknown>> | undefined {
  const { value, path, problems } = place;
  if (!isRecord(value)) return wrong(place, expected);
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const nearest = closest(key, keys);
    const problem = { path: [...path, key], expected: `one of the keys ${keys.join(', ')}`, received: key };
    problems.push(nearest === undefined ? problem : { ...problem, nearest });
  }
  return value;
}

/** The items of a list, each in its place; an absent one is empty. */
export function items(place: Place, expected = 'a list'): readonly Place[] {
  const { value, path } = place;
  if (value === undefined) return [];
  if (!Array.isArray(value)) return wrong(place, expected) ?? [];
  return value.map((item, index) => ({ ...place, value: item, path: [...path, index] }));
}

/** Reads a member that may be absent, and leaves it out then or where it is wrong. */
export function maybe<K extends string, T>(place: Place, key: K, read: (member: Place) => T | undefined): { readonly [P in K]?: T } {
  const member = at(place, key);
  if (member.value === undefined) return {};
  const value = read(member);
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}

export function text(place: Place): string | undefined {
  return typeof place.value === 'string' && place.value !== '' ? place.value : wrong(place, 'a text');
}

/** A text that YAML may take for something else: `1.38`, `v: true`. */
export function word(place: Place): string | undefined {
  const { value } = place;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return text(place);
}

export function texts(place: Place): readonly string[] {
  return items(place, 'a list of texts').flatMap((item) => text(item) ?? []);
}

export function words(place: Place): Readonly<Record<string, string>> | undefined {
  if (!isRecord(place.value)) return wrong(place, 'a mapping of texts');
  return Object.fromEntries(Object.keys(place.value).flatMap((key) => [[key, word(at(place, key)) ?? '']]));
}

/** A number in a range, both ends included. */
export const number =
  (from: number, to: number, kind: 'a number' | 'a whole number' = 'a number') =>
  (place: Place): number | undefined => {
    const { value } = place;
    const fits = typeof value === 'number' && value >= from && value <= to && (kind === 'a number' || Number.isInteger(value));
    return fits ? value : wrong(place, `${kind} from ${from} to ${to}`);
  };

export const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (place: Place): T | undefined =>
    allowed.find((one) => one === place.value) ?? wrong(place, `one of ${allowed.join(', ')}`);

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isRecord(value)) return Object.keys(value).length === 0 ? 'an empty mapping' : `a mapping of ${Object.keys(value).join(', ')}`;
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
