import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError } from '@heddle/core';
import { type Act, describeAct } from '../api/act.js';
import { statusError } from '../api/status-error.js';
import type { CredentialSource } from '../auth/credentials.js';
import type { Agents } from './agents.js';
import { createDeadline, type Deadline, orAbort } from './deadline.js';
import { bodyOf, exchange, type TlsSettings, wasStale } from './exchange.js';
import { connectionError, type Place, requestTimeout } from './failures.js';
import type { Timing } from './timing.js';

export interface ApiRequest {
  readonly act: Act;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the server's root: `/api/v1/namespaces/a/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that the caller handles itself; any other above 299 is thrown as a `ClusterError`. */
  readonly expect?: readonly number[];
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface TransportDeps {
  readonly place: Place;
  readonly server: URL;
  readonly tls: () => Promise<TlsSettings>;
  readonly credentials: CredentialSource;
  readonly agents: Agents;
  readonly timing: Timing;
  readonly userAgent: string;
  /** Aborts everything under way. */
  readonly closed: AbortSignal;
}

export interface Transport extends TransportDeps {
  send(request: ApiRequest): Promise<ApiResponse>;
  /** Gives the response once its head is there; the caller reads the body, or destroys it. Throws `ClusterError` above 299. */
  open(request: ApiRequest): Promise<IncomingMessage>;
  url(path: string, query?: ApiRequest['query']): URL;
}

const ATTEMPTS = 4;

export function createTransport(deps: TransportDeps): Transport {
  const { place, server, credentials, agents, timing, closed } = deps;

  function url(path: string, query: ApiRequest['query'] = {}): URL {
    const target = new URL(server.href);
    target.pathname = `${server.pathname.replace(/\/$/, '')}${path}`;
    for (const [key, value] of Object.entries(query)) if (value !== undefined) target.searchParams.set(key, value);
    return target;
  }

  async function once(request: ApiRequest, deadline: Deadline): Promise<IncomingMessage> {
    deadline.stop();
    const given = await orAbort(credentials.get(), deadline.signal);
    deadline.start();
    const { cert, key } = given;
    return exchange({
      method: request.method,
      url: url(request.path, request.query),
      agent: agents.requests,
      tls: { ...(await deps.tls()), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
      headers: {
        Accept: request.accept ?? 'application/json',
        'User-Agent': deps.userAgent,
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        // A watch is not compressed: the server would hold small events back.
        ...(request.query?.watch === undefined && request.method === 'GET' ? { 'Accept-Encoding': 'gzip' } : {}),
        ...given.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: deadline.signal,
    });
  }

  /** One request with what may be repeated: after a stale connection, a 401 with credentials that can be had anew, or Retry-After. */
  async function attempts(request: ApiRequest, deadline: Deadline): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt += 1) {
      let response: IncomingMessage;
      try {
        response = await once(request, deadline);
      } catch (error) {
        if (request.method === 'GET' && attempt < ATTEMPTS && wasStale(error)) continue;
        throw error;
      }
      const { statusCode: status = 0 } = response;
      const again =
        attempt < ATTEMPTS && (status === 401 ? attempt === 1 && credentials.forget() : waitFor(response, request.method) !== undefined);
      if (!again) return response;
      response.resume();
      await pause(waitFor(response, request.method) ?? 0, undefined, { signal: deadline.signal });
    }
  }

  /** The server says that it did not do it and when to ask again; for a GET any Retry-After will do. */
  function waitFor(response: IncomingMessage, method: string): number | undefined {
    const { statusCode: status = 0 } = response;
    const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
    if (Number.isNaN(seconds) || !(status === 429 || (status >= 500 && method === 'GET'))) return undefined;
    return Math.min(seconds * 1000, timing.retryAfter);
  }

  /** Runs `work` under the caller's signal, the cluster's and the time limit, and puts failures into words. */
  async function guarded<T>(request: ApiRequest, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const outer = request.signal === undefined ? closed : AbortSignal.any([request.signal, closed]);
    const deadline = createDeadline(timing.request, outer);
    try {
      outer.throwIfAborted();
      return await work(deadline);
    } catch (error) {
      if (outer.aborted) throw outer.reason;
      if (deadline.passed()) throw requestTimeout(place, describeAct(request.act), timing.request);
      if (error instanceof Error && '$$type' in error) throw error;
      throw connectionError(error, place, describeAct(request.act));
    } finally {
      deadline.stop();
    }
  }

  const accepted = (status: number, request: ApiRequest) => status < 300 || request.expect?.includes(status) === true;

  return {
    ...deps,
    url,
    send: (request) =>
      guarded(request, async (deadline) => {
        const response = await attempts(request, deadline);
        const { statusCode: status = 0, headers } = response;
        const text = await bodyOf(response);
        if (!accepted(status, request)) throw statusError({ status, headers, text }, request.act, place);
        return { status, headers, text };
      }),
    open: (request) =>
      guarded(request, async (deadline) => {
        const response = await attempts(request, deadline);
        const { statusCode: status = 0, headers } = response;
        if (!accepted(status, request)) throw statusError({ status, headers, text: await bodyOf(response) }, request.act, place);
        return response;
      }),
  };
}

/** The answer as JSON. Throws `ClusterError` `InvalidAnswer` when it is not: something else than an API server spoke. */
export function jsonOf(response: ApiResponse, act: Act, place: Place): unknown {
  try {
    return JSON.parse(response.text);
  } catch (cause) {
    throw new ClusterError({
      reason: 'InvalidAnswer',
      status: response.status,
      message: `cannot ${describeAct(act)}: ${place.server} (context "${place.context}") answered ${response.status} with something that is not JSON`,
      next: ['Check that the address in the kubeconfig is that of an API server, and that no proxy or login page stands in between.'],
      cause,
    });
  }
}
