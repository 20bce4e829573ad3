import type { HeaderChange, Mirror, Redirect, Rewrite, Rule } from '@heddle/core';
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
  /** Mirrors that have no cluster: Kuma cannot make the listener then. */
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
    if (filter.type === 'URLRewrite') rewrite = { ...rewrite, ...rewriteOf(record(filter.urlRewrite), prefixed) };
    if (filter.type === 'RequestMirror') {
      const raw = record(filter.requestMirror);
      const found = backend(parseBackendRef(record(raw.backendRef)));
      if ('to' in found) mirrors.push({ destination: found.to, percent: percentOf(raw.percentage) });
      else broken.push(found.unusable);
    }
  }
  const [request, response] = [merged(changes.request), merged(changes.response)];
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
  const path = pathOf(raw.path, prefixed);
  return {
    code: number(raw.statusCode) || 302,
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { authority }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
  };
}

function rewriteOf(raw: Raw, prefixed: boolean): Rewrite {
  const [path, authority] = [pathOf(raw.path, prefixed), maybeText(raw.hostname)];
  return { ...(path === undefined ? {} : { path }), ...(authority === undefined ? {} : { authority }) };
}

function pathOf(raw: unknown, prefixed: boolean): { readonly full: string } | { readonly prefix: string } | undefined {
  const { type, replaceFullPath, replacePrefixMatch } = record(raw);
  if (type === 'ReplaceFullPath') return { full: text(replaceFullPath) };
  return type === 'ReplacePrefixMatch' && prefixed ? { prefix: text(replacePrefixMatch) } : undefined;
}

function headerChange(raw: Raw): HeaderChange {
  const pairs = (list: unknown) => Object.fromEntries(records(list).map(({ name, value }) => [text(name), text(value)]));
  return { set: pairs(raw.set), add: pairs(raw.add), remove: texts(raw.remove) };
}

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
