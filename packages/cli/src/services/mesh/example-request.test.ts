import { compileRe2, type Match, type RouteTable } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { curlLines, exampleRequest, quote } from './example-request.js';

const header = (
  name: string,
  is: { exact: string } | { regex: string } | { prefix: string } | { present: true } | { absent: true },
): Match => ({ headers: [{ name, is }] });

describe('exampleRequest', () => {
  it.each<[string, Match, string | undefined]>([
    ['exact', header('x-dev', { exact: 'alice' }), 'alice'],
    ['prefix', header('x-dev', { prefix: 'al' }), 'al'],
    ['present', header('x-dev', { present: true }), '1'],
    ['a regex with wildcards and escapes', header('user-agent', { regex: '.*Firefox/67\\.0.*' }), 'Firefox/67.0'],
    ['a regex that cannot be guessed', header('x-dev', { regex: '[a-f]{4}' }), undefined],
  ])('%s', (_, match, value) => {
    expect(exampleRequest(match)?.headers[0]?.[1]).toBe(value);
  });

  it('gives only what RE2 agrees with', () => {
    for (const regex of ['(?i)alice', 'a.b', 'a|b', '^x$', 'x+', '\\d+']) {
      const value = exampleRequest(header('x', { regex }))?.headers[0]?.[1];
      const compiled = compileRe2(regex);
      if (value !== undefined && 'matches' in compiled) expect(compiled.matches(value), regex).toBe(true);
    }
    expect(exampleRequest(header('x', { regex: 'a.b' }))).toBeDefined();
  });

  it('leaves out headers that must be absent', () => {
    expect(exampleRequest(header('x', { absent: true }))?.headers).toEqual([]);
  });
});

describe('curlLines', () => {
  const service = { namespace: 'mesh-demo', name: 'tomcat' };
  const owner = { kind: 'session' as const, namespace: 'mesh-demo', id: 't1' };
  const gateway = (domains: string[], ours: boolean): RouteTable => ({
    view: { plane: 'gateway', gateway: { namespace: 'ingress', selector: {} } },
    domains,
    port: 80,
    protocol: 'http',
    rules: [{ match: [], action: { to: [] }, owner: ours ? owner : 'foreign', origins: [] }],
    otherwise: { status: 404 },
  });

  it('has one from the mesh, and one for each host of a gateway that has our rule', () => {
    const match: Match = {
      headers: [{ name: 'x-dev', is: { exact: "o'neil" } }],
      path: { kind: 'segmentPrefix', value: '/api' },
      method: { exact: 'POST' },
    };
    expect(curlLines(match, service, 8080, [gateway(['tomcat.mesh.com', '*.mesh.com'], true), gateway(['other.com'], false)])).toEqual([
      { from: 'mesh', command: `curl -X POST -H 'x-dev: o'\\''neil' http://tomcat.mesh-demo:8080/api` },
      { from: 'gateway', command: `curl -X POST -H 'x-dev: o'\\''neil' http://tomcat.mesh.com/api` },
    ]);
  });

  it('has none where no request is known that fits', () => {
    expect(curlLines(header('x', { regex: '[a-f]{4}' }), service, 8080, [])).toEqual([]);
  });
});

it('quote quotes for a shell where that is needed', () => {
  expect(quote('http://a:80/b')).toBe('http://a:80/b');
  expect(quote('a b')).toBe("'a b'");
  expect(quote('$(x)')).toBe("'$(x)'");
});
