import { maybeRecord, type Raw, record, records, text } from '../raw.js';

/** A part of an object that istiod cannot convert: the whole route then has no effect. */
export interface Unusable {
  readonly unusable: string;
}

/**
 * A match of an HTTPRoute as the HTTPMatchRequest that istiod makes of it (istio `pilot/pkg/config/kube/gateway/conversion.go`, 1.31);
 * what is absent is what the CRD fills in. A prefix loses one slash at its end.
 */
export function httpMatch(raw: Raw): Raw {
  const path = record(raw.path);
  const value = text(path.value) || '/';
  const type = text(path.type) || 'PathPrefix';
  const uri =
    type === 'Exact'
      ? { exact: value }
      : type === 'RegularExpression'
        ? { regex: value }
        : { prefix: value === '/' ? value : trimmed(value) };
  const method = text(raw.method);
  return {
    uri,
    ...named('headers', raw.headers),
    ...named('queryParams', raw.queryParams),
    ...(method === '' ? {} : { method: { exact: method } }),
  };
}

/** A match of a GRPCRoute, whose method is the path `/service/method` of its requests. */
export function grpcMatch(raw: Raw): Raw | Unusable {
  const headers = named('headers', raw.headers);
  const method = maybeRecord(raw.method);
  if (method === undefined) return headers;
  const uri = grpcPath(text(method.service), text(method.method), text(method.type) === 'RegularExpression');
  return uri === undefined ? { unusable: 'a match of a gRPC method names neither service nor method' } : { uri, ...headers };
}

function grpcPath(service: string, method: string, regex: boolean): Raw | undefined {
  if (service === '' && method === '') return undefined;
  if (service === '') return { regex: `/[^/]+/${method}` };
  if (regex) return { regex: `/${service}/${method === '' ? '.+' : method}` };
  return method === '' ? { prefix: `/${service}/` } : { exact: `/${service}/${method}` };
}

const trimmed = (prefix: string): string => (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);

function named(key: 'headers' | 'queryParams', list: unknown): Raw {
  const entries = records(list).map(({ name, type, value }): [string, Raw] => [
    text(name),
    type === 'RegularExpression' ? { regex: text(value) } : { exact: text(value) },
  ]);
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}
