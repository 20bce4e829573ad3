import type { PathNormalisation } from '../model/table.js';

const UNRESERVED = /^[0-9A-Za-z._~-]$/;
const PLAIN = /^[0-9A-Za-z._~/-]*$/;
/** Sent raw by some clients and escaped by Envoy's path canonicaliser. */
const TO_ESCAPE = /^[\0-\x20"<>^`{|}\x7f-\uffff]$/;

/**
 * What Envoy's HTTP connection manager does to a path when told to (envoy `source/common/http/path_utility.cc`, `normalize_path`,
 * `merge_slashes`, `path_with_escaped_slashes_action`).
 * The query is left alone. `older`: Envoy before 1.39, which does not take `..;x` for `..`.
 */
export function normalisePath(target: string, level: PathNormalisation, older = false): string {
  const mark = target.indexOf('?');
  let path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  if (!path.startsWith('/')) return target;
  if (level === 'decodeAndMergeSlashes') path = path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  if (!older) path = path.replace(/(^|\/)(\.{1,2});[^/]*/g, '$1$2');
  path = resolveDots(canonical(path));
  if (level !== 'base') path = path.replace(/\/{2,}/g, '/');
  return path + query;
}

/** A path that Envoy answers with 400 instead of normalising it. */
export const isMalformed = (target: string): boolean => /%00/.test(target.split('?', 1)[0] ?? '');

function canonical(path: string): string {
  if (PLAIN.test(path)) return path;
  let out = '';
  for (let i = 0; i < path.length; i += 1) {
    const char = path.charAt(i);
    const escaped = char === '%' ? /^%([0-9a-fA-F]{2})/.exec(path.slice(i, i + 3)) : null;
    if (escaped !== null) {
      const decoded = String.fromCharCode(Number.parseInt(escaped[1] ?? '', 16));
      out += UNRESERVED.test(decoded) ? decoded : escaped[0];
      i += 2;
    } else if (char === '\\') out += '/';
    else if (TO_ESCAPE.test(char))
      out += [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    else out += char;
  }
  return out;
}

function resolveDots(path: string): string {
  if (!path.includes('/.')) return path;
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === '.' || segment === '..') {
      if (segment === '..') kept.pop();
      if (last) kept.push('');
    } else kept.push(segment);
  });
  return `/${kept.join('/')}`;
}
