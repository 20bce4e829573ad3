import { describe, expect, test } from 'vitest';
import { hostSubset, hostsMatch, intersectHosts, mostSpecific, resolveGateway, resolveHost } from './hosts.js';
import { portProtocol } from './port-protocol.js';
import { milliseconds } from './raw.js';

describe('host names', () => {
  test.each([
    ['reviews', 'reviews.default.svc.cluster.local'],
    ['reviews.prod', 'reviews.prod'],
    ['*', '*'],
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['', ''],
  ])('%s is completed to %s', (host, full) => expect(resolveHost(host, 'default', 'cluster.local')).toBe(full));

  test.each([
    ['mesh', 'mesh'],
    ['gw', 'default/gw'],
    ['./gw', 'default/gw'],
    ['infra/gw', 'infra/gw'],
    ['gw.infra', 'infra/gw'],
    ['gw.infra.svc.cluster.local', 'infra/gw'],
  ])('Gateway %s is %s', (gateway, full) => expect(resolveGateway(gateway, 'default')).toBe(full));

  test('overlap goes both ways, subset one way', () => {
    expect([
      hostsMatch('*.com', 'a.com'),
      hostsMatch('a.com', '*.com'),
      hostsMatch('*.b.com', '*.com'),
      hostsMatch('a.com', 'b.com'),
    ]).toEqual([true, true, true, false]);
    expect([
      hostSubset('a.com', '*.com'),
      hostSubset('*.com', 'a.com'),
      hostSubset('*.b.com', '*.com'),
      hostSubset('*.com', '*.b.com'),
    ]).toEqual([true, false, true, false]);
  });

  test('the narrower of two names that overlap', () => {
    expect(intersectHosts(['*.com', 'b.org'], ['a.com', '*.org'])).toEqual(['a.com', 'b.org']);
    expect(intersectHosts(['a.com'], ['b.com'])).toEqual([]);
  });

  test('the exact entry, else the longest wildcard', () => {
    const entries = new Map([
      ['*.com', 1],
      ['*.b.com', 2],
      ['a.b.com', 3],
    ]);
    expect(['a.b.com', 'x.b.com', 'x.com', 'x.org'].map((host) => mostSpecific(host, entries))).toEqual([3, 2, 1, undefined]);
  });
});

describe('what a port speaks', () => {
  const of = (name: string, appProtocol?: string, number = 9080, transport = 'TCP') =>
    portProtocol({ number, name, transport, appProtocol });

  test.each([
    [of('http'), 'http'],
    [of('http-web'), 'http'],
    [of('grpc-web-x'), 'http'],
    [of('tcp-db'), 'tcp'],
    [of('https'), 'tls'],
    [of('web'), 'auto'],
    [of(''), 'auto'],
    [of('', undefined, 3306), 'tcp'],
    [of('http', 'tcp'), 'tcp'],
    [of('web', 'kubernetes.io/h2c'), 'http'],
    [of('http', 'weird'), 'auto'],
    [of('http', undefined, 53, 'UDP'), 'udp'],
  ])('%s', (found, expected) => expect(found).toBe(expected));
});

test.each([
  ['5s', 5000],
  ['1.5s', 1500],
  ['1m30s', 90_000],
  ['20ms', 20],
  ['0.020s', 20],
  ['5', undefined],
  ['', undefined],
  [5, undefined],
])('duration %s', (text, ms) => expect(milliseconds(text)).toBe(ms));
