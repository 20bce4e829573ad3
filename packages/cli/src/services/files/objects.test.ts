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

  it('of one name: the last counts, and that is said', () => {
    const twice = read(`${TWO}---\napiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {last: 'yes'}}\n`);
    expect(twice.notes).toEqual(['a.yaml:3 and line 24 both hold Service web; the last counts.']);
    expect(twice.objects.filter(({ place }) => place.line === 24)).toHaveLength(1);
    expect(twice.objects).toHaveLength(3);
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
    expect(() => read('apiVersion: v1\nkind: Pod\nmetadata: {}', true)).toThrow('metadata.name');
  });

  it('nor YAML at all, is refused with line and column', () => {
    expect(() => read('a: 1\n---\n\nb: [1\nc: 2\n')).toThrow(
      expect.objectContaining({ code: 'file-syntax', message: expect.stringMatching(/^a\.yaml:[56]:\d+ \(document 2\): /) }),
    );
    expect(() => read('{"a": 1,}x')).toThrow(expect.objectContaining({ code: 'file-syntax' }));
  });
});
