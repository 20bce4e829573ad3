import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import {
  type CleanDeps,
  type Cluster,
  type Identity,
  isRecord,
  type KubeObject,
  type Match,
  type MeshEnvironment,
  metaOf,
  type RunningSession,
  type SessionDeps,
  type SessionEvent,
  type SessionOptions,
  startSession,
  TIMING,
  type Timing,
} from '@heddle/core';
import { createSandbox, type Sandbox, type SandboxOptions } from '@heddle/sandbox';
import { tunnel } from '@heddle/tunnel-ssh';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { ManualClock } from './manual-clock.js';
import { cannotTell, person } from './people.js';

export const NAMESPACE = 'mesh-demo';
export const TOMCAT_7 = 'Apache Tomcat/7.0.109\n';

/** The tomcat scenario with its mesh, real SSH tunnels, and people who start sessions in it. */
export interface World {
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  readonly env: MeshEnvironment;
  /** A developer's machine: a cluster connection of its own, and an application that answers with its own name. */
  developer(user: string, options?: Partial<Identity>): Promise<Developer>;
  /** What a request with these headers is answered, from a pod in the mesh, or through the gateway. */
  call(headers?: Record<string, string>, via?: 'mesh' | 'gateway', path?: string): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

export interface Developer {
  readonly deps: SessionDeps;
  readonly clean: CleanDeps;
  readonly cluster: Cluster;
  /** What the application answers. */
  readonly body: string;
  /** The application's requests so far. */
  readonly seen: readonly IncomingMessage[];
  /** Streams to pods: to cut them is to lose the tunnel. */
  readonly streams: Set<Duplex>;
  options(match?: Match, change?: Partial<SessionOptions>): SessionOptions;
  start(match?: Match, change?: Partial<SessionOptions>): Started;
  /** Ends every session that was started here. */
  stopAll(): Promise<void>;
}

export interface Started {
  readonly session: RunningSession;
  readonly events: SessionEvent[];
  /** Resolves with the first event that fits, also one from before. */
  event(accept: (event: SessionEvent) => boolean): Promise<SessionEvent>;
}

export const header = (name: string, value: string): Match => ({ headers: [{ name, is: { exact: value } }] });

export async function createWorld(options: Partial<SandboxOptions> & { readonly timing?: Timing } = {}): Promise<World> {
  const clock = new ManualClock();
  const scenario = scenarios.find(({ id }) => id === 'tomcat');
  if (scenario === undefined) throw new Error('no scenario tomcat');
  const sandbox = await createSandbox({ adapter, scenario, agents: [agent], now: clock.now, ...options });
  const looking = sandbox.cluster('test');
  const detection = adapter.detect(await looking.discover(adapter.facts));
  if (detection === undefined) throw new Error('no mesh in the sandbox');
  const env = detection.environment;
  const ends: (() => Promise<void>)[] = [() => sandbox.stop()];
  return {
    sandbox,
    clock,
    env,
    developer: async (user, identity = {}) => {
      const one = await developer(user, identity, { sandbox, clock, env, timing: options.timing ?? TIMING });
      ends.unshift(one.end);
      return one;
    },
    call: (headers = {}, via = 'mesh', path = '/') => call(via === 'mesh' ? sandbox.clientUrl : sandbox.gatewayUrl, path, headers),
    async stop() {
      for (const end of ends) await end();
    },
  };
}

async function developer(
  user: string,
  identity: Partial<Identity>,
  world: Pick<World, 'sandbox' | 'clock' | 'env'> & { timing: Timing },
): Promise<Developer & { end(): Promise<void> }> {
  const body = `${user}'s Tomcat/8.5.38\n`;
  const seen: IncomingMessage[] = [];
  const app = createServer((incoming, response) => {
    seen.push(incoming);
    incoming.resume();
    response.end(body);
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const local = { host: '127.0.0.1', port: (app.address() as AddressInfo).port };
  const streams = new Set<Duplex>();
  const cluster = recordingStreams(world.sandbox.cluster(user), streams);
  const me: Identity = { ...person(user), ...identity };
  const common = { cluster, clock: world.clock, identity: me, isGone: cannotTell, log: () => undefined, timing: world.timing };
  const deps: SessionDeps = { ...common, adapter, env: world.env, tunnel };
  const sessions: RunningSession[] = [];
  const optionsOf: Developer['options'] = (match, change = {}) => ({
    service: { namespace: NAMESPACE, name: 'tomcat' },
    ports: [{ port: '8080', local }],
    ...(match === undefined ? {} : { match }),
    defaultHeader: 'x-heddle',
    agent: { image: 'heddle-agent:test' },
    sidecar: 'auto',
    onLost: 'fallback',
    acceptPolicyGap: false,
    readyTimeoutMs: 60_000,
    ...change,
  });
  return {
    deps,
    clean: { ...common, meshes: [{ adapter, env: world.env }] },
    cluster,
    body,
    seen,
    streams,
    options: optionsOf,
    start: (match, change) => {
      const started = watched((onEvent) => startSession(deps, optionsOf(match, change), { onEvent }));
      sessions.push(started.session);
      return started;
    },
    async stopAll() {
      for (const session of sessions.splice(0)) await session.stop();
    },
    async end() {
      for (const stream of streams) stream.destroy();
      app.closeAllConnections();
      await new Promise<void>((resolve) => app.close(() => resolve()));
    },
  };
}

function watched(start: (onEvent: (event: SessionEvent) => void) => RunningSession): Started {
  const events: SessionEvent[] = [];
  const waiting = new Set<(event: SessionEvent) => void>();
  const session = start((event) => {
    events.push(event);
    for (const tell of [...waiting]) tell(event);
  });
  const event: Started['event'] = (accept) =>
    new Promise((resolve, reject) => {
      void session.done.then(({ why, error }) => reject(error ?? new Error(`the session ended (${why}) before that event`)));
      const before = events.find(accept);
      if (before !== undefined) return resolve(before);
      const tell = (one: SessionEvent) => {
        if (!accept(one)) return;
        waiting.delete(tell);
        resolve(one);
      };
      waiting.add(tell);
    });
  return { session, events, event };
}

function recordingStreams(cluster: Cluster, streams: Set<Duplex>): Cluster {
  return {
    ...cluster,
    async openPort(pod, port, signal) {
      const stream = await cluster.openPort(pod, port, signal);
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      return stream;
    },
  };
}

function call(url: string, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** All objects, without what the server sets and the version they were last written in: what must be the same again in the end. */
export function contents(sandbox: Sandbox): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const kind of sandbox.store.kinds.all.filter((one) => one.kind !== 'Event')) {
    for (const object of sandbox.store.list(kind)) {
      const { namespace = '', name } = metaOf(object);
      found.set(`${kind.kind} ${namespace}/${name}`, JSON.stringify(essence(object)));
    }
  }
  return found;
}

function essence(object: KubeObject): unknown {
  const { status: _status, apiVersion: _api, metadata, ...content } = object;
  const { resourceVersion: _version, generation: _generation, managedFields: _managed, ...meta } = isRecord(metadata) ? metadata : {};
  return { ...content, metadata: meta };
}
