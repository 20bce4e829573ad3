import { type KubeObject, observeObjects, routingOf } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { allV1, FILES, jason, pod, rule, service } from '../../test/support/route-rules.js';
import { decode } from '../decode/decode.js';
import { reads } from '../decode/reads.js';
import { httpOf } from '../encode/virtual-service.js';
import { validate } from '../validate/index.js';
import { render } from './render.js';

/** What RouteRules of some Services become. */
function rendered(services: readonly string[], rules: readonly KubeObject[]) {
  const objects = [
    ...services.map((name) => service(name)),
    ...services.flatMap((name) => ['v1', 'v2', 'v3'].map((version) => pod(name, version))),
  ];
  const target = { services: services.map((name) => ({ namespace: 'shop', name, port: 9080 })) };
  const seen = observeObjects([...objects, ...rules], reads(target, new Map(), FILES));
  const { tables } = decode(target, seen, FILES);
  const out = render(routingOf(tables, objects).routing, FILES);
  expect(out.objects.flatMap((object) => validate(object, FILES))).toEqual([]);
  return out;
}

const destinationRule = (name: string, versions: readonly string[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name, namespace: 'shop' },
  spec: { host: name, subsets: versions.map((version) => ({ name: version, labels: { version } })) },
});

const virtualService = (name: string, http: readonly KubeObject[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'shop' },
  spec: { hosts: [name], http },
});

const defaultOf = (name: string) =>
  rule(`${name}-default`, { destination: { name }, precedence: 1, route: [{ labels: { version: 'v1' } }] });
const toV1 = (name: string) => ({ name: `${name}-default`, route: [{ destination: { host: name, subset: 'v1' } }], timeout: '15s' });

describe('the rules of bookinfo', () => {
  const services = ['productpage', 'reviews', 'ratings', 'details'];

  test('become one VirtualService and DestinationRule for each service', () => {
    const { objects, losses, notes } = rendered(services, [...services.map(defaultOf), jason]);
    const others = ['productpage', 'ratings', 'details'];
    const forJason = {
      name: 'reviews-test-v2',
      match: [{ headers: { cookie: { regex: '^(.*?;)?(user=jason)(;.*)?$' } } }],
      route: [{ destination: { host: 'reviews', subset: 'v2' } }],
      timeout: '15s',
    };
    expect(objects).toHaveLength(8);
    expect(objects.slice(0, 4).map(({ kind }) => kind)).toEqual(services.map(() => 'DestinationRule'));
    for (const name of others) {
      expect(objects).toContainEqual(destinationRule(name, ['v1']));
      expect(objects).toContainEqual(virtualService(name, [toV1(name)]));
    }
    expect(objects).toContainEqual(destinationRule('reviews', ['v1', 'v2']));
    expect(objects).toContainEqual(virtualService('reviews', [forJason, toV1('reviews')]));
    expect([losses, notes]).toEqual([[], []]);
  });

  test('a pattern that RE2 does not have takes its rule with it, and is lost', () => {
    const strange = rule('strange', {
      destination: { name: 'reviews' },
      precedence: 5,
      match: { request: { headers: { cookie: { regex: '(?=.*user=jason).*' } } } },
      route: [{ labels: { version: 'v2' } }],
    });
    const { objects, losses } = rendered(['reviews'], [strange, allV1]);
    expect(objects).toContainEqual(virtualService('reviews', [toV1('reviews')]));
    expect(losses).toEqual([
      expect.objectContaining({
        code: 'opaque',
        message: expect.stringContaining('match.request.headers.cookie (look-ahead)'),
        rule: expect.objectContaining({ origins: [expect.objectContaining({ ref: expect.objectContaining({ name: 'strange' }) })] }),
      }),
    ]);
  });

  test('a source becomes the labels and the namespace of its pods, before what is for everybody', () => {
    const fromRatings = rule('from-ratings', {
      destination: { name: 'reviews' },
      precedence: 2,
      match: { source: { name: 'ratings', labels: { version: 'v2' } } },
      route: [{ labels: { version: 'v3' } }],
    });
    const { objects } = rendered(['reviews', 'ratings'], [fromRatings, allV1]);
    expect(objects).toContainEqual(
      virtualService('reviews', [
        {
          name: 'from-ratings',
          match: [{ sourceNamespace: 'shop', sourceLabels: { app: 'ratings', version: 'v2' } }],
          route: [{ destination: { host: 'reviews', subset: 'v3' } }],
          timeout: '15s',
        },
        toV1('reviews'),
      ]),
    );
  });

  test('what no rule is for goes to the service itself, as before', () => {
    const { objects } = rendered(['reviews'], [jason]);
    const [virtual] = objects.filter(({ kind }) => kind === 'VirtualService');
    expect(virtual === undefined ? [] : httpOf(virtual).slice(1)).toEqual([{ route: [{ destination: { host: 'reviews' } }] }]);
  });
});
