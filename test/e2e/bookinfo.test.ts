import { metaOf } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, heddle } from './heddle.js';
import { type Laptop, startLaptop } from './laptop.js';
import { heddleLeftovers, userObjects } from './state.js';
import { ON_CLUSTER, PATIENCE_MS, SERVED } from './worlds/index.js';
import { disagreements, predicted } from './worlds/predicted.js';
import { type ScenarioWorld, scenarioWorld } from './worlds/scenario-world.js';
import type { Headers } from './worlds/world.js';

const JASON = { cookie: 'theme=dark;user=jason' };
const ALICE = { 'x-dev': 'alice' };
const INGRESS = { istio: 'ingressgateway' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'Bookinfo',
  () => {
    let world: ScenarioWorld;
    let laptop: Laptop;
    let before: unknown;
    let session: HeddleProcess | undefined;

    const request = (host: string, port: number, authority: string, path: string, headers: Headers) =>
      ({ method: 'GET', scheme: 'http', host, port, authority, path, headers: Object.entries(headers) }) as const;

    const ofReviews = (headers: Headers, path = '/') =>
      predicted(
        world,
        { kind: 'sidecar', namespace: world.namespace, labels: { app: 'productpage', version: 'v1' } },
        request(`reviews.${world.namespace}`, 9080, 'reviews:9080', path, headers),
      );

    const atGateway = async (path: string) => {
      const [pod] = await world.cluster.list({ group: '', kind: 'Pod', labelSelector: 'istio=ingressgateway' });
      const { namespace = '', labels } = metaOf(pod);
      expect(labels).toMatchObject(INGRESS);
      return await predicted(world, { kind: 'gateway', namespace, labels }, request(world.host, 80, world.host, path, {}));
    };

    beforeAll(async () => {
      world = await scenarioWorld('bookinfo', ON_CLUSTER);
      laptop = await startLaptop('laptop');
      before = await userObjects(world.cluster, world.namespace);
    }, 300_000);

    afterAll(async () => {
      if (session?.child.exitCode === null) session.child.kill('SIGKILL');
      await session?.exit;
      await laptop?.[Symbol.asyncDispose]();
      await world?.close();
    }, 200_000);

    it('answers as decoded: the user jason sees v2 of the reviews, everybody else v1', async () => {
      expect(await ofReviews(JASON)).toEqual({ '200 v2': 1 });
      expect(await ofReviews({})).toEqual({ '200 v1': 1 });
      const cookies = ['user=jason', 'user=jason;a=b', 'a=b;user=jason;c=d', 'a=b; user=jason', 'user=jasons', 'xuser=jason', ''];
      for (const headers of [{}, JASON, ...cookies.map((cookie) => ({ cookie }))]) {
        expect(disagreements(await ofReviews(headers), await world.call(60, headers)), JSON.stringify(headers)).toEqual([]);
      }
    });

    it('shows the product page outside and nothing else', async () => {
      for (const path of ['/productpage', '/static/style.css', '/staticfile', '/api/v1/products/7', '/productpage/', '/reviews', '/']) {
        const shares = await atGateway(path);
        await eventually(async () => expect(disagreements(shares, await world.viaGateway(20, path)), path).toEqual([]), PATIENCE_MS);
      }
      expect(await atGateway('/productpage')).toEqual({ '200 v1': 1 });
      expect(await atGateway('/reviews')).toEqual({ '404 -': 1 });
    });

    it('keeps jason where he is while somebody else works on the reviews', async () => {
      const args = ['mesh', 'reviews', '--expose', `${laptop.port}:9080`, '-n', world.namespace, '--header', 'x-dev=alice', '--yes'];
      session = heddle([...args, ...world.meshFlags], world.env);
      await session.waitFor(/\bactive\b/, PATIENCE_MS);
      await eventually(async () => expect(await world.call(20, ALICE)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      expect(await world.call(50, { ...ALICE, ...JASON })).toEqual({ '200 laptop': 50 });
      expect(await world.call(50, JASON)).toEqual({ '200 v2': 50 });
      expect(await world.call(50)).toEqual({ '200 v1': 50 });
    });

    it('is as it was when the session has ended', async () => {
      session?.child.kill('SIGINT');
      expect(await session?.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await world.call(20, ALICE)).toEqual({ '200 v1': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await heddleLeftovers(world.cluster, world.namespace)).toEqual([]), PATIENCE_MS);
      expect(await userObjects(world.cluster, world.namespace)).toEqual(before);
    });
  },
  600_000,
);
