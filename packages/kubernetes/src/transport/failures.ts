import { ClusterError, messageOf } from '@heddle/core';

/** The cluster as messages name it. */
export interface Place {
  readonly context: string;
  readonly server: string;
  /** The proxy on the way, without its password. */
  readonly proxy?: string;
}

const CERTIFICATE = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * A failure on the way, in words. Reasons: `Untrusted` (the server's certificate), `Unauthorized` (ours, in the TLS handshake),
 * `Timeout` (no answer in time), else `Unreachable`.
 */
export function connectionError(cause: unknown, place: Place, act: string): ClusterError {
  const code = codeOf(cause);
  const text = wordsOf(cause);
  const fail = (reason: string, message: string, next: readonly string[]) => new ClusterError({ reason, status: 0, message, next, cause });
  const there = `${place.server} (context "${place.context}")`;
  if (CERTIFICATE.has(code)) {
    return fail('Untrusted', `the certificate of ${there} is not trusted: ${text}`, certificateSteps(code));
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return fail('Unreachable', `${there} does not speak TLS: ${text}`, [
      'Check the address in the kubeconfig: its port, and whether it is http or https.',
    ]);
  }
  if (/^ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA)/.test(code)) {
    return fail('Unauthorized', `${there} refuses the client certificate: ${text}`, [
      'Log in again, since the certificate may have expired.',
    ]);
  }
  if (/^ERR_OSSL|^ERR_SSL|^ERR_CRYPTO|PEM/.test(code)) {
    return fail('Unauthorized', `the certificates of context "${place.context}" cannot be used: ${text}`, [
      'Correct client-certificate, client-key and certificate-authority in the kubeconfig, or log in again.',
    ]);
  }
  if (code === 'EPROXY') {
    return fail('Unreachable', `cannot ${act}: cannot reach ${there}: ${text}`, [
      `Check that the proxy ${place.proxy} runs.`,
      'Correct proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY.',
    ]);
  }
  return fail('Unreachable', `cannot ${act}: ${unreachableWords(code, text, there)}`, unreachableSteps(code, place));
}

export function requestTimeout(place: Place, act: string, ms: number): ClusterError {
  return new ClusterError({
    reason: 'Timeout',
    status: 0,
    message: `cannot ${act}: ${place.server} (context "${place.context}") did not answer within ${ms / 1000} s`,
    next: ['Try again: the API server or the way to it is slow.'],
  });
}

function unreachableWords(code: string, text: string, there: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `${there} refuses the connection`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name of ${there} does not resolve`;
    case 'ECONNECTTIMEOUT':
    case 'ETIMEDOUT':
      return `${there} does not answer`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no way to ${there}`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection to ${there} broke`;
    default:
      return `cannot reach ${there}: ${text}`;
  }
}

function unreachableSteps(code: string, place: Place): readonly string[] {
  const proxy = place.proxy === undefined ? [] : [`Check that the proxy ${place.proxy} runs, since the way goes through it.`];
  const local = /\/\/(localhost|127\.|\[::1\])/.test(place.server);
  if (code === 'ECONNREFUSED' && local)
    return [...proxy, 'Start the cluster: its address is on this machine, and nothing answers there.', 'Choose another with --context.'];
  return [...proxy, 'Check that the VPN is up and the cluster is running.', 'Choose another with --context.'];
}

function certificateSteps(code: string): readonly string[] {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return ['Use an address that the certificate names, or set tls-server-name in the kubeconfig.'];
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return ["Check that this machine's clock is right.", "Ask the cluster's administrator to renew its certificate."];
  }
  return ['Set certificate-authority in the kubeconfig to the CA of this cluster, which changes when a cluster is made anew.'];
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  const text = messageOf(error);
  // OpenSSL's own form: 0021D1:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/…
  const openssl = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(text);
  return openssl?.[1] ?? text;
}
