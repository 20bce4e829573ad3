import type { Schema } from './schema.js';

/** Where a value does not fit: keys from the root, what the schema wants, what is there. */
export interface Mismatch {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly received: string;
}

/** Compares a value with a schema; the first mismatch of each branch is reported, in document order. */
export function mismatches(value: unknown, schema: Schema, path: readonly (string | number)[] = []): readonly Mismatch[] {
  const wrong = (expected: string): readonly Mismatch[] => [{ path, expected, received: describe(value) }];
  const type = typeOf(value);
  if (schema.type !== undefined && type !== schema.type) return wrong(expectation(schema));
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) return wrong(expectation(schema));
  if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength) return wrong(expectation(schema));
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return wrong(expectation(schema));
  }
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return wrong(expectation(schema));
    if (schema.maximum !== undefined && value > schema.maximum) return wrong(expectation(schema));
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => mismatches(item, items, [...path, index]));
  }
  return type === 'object' ? objectMismatches(value as Record<string, unknown>, schema, path) : [];
}

function objectMismatches(value: Record<string, unknown>, schema: Schema, path: readonly (string | number)[]): readonly Mismatch[] {
  const found: Mismatch[] = [];
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) found.push({ path, expected: `the key '${name}'`, received: keyList(Object.keys(value)) });
  }
  const known = schema.properties ?? {};
  for (const [key, item] of Object.entries(value)) {
    const property = Object.hasOwn(known, key) ? known[key] : undefined;
    if (property !== undefined) found.push(...mismatches(item, property, [...path, key]));
    else if (schema.additionalProperties === false) {
      found.push({ path, expected: `only the keys ${Object.keys(known).join(', ')}`, received: `the key '${key}'` });
    } else if (typeof schema.additionalProperties === 'object') {
      found.push(...mismatches(item, schema.additionalProperties, [...path, key]));
    }
  }
  return found;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function expectation(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  const word = TYPE_WORDS[schema.type ?? ''] ?? 'another value';
  if (schema.pattern !== undefined) return `${word} like ${schema.pattern}`;
  if (schema.minLength !== undefined) return `${word} that is not empty`;
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    return `${word} from ${schema.minimum ?? '…'} to ${schema.maximum ?? '…'}`;
  return word;
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `${typeof value === 'number' ? 'the number' : ''} ${String(value)}`.trim();
}

function keyList(keys: readonly string[]): string {
  return keys.length === 0 ? 'no keys' : `only ${keys.join(', ')}`;
}
