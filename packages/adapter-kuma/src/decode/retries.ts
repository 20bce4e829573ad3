import { number, type Raw, record, text, texts } from './raw.js';

/** Conditions of Envoy's, and what a MeshRetry calls them (kuma `meshretry/api/v1alpha1`, `HTTPRetryOn`, 2.14). */
export const CONDITIONS: Readonly<Record<string, string>> = {
  '5xx': '5xx',
  'gateway-error': 'GatewayError',
  reset: 'Reset',
  'retriable-4xx': 'Retriable4xx',
  'connect-failure': 'ConnectFailure',
  'envoy-ratelimited': 'EnvoyRatelimited',
  'refused-stream': 'RefusedStream',
  'http3-post-connect-failure': 'Http3PostConnectFailure',
};

export const isStatus = (condition: string): boolean => /^[1-5]\d\d$/.test(condition);

const WORDS = new Map(Object.entries(CONDITIONS).map(([word, name]) => [name, word]));

/** The conf of a MeshRetry in Envoy's words, where it says nothing else: so other meshes mean the same by it. Otherwise as written. */
export function retryOf(conf: Raw): Raw {
  const { http, ...rest } = conf;
  const { numRetries, perTryTimeout, retryOn, ...others } = record(http);
  const attempts = number(numRetries);
  const conditions = texts(retryOn).map((name) => WORDS.get(name) ?? (isStatus(name) ? name : undefined));
  const isPlain = Object.keys(rest).length + Object.keys(others).length === 0 && conditions.length > 0 && !conditions.includes(undefined);
  if (!isPlain || attempts === undefined) return conf;
  return { attempts, ...(text(perTryTimeout) === '' ? {} : { perTryTimeout: text(perTryTimeout) }), retryOn: conditions.join(',') };
}
