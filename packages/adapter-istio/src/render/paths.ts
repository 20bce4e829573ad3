import { type PathRewrite, quoteMeta, type Redirect, type RegexRewrite, type Rewrite } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { regexFault } from '../validate/values/regex.js';
import type { Lose } from './losses.js';
import type { WrittenMatch } from './matches.js';

/** `rewrite` for requests that a match takes. */
export function rewriteFor({ path, authority }: Rewrite, match: WrittenMatch, lose: Lose): Raw | undefined {
  if (typeof authority === 'object') {
    lose('rewrite.authority', 'Istio cannot make the authority of the path, so that it stays as it is', 'set it in rules for each path');
  }
  const written = path === undefined ? {} : pathFor(path, match, lose);
  const found = { ...written, ...(typeof authority === 'string' && authority !== '' ? { authority } : {}) };
  return Object.keys(found).length === 0 ? undefined : found;
}

/**
 * `uri` replaces what the match of this very rule covers: all of an exact path or a pattern, the prefix, `/` where none is asked (istio
 * `pilot/pkg/networking/core/route/route.go`, 1.31). A segment prefix is asked in two ways, which one pattern covers alike.
 */
function pathFor(path: PathRewrite, { path: is, asked }: WrittenMatch, lose: Lose): Raw {
  if ('regex' in path) return regexRewrite(path, lose);
  const whole = is?.kind === 'exact' || is?.kind === 'regex';
  if ('full' in path) return whole && path.full !== '' ? { uri: path.full } : regexRewrite(put('.*', path.full), lose);
  if (path.prefix !== '' && !endsInside(is)) return { uri: path.prefix };
  const head = whole ? '.*' : `^${quoteMeta(is?.value ?? '/')}`;
  return regexRewrite(put(asked?.ignoreCase === true ? `(?i)${head}` : head, path.prefix), lose);
}

/** A prefix without the slash at its end, which is left standing before the rest. */
const endsInside = (is: WrittenMatch['path']): boolean => is?.kind === 'segmentPrefix' && !is.value.endsWith('/');

const put = (regex: string, text: string): RegexRewrite => ({ regex, substitution: text.replaceAll('\\', '\\\\') });

function regexRewrite({ regex, substitution }: RegexRewrite, lose: Lose): Raw {
  const because = substitution === '' ? 'needs something to put in its place' : regexFault(regex);
  if (because === undefined) return { uriRegexRewrite: { match: regex, rewrite: substitution } };
  lose('rewrite.path', `Istio's rewrite by the pattern ${JSON.stringify(regex)} ${because}, so that the path stays as it is`);
  return {};
}

/** `redirect`, or a direct response where it would say nothing: that redirects to the request's own URL. `undefined`: it cannot be said. */
export function redirectFor(redirect: Redirect, match: WrittenMatch, lose: Lose): Raw | undefined {
  const { code, scheme, authority, port, path } = redirect;
  const where = path === undefined ? {} : redirectPath(path, match);
  if (where === undefined) {
    lose('redirect.path', 'Istio cannot make the path of a redirect by a pattern; these requests are answered with 500 instead');
    return undefined;
  }
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    lose('redirect.scheme', `Istio redirects to http and https, not ${scheme}; these requests are answered with 500 instead`);
    return undefined;
  }
  const found = {
    ...where,
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { authority }),
    ...(port === undefined ? {} : { port }),
  };
  if (Object.keys(found).length === 0) return { directResponse: { status: code } };
  return { redirect: { ...found, ...(code === 301 ? {} : { redirectCode: code }) } };
}

function redirectPath(path: PathRewrite, { path: is, asked }: WrittenMatch): Raw | undefined {
  if ('regex' in path) return undefined;
  if ('full' in path) return { uri: path.full };
  const { uri } = asked ?? {};
  if (uri !== undefined && !('prefix' in uri)) return { uri: path.prefix };
  return { prefixRewrite: endsInside(is) && uri !== undefined ? `${path.prefix}/` : path.prefix };
}
