import { describe, expect, it } from 'vitest';
import { styleFor } from '../terminal/style.js';
import { renderDiff } from './object-diff.js';

const paper = { style: styleFor(false), width: 80 };
const ref = { apiVersion: 'example.io/v1', kind: 'Route', namespace: 'shop', name: 'web' };
const route = (rules: readonly string[], metadata = {}) => ({
  apiVersion: 'example.io/v1',
  kind: 'Route',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { rules },
});

describe('renderDiff', () => {
  it('shows an object before and after as a unified diff, without what the server sets', () => {
    const before = route(['b'], {
      uid: 'u1',
      resourceVersion: '1',
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', keep: 'x' },
    });
    const after = route(['a', 'b'], { uid: 'u1', resourceVersion: '2', annotations: { keep: 'x' } });
    expect(renderDiff({ ref, before, after }, paper)).toBe(
      [
        '--- live Route shop/web',
        '+++ planned Route shop/web',
        '@@ -7,4 +7,5 @@',
        '   namespace: shop',
        ' spec:',
        '   rules:',
        '+    - a',
        '     - b',
      ].join('\n'),
    );
  });

  it('shows a new object whole, and a removed one', () => {
    expect(renderDiff({ ref, after: route(['a']) }, paper)).toMatch(
      /^--- \/dev\/null\n\+\+\+ planned Route shop\/web\n@@ -0,0 \+1,\d+ @@\n\+apiVersion/,
    );
    expect(renderDiff({ ref, before: route(['a']) }, paper)).toMatch(
      /^--- live Route shop\/web\n\+\+\+ \/dev\/null\n@@ -1,\d+ \+0,0 @@\n-apiVersion/,
    );
  });

  it('is empty where keys alone have changed places', () => {
    const { spec, ...rest } = route(['a']);
    expect(renderDiff({ ref, before: { spec, ...rest }, after: { ...rest, spec } }, paper)).toBe('');
    const rule = { route: [{ weight: 100, destination: { host: 'web' } }], match: [{ port: 80 }], name: 'all' };
    const sorted = { match: [{ port: 80 }], name: 'all', route: [{ destination: { host: 'web' }, weight: 100 }] };
    const object = (http: unknown) => ({ ...rest, spec: { http: [http] } });
    expect(renderDiff({ ref, before: object(sorted), after: object(rule) }, paper)).toBe('');
  });

  it('is empty when nothing changes', () => {
    expect(renderDiff({ ref, before: route(['a'], { resourceVersion: '1' }), after: route(['a'], { resourceVersion: '2' }) }, paper)).toBe(
      '',
    );
  });

  it('colours lines on a terminal', () => {
    const text = renderDiff({ ref, before: route(['a']), after: route(['b']) }, { style: styleFor(true), width: 80 });
    expect(text).toContain('\u001b[31m-    - a\u001b[39m');
    expect(text).toContain('\u001b[32m+    - b\u001b[39m');
  });

  it("never shows a Secret's values", () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'c2VjcmV0' }, stringData: { other: 'plain' } };
    const text = renderDiff({ ref: { apiVersion: 'v1', kind: 'Secret', name: 's' }, after: secret }, paper);
    expect(text).toContain('key: <hidden>');
    expect(text).not.toMatch(/c2VjcmV0|plain/);
  });
});
