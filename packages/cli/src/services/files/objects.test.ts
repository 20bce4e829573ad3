import { describe, expect, it } from 'vitest';
import { objectsIn } from './objects.js';

const read = (text: string, found = false) => objectsIn([{ name: 'a.yaml', text, found }], 'default', []);

const TWO = `# what this is for

apiVersion: v1
kind: Service
metadata: {name: web}
---
# the second
kind: List
apiVersion: v1
items:
- apiVersion: v1
  kind: Service
  metadata: {name: cart, namespace: shop}

- apiVersion: v1
  kind: Service
  metadata:
    name: pay
  spec:
    ports:
    - port: 80
    - port: 81
`;

describe('objects of a text', () => {
  const { objects } = read(TWO);

  it('have the place of their first line, also within lists', () => {
    expect(objects.map(({ object, place }) => [(object.metadata as { name: string }).name, place.line, place.document])).toEqual([
      ['web', 3, 1],
      ['cart', 11, 2],
      ['pay', 15, 2],
    ]);
  });

  it('have places for their parts, the nearest where there is no such part', () => {
    const [, , pay] = objects;
    expect(pay?.placeOf?.('/spec/ports/1').line).toBe(22);
    expect(pay?.placeOf?.('/spec/ports/1/targetPort').line).toBe(22);
    expect(pay?.placeOf?.('/status/x').line).toBe(15);
  });

  it('get the namespace that is meant, unless they say one', () => {
    expect(objects.map(({ object }) => (object.metadata as { namespace?: string }).namespace)).toEqual(['default', 'shop', 'default']);
  });

  it('may be JSON, with lines too', () => {
    const items = ['web', 'cart'].map((name) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } }));
    const json = read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)).objects;
    expect(json.map(({ place }) => place.line)).toEqual([5, 12]);
    expect(json[1]?.placeOf?.('/metadata/name').line).toBe(16);
  });

  it('may be JSON documents one behind the other, as several calls of kubectl print them', () => {
    const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    const pretty = ['web', 'cart'].map((name) => JSON.stringify(service(name), null, 4)).join('\n');
    const { objects } = read(`${pretty}\n${JSON.stringify(service('pay'))}\n${JSON.stringify(service('mail'))}\n`);
    expect(objects.map(({ object, place }) => [(object.metadata as { name: string }).name, place.line, place.document])).toEqual([
      ['web', 1, 1],
      ['cart', 8, 2],
      ['pay', 15, 3],
      ['mail', 16, 4],
    ]);
  });

  it('have what merge keys bring, and true for what kubectl takes for it', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata:\n  <<: &m {labels: {a: on}}\n  name: web\n  annotations: {b: "on", c: yes, d: no, e: one}\n';
    expect(read(text).objects[0]?.object.metadata).toEqual({
      labels: { a: true },
      name: 'web',
      annotations: { b: 'on', c: true, d: false, e: 'one' },
      namespace: 'default',
    });
  });

  it('within a case file are YAML as the rest of it is', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {a: y}}\n';
    const { objects } = objectsIn([{ name: 'a.yaml', text, found: false, inCase: true }], 'default', []);
    expect(objects[0]?.object.metadata).toMatchObject({ labels: { a: 'y' } });
  });

  it('of one name: the last counts, and that is said', () => {
    const twice = read(`${TWO}---\napiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {last: 'yes'}}\n`);
    expect(twice.notes).toEqual(['a.yaml:3 and line 24 both hold Service web; the last counts.']);
    expect(twice.objects.filter(({ place }) => place.line === 24)).toHaveLength(1);
    expect(twice.objects).toHaveLength(3);
  });

  it('of one name in several places make one note, and many of them one for all', () => {
    const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`;
    const times = (name: string, count: number) => Array.from({ length: count }, () => service(name));
    expect(read(times('web', 4).join('---\n')).notes).toEqual([
      'Service web is in 4 places (a.yaml:1, a.yaml:5, a.yaml:9, a.yaml:13); the last counts.',
    ]);
    const many = ['web', 'cart', 'pay', 'mail'].flatMap((name) => times(name, 2));
    expect(read(many.join('---\n')).notes).toEqual([
      '4 objects are in several places, such as Service web (a.yaml:1, a.yaml:5); the last of each counts. Name only files that are applied together.',
    ]);
  });

  it('without a name of their own are several', () => {
    const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}\n';
    expect(read(`${job}---\n${job}`)).toMatchObject({ notes: [], objects: [{}, {}] });
  });
});

describe('what is no object', () => {
  it.each([
    ['apiVersion: v1\nmetadata: {name: x}', 'a.yaml:1 (document 1): expected a Kubernetes object with kind, received none'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {}', 'a.yaml:1 (document 1): expected metadata.name, a text, received none'],
    ['kind: List\nitems:\n- kind: Pod\n- 3', 'a.yaml:3 (document 1, item 1): expected a Kubernetes object with apiVersion, received none'],
    ['- 1', 'a.yaml:1 (document 1): expected a Kubernetes object, received a list'],
  ])('is refused with its place: %j', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'file-object', message }));
  });

  it('is passed over in a folder, with a note', () => {
    const values = read('image: {tag: 1}', true);
    expect(values).toEqual({ objects: [], notes: ['a.yaml:1: no Kubernetes object, passed over.'] });
    expect(read('apiVersion: v1\nkind: Config\ncontexts: []', true).objects).toEqual([]);
  });

  it.each([
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {namespace: istio-system}\nspec: {}',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]',
    'apiVersion: v1\nkind: Pod\nmetadata: {}',
  ])('is passed over in a folder also where it only lacks a name, but not as a file that is named: %j', (text) => {
    const [, kind = ''] = /kind: (\w+)/.exec(text) ?? [];
    expect(read(text, true)).toEqual({ objects: [], notes: [`a.yaml:1: ${kind} without metadata.name, passed over.`] });
    expect(() => read(text)).toThrow('metadata.name');
  });

  it('makes one note where there is much of it', () => {
    const values = Array.from({ length: 5 }, () => 'image: {tag: 1}').join('\n---\n');
    expect(read(values, true).notes).toEqual([
      '5 documents are passed over, such as a.yaml:1: no Kubernetes object (name their files to see why).',
    ]);
  });

  it('is passed over in a folder though it is no YAML, unless it seems to be an object', () => {
    const lines = '$ kubectl apply -f x\na: b: c\n';
    expect(read(lines, true)).toEqual({ objects: [], notes: ['a.yaml: neither YAML nor JSON, passed over.'] });
    expect(() => read(lines)).toThrow(expect.objectContaining({ code: 'file-syntax' }));
    expect(() => read('apiVersion: v1\nkind: [', true)).toThrow(expect.objectContaining({ code: 'file-syntax' }));
  });

  it.each([
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ include "x" . }}\n',
    '{{- if .Values.on }}\napiVersion: v1\nkind: Service\n{{- end }}\n',
    'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Values.name }}"}\n',
  ])('is a template that is to be rendered first: %j', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'file-syntax',
        next: ['It looks like a template. Render it first: helm template CHART | heddle … -f -'],
      }),
    );
  });

  it('may have quoted texts that go on below at the depth of their key, as kubectl takes them', () => {
    const text = 'a: 1\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: \'we\n  b\'\n  labels: {}\nspec: {x: "a\n b"}\n';
    const { objects } = objectsIn([{ name: 'a.yaml', text, found: true }], 'default', []);
    expect(objects.map(({ object }) => object)).toEqual([
      expect.objectContaining({ metadata: { name: 'we b', labels: {}, namespace: 'default' }, spec: { x: 'a b' } }),
    ]);
    expect(objects[0]?.placeOf?.('/spec').line).toBe(9);
  });

  it('nor YAML at all, is refused with line and column', () => {
    expect(() => read('a: 1\n---\n\nb: [1\nc: 2\n')).toThrow(
      expect.objectContaining({ code: 'file-syntax', message: expect.stringMatching(/^a\.yaml:[56]:\d+ \(document 2\): /) }),
    );
    expect(() => read('{"a": 1,}x')).toThrow(expect.objectContaining({ code: 'file-syntax' }));
  });
});
