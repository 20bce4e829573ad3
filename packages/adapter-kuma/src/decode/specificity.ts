import { type Raw, record, text } from './raw.js';

const PATHS = ['Exact', 'PathPrefix', 'RegularExpression'];

/**
 * Which of two matches is tried first, as the Gateway API has it: a path before none, exact, then the longer prefix, then the longer
 * pattern; then a method; then more headers; then more parameters (kuma `meshhttproute/api/v1alpha1/compare.go`, 2.14).
 */
export function compareMatches(a: Raw, b: Raw): number {
  return (
    comparePaths(a, b) ||
    Number(hasMethod(b)) - Number(hasMethod(a)) ||
    lengthOf(b.headers) - lengthOf(a.headers) ||
    lengthOf(b.queryParams) - lengthOf(a.queryParams)
  );
}

function comparePaths(a: Raw, b: Raw): number {
  const [one, other] = [pathOf(a), pathOf(b)];
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  if (one.type !== other.type) return PATHS.indexOf(one.type) - PATHS.indexOf(other.type);
  return one.type === 'Exact' ? 0 : bytes(other.value) - bytes(one.value);
}

function pathOf({ path }: Raw): { readonly type: string; readonly value: string } | undefined {
  return typeof path === 'object' && path !== null ? { type: text(record(path).type), value: text(record(path).value) } : undefined;
}

/** Lengths are of bytes. */
const bytes = (value: string): number => Buffer.byteLength(value);

const hasMethod = ({ method }: Raw): boolean => typeof method === 'string';

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** Just the prefix `/`, and nothing else said, not even an empty list. */
export function isCatchAll(match: Raw): boolean {
  const path = pathOf(match);
  const others = [match.method, match.headers, match.queryParams];
  return path?.type === 'PathPrefix' && path.value === '/' && others.every((other) => other === undefined || other === null);
}
