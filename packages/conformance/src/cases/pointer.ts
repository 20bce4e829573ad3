import { isRecord } from '@heddle/core';

export const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

export const pointerOf = (parts: readonly string[]): string =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The value at an RFC 6901 pointer, `undefined` where there is none; `*` collects from every item of a list. */
export function valueAt(value: unknown, pointer: string): unknown {
  return read(value, partsOf(pointer));
}

function read(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return value;
  if (Array.isArray(value)) return part === '*' ? value.map((item) => read(item, rest)) : read(value[Number(part)], rest);
  return isRecord(value) && part in value ? read(value[part], rest) : undefined;
}

/** A copy with another value there; `null` removes, a last part `-` appends, missing maps on the way are made. */
export function withValue(value: unknown, pointer: string, wanted: unknown): unknown {
  return write(value, partsOf(pointer), wanted);
}

function write(value: unknown, [part, ...rest]: readonly string[], wanted: unknown): unknown {
  if (part === undefined) return wanted;
  const gone = rest.length === 0 && wanted === null;
  if (Array.isArray(value)) {
    const index = part === '-' ? value.length : Number(part);
    return gone ? value.toSpliced(index, 1) : value.toSpliced(index, 1, write(value[index], rest, wanted));
  }
  const map = isRecord(value) ? value : {};
  if (gone) return Object.fromEntries(Object.entries(map).filter(([key]) => key !== part));
  return { ...map, [part]: write(map[part], rest, wanted) };
}
