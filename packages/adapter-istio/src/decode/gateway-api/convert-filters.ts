import { maybeRecord, number, type Raw, record, records, text, texts } from '../raw.js';
import type { Unusable } from './convert-match.js';

/** Header changes of filters as a VirtualService writes them, and the filters that are none. */
export function headerChanges(filters: readonly Raw[]): { readonly changes: Raw | undefined; readonly rest: readonly Raw[] } | Unusable {
  const changes: Record<string, Raw> = {};
  const rest: Raw[] = [];
  for (const filter of filters) {
    const [key, raw] =
      filter.type === 'RequestHeaderModifier'
        ? ['request', maybeRecord(filter.requestHeaderModifier)]
        : ['response', maybeRecord(filter.responseHeaderModifier)];
    if (filter.type !== 'RequestHeaderModifier' && filter.type !== 'ResponseHeaderModifier') {
      rest.push(filter);
      continue;
    }
    if (raw === undefined) continue;
    const broken = [...records(raw.set), ...records(raw.add)].find(({ value }) => !isHeaderValue(text(value)));
    if (broken !== undefined) return { unusable: `the value of header ${text(broken.name)} holds control characters` };
    changes[key] = { set: headerMap(raw.set), add: headerMap(raw.add), remove: texts(raw.remove) };
  }
  return { changes: Object.keys(changes).length === 0 ? undefined : changes, rest };
}

const isHeaderValue = (value: string): boolean =>
  [...new TextEncoder().encode(value)].every((byte) => byte === 9 || (byte >= 32 && byte !== 127));

/** The first of several entries of one name counts. */
function headerMap(list: unknown): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const { name, value } of records(list)) out[text(name).toLowerCase()] ??= text(value);
  return out;
}

/** A RequestRedirect as a VirtualService's redirect; the code is 302 and the port the request's where it does not say. */
export function redirectOf(raw: Raw): Raw {
  const { scheme, hostname } = raw;
  const port = number(raw.port);
  const path = record(raw.path);
  return {
    redirectCode: number(raw.statusCode) ?? 302,
    ...(hostname == null ? {} : { authority: hostname }),
    ...(scheme == null ? {} : { scheme }),
    ...(port !== undefined ? { port } : { derivePort: scheme == null ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT' }),
    ...(path.type === 'ReplaceFullPath' ? { uri: path.replaceFullPath } : {}),
    ...(path.type === 'ReplacePrefixMatch' ? { prefixRewrite: path.replacePrefixMatch } : {}),
  };
}

/** A URLRewrite as a VirtualService's rewrite; `/` takes the prefix away. */
export function rewriteOf(raw: Raw): Raw | undefined {
  const path = record(raw.path);
  const prefix = text(path.replacePrefixMatch);
  const rewrite: Raw = {
    ...(path.type === 'ReplacePrefixMatch' ? { uri: (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix) || '/' } : {}),
    ...(path.type === 'ReplaceFullPath' ? { uriRegexRewrite: { match: '/.*', rewrite: text(path.replaceFullPath) } } : {}),
    ...(text(raw.hostname) === '' ? {} : { authority: raw.hostname }),
  };
  return Object.keys(rewrite).length === 0 ? undefined : rewrite;
}

/** The percentage of a RequestMirror; `undefined` is all. */
export function mirrorPercentage(raw: Raw): Raw | undefined {
  const fraction = maybeRecord(raw.fraction);
  if (fraction !== undefined) return { value: (100 * (number(fraction.numerator) ?? 0)) / (number(fraction.denominator) ?? 100) };
  const percent = number(raw.percent);
  return percent === undefined ? undefined : { value: percent };
}
