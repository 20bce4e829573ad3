import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Tunnel } from '../../contracts/tunnel-provider.js';
import { messageOf } from '../../errors/message-of.js';
import { answer } from '../../evaluate/answer.js';
import type { Change, ServiceRef } from '../../model/change.js';
import type { Match, Request } from '../../model/match.js';
import { sameOwner } from '../../model/owner.js';
import type { RouteTable } from '../../model/table.js';
import { type Client, type View, viewHolds, viewKey } from '../../model/view.js';
import { versionOf } from '../../plan/outcome.js';
import { serviceHost } from '../names.js';
import type { Timing } from '../timing.js';
import type { Clock, Proof } from '../types.js';
import { proofRequest } from './proof-request.js';
import { ANSWER_HEADER, NONCE_HEADER, type Responder } from './responder.js';

export interface ProofInput {
  /** As decoded after the rules were written. */
  readonly tables: readonly RouteTable[];
  /** The session's. */
  readonly change: Change;
  readonly match: Match;
  /** The shadow's pod as a client of the mesh. */
  readonly client: Client;
  readonly envoy?: string;
  readonly open?: NonNullable<Tunnel['open']>;
  readonly responder: Responder;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** One proof per view and port. A request goes out from the shadow's pod through its own sidecar and must come back through the tunnel. */
export async function prove(input: ProofInput): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  for (const { view, service, tables } of cases(input)) {
    input.signal.throwIfAborted();
    const why = await proveOne(input, view, service, tables);
    proofs.push({ view, port: service.port, ...(why === undefined ? { state: 'proved' } : { state: 'written', why }) });
  }
  return proofs;
}

/** `undefined` when proved, else why the rule is only written. */
async function proveOne(input: ProofInput, view: View, service: ServiceRef, tables: readonly RouteTable[]): Promise<string | undefined> {
  const { client, open } = input;
  if (view.plane === 'gateway') return 'only callers inside the mesh can be tried from the shadow';
  if (client.kind !== 'sidecar') return "the shadow has no sidecar, so the mesh's rules do not apply to a request from it";
  if (!viewHolds(view, client)) return 'its clients are other pods than the shadow';
  if (open === undefined) return 'the tunnel cannot make a request from the shadow';
  if (tables.every((table) => table.protocol === 'tcp')) return `port ${service.port} does not carry HTTP`;
  const made = proofRequest(input.match, { host: serviceHost(service), port: service.port });
  if ('why' in made) return made.why;
  if (!reachesShadow(input, made.request)) return 'a request that fits the match is not decided by this rule in this view';
  return await tryUntilTime(input, made.request, open);
}

/** Where our rules stand, by view and port of the service; a view without any is not concerned. */
function* cases(input: ProofInput): Iterable<{ view: View; service: ServiceRef; tables: readonly RouteTable[] }> {
  const views = new Map(input.tables.map((table) => [viewKey(table.view), table.view]));
  for (const [key, view] of views) {
    for (const service of input.change.services) {
      const tables = input.tables.filter((table) => viewKey(table.view) === key && sendsToShadow(table, service.port, input));
      if (tables.length > 0) yield { view, service, tables };
    }
  }
}

/** A destination without a port keeps the table's; a gateway's table has a port of its own, so there one that is not said may be any. */
function sendsToShadow(table: RouteTable, port: number, { change }: ProofInput): boolean {
  return table.rules.some(({ owner: whose, action }) => {
    if (!sameOwner(whose, change.owner) || typeof action !== 'object' || !('to' in action)) return false;
    const fallback = table.view.plane === 'gateway' ? port : table.port;
    return action.to.some((to) => versionOf(to, change) !== undefined && (to.port ?? fallback) === port);
  });
}

function reachesShadow(input: ProofInput, request: Request): boolean {
  const { outcomes } = answer(input.tables, input.client, request, input.envoy === undefined ? {} : { envoy: input.envoy });
  return outcomes.length > 0 && outcomes.every((outcome) => versionOf(outcome, input.change) !== undefined);
}

/** A rule takes a moment to reach the proxies; until then the service's own pods answer. */
async function tryUntilTime(input: ProofInput, request: Request, open: NonNullable<Tunnel['open']>): Promise<string | undefined> {
  const { clock, timing, signal } = input;
  const until = clock.monotonic() + timing.proofTimeoutMs;
  for (;;) {
    const why = await attempt(input, request, open, timing.proofAttemptMs);
    if (why === undefined) return undefined;
    signal.throwIfAborted();
    if (clock.monotonic() + timing.proofRetryMs >= until) return `${why}, for ${Math.round(timing.proofTimeoutMs / 1000)} s`;
    await clock.sleep(timing.proofRetryMs, signal);
  }
}

async function attempt(
  input: ProofInput,
  request: Request,
  open: NonNullable<Tunnel['open']>,
  timeoutMs: number,
): Promise<string | undefined> {
  const { nonce, answer: expected } = input.responder.challenge();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, input.signal]);
  const late = input.clock.sleep(timeoutMs, signal).then(() => over.abort());
  try {
    const stream = await abortable(open(request.host, request.port), signal);
    try {
      const response = await send(stream, request, nonce, signal);
      if (response.answer === expected) return undefined;
      return `the proof was answered by somebody else (status ${response.status})`;
    } finally {
      stream.destroy();
    }
  } catch (error) {
    return signal.aborted ? 'the proof was not answered' : `the proof could not be sent (${messageOf(error)})`;
  } finally {
    over.abort();
    await late;
  }
}

function send(stream: Duplex, request: Request, nonce: string, signal: AbortSignal): Promise<{ status: number; answer: unknown }> {
  return new Promise((resolve, reject) => {
    const fields = ['Host', request.authority, ...request.headers.flat(), NONCE_HEADER, nonce, 'Connection', 'close'];
    const sent = httpRequest(
      // The stream is ours; the client must neither dial nor pool, and it does not end its side before the answer is there.
      { method: request.method, path: request.path, headers: fields, setHost: false, createConnection: () => stream, signal },
      (response) => {
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, answer: response.headers[ANSWER_HEADER] }));
        response.resume();
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** What arrives after the signal is destroyed, so that no stream is left open. */
async function abortable(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return await new Promise<Duplex>((resolve, reject) => {
    const giveUp = () => reject(new Error('aborted'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    opening.then(
      (stream) => {
        if (signal.aborted) stream.destroy();
        resolve(stream);
      },
      (error: unknown) => reject(error),
    );
  });
}
