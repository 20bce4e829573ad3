import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { convert, type KubeObject, metaOf } from '@heddle/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worlds as istioWorlds } from '../../adapter-istio/test/support/worlds.js';
import type { ConvertedMesh } from './support/convert-goldens.js';
import { BASE, worlds as kumaWorlds } from './support/kuma-worlds.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 10);
const ISTIO: ConvertedMesh = {
  adapter: istio,
  env: { served: { VirtualService: 'networking.istio.io/v1', DestinationRule: 'networking.istio.io/v1' }, settings: {} },
};
const KUMA: ConvertedMesh = { adapter: kuma, env: { served: {}, version: '2.14.3', settings: {} } };
const MESH = 'kuma.io/mesh';

const mesh = (name: string): KubeObject => ({ apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name } });
const namespace = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kuma.io/sidecar-injection': 'enabled' } },
});

/** Some objects with the label that puts them into another Mesh. */
const paying = (objects: readonly KubeObject[], isMeant: (object: KubeObject, index: number) => boolean): readonly KubeObject[] =>
  objects.map((object, index) => {
    if (!isMeant(object, index)) return object;
    const { labels } = metaOf(object);
    return { ...object, metadata: { ...(object.metadata as object), labels: { ...labels, [MESH]: 'pay' } } };
  });

/** What the mesh would take; each Service has an address of its own. */
const accepted = (objects: readonly KubeObject[], { adapter, env }: ConvertedMesh): readonly KubeObject[] =>
  objects
    .filter((object) => (adapter.validate?.(object, env) ?? []).length === 0)
    .map((object, index) =>
      object.kind === 'Service' ? { ...object, spec: { ...(object.spec as object), clusterIP: `10.0.0.${index}` } } : object,
    );

const isNamespace = (name: string) => (object: KubeObject) => object.kind === 'Namespace' && metaOf(object).name === name;
const kumaMeshes = (isMeant: (object: KubeObject) => boolean) =>
  kumaWorlds.map((world) => [
    ...[mesh('default'), mesh('pay'), ...paying(BASE, isMeant)],
    ...paying(world, ({ kind }, index) => kind === 'MeshHTTPRoute' && index % 2 === 0),
  ]);

test.each<[string, fc.Arbitrary<readonly KubeObject[]>, ConvertedMesh, ConvertedMesh]>([
  ['a namespace of callers', kumaMeshes(isNamespace('clients')), KUMA, ISTIO],
  ['the namespace of Services', kumaMeshes(isNamespace('shop')), KUMA, ISTIO],
  ['a version', kumaMeshes((object) => object.kind === 'Pod' && metaOf(object).labels.version === 'v2'), KUMA, ISTIO],
  [
    'a namespace of callers, where they are going',
    istioWorlds.map((world) => [
      ...[mesh('default'), mesh('pay'), ...paying(['shop', 'elsewhere'].map(namespace), isNamespace('elsewhere')), ...world],
    ]),
    ISTIO,
    KUMA,
  ],
])('of two Meshes (the second has %s) every loss has words of its own', { timeout: 300_000 }, (_name, worlds, source, target) => {
  fc.assert(
    fc.property(worlds, (world) => {
      const { losses } = convert({ objects: accepted(world, source), sources: [source], target });
      expect(losses.filter(({ code }) => code === 'differs')).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
