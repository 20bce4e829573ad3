import type { PathMatch } from '../model/match.js';
import type { PathRewrite } from '../model/table.js';
import { compilePattern } from './re2.js';

/** The part of a path that a match's path condition covers: what a prefix rewrite replaces. */
export function matchedPart(is: PathMatch | undefined, path: string): string {
  if (is === undefined) return '/';
  if (is.kind === 'exact' || is.kind === 'regex') return path;
  return path.slice(0, is.value.length);
}

/** Path and query after a rewrite; the query stays as it was. */
export function rewritePath(target: string, is: PathMatch | undefined, rewrite: PathRewrite): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark);
  if ('full' in rewrite) return rewrite.full + query;
  if ('prefix' in rewrite) return rewrite.prefix + path.slice(matchedPart(is, path).length) + query;
  const compiled = compilePattern(rewrite.regex);
  if ('invalid' in compiled) return target;
  return replaceAll(compiled.regex, path, rewrite.substitution) + query;
}

/** RE2's GlobalReplace: `\0` to `\9` are groups, `\\` a backslash. */
function replaceAll(regex: ReturnType<typeof asRegex>, path: string, substitution: string): string {
  const matcher = regex.matcher(path);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    const at = matcher.start();
    out +=
      path.slice(from, at) +
      substitution.replace(/\\([0-9\\])/g, (_, code: string) => (code === '\\' ? '\\' : group(matcher, Number(code))));
    from = matcher.end();
  }
  return out + path.slice(from);
}

const asRegex = (compiled: Extract<ReturnType<typeof compilePattern>, { regex: unknown }>) => compiled.regex;

function group(matcher: { groupCount(): number; group(index: number): string | null | undefined }, index: number): string {
  return index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
}
