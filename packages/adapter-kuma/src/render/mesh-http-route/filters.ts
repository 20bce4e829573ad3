import type { HeaderChange, PathRewrite } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import type { Effect } from '../entry.js';

/** The filters of a rule; `mirror`: how a destination of a mirror is named. */
export function filtersOf({ to, rewrite, headers, mirrors }: Effect, mirror: (to: Effect['mirrors'][number]) => Raw): readonly Raw[] {
  const redirect = typeof to === 'object' && 'redirect' in to ? to.redirect : undefined;
  return [
    ...headerFilters('RequestHeaderModifier', headers?.request),
    ...headerFilters('ResponseHeaderModifier', headers?.response),
    ...(redirect === undefined
      ? []
      : [
          {
            type: 'RequestRedirect',
            requestRedirect: {
              ...(redirect.scheme === undefined ? {} : { scheme: redirect.scheme }),
              ...(redirect.authority === undefined ? {} : { hostname: redirect.authority }),
              ...(redirect.port === undefined ? {} : { port: redirect.port }),
              ...pathOf(redirect.path),
              statusCode: redirect.code,
            },
          },
        ]),
    ...(rewrite === undefined
      ? []
      : [
          {
            type: 'URLRewrite',
            urlRewrite: { ...(typeof rewrite.authority === 'string' ? { hostname: rewrite.authority } : {}), ...pathOf(rewrite.path) },
          },
        ]),
    ...mirrors.map((one) => ({ type: 'RequestMirror', requestMirror: mirror(one) })),
  ];
}

function pathOf(path: PathRewrite | undefined): Raw {
  if (path === undefined) return {};
  if ('regex' in path) return { path: { type: 'ReplaceFullPath', replaceFullPath: path.substitution } };
  if ('full' in path) return { path: { type: 'ReplaceFullPath', replaceFullPath: path.full } };
  return { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: path.prefix } };
}

/** One filter, or one for each kind of change where a header has several: the webhook takes one change of a header in a filter. */
function headerFilters(type: 'RequestHeaderModifier' | 'ResponseHeaderModifier', change: HeaderChange | undefined): readonly Raw[] {
  if (change === undefined) return [];
  const field = type === 'RequestHeaderModifier' ? 'requestHeaderModifier' : 'responseHeaderModifier';
  const pairs = (all: Readonly<Record<string, string>> = {}) =>
    Object.entries(all).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  const remove = (change.remove ?? []).map((name) => name.toLowerCase());
  const parts: readonly Raw[] = [
    ...(remove.length === 0 ? [] : [{ remove }]),
    ...(pairs(change.set).length === 0 ? [] : [{ set: pairs(change.set) }]),
    ...(pairs(change.add).length === 0 ? [] : [{ add: pairs(change.add) }]),
  ];
  const names = [...remove, ...[...pairs(change.set), ...pairs(change.add)].map(({ name }) => name)];
  const all = new Set(names).size === names.length ? [Object.assign({}, ...parts) as Raw] : parts;
  return all.filter((one) => Object.keys(one).length > 0).map((one) => ({ type, [field]: one }));
}
