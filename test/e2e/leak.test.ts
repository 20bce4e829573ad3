import { userInfo } from 'node:os';
import { adapter } from '@heddle/adapter-istio';
import { type Cluster, detectMeshes, type KubeObject, type SessionDeps, type SessionOptions, startSession } from '@heddle/core';
import { tunnel } from '@heddle/tunnel-ssh';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { useStage } from './stage.js';
import { heddleLeftovers } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const REQUESTS = 1000;
const MATCHING = { 'x-dev': 'alice' };

/** Holds back every write of a mesh object until it is told to go on: the shadow is up, and no rule exists. */
function heldBack(cluster: Cluster, gate: Promise<void>, reached: () => void): Cluster {
  const isRule = (object: KubeObject) => object.kind === 'VirtualService';
  const hold = async (object: KubeObject, dryRun: boolean | undefined) => {
    if (!isRule(object) || dryRun === true) return;
    reached();
    await gate;
  };
  return {
    name: cluster.name,
    discover: (queries) => cluster.discover(queries),
    get: (ref) => cluster.get(ref),
    list: (query, options) => cluster.list(query, options),
    watch: (query, signal) => cluster.watch(query, signal),
    create: async (object, options) => {
      await hold(object, options?.dryRun);
      return cluster.create(object, options);
    },
    replace: async (object, options) => {
      await hold(object, options?.dryRun);
      return cluster.replace(object, options);
    },
    delete: (ref, precondition, options) => cluster.delete(ref, precondition, options),
    serverTime: () => cluster.serverTime(),
    openPort: (pod, port, signal) => cluster.openPort(pod, port, signal),
    can: (checks) => cluster.can(checks),
    close: () => cluster.close(),
  };
}

describe.skipIf(!SERVED('networking.istio.io'))(
  'no leak',
  () => {
    const stage = useStage();

    it(`with the shadow up and no rule yet none of ${REQUESTS} requests reaches the laptop; after the rule all matching ones do`, async () => {
      const { world, laptop } = stage;
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      let arrived: () => void = () => undefined;
      const shadowUp = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const cluster = heldBack(world.cluster, gate, () => arrived());
      const [mesh] = await detectMeshes(cluster, [adapter]);
      if (mesh === undefined) throw new Error('no mesh was detected');
      const deps: SessionDeps = {
        cluster,
        adapter,
        env: mesh.detection.environment,
        tunnel,
        clock: {
          now: () => Date.now(),
          monotonic: () => performance.now(),
          sleep: (ms, signal) =>
            new Promise((resolve) => {
              const timer = setTimeout(resolve, ms);
              const early = () => {
                clearTimeout(timer);
                resolve();
              };
              signal?.addEventListener('abort', early, { once: true });
            }),
        },
        identity: { user: userInfo().username, host: 'leak-test', pid: process.pid, startTime: '0', bootId: 'leak-test' },
        isGone: () => undefined,
        log: () => undefined,
      };
      const options: SessionOptions = {
        service: { namespace: world.namespace, name: 'tomcat' },
        ports: [{ port: '8080', local: { host: '127.0.0.1', port: laptop.port } }],
        match: { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] },
        defaultHeader: 'x-heddle',
        agent: { image: world.agentImage },
        sidecar: 'auto',
        onLost: 'fallback',
        acceptPolicyGap: false,
        readyTimeoutMs: PATIENCE_MS,
      };
      const session = startSession(deps, options, { onEvent: () => undefined });
      const failed = session.active.then(
        () => undefined,
        (error: unknown) => error,
      );
      await Promise.race([shadowUp, failed.then((error) => (error === undefined ? undefined : Promise.reject(error)))]);

      const pods = await world.cluster.list({
        group: '',
        kind: 'Pod',
        namespace: world.namespace,
        labelSelector: 'app.kubernetes.io/managed-by=heddle',
      });
      expect(pods).toHaveLength(1);
      expect(await world.inMesh(REQUESTS / 2)).toEqual({ '200 tomcat7': REQUESTS / 2 });
      expect(await world.viaGateway(REQUESTS / 2, { 'user-agent': 'curl' })).toEqual({ '200 tomcat7': REQUESTS / 2 });
      expect(laptop.requests).toHaveLength(0);

      open();
      await session.active;
      await eventually(async () => expect(await world.inMesh(50, MATCHING)).toEqual({ '200 laptop': 50 }), PATIENCE_MS);
      await eventually(async () => expect(await world.viaGateway(50, MATCHING)).toEqual({ '200 laptop': 50 }), PATIENCE_MS);
      expect(await world.inMesh(REQUESTS, MATCHING)).toEqual({ '200 laptop': REQUESTS });
      expect(await world.viaGateway(REQUESTS, MATCHING)).toEqual({ '200 laptop': REQUESTS });
      const reached = laptop.requests.length;
      expect(await world.inMesh(REQUESTS)).toEqual({ '200 tomcat7': REQUESTS });
      expect(laptop.requests).toHaveLength(reached);

      const end = await session.stop();
      expect(end.left).toEqual([]);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
    });
  },
  600_000,
);
