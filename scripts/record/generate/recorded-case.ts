import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGolden } from '@heddle/conformance';
import { isRecord } from '@heddle/core';
import { load } from 'js-yaml';
import { GOLDENS } from '../keep/keep-case.ts';
import type { RoutingCase } from '../routing-case.ts';

/** The recorded case of a number, in order of name, from the first again after the last; the seed says nothing. */
export function recordedCase(_seed: number, number: number): RoutingCase {
  const names = readdirSync(GOLDENS)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const file = names[number % names.length] ?? '';
  const text = readFileSync(join(GOLDENS, file), 'utf8');
  const { id, title, objects, client, requests } = parseGolden(text, file);
  if (client.kind === 'none') throw new TypeError(`${file}: a caller without a proxy follows no rules`);
  return {
    id: number < names.length ? id : `${id}-${Math.floor(number / names.length)}`,
    title,
    objects,
    client: { ...client, ...nameOf(load(text)) },
    requests: requests.map(({ method, url, headers }) => ({ method, url, headers })),
  };
}

/** Of a gateway's workload: only who answers needs it. */
function nameOf(raw: unknown): { readonly name?: string } {
  const client = isRecord(raw) && isRecord(raw.client) ? raw.client : {};
  return typeof client.name === 'string' ? { name: client.name } : {};
}
