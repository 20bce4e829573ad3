import { describe, expect, it } from 'vitest';
import type { Action, RouteTable } from '../model/table.js';
import { evaluate } from './evaluate.js';
import { parseRequest } from './parse-request.js';

const table = (otherwise: Action): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['*'],
  port: 80,
  protocol: 'http',
  rules: [],
  otherwise,
  pathNormalisation: 'base',
});

const asked = (contentType: string, path = '/') =>
  parseRequest({ url: `http://a${path}`, method: 'POST', headers: [['content-type', contentType]] });

const destination = { host: 'a', weight: 1 };
const OWN: readonly Action[] = [
  { status: 404 },
  { directResponse: { status: 418, body: 'hello' } },
  { redirect: { code: 301 } },
  { to: [{ ...destination, endpoints: 'no-cluster' }] },
  { to: [{ ...destination, endpoints: [] }] },
];

describe('what the proxy itself answers', () => {
  it.each(OWN)('has status 200 and no body for a gRPC request: %j', (action) => {
    const ours = evaluate(table(action), asked('application/grpc+proto'));
    expect(ours.status).toBe(200);
    expect(ours.body).toBeUndefined();
    expect(ours.outcomes.every(({ status }) => status === 200)).toBe(true);
    expect(ours.notes.join()).toContain('grpc-status');
  });

  it('keeps its status for other requests, whose type only begins alike', () => {
    for (const type of ['application/grpc-web', 'application/grpc;x=1', 'application/GRPC', 'text/plain']) {
      expect(evaluate(table({ status: 404 }), asked(type)).status).toBe(404);
    }
  });

  it('a path that is refused before any rule is looked at is answered alike', () => {
    expect(evaluate(table({ status: 404 }), asked('application/grpc', '/a%00b')).status).toBe(200);
    expect(evaluate(table({ status: 404 }), asked('text/plain', '/a%00b')).status).toBe(400);
  });

  it("is not what a backend answers, nor what passes through or is closed: there a gRPC request's answer is unchanged", () => {
    const live: Action = { to: [{ ...destination, endpoints: [{ namespace: 'n', name: 'p' }] }] };
    for (const action of [live, 'passthrough', 'closed'] as const) {
      const { trace: _, ...ours } = evaluate(table(action), asked('application/grpc'));
      const { trace: __, ...plain } = evaluate(table(action), asked('text/plain'));
      expect(ours).toEqual(plain);
    }
  });
});
