import type { Random } from './random.ts';
import { backendRef, type RuleSurroundings } from './route-backends.ts';

type Filter = Readonly<Record<string, unknown>> & { readonly type: string };

/** The filters of a rule; what is said of a matched prefix only where the rule has just one. */
export function routeFilters(random: Random, around: RuleSurroundings, prefix: boolean): readonly Filter[] {
  const when = (probability: number, make: () => Filter): readonly Filter[] => (random.chance(probability) ? [make()] : []);
  const onTheWay = [
    ...when(0.1, () => ({ type: 'RequestHeaderModifier', requestHeaderModifier: headerChanges(random) })),
    ...when(0.04, () => ({ type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'x-served-by', value: 'rule' }] } })),
    ...when(0.12, () => mirror(random, around)),
    ...when(0.04, () => mirror(random, around)),
    ...when(0.01, () => ({ type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Thing', name: 'x' } })),
  ];
  if (around.grpc) return onTheWay;
  return random.weighted<() => readonly Filter[]>([
    [12, () => onTheWay],
    [
      3,
      () => [
        ...onTheWay,
        {
          type: 'URLRewrite',
          urlRewrite: { ...pathChange(random, prefix), ...(random.chance(0.3) ? { hostname: 'new.example.com' } : {}) },
        },
      ],
    ],
    [
      2,
      () => [
        ...onTheWay.filter(({ type }) => type !== 'RequestMirror'),
        { type: 'RequestRedirect', requestRedirect: redirect(random, prefix) },
      ],
    ],
  ])();
}

function headerChanges(random: Random): Record<string, unknown> {
  return random.pick<Record<string, unknown>>([
    { set: [{ name: 'Host', value: 'set.example.com' }] },
    {
      add: [
        { name: 'host', value: 'add.example.com' },
        { name: 'x-a', value: '1' },
      ],
    },
    {
      set: [
        { name: 'x-version', value: 'v2' },
        { name: 'x-b', value: '2' },
      ],
      remove: ['end-user'],
    },
    { remove: ['x-env', 'cookie'] },
  ]);
}

function mirror(random: Random, around: RuleSurroundings): Filter {
  const share = random.weighted<Record<string, unknown>>([
    [4, {}],
    [2, { percent: random.pick([0, 100, 50, 7]) }],
    [
      2,
      {
        fraction: random.pick([{ numerator: 1, denominator: 3 }, { numerator: 12 }, { numerator: 0 }, { numerator: 5, denominator: 1000 }]),
      },
    ],
  ]);
  return { type: 'RequestMirror', requestMirror: { backendRef: backendRef(random, around), ...share } };
}

function pathChange(random: Random, prefix: boolean): Record<string, unknown> {
  const full = { path: { type: 'ReplaceFullPath', replaceFullPath: random.pick(['/new', '/', '/new/x', '/a/b']) } };
  const part = { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: random.pick(['/new', '/', '/new/', '/a/b', '']) } };
  return random.pick([full, ...(prefix ? [part, part, part] : []), {}]);
}

function redirect(random: Random, prefix: boolean): Record<string, unknown> {
  const maybe = (probability: number, part: Record<string, unknown>) => (random.chance(probability) ? part : {});
  return {
    ...maybe(0.6, pathChange(random, prefix)),
    ...maybe(0.4, { hostname: 'new.example.com' }),
    ...maybe(0.3, { scheme: random.pick(['https', 'http']) }),
    ...maybe(0.3, { port: random.pick([443, 80, 8080]) }),
    ...maybe(0.5, { statusCode: random.pick([301, 302, 303, 307, 308]) }),
  };
}
