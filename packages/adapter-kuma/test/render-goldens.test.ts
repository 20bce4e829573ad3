import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { loadGoldens } from '@heddle/conformance';
import type { MeshAdapter, MeshEnvironment } from '@heddle/core';
import { expect, it } from 'vitest';
import { adapter as kuma } from '../src/index.js';
import { convertGolden, type Verdict } from './support/converted.js';
import { kuma as environment } from './support/mesh-objects.js';

const folder = (name: string) => fileURLToPath(new URL(`../../conformance/goldens/${name}`, import.meta.url));

interface Counts {
  readonly equal: number;
  /** By the codes of the losses that concern the request. */
  readonly lost: Readonly<Record<string, number>>;
}

interface Case {
  readonly name: 'istio' | 'kuma';
  readonly env: MeshEnvironment;
  /** At least as many answers stay, and at most as many are lost. */
  readonly bar: Counts;
}

const SOURCES: Readonly<Record<Case['name'], { adapter: MeshAdapter; env: MeshEnvironment }>> = {
  istio: { adapter: istio, env: { served: {}, settings: {} } },
  kuma: { adapter: kuma, env: environment() },
};

const TOLD = {
  fault: 39,
  'rewrite.path': 12,
  'direct-response': 51,
  'match.header': 5,
  'missing-status': 4,
  cors: 66,
  'destination-authority': 2,
};

const cases: readonly Case[] = [
  {
    name: 'kuma',
    env: environment(),
    bar: { equal: 461, lost: { closed: 25, 'rewrite.path': 5, 'rewrite.authority': 4, 'no-ready-pod': 1 } },
  },
  {
    name: 'kuma',
    env: environment('2.14.3', { routing: 'TrafficRoute' }),
    bar: {
      equal: 433,
      lost: { closed: 30, 'match.query': 5, redirect: 12, mirror: 9, protocol: 5, 'view.mesh': 6 },
    },
  },
  {
    name: 'kuma',
    env: environment('3.0.0'),
    bar: { equal: 462, lost: { closed: 25, 'rewrite.path': 5, 'rewrite.authority': 4 } },
  },
  {
    name: 'istio',
    env: environment(),
    bar: { equal: 1706, lost: { ...TOLD, 'not-found': 3, 'no-ready-pod': 12, 'match.not': 2, order: 1 } },
  },
  {
    name: 'istio',
    env: environment('2.14.3', { meshServices: 'Exclusive' }),
    bar: { equal: 1717, lost: { ...TOLD, 'not-found': 3, 'no-ready-pod': 1, 'match.not': 2, order: 1 } },
  },
  {
    name: 'istio',
    env: environment('3.0.0'),
    bar: { equal: 1618, lost: { ...TOLD, 'not-found': 102, 'view.mesh': 1, 'match.not': 2, order: 1 } },
  },
  {
    name: 'istio',
    env: environment('2.14.3', { routing: 'TrafficRoute' }),
    bar: {
      equal: 1416,
      lost: {
        ...TOLD,
        'not-found': 102,
        'path-normalisation': 62,
        'match.query': 18,
        mirror: 14,
        redirect: 103,
        'view.mesh': 16,
        'no-ready-pod': 9,
        protocol: 15,
        'destination-authority': 3,
        'match.not': 2,
      },
    },
  },
];

it.each(cases.map((one) => [`${one.name} as ${one.env.settings.routing ?? 'MeshHTTPRoute'} of ${one.env.version}`, one] as const))(
  'recorded answers of %s stay, or what is lost is told',
  async (_title, { name, env, bar }) => {
    const source = SOURCES[name];
    const verdicts: Verdict[] = [];
    const wrong: unknown[] = [];
    for (const golden of await loadGoldens(folder(name))) {
      const converted = convertGolden(golden, source.adapter, source.env, env);
      verdicts.push(...(converted?.verdicts ?? []));
      wrong.push(...(converted?.verdicts ?? []).filter(({ result }) => result === 'different').map((one) => ({ id: golden.id, ...one })));
      wrong.push(...(converted?.rendered.objects ?? []).flatMap((object) => kuma.validate?.(object, env) ?? []));
    }
    expect(wrong).toEqual([]);
    const lost = new Map<string, number>();
    for (const one of verdicts) {
      if (one.result === 'lost') for (const code of new Set(one.codes)) lost.set(code, (lost.get(code) ?? 0) + 1);
    }
    expect(verdicts.filter(({ result }) => result === 'equal').length).toBeGreaterThanOrEqual(bar.equal);
    for (const [code, count] of lost) expect([code, count <= (bar.lost[code] ?? 0)]).toEqual([code, true]);
  },
);
