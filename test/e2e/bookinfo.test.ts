import { type Client, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import type { HeddleProcess } from './heddle.js';
import { useScenario } from './scenario-stage.js';
import { type Headers, PATIENCE_MS, SERVED } from './worlds/index.js';
import { disagreements, predicted } from './worlds/predicted.js';

const JASON = { cookie: 'theme=dark;user=jason' };
const ALICE = { 'x-dev': 'alice' };
const INGRESS = { istio: 'ingressgateway' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'Bookinfo',
  () => {
    const stage = useScenario('bookinfo');
    let session: HeddleProcess;

    const request = (host: string, port: number, authority: string, path: string, headers: Headers) =>
      ({ method: 'GET', scheme: 'http', host, port, authority, path, headers: Object.entries(headers) }) as const;

    const ofReviews = (headers: Headers) => {
      const { world } = stage;
      const client: Client = { kind: 'sidecar', namespace: world.namespace, labels: { app: 'productpage', version: 'v1' } };
      return predicted(world, client, request(`reviews.${world.namespace}`, 9080, 'reviews:9080', '/', headers));
    };

    const atGateway = async (path: string) => {
      const { world } = stage;
      const [pod] = await world.cluster.list({ group: '', kind: 'Pod', labelSelector: 'istio=ingressgateway' });
      const { namespace = '', labels } = metaOf(pod);
      expect(labels).toMatchObject(INGRESS);
      return await predicted(world, { kind: 'gateway', namespace, labels }, request(world.host, 80, world.host, path, {}));
    };

    it('answers as decoded: the user jason sees v2 of the reviews, everybody else v1', async () => {
      expect(await ofReviews(JASON)).toEqual({ '200 v2': 1 });
      expect(await ofReviews({})).toEqual({ '200 v1': 1 });
      const cookies = ['user=jason', 'user=jason;a=b', 'a=b;user=jason;c=d', 'a=b; user=jason', 'user=jasons', 'xuser=jason', ''];
      for (const headers of [{}, JASON, ...cookies.map((cookie) => ({ cookie }))]) {
        expect(disagreements(await ofReviews(headers), await stage.world.call(60, headers)), JSON.stringify(headers)).toEqual([]);
      }
    });

    it('shows the product page outside and nothing else', async () => {
      for (const path of ['/productpage', '/static/style.css', '/staticfile', '/api/v1/products/7', '/productpage/', '/reviews', '/']) {
        const shares = await atGateway(path);
        await eventually(async () => expect(disagreements(shares, await stage.world.viaGateway(20, path)), path).toEqual([]), PATIENCE_MS);
      }
      expect(await atGateway('/productpage')).toEqual({ '200 v1': 1 });
      expect(await atGateway('/reviews')).toEqual({ '404 -': 1 });
    });

    it('keeps jason where he is while somebody else works on the reviews', async () => {
      session = await stage.session('reviews', 9080, '--header', 'x-dev=alice');
      await stage.answers({ '200 laptop': 1 }, { headers: ALICE });
      await stage.answers({ '200 laptop': 1 }, { headers: { ...ALICE, ...JASON } });
      await stage.answers({ '200 v2': 1 }, { headers: JASON });
      await stage.answers({ '200 v1': 1 });
    });

    it('is as it was when the session has ended', async () => {
      await stage.end(session);
      await stage.answers({ '200 v1': 1 }, { headers: ALICE });
      await stage.isAsBefore();
    });
  },
  600_000,
);
