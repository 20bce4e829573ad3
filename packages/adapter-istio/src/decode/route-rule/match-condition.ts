import { maybeRecord, type Raw, record } from '../raw.js';
import { fromEcmaScript } from './ecmascript.js';

/** `match.request` of a RouteRule in the words of a VirtualService. */
export interface RequestCondition {
  /** An HTTPMatchRequest; `undefined`: every request. */
  readonly match: Raw | undefined;
  /** Conditions that RE2 cannot ask: where they stand, and the pattern. */
  readonly opaque: Raw;
  /** `uri` was asked by a regex, which Istio 0.x looked for in a header of that name. */
  readonly uriHeader: boolean;
}

const PROPERTIES = new Set(['scheme', 'method', 'authority']);

/**
 * As Istio 0.2 to 0.8 built it (istio 0.8.0, `pilot/pkg/proxy/envoy/v1/header.go`): `uri`, `scheme`, `method` and `authority` are among
 * the headers; a regex for `uri` becomes a condition on a header `uri`; an empty or missing value asks for presence.
 */
export function requestCondition(request: Raw): RequestCondition {
  const opaque: Record<string, unknown> = {};
  const headers: Record<string, Raw> = {};
  const found: Record<string, unknown> = {};
  let uriHeader = false;
  for (const [name, value] of Object.entries(record(request.headers))) {
    const condition = stringMatch(maybeRecord(value) ?? {});
    if ('lost' in condition) {
      opaque[`match.request.headers.${name} (${condition.lost})`] = condition.pattern;
    } else if (name === 'uri' && !('regex' in condition.is)) {
      if (Object.keys(condition.is).length > 0) found.uri = condition.is;
    } else if (PROPERTIES.has(name)) {
      found[name] = condition.is;
    } else {
      uriHeader ||= name === 'uri';
      headers[name] = condition.is;
    }
  }
  if (Object.keys(headers).length > 0) found.headers = headers;
  const asked = Object.keys(found).length > 0 || Object.keys(opaque).length > 0;
  return { match: asked ? found : undefined, opaque, uriHeader };
}

type Condition = { readonly is: Raw } | { readonly lost: string; readonly pattern: string };

function stringMatch(raw: Raw): Condition {
  if (typeof raw.exact === 'string') return { is: raw.exact === '' ? {} : { exact: raw.exact } };
  if (typeof raw.prefix === 'string') return { is: { prefix: raw.prefix } };
  if (typeof raw.regex !== 'string') return { is: {} };
  const translated = fromEcmaScript(raw.regex);
  return 'lost' in translated ? { lost: translated.lost, pattern: raw.regex } : { is: { regex: translated.re2 } };
}
