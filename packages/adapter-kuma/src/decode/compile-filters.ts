import type { HeaderChange, Mirror, PathRewrite, Redirect, Rewrite, Rule } from '@heddle/core';
import type { Backend } from './backends.js';
import { parseBackendRef } from './parse-mesh-route.js';
import { maybeRecord, maybeText, number, type Raw, record, records, text, texts } from './raw.js';
import type { BackendRef } from './world-types.js';

/** What a rule's filters do to requests. */
export interface Filtered {
  readonly redirect?: Redirect;
  readonly rewrite?: Rewrite;
  readonly headers?: Rule['headers'];
  readonly mirrors: readonly Mirror[];
  /** Why there cannot be a listener: Kuma does not make it, or Envoy does not take it. */
  readonly broken: readonly string[];
}

/**
 * Filters in order (kuma `meshhttproute/xds/filters`, 2.14). `prefixed`: the match is a path prefix; only then is it replaced. A
 * redirect answers at once, so that rewrites and mirrors beside it mean nothing.
 */
export function compileFilters(filters: readonly Raw[], prefixed: boolean, backend: (ref: BackendRef) => Backend): Filtered {
  let redirect: Redirect | undefined;
  let rewrite: Rewrite = {};
  const changes: { request: HeaderChange[]; response: HeaderChange[] } = { request: [], response: [] };
  const mirrors: Mirror[] = [];
  const broken: string[] = [];
  for (const filter of filters) {
    if (filter.type === 'RequestHeaderModifier') changes.request.push(headerChange(record(filter.requestHeaderModifier)));
    if (filter.type === 'ResponseHeaderModifier') changes.response.push(headerChange(record(filter.responseHeaderModifier)));
    if (filter.type === 'RequestRedirect') redirect = redirectOf(record(filter.requestRedirect), prefixed);
    if (redirect !== undefined && (filter.type === 'URLRewrite' || filter.type === 'RequestMirror')) {
      broken.push(`a ${filter.type} stands behind a RequestRedirect`);
      continue;
    }
    if (filter.type === 'URLRewrite') {
      const next = rewriteOf(record(filter.urlRewrite), prefixed);
      if (next.path !== undefined && rewrite.path !== undefined && 'prefix' in next.path !== 'prefix' in rewrite.path)
        broken.push('two URLRewrites replace the path, one whole and one in part');
      rewrite = { ...rewrite, ...next };
    }
    if (filter.type === 'RequestMirror') {
      const raw = record(filter.requestMirror);
      const found = backend(parseBackendRef(record(raw.backendRef)));
      if ('to' in found) mirrors.push({ destination: found.to, percent: percentOf(raw.percentage) });
      else broken.push(`the mirror has nowhere to go, since ${found.unusable}`);
    }
  }
  const [request, response] = [merged(changes.request), merged(changes.response)];
  if ([request, response].some(changesHost)) broken.push('a header modifier changes host, which is the business of a URLRewrite');
  const headers = { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) };
  return {
    ...(redirect === undefined ? {} : { redirect }),
    ...(redirect !== undefined || Object.keys(rewrite).length === 0 ? {} : { rewrite }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    mirrors: redirect === undefined ? mirrors : [],
    broken,
  };
}

/** Whether any filter replaces the part of a path that a prefix match covers. */
export const replacesPrefix = (filters: readonly Raw[]): boolean =>
  filters.some(({ requestRedirect, urlRewrite }) =>
    [requestRedirect, urlRewrite].some((raw) => record(record(raw).path).type === 'ReplacePrefixMatch'),
  );

function redirectOf(raw: Raw, prefixed: boolean): Redirect {
  const [scheme, authority, port] = [maybeText(raw.scheme), maybeText(raw.hostname), number(raw.port)];
  const path = pathOf(raw.path, prefixed, true);
  return {
    code: number(raw.statusCode) || 302,
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { authority }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
  };
}

function rewriteOf(raw: Raw, prefixed: boolean): Rewrite {
  const [path, authority] = [pathOf(raw.path, prefixed, false), maybeText(raw.hostname)];
  return { ...(path === undefined ? {} : { path }), ...(authority === undefined ? {} : { authority }) };
}

/** A whole path is put in place of the regex `.*`, so that backslashes in it mean groups, and the query stays. An empty one replaces nothing. */
function pathOf(raw: unknown, prefixed: boolean, redirects: boolean): PathRewrite | undefined {
  const { type, replaceFullPath, replacePrefixMatch } = record(raw);
  const [full, prefix] = [text(replaceFullPath), text(replacePrefixMatch)];
  if (type === 'ReplacePrefixMatch') return prefixed && prefix !== '' ? { prefix } : undefined;
  if (type !== 'ReplaceFullPath' || full === '') return undefined;
  return full.includes('\\') || (redirects && full.includes('?')) ? { regex: '.*', substitution: full } : { full };
}

function headerChange(raw: Raw): HeaderChange {
  const pairs = (list: unknown) => Object.fromEntries(records(list).map(({ name, value }) => [text(name), text(value)]));
  return { set: pairs(raw.set), add: pairs(raw.add), remove: texts(raw.remove) };
}

const changesHost = (change: HeaderChange | undefined): boolean =>
  [...Object.keys({ ...change?.set, ...change?.add }), ...(change?.remove ?? [])].some((name) => name === 'host' || name.startsWith(':'));

function merged(changes: readonly HeaderChange[]): HeaderChange | undefined {
  const set = Object.assign({}, ...changes.map((change) => change.set));
  const add = Object.assign({}, ...changes.map((change) => change.add));
  const remove = changes.flatMap((change) => change.remove ?? []);
  const out: HeaderChange = {
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
  return Object.keys(out).length === 0 ? undefined : out;
}

/** A number or a decimal in text; absent is all. Envoy counts in millionths (kuma `pkg/xds/envoy/listeners/v3/util.go`, `ConvertPercentage`). */
function percentOf(value: unknown): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read)) return maybeRecord(value) === undefined && value === undefined ? 100 : 0;
  return Math.round(Math.min(Math.max(read, 0), 100) * 10_000) / 10_000;
}
