import type { HeaderChange, Mirror, Redirect, Rewrite, Rule } from '@heddle/core';
import { number, type Raw, record, records, text, texts } from '../raw.js';
import type { DestinationOf } from './backends.js';

type Effects = Pick<Rule, 'mirrors' | 'rewrite' | 'headers'> & {
  readonly redirect?: Redirect;
  readonly opaque: Readonly<Record<string, unknown>>;
};

/** The filters of a rule, each kind at most once but for mirrors (Gateway API, HTTPRouteFilter). */
export function readFilters(filters: readonly Raw[], namespace: string, destinationOf: DestinationOf): Effects {
  const of = (type: string, field: string) => filters.filter((filter) => filter.type === type).map((filter) => record(filter[field]));
  const [request] = of('RequestHeaderModifier', 'requestHeaderModifier').map(readHeaders);
  const [response] = of('ResponseHeaderModifier', 'responseHeaderModifier').map(readHeaders);
  const [redirect] = of('RequestRedirect', 'requestRedirect').map(readRedirect);
  const [rewrite] = of('URLRewrite', 'urlRewrite').map(readRewrite);
  const mirrors = of('RequestMirror', 'requestMirror').map((mirror) => readMirror(mirror, namespace, destinationOf));
  const strange = filters.filter(({ type }) => !KNOWN.includes(text(type)));
  return {
    ...(redirect === undefined ? {} : { redirect }),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(request === undefined && response === undefined
      ? {}
      : { headers: { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) } }),
    opaque: Object.fromEntries(strange.map((filter) => [`filter ${text(filter.type)}`, filter])),
  };
}

const KNOWN = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'RequestMirror'];

function readHeaders(modifier: Raw): HeaderChange {
  const pairs = (list: unknown) => Object.fromEntries(records(list).map(({ name, value }) => [text(name), text(value)]));
  return {
    ...(modifier.set === undefined ? {} : { set: pairs(modifier.set) }),
    ...(modifier.add === undefined ? {} : { add: pairs(modifier.add) }),
    ...(modifier.remove === undefined ? {} : { remove: texts(modifier.remove) }),
  };
}

function readRedirect(redirect: Raw): Redirect {
  const port = number(redirect.port);
  const path = readPath(redirect.path);
  return {
    code: number(redirect.statusCode) ?? 302,
    ...(text(redirect.scheme) === '' ? {} : { scheme: text(redirect.scheme) }),
    ...(text(redirect.hostname) === '' ? {} : { authority: text(redirect.hostname) }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
  };
}

function readRewrite(rewrite: Raw): Rewrite {
  const path = readPath(rewrite.path);
  return {
    ...(path === undefined ? {} : { path }),
    ...(text(rewrite.hostname) === '' ? {} : { authority: text(rewrite.hostname) }),
  };
}

function readPath(modifier: unknown): { readonly prefix: string } | { readonly full: string } | undefined {
  const path = record(modifier);
  if (path.type === 'ReplacePrefixMatch') return { prefix: text(path.replacePrefixMatch) };
  return path.type === 'ReplaceFullPath' ? { full: text(path.replaceFullPath) } : undefined;
}

function readMirror(mirror: Raw, namespace: string, destinationOf: DestinationOf): Mirror {
  const ref = record(mirror.backendRef);
  const fraction = record(mirror.fraction);
  const share =
    mirror.fraction === undefined ? undefined : (100 * (number(fraction.numerator) ?? 0)) / (number(fraction.denominator) ?? 100);
  const backend = { namespace: text(ref.namespace) || namespace, name: text(ref.name), port: number(ref.port) ?? 0, weight: 1 };
  return { destination: destinationOf(backend), percent: number(mirror.percent) ?? share ?? 100 };
}
