import type { PathMatch } from '../model/match.js';
import type { PathRewrite, RegexRewrite } from '../model/table.js';
import { compilePattern } from './re2.js';

/** The part of a path that a match's path condition covers: what a prefix rewrite replaces. */
function matchedPart(is: PathMatch | undefined, path: string): string {
  if (is === undefined) return '/';
  if (is.kind === 'exact' || is.kind === 'regex') return path;
  return path.slice(0, is.value.length);
}

/** Path and query after a rewrite; the query stays as it was. A regex that leaves nothing of the path changes nothing. */
export function rewritePath(target: string, is: PathMatch | undefined, rewrite: PathRewrite): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  if ('full' in rewrite) return rewrite.full + query;
  if ('prefix' in rewrite) return rewrite.prefix + path.slice(matchedPart(is, path).length) + query;
  return (replaceAll(path, rewrite) || path) + query;
}

/** The authority that a regex makes of a path: what it does not find stays (envoy `host_rewrite_path_regex`). */
export function authorityFromPath(target: string, rewrite: RegexRewrite): string {
  return replaceAll(target.replace(/\?.*$/s, ''), rewrite);
}

/**
 * RE2's GlobalReplace: `\0` to `\9` are groups, `\\` a backslash. An empty match right behind another one is none, and nothing is
 * replaced where the substitution names a group that the pattern does not have.
 */
function replaceAll(path: string, { regex, substitution }: RegexRewrite): string {
  const compiled = compilePattern(regex);
  if ('invalid' in compiled) return path;
  const matcher = compiled.regex.matcher(path);
  const groups = [...substitution.matchAll(/\\([0-9\\])/g)].map(([, code]) => Number(code));
  if (groups.some((index) => index > matcher.groupCount())) return path;
  let out = '';
  let from = 0;
  let last = -1;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (start === last && end === last) continue;
    const put = substitution.replace(/\\([0-9\\])/g, (_, code: string) => (code === '\\' ? '\\' : (matcher.group(Number(code)) ?? '')));
    out += path.slice(from, start) + put;
    from = end;
    last = end;
  }
  return out + path.slice(from);
}
