import type { NamedMatch, Str } from '../model/match.js';
import { isRecord } from '../model/object.js';
import { type ConditionFault, patternFault } from '../plan/condition-faults.js';
import { at, items, mapping, type Place, wrong } from '../routing-tests/shape.js';

/** What a value must be, for `exact`, and for the beginning of one, for `prefix`. */
export type ValueFault = (value: string) => ConditionFault | undefined;

const FORMS = ['exact', 'prefix', 'regex', 'present', 'absent', 'not'] as const;
const EXPECTED =
  'a text, for exactly that, or one of {exact: TEXT}, {prefix: TEXT}, {regex: RE2}, {present: true}, {absent: true}, {not: …}';

/** A condition on one string: a text, for exactly that, or `{exact | prefix | regex: TEXT}`, `{present | absent: true}`, `{not: CONDITION}`. */
export function condition(place: Place, fault: ValueFault): Str | undefined {
  const { value } = place;
  if (!isRecord(value)) {
    const exact = quoted(place, EXPECTED, fault);
    return exact === undefined ? undefined : { exact };
  }
  if (mapping(place, FORMS) === undefined) return undefined;
  const [form, ...more] = FORMS.filter((one) => one in value);
  if (form === undefined || more.length > 0) return wrong(place, form === undefined ? EXPECTED : 'one condition (a list holds several)');
  const member = at(place, form);
  if (form === 'not') {
    const inner = condition(member, fault);
    return inner === undefined ? undefined : { not: inner };
  }
  if (form === 'present' || form === 'absent') {
    if (member.value !== true) return wrong(member, 'true');
    return form === 'present' ? { present: true } : { absent: true };
  }
  const text = quoted(member, 'a text', form === 'regex' ? patternFault : fault);
  if (text === undefined) return undefined;
  if (text === '' && form === 'prefix') return wrong(member, 'a text that is not empty');
  return form === 'exact' ? { exact: text } : form === 'prefix' ? { prefix: text } : { regex: text };
}

/** Conditions by name, each one or a list of which all must hold. */
export function namedConditions(
  place: Place,
  rules: {
    readonly name: (name: string) => ConditionFault | undefined;
    readonly value: ValueFault;
    readonly key: (name: string) => string;
  },
): readonly NamedMatch[] | undefined {
  if (!isRecord(place.value) || Object.keys(place.value).length === 0) return wrong(place, 'a mapping of names to conditions');
  return Object.keys(place.value).flatMap((written) => {
    const member = at(place, written);
    const fault = rules.name(written);
    if (fault !== undefined) return wrong(member, fault.expected, written) ?? [];
    const all = Array.isArray(member.value) ? items(member) : [member];
    if (all.length === 0) return wrong(member, 'a condition') ?? [];
    return all.flatMap((one) => {
      const is = condition(one, rules.value);
      return is === undefined ? [] : [{ name: rules.key(written), is }];
    });
  });
}

/** A text; a number, or true, is refused, since YAML keeps nothing of how it was written (`1.10`). */
export function quoted(place: Place, expected: string, fault: (value: string) => ConditionFault | undefined): string | undefined {
  const { value } = place;
  if (typeof value === 'number' || typeof value === 'boolean') return wrong(place, `a text in quotes: '${String(value)}'`);
  if (typeof value !== 'string') return wrong(place, expected);
  const found = fault(value);
  if (found === undefined) return value;
  const received = `'${value}'${found.because === undefined ? '' : ` (${found.because})`}`;
  return wrong(place, found.expected, received);
}
