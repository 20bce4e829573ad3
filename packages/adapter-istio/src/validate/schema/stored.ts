import { type FieldFault, fieldFault, isRecord, pointerTo } from '@heddle/core';
import type { Bounds, FieldsRule, ListRule, Rule, Schema } from './schema.js';

/**
 * A value as the API server would store it: without unknown fields and nulls, and with the schema's defaults; what the schema refuses
 * of it is added to `faults`, and then the result is not of the schema's type (Kubernetes, structural schemas: pruning, nullable,
 * defaulting, validation).
 */
export function stored<T>(value: unknown, schema: Schema<T>, pointer: string, faults: FieldFault[]): T {
  return storedBy(value, schema.rule, pointer, faults) as T;
}

function storedBy(value: unknown, rule: Rule, pointer: string, faults: FieldFault[]): unknown {
  if (!isOfType(value, rule.type)) faults.push(fieldFault(pointer, `must be ${TYPES[rule.type]}, not ${shown(value)}`));
  else if (rule.type === 'fields') return storedFields(value as Record<string, unknown>, rule, pointer, faults);
  else if (rule.type === 'map') return storedMap(value as Record<string, unknown>, rule, pointer, faults);
  else if (rule.type === 'list') return storedList(value as readonly unknown[], rule, pointer, faults);
  else {
    const because = faultOf(value, rule);
    if (because !== undefined) faults.push(fieldFault(pointer, because));
  }
  return value;
}

const TYPES: Readonly<Record<Rule['type'], string>> = {
  text: 'a text',
  whole: 'a whole number',
  number: 'a number',
  flag: 'true or false',
  list: 'a list',
  map: 'a map',
  fields: 'a map',
};

function isOfType(value: unknown, type: Rule['type']): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'whole':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    default:
      return isRecord(value);
  }
}

function faultOf(value: unknown, rule: Exclude<Rule, ListRule | FieldsRule | { type: 'map' }>): string | undefined {
  if (rule.type === 'flag') return undefined;
  if (rule.type === 'text') return sizeFault(lengthOf(value as string, rule.max), rule, 'characters') ?? rule.check?.(value as string);
  const given = value as number;
  if (given < rule.min) return `must be ${rule.min} or more, not ${given}`;
  if (given > rule.max) return `must be ${rule.max} at most, not ${given}`;
  return rule.type === 'whole' ? rule.check?.(given) : undefined;
}

function storedList(items: readonly unknown[], rule: ListRule, pointer: string, faults: FieldFault[]): unknown {
  const size = sizeFault(items.length, rule, 'items');
  if (size !== undefined) faults.push(fieldFault(pointer, size));
  const kept = items.map((item, index) => storedBy(item, rule.of.rule, pointerTo(pointer, index), faults));
  if (rule.unique === undefined) return kept;
  const { by } = rule.unique;
  const keys = kept.map((item) => (by !== undefined && isRecord(item) ? item[by] : item));
  for (const [index, key] of keys.entries()) {
    if (key === undefined || keys.indexOf(key) === index) continue;
    faults.push(fieldFault(pointerTo(pointer, index), `${JSON.stringify(key)} is there before, and each may be there once`));
  }
  return kept;
}

function storedMap(
  value: Readonly<Record<string, unknown>>,
  rule: Rule & { type: 'map' },
  pointer: string,
  faults: FieldFault[],
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value).filter(([, item]) => !isNothing(item));
  const size = sizeFault(entries.length, { min: 0, max: rule.max }, 'keys');
  if (size !== undefined) faults.push(fieldFault(pointer, size));
  return Object.fromEntries(entries.map(([key, item]) => [key, storedBy(item, rule.of.rule, pointerTo(pointer, key), faults)]));
}

function storedFields(
  value: Readonly<Record<string, unknown>>,
  rule: FieldsRule,
  pointer: string,
  faults: FieldFault[],
): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  const keep = (key: string, given: unknown) => {
    const schema = rule.known.get(key);
    if (schema !== undefined) kept[key] = storedBy(given, schema.rule, `${pointer}/${key}`, faults);
  };
  for (const key of Object.keys(value)) if (!isNothing(value[key])) keep(key, value[key]);
  for (const [key, fallback] of rule.fallbacks) if (isNothing(value[key])) keep(key, fallback);
  for (const key of rule.required) {
    if (kept[key] === undefined) faults.push(fieldFault(`${pointer}/${key}`, 'there must be one'));
  }
  for (const group of rule.exclusive) {
    const set = group.filter((key) => kept[key] !== undefined);
    if (set.length > 1) faults.push(fieldFault(pointer, `there may be only one of ${set.join(' and ')}`));
  }
  return kept;
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** Kubernetes counts characters, not bytes; what cannot be too long is not counted. */
const lengthOf = (value: string, max: number): number => (value.length > max ? [...value].length : value.length);

function sizeFault(size: number, { min, max }: Bounds, what: string): string | undefined {
  if (size < min) return min === 1 ? 'must not be empty' : `must have ${min} ${what} or more, not ${size}`;
  return size > max ? `must have ${max} ${what} at most, not ${size}` : undefined;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a map';
  return typeof value === 'string' ? 'a text' : String(value);
}
