import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.js';
import { intersect } from './intersect.js';

const none: Condition = { headers: [], withoutHeaders: [], queryParams: [] };
const rule = { where: 'VirtualService shop/cart, rule 1', rewritesMatchedPath: false };
const dev: Condition = { ...none, headers: [{ name: 'x-dev', is: { exact: 'alice' } }] };
const at = (uri: NonNullable<Condition['path']>['uri']): Condition => ({ ...none, path: { uri, ignoreCase: false } });

describe('intersect', () => {
  it('adds a header and leaves all else verbatim, known or not', () => {
    const foreign = { uri: { prefix: '/api' }, ignoreUriCase: true, port: 80, sourceLabels: { a: 'b' }, statPrefix: 's', novel: [1] };
    expect(intersect(foreign, dev, rule)).toEqual({ match: { ...foreign, headers: { 'x-dev': { exact: 'alice' } } } });
  });

  it('ANDs a second condition on a header under another spelling of its name', () => {
    const foreign = { headers: { 'x-dev': { prefix: 'a' }, other: { exact: 'x' } } };
    expect(intersect(foreign, dev, rule)).toEqual({
      match: { headers: { 'x-dev': { prefix: 'a' }, other: { exact: 'x' }, 'X-dev': { exact: 'alice' } } },
    });
  });

  it('does not repeat a condition that is there, however it is spelled', () => {
    const foreign = { headers: { 'X-Dev': { exact: 'alice' } } };
    expect(intersect(foreign, dev, rule)).toEqual({ match: foreign });
  });

  it('refuses a header whose name has no other spelling', () => {
    const numeric: Condition = { ...none, headers: [{ name: '1', is: { exact: 'a' } }] };
    expect(intersect({ headers: { 1: { exact: 'b' } } }, numeric, rule)).toMatchObject({ refused: [{ code: 'match-not-combinable' }] });
  });

  it('narrows a path, or finds that no request can have both', () => {
    expect(intersect({ uri: { prefix: '/api' } }, at({ exact: '/api/v1' }), rule)).toEqual({ match: { uri: { exact: '/api/v1' } } });
    expect(intersect({ uri: { prefix: '/api' } }, at({ prefix: '/web' }), rule)).toBe('never');
    expect(intersect({}, at({ prefix: '/web' }), rule)).toEqual({ match: { uri: { prefix: '/web' } } });
    expect(intersect({ uri: { regex: '/a.*' } }, at({ prefix: '/web' }), rule)).toMatchObject({ refused: [{ code: 'match.path' }] });
  });

  it('keeps the path condition of a rule that rewrites what it matched, or refuses', () => {
    const rewriting = { ...rule, rewritesMatchedPath: true };
    expect(intersect({ uri: { prefix: '/api' } }, at({ prefix: '/api/v1' }), rewriting)).toMatchObject({
      refused: [{ code: 'match.path' }],
    });
    expect(intersect({ uri: { prefix: '/api' } }, at({ prefix: '/api' }), rewriting)).toEqual({ match: { uri: { prefix: '/api' } } });
    expect(intersect({ uri: { prefix: '/api' } }, dev, rewriting)).toMatchObject({ match: { uri: { prefix: '/api' } } });
  });

  it('meets single values and the first value of a query parameter', () => {
    const get: Condition = { ...none, method: { exact: 'GET' }, queryParams: [{ name: 'v', is: { exact: '2' } }] };
    expect(intersect({ method: { regex: 'G.*' }, queryParams: { v: { prefix: '2' } } }, get, rule)).toEqual({
      match: { method: { exact: 'GET' }, queryParams: { v: { exact: '2' } } },
    });
    expect(intersect({ method: { exact: 'PUT' } }, get, rule)).toBe('never');
    expect(intersect({ queryParams: { v: { exact: '1' } } }, get, rule)).toBe('never');
    const anyGet: Condition = { ...none, method: { prefix: 'G' } };
    expect(intersect({ method: { regex: 'G.*' } }, anyGet, rule)).toMatchObject({ refused: [{ code: 'match-not-combinable' }] });
  });

  it('drops ignored case when the narrower path does not ignore it', () => {
    const foreign = { ignoreUriCase: true, headers: { a: {} } };
    expect(intersect(foreign, at({ exact: '/a' }), rule)).toEqual({ match: { headers: { a: {} }, uri: { exact: '/a' } } });
  });
});
